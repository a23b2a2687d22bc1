//! The first screen as a picture, held against the one that is kept.
//!
//! Both are made small and soft before they are compared, because fonts and their smoothing differ from machine to
//! machine; what is left are places, sizes and colours. `TOLLGATE_ACCEPT_PICTURES=1 cargo test --workspace --test page`
//! keeps new ones: look at them first.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use image::{
    DynamicImage,
    codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder},
    imageops::FilterType,
};

use image_compare::Algorithm;

use super::example::opened;

/// Width, height, colours.
const PICTURES: [(u32, u32, &str); 4] =
    [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (390, 844, "dark")];

/// How like two pictures are at least, from 0 to 1: other fonts leave 0.97 and more, a column less or another shade
/// at most 0.94.
const ALIKE: f64 = 0.955;
/// So many pixels of the screen become one of those that are compared.
const COARSE: u32 = 12;
/// The same of those that are kept.
const KEPT: u32 = 2;

/// Where lines break and how wide columns are depends on fonts: here they take as much room with any.
const STEADY: &str = "
    .lead, .legend, .notes { height: 7em; overflow: hidden }
    @media (min-width: 57em) {
        #ranking { table-layout: fixed } #ranking .strategy { width: 13em } #ranking thead th { height: 3.5em }
    }";

fn reduced(picture: &DynamicImage, by: u32) -> DynamicImage {
    picture.resize_exact(picture.width() / by, picture.height() / by, FilterType::Triangle)
}

/// How like they are; not at all where they differ in size.
fn likeness(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let [one, other] = [one, other].map(|it| reduced(it, COARSE / KEPT).into_rgb8());
    image_compare::rgb_similarity_structure(&Algorithm::RootMeanSquared, &one, &other)
        .map_or(0.0, |it| it.score)
}

fn kept(width: u32, scheme: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    folder.join(format!("first-screen-{width}-{scheme}.png"))
}

fn keep(picture: &DynamicImage, path: &Path) {
    let file = File::create(path).expect("a file");
    let (best, adaptive) = (CompressionType::Best, PngFilter::Adaptive);
    let encoder = PngEncoder::new_with_quality(file, best, adaptive);
    picture.to_rgb8().write_with_encoder(encoder).expect("written");
}

/// Where a picture is left that is not like the one that is kept.
fn seen(width: u32, scheme: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("first-screen-{width}-{scheme}.png"))
}

fn taken(size: (u32, u32), scheme: &str, style: &str) -> Option<DynamicImage> {
    let mut browser = opened("")?;
    browser.resize(size.0, size.1);
    browser.colours(scheme);
    browser.evaluate(&format!(
        "document.head.append(Object.assign(document.createElement('style'), {{ textContent: `{STEADY} {style}` }}))"
    ));
    let picture = image::load_from_memory(&browser.picture()).expect("a picture");
    Some(reduced(&picture, KEPT))
}

#[test]
fn the_first_screen_looks_as_it_did() {
    for (width, height, scheme) in PICTURES {
        let Some(now) = taken((width, height), scheme, "") else { return };
        let path = kept(width, scheme);
        if std::env::var_os("TOLLGATE_ACCEPT_PICTURES").is_some() {
            keep(&now, &path);
        }
        let known = image::open(&path).expect("a picture that is kept");
        let likeness = likeness(&known, &now);
        eprintln!("{width} {scheme}: {likeness:.4}");
        if likeness < ALIKE {
            let new = seen(width, scheme);
            now.save(&new).expect("written");
            panic!(
                "{} is like {} to {likeness:.3}, and {ALIKE} is the least; look at both, and if the new one is right: \
                 TOLLGATE_ACCEPT_PICTURES=1 cargo test --workspace --test page pictures",
                new.display(),
                path.display(),
            );
        }
    }
}

/// A picture that is like any other shows nothing.
#[test]
fn what_matters_is_seen_in_pictures_and_fonts_are_not() {
    let size = (1440, 900);
    let Some(plain) = taken(size, "light", "") else { return };
    for (style, is_alike) in [
        ("", true),
        ("* { font-family: 'DejaVu Serif', serif !important }", true),
        ("* { font-family: 'DejaVu Sans Condensed', sans-serif !important }", true),
        ("#ranking .share { display: none }", false),
        ("#ranking td { background: none !important }", false),
        ("#ranking { display: none }", false),
        ("#ranking .wrong { display: none }", false),
        ("#ranking .l5 { background: var(--l1) }", false),
    ] {
        let other = taken(size, "light", style).expect("a browser");
        let likeness = likeness(&plain, &other);
        eprintln!("{style:?}: {likeness:.4}");
        assert_eq!(likeness >= ALIKE, is_alike, "{style}: {likeness}");
    }
}
