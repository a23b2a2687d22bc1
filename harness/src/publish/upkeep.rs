//! What of that which is published has had its day, was changed by hand, or is left over.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{FOLDERS, Folder, OVERVIEW, Page, SHOWN, WRITTEN};
use crate::{
    layout::Layout,
    record::Inputs,
    report::{self, SpliceError},
};

/// What of `reports/` has had its day, one clause each: pages from other scenarios, strategies or
/// worker than `now`, and parts of the README that are not what is published.
pub fn stale(layout: &Layout, now: &Inputs) -> io::Result<Vec<String>> {
    let (reports, mut stale) = (layout.reports(), edited(layout)?);
    let digest = now.contents();
    for folder in FOLDERS {
        for page in texts(&reports.join(folder))? {
            let (name, text) = page;
            if !text.contains(&format!("inputs: {digest} -->")) {
                let changed = "scenarios, strategies or the worker have changed since";
                stale.push(format!("reports/{folder}/{name}: {changed}"));
            }
        }
    }
    Ok(stale)
}

/// The parts of the README that are not what is published, one clause each. Other than what is
/// [`stale`] these were changed by hand.
fn edited(layout: &Layout) -> io::Result<Vec<String>> {
    let readme = fs::read_to_string(layout.root().join("README.md"))?;
    let shown = match report::spliced(&readme) {
        Ok(shown) => shown,
        Err(SpliceError::NoMarker) => BTreeMap::new(),
        Err(error) => return Ok(vec![format!("README.md: {error}")]),
    };
    let page = match fs::read_to_string(layout.reports().join(OVERVIEW)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(vec![format!("reports/{OVERVIEW}: nothing is published yet")]);
        }
        read => read?,
    };
    let published = report::spliced(&page).unwrap_or_default();
    let paths =
        [Folder::OfPages, Folder::OfReadme].map(|from| format!("\"{}picture-", from.to_reports()));
    let as_in_readme = |part: &String| part.replace(&paths[0], &paths[1]);
    let is_edited =
        |part: &&str| shown.get(*part) != published.get(*part).map(as_in_readme).as_ref();
    let told =
        |part: &str| format!("README.md: its part `{part}` is not that of reports/{OVERVIEW}");
    // a README may do without the table, and not without the answer
    let is_wanted = |part: &&&str| **part == report::PICTURE || shown.contains_key(**part);
    let parts = SHOWN.iter().filter(is_wanted);
    Ok(parts.filter(|part| is_edited(part)).map(|part| told(part)).collect())
}

/// Pages of earlier runs that are none of `pages`: one run is published at a time.
pub fn left_over(layout: &Layout, pages: &[Page]) -> io::Result<Vec<PathBuf>> {
    let mut left = Vec::new();
    for folder in FOLDERS {
        for (name, text) in texts(&layout.reports().join(folder))? {
            let path = format!("{folder}/{name}");
            let is_kept = pages.iter().any(|page| page.path == path);
            if !is_kept && text.starts_with(WRITTEN) {
                left.push(layout.reports().join(path));
            }
        }
    }
    Ok(left)
}

/// The Markdown files of a folder, by name; of one that is not there, none.
fn texts(folder: &Path) -> io::Result<Vec<(String, String)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    let pages = paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == "md"));
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, fs::read_to_string(&path)?))
    };
    let mut texts: Vec<_> = pages.map(read).collect::<io::Result<_>>()?;
    texts.sort();
    Ok(texts)
}
