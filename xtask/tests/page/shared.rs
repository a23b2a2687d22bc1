//! A small run in a browser, and what the tests ask of it.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use super::support::{
    PLAIN,
    browser::{Browser, chromium},
    code,
    records::records,
    run, scenarios, stderr, stdout,
};

const FAILS: &str = "\
summary: Nobody has it. </script><b id=obeyed>
run: import missing
raises: ModuleNotFoundError
trace: |
  import missing !ModuleNotFoundError
    find missing ?
";

/// The records of a run of two scenarios; nothing without a browser.
pub(crate) static RECORDS: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    chromium("the page")?;
    let folder = scenarios(&[("part/plain.yaml", PLAIN), ("other/fails.yaml", FAILS)]);
    let told = run("check", folder.path(), &["--strategy", "bootstrap", "--strategy", "audit"]);
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    Some(records(&stdout(&told)))
});

/// A browser, and the page of that run.
pub(crate) fn browser() -> Option<(Browser, PathBuf)> {
    let page = RECORDS.as_ref()?.with_file_name("report.html");
    Some((Browser::start("the page")?, page))
}

/// What the browser makes of the page at `hash`, without the data.
pub(crate) fn drawn(browser: &mut Browser, page: &Path, hash: &str) -> String {
    browser.open(&format!("file://{}{hash}", page.display()));
    let dom = browser.evaluate("document.documentElement.outerHTML");
    assert_eq!(browser.complaints, [""; 0], "{hash}");
    let dom = dom.as_str().expect("a text");
    dom.split("<script type=\"application/json\"").next().expect("the page").to_owned()
}

pub(crate) fn shown_part(dom: &str) -> &str {
    let (before, _) = dom.split_once("class=\"shown\"").expect("one part is shown");
    let (_, id) = before.rsplit_once("<section id=\"").expect("its element");
    &id[..id.find('"').expect("its end")]
}

/// A screen and a phone.
pub(crate) const SIZES: [(&str, u32, u32); 2] = [("screen", 1280, 900), ("phone", 390, 844)];

pub(crate) fn browser_label(browser: &mut Browser, page: &Path) -> String {
    drawn(browser, page, "");
    let label = browser
        .evaluate("document.querySelector('#filters [name=python] option:last-child').value");
    label.as_str().expect("a label").to_owned()
}
