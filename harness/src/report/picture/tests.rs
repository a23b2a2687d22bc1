//! The picture from small records.

use super::{Tone, picture};
use crate::{
    record::{ControlRecord, OverheadRecord, Record},
    report::{
        Findings,
        fixtures::{cell, claimed, cost, counting, disturbed, divergence, diverging},
    },
};

/// One that sees all, one that misses some, one that claims and sees nothing, one that watches searches; the first
/// is timed, the second much slower.
fn records(holds: bool) -> Vec<Record> {
    let on = |strategy| cell(strategy, "packages/nested", "3.13.0");
    let all = ["import.start", "import.end", "load.start", "load.end"]
        .map(|kind| claimed(kind, [40, 40, 0]));
    let wrong = [divergence("unexpected", "import.start", "shop")];
    let cells = [
        diverging(counting(on("proposal"), &all), &[disturbed("1 frame")]),
        diverging(counting(on("a<b>"), &[claimed("import.start", [40, 25, 1])]), &wrong),
        counting(on("deaf"), &[claimed("import.start", [40, 0, 0])]),
        counting(on("meta_path"), &[claimed("find.start", [9, 9, 0])]),
        on("none"),
    ];
    let control = Some(ControlRecord { kind: "again".to_owned(), known: None, holds });
    let again = OverheadRecord { control, ..cost("none", "3.13.0", 1.0) };
    let costs = [again, cost("proposal", "3.13.0", 1.083), cost("a<b>", "3.13.0", 3.5)];
    let costs = costs.map(Record::Overhead);
    cells.map(Record::Cell).into_iter().chain(costs).collect()
}

fn drawn(records: Vec<Record>, tone: Tone) -> String {
    picture(&records.into_iter().collect(), tone).expect("strategies were judged")
}

#[test]
fn it_shows_what_the_screen_says() {
    insta::assert_snapshot!(drawn(records(true), Tone::Light));
}

#[test]
fn both_differ_in_their_colours_alone() {
    let [light, dark] = Tone::ALL.map(|tone| drawn(records(true), tone));
    assert_ne!(light, dark);
    let shapes = |drawn: &str| {
        let start = drawn.find("</style>").expect("a style");
        drawn[start..].lines().filter(|line| !line.contains("height=\"100%\"")).collect::<String>()
    };
    assert_eq!(shapes(&light), shapes(&dark));
}

#[test]
fn it_needs_nothing_else_and_no_text_is_small() {
    let drawn = drawn(records(true), Tone::Dark);
    for needs in ["<script", "href", "@import", "url(", "<b>"] {
        assert!(!drawn.contains(needs), "{needs}");
    }
    let sizes = drawn.match_indices("px").filter_map(|(end, _)| {
        let digits = drawn[..end].rsplit(|it: char| !it.is_ascii_digit()).next()?;
        digits.parse::<u32>().ok()
    });
    let sizes: Vec<_> = sizes.collect();
    assert!(sizes.len() >= 3 && sizes.iter().all(|size| *size >= 12), "{sizes:?}");
}

#[test]
fn costs_of_an_unfit_run_are_not_drawn() {
    let drawn = drawn(records(false), Tone::Light);
    assert!(drawn.contains("costs unfit: 1 of 1 control failed, none shown"), "{drawn}");
    assert!(!drawn.contains("8.3 %") && !drawn.contains("class=\"cost\""), "{drawn}");
}

#[test]
fn nothing_is_drawn_of_nothing() {
    assert_eq!(picture(&Findings::from_iter(Vec::new()), Tone::Light), None);
}
