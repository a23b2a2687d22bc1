//! The page in a real browser: Debian's Chromium, headless, where there is one. Without, every test
//! here says that it was skipped and shows nothing.

mod support;

use std::{fs, path::PathBuf, process::Output, sync::LazyLock};

use support::{PLAIN, code, output, records::records, run, scenarios, stderr, stdout};

const FAILS: &str = "\
summary: Nobody has it. </script><b id=obeyed>
run: import missing
raises: ModuleNotFoundError
trace: |
  import missing !ModuleNotFoundError
    find missing ?
";

/// The page of a run of two scenarios; nothing without a browser.
static PAGE: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    browser()?;
    let folder = scenarios(&[("part/plain.yaml", PLAIN), ("other/fails.yaml", FAILS)]);
    let told = run("check", folder.path(), &["--strategy", "bootstrap", "--strategy", "audit"]);
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    Some(records(&stdout(&told)).with_file_name("report.html"))
});

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let places = std::env::split_paths(&path).flat_map(|folder| names.map(|it| folder.join(it)));
    let found = places.into_iter().find(|place| place.is_file());
    if found.is_none() {
        eprintln!("skipped: no chromium was found on PATH; the page was not tried in a browser");
    }
    found
}

/// What the browser makes of the page at `hash`; nothing without a browser.
fn drawn(hash: &str) -> Option<String> {
    let (browser, page) = (browser()?, PAGE.as_ref()?);
    let profile = tempfile::tempdir().expect("a folder");
    let mut command = support::command(browser.to_str().expect("UTF-8"));
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
    ]);
    command.args(["--disable-background-networking", "--disable-component-update"]);
    command.args(["--disable-sync", "--enable-logging=stderr", "--virtual-time-budget=3000"]);
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.args(["--dump-dom", &format!("file://{}{hash}", page.display())]);
    let output: Output = output(&mut command);
    let told = stderr(&output);
    assert!(output.status.success(), "{told}");
    let complaints: Vec<_> = told.lines().filter(|line| line.contains("CONSOLE")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
    let dom = stdout(&output);
    Some(dom.split("<script type=\"application/json\"").next().expect("the page").to_owned())
}

fn shown_part(dom: &str) -> &str {
    let (before, _) = dom.split_once("class=\"shown\"").expect("one part is shown");
    let (_, id) = before.rsplit_once("<section id=\"").expect("its element");
    &id[..id.find('"').expect("its end")]
}

#[test]
fn each_address_shows_its_part() {
    for (hash, part) in [
        ("", "strategies"),
        ("#/", "strategies"),
        ("#/scenarios", "scenarios"),
        ("#/run", "run"),
        ("#/no-such-part", "strategies"),
        ("#/cell/1/2?3", "cell"),
        ("#/cell/%E0%A4%A/2?3", "cell"),
    ] {
        let Some(dom) = drawn(hash) else { return };
        assert_eq!(shown_part(&dom), part, "{hash}");
    }
}

#[test]
fn filters_in_an_address_choose_rows_and_columns() {
    for (query, rows, columns) in [
        ("", &["plain", "fails"][..], 3),
        ("?q=nobody+has", &["fails"], 3),
        ("?show=disturbed", &["fails"], 3),
        ("?strategy=audit", &["plain", "fails"], 1),
        ("?strategy=audit&show=disturbed", &[], 1),
        ("?show=inconclusive", &[], 3),
    ] {
        let Some(dom) = drawn(&format!("#/scenarios{query}")) else { return };
        let (_, table) = dom.split_once("<table id=\"matrix\">").expect("the matrix");
        let table = table.split("</table>").next().expect("its end");
        for name in ["plain", "fails"] {
            assert_eq!(table.contains(&format!(">{name}</th>")), rows.contains(&name), "{query}");
        }
        assert_eq!(table.matches("<th scope=\"col\"><span>").count(), columns, "{query}");
    }
}

#[test]
fn a_link_of_the_matrix_leads_to_its_cell() {
    let Some(dom) = drawn("#/scenarios?strategy=bootstrap&q=fails") else { return };
    let (_, link) = dom.split_once("href=\"#/cell/").expect("a link to a cell");
    let link = &link[..link.find('"').expect("its end")];
    let cell = drawn(&format!("#/cell/{link}")).expect("there is a browser");
    assert_eq!(shown_part(&cell), "cell");
    for expected in [
        "<h1 id=\"cell-title\">other/fails</h1>",
        "changed the program's traceback",
        "Nobody has it. &lt;/script&gt;&lt;b id=obeyed&gt;",
        "import missing !ModuleNotFoundError",
        "what bootstrap reported",
        "<pre tabindex=\"0\">import missing",
        "cargo xtask trace other/fails --strategy bootstrap",
    ] {
        assert!(cell.contains(expected), "{expected}: {cell}");
    }
    assert!(!cell.contains("<b id=\"obeyed\">"), "what a scenario says is obeyed");
    assert!(fs::metadata(PAGE.as_ref().expect("a page")).expect("the page").len() < 300_000);
}
