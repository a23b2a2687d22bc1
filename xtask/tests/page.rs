//! The page in a real browser: Debian's Chromium, headless, where there is one. Without, every test
//! here says that it was skipped and shows nothing.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use serde_json::Value;
use support::{
    PLAIN, PYTHON,
    browser::{Browser, chromium},
    code, output,
    records::records,
    run, scenarios, stderr, stdout, xtask,
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
static RECORDS: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    chromium("the page")?;
    let folder = scenarios(&[("part/plain.yaml", PLAIN), ("other/fails.yaml", FAILS)]);
    let told = run("check", folder.path(), &["--strategy", "bootstrap", "--strategy", "audit"]);
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    Some(records(&stdout(&told)))
});

/// A browser, and the page of that run.
fn browser() -> Option<(Browser, PathBuf)> {
    let page = RECORDS.as_ref()?.with_file_name("report.html");
    Some((Browser::start("the page")?, page))
}

/// What the browser makes of the page at `hash`, without the data.
fn drawn(browser: &mut Browser, page: &Path, hash: &str) -> String {
    browser.open(&format!("file://{}{hash}", page.display()));
    let dom = browser.evaluate("document.documentElement.outerHTML");
    assert_eq!(browser.complaints, [""; 0], "{hash}");
    let dom = dom.as_str().expect("a text");
    dom.split("<script type=\"application/json\"").next().expect("the page").to_owned()
}

fn shown_part(dom: &str) -> &str {
    let (before, _) = dom.split_once("class=\"shown\"").expect("one part is shown");
    let (_, id) = before.rsplit_once("<section id=\"").expect("its element");
    &id[..id.find('"').expect("its end")]
}

#[test]
fn each_address_shows_its_part() {
    let Some((mut browser, page)) = browser() else { return };
    for (hash, part) in [
        ("", "strategies"),
        ("#/", "strategies"),
        ("#/scenarios", "scenarios"),
        ("#/run", "run"),
        ("#/no-such-part", "strategies"),
        ("#/candidates", "strategies"),
        ("#/cell/1/2?3", "cell"),
        ("#/cell/%E0%A4%A/2?3", "cell"),
    ] {
        assert_eq!(shown_part(&drawn(&mut browser, &page, hash)), part, "{hash}");
    }
}

#[test]
fn filters_in_an_address_choose_rows_and_columns() {
    let Some((mut browser, page)) = browser() else { return };
    for (query, rows, columns) in [
        ("", &["plain", "fails"][..], 3),
        ("?q=nobody+has", &["fails"], 3),
        ("?show=disturbed", &["fails"], 3),
        ("?strategy=audit", &["plain", "fails"], 1),
        ("?strategy=audit&show=disturbed", &[], 1),
        ("?show=inconclusive", &[], 3),
    ] {
        let dom = drawn(&mut browser, &page, &format!("#/scenarios{query}"));
        let (_, table) = dom.split_once("<table id=\"matrix\">").expect("the matrix");
        let table = table.split("</table>").next().expect("its end");
        for name in ["plain", "fails"] {
            assert_eq!(table.contains(&format!(">{name}</th>")), rows.contains(&name), "{query}");
        }
        assert_eq!(table.matches("<th scope=\"col\"><span>").count(), columns, "{query}");
    }
}

/// A filter that is typed is in the address, and a click leads to the cell.
#[test]
fn what_is_typed_and_clicked_is_obeyed() {
    let Some((mut browser, page)) = browser() else { return };
    drawn(&mut browser, &page, "#/scenarios");
    let typed = "const field = document.querySelector('#filters [name=q]');
        field.value = 'fails';
        field.dispatchEvent(new Event('input', { bubbles: true }));
        new Promise((done) => setTimeout(() => done(location.hash), 300))";
    assert_eq!(browser.evaluate(typed), "#/scenarios?q=fails");
    let clicked = "document.querySelector('#matrix a.c4').click();
        new Promise((done) => setTimeout(() => done(document.querySelector('.shown h1').innerText), 100))";
    assert_eq!(browser.evaluate(clicked), "other/fails");
}

#[test]
fn a_link_of_the_matrix_leads_to_its_cell() {
    let Some((mut browser, page)) = browser() else { return };
    let dom = drawn(&mut browser, &page, "#/scenarios?strategy=bootstrap&q=fails");
    let (_, link) = dom.split_once("href=\"#/cell/").expect("a link to a cell");
    let link = &link[..link.find('"').expect("its end")];
    let cell = drawn(&mut browser, &page, &format!("#/cell/{link}"));
    assert_eq!(shown_part(&cell), "cell");
    for expected in [
        "<h1 id=\"cell-title\">other/fails</h1>",
        "changed the program's traceback",
        "Nobody has it. &lt;/script&gt;&lt;b id=obeyed&gt;",
        "import missing !ModuleNotFoundError",
        "what bootstrap reported",
        "<pre tabindex=\"0\">import missing",
        "cargo xtask trace other/fails --strategy bootstrap",
        &format!("cargo xtask repro other/fails bootstrap --python {}", *PYTHON),
    ] {
        assert!(cell.contains(expected), "{expected}: {cell}");
    }
    assert!(!cell.contains("<b id=\"obeyed\">"), "what a scenario says is obeyed");
    assert!(fs::metadata(&page).expect("the page").len() < 300_000);
}

/// A screen and a phone.
const SIZES: [(&str, u32, u32); 2] = [("screen", 1280, 900), ("phone", 390, 844)];

/// Where the parts are, and what is not where it should be.
const LAYOUT: &str = "(() => {
    const name = (it) => it.id ? `#${it.id}` : it.tagName.toLowerCase() + (it.className ? `.${it.className}` : '');
    const is_drawn = (it) => it.getClientRects().length > 0;
    const box = (it) => { const { left, top, width, height } = it.getBoundingClientRect();
        return [left / innerWidth, top + scrollY, width / innerWidth, height].map((it) => Math.round(it * 1000) / 1000); };
    const parts = [...document.querySelectorAll('header, nav, main, section.shown > *')].filter(is_drawn);
    const flow = [...document.querySelectorAll('section.shown > *')].filter(is_drawn);
    const over = flow.slice(1).filter((it, index) =>
        it.getBoundingClientRect().top < flow[index].getBoundingClientRect().bottom - 1);
    const outside = [...document.querySelectorAll('main *')].filter((it) => is_drawn(it) &&
        !it.parentElement.closest('.scroll, pre, svg') && it.getBoundingClientRect().right > innerWidth + 1);
    return { boxes: parts.map((it) => [name(it), ...box(it)]), over: over.map(name), outside: outside.map(name),
        sideways: document.documentElement.scrollWidth - innerWidth };
})()";

/// Boxes are compared, not pixels: these depend on the machine's fonts and on how it smoothes them, and an
/// image that must be taken anew on each machine is compared with nothing. What stands where, and how
/// wide it is, does not depend on them, but for some per cent.
///
/// `TOLLGATE_WRITE_LAYOUT=1` writes the reference anew.
#[test]
fn the_layout_is_what_it_was() {
    let Some((mut browser, page)) = browser() else { return };
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/layout.json");
    let mut layouts = serde_json::Map::new();
    for (size, width, height) in SIZES {
        browser.resize(width, height);
        for hash in ["#/", "#/scenarios", "#/run", "#/cell/LABEL/bootstrap?other/fails"] {
            let label = browser_label(&mut browser, &page);
            drawn(&mut browser, &page, &hash.replace("LABEL", &label));
            let layout = browser.evaluate(LAYOUT);
            assert!(layout["sideways"].as_f64() <= Some(0.0), "{size} {hash}: {layout}");
            for fault in ["over", "outside"] {
                assert_eq!(layout[fault], Value::Array(Vec::new()), "{fault}, {size} {hash}");
            }
            layouts.insert(format!("{size} {hash}"), layout["boxes"].clone());
        }
    }
    let layouts = Value::Object(layouts);
    if std::env::var_os("TOLLGATE_WRITE_LAYOUT").is_some() {
        fs::write(&reference, written(&layouts)).expect("written");
    }
    let text = fs::read_to_string(&reference).expect("the reference");
    let known: Value = serde_json::from_str(&text).expect("JSON");
    for (view, boxes) in known.as_object().expect("views") {
        assert_same_layout(view, boxes, &layouts[view]);
    }
}

/// A line for each box, so that a change can be read.
fn written(layouts: &Value) -> String {
    let views = layouts.as_object().expect("views").iter().map(|(view, boxes)| {
        let boxes = boxes.as_array().expect("boxes").iter().map(|it| format!("    {it}"));
        let view = Value::from(view.as_str());
        format!("  {view}: [\n{}\n  ]", boxes.collect::<Vec<_>>().join(",\n"))
    });
    format!("{{\n{}\n}}\n", views.collect::<Vec<_>>().join(",\n"))
}

fn browser_label(browser: &mut Browser, page: &Path) -> String {
    drawn(browser, page, "");
    let label = browser
        .evaluate("document.querySelector('#filters [name=python] option:last-child').value");
    label.as_str().expect("a label").to_owned()
}

/// Names in order; left edges and widths to a twentieth of the window; heights, and with them what is
/// above, to a third and two lines.
fn assert_same_layout(view: &str, known: &Value, now: &Value) {
    let names = |boxes: &Value| -> Vec<Value> {
        boxes.as_array().expect("boxes").iter().map(|it| it[0].clone()).collect()
    };
    assert_eq!(names(now), names(known), "{view}");
    for (known, now) in
        known.as_array().iter().copied().flatten().zip(now.as_array().iter().copied().flatten())
    {
        for (index, side) in [(1, "left"), (2, "top"), (3, "width"), (4, "height")] {
            let [one, other] = [known, now].map(|it| it[index].as_f64().expect("a number"));
            let bound = if index % 2 == 1 { 0.05 } else { 50.0 + one / 3.0 };
            assert!((one - other).abs() <= bound, "{view}: {side} of {now}, and it was {known}");
        }
    }
}

/// A page of the size of a large run: every cell of the small one many times, with other names of
/// scenarios and modules, on seven interpreters.
fn large_page(folder: &Path) -> (PathBuf, usize) {
    let records = RECORDS.as_ref().expect("there is a browser");
    let text = fs::read_to_string(records).expect("the records");
    let sources = fs::read_to_string(records.with_file_name("scenarios.json")).expect("sources");
    let sources: Value = serde_json::from_str(&sources).expect("JSON");
    let (mut lines, mut said, mut cells) = (Vec::new(), Vec::new(), 0);
    let rename = |text: &str, number: usize| {
        let folder = format!("\"part{}/", number % 40);
        let renamed = text.replace("\"part/", &folder).replace("\"other/", &folder);
        let renamed = renamed.replace("plain\"", &format!("plain{number}\""));
        let renamed = renamed.replace("fails\"", &format!("fails{number}\""));
        renamed
            .replace("shop", &format!("shop{number}"))
            .replace("missing", &format!("gone{number}"))
    };
    lines.extend(text.lines().take(1).map(ToOwned::to_owned));
    for number in 0..240 {
        said.extend(sources["scenarios"].as_array().expect("a list").iter().map(|it| {
            serde_json::from_str::<Value>(&rename(&it.to_string(), number)).expect("JSON")
        }));
        for line in text.lines().skip(1) {
            let mut record: Value = serde_json::from_str(line).expect("a record");
            // what is missed is a kind of divergence as well as a module
            let kinds = record["divergences"].clone();
            for minor in 9..16 {
                record["interpreter"]["label"] = format!("3.{minor}.0").into();
                cells += usize::from(record["record"] == "cell");
                let mut renamed: Value =
                    serde_json::from_str(&rename(&record.to_string(), number)).expect("a record");
                for (index, it) in kinds.as_array().into_iter().flatten().enumerate() {
                    renamed["divergences"][index]["kind"] = it["kind"].clone();
                }
                lines.push(renamed.to_string());
            }
        }
    }
    fs::write(folder.join("records.jsonl"), lines.join("\n") + "\n").expect("written");
    let said = serde_json::json!({ "format": 1, "scenarios": said });
    fs::write(folder.join("scenarios.json"), said.to_string()).expect("written");
    let told = output(xtask().arg("report").arg(folder).args(["--format", "html"]));
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    (PathBuf::from(stdout(&told).trim()), cells)
}

/// When a frame has been drawn after loading, and when the last row has; in milliseconds since the
/// address was asked for.
const OPENED: &str = "(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    await frame();
    const opened = performance.now();
    const rows = () => document.querySelectorAll('#matrix tbody tr:not(.group)').length;
    while (document.querySelector('#scenarios.shown') && rows() < 480) await frame();
    return [opened, performance.now()];
})()";

#[test]
fn ten_thousand_cells_open_within_two_seconds() {
    let Some((mut browser, _)) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (page, cells) = large_page(folder.path());
    assert!(cells >= 10_000, "{cells}");
    let size = fs::metadata(&page).expect("the page").len() >> 10;
    for hash in ["", "#/scenarios"] {
        // others may be at work on this machine: the fastest of three
        let times = [(); 3].map(|()| {
            drawn(&mut browser, &page, hash);
            let times = browser.evaluate(OPENED);
            [0, 1].map(|index| times[index].as_f64().expect("a time"))
        });
        let fastest = |index: usize| times.iter().map(|it| it[index]).fold(f64::MAX, f64::min);
        let [opened, whole] = [fastest(0), fastest(1)];
        eprintln!(
            "{cells} cells, {size} KiB{hash}: open after {opened:.0} ms, whole after {whole:.0} ms"
        );
        assert!(opened < 2000.0, "{opened} ms");
    }
}

/// axe-core, by the path in `TOLLGATE_AXE`: it is a package of npm and no part of this repository.
#[test]
fn axe_finds_nothing() {
    let Some(axe) = std::env::var_os("TOLLGATE_AXE") else {
        eprintln!("skipped: TOLLGATE_AXE is not set to the path of axe.min.js; axe was not run");
        return;
    };
    let axe = fs::read_to_string(axe).expect("the path of axe.min.js");
    let Some((mut browser, page)) = browser() else { return };
    let label = browser_label(&mut browser, &page);
    let cell = format!("#/cell/{label}/bootstrap?other/fails");
    for ((size, width, height), scheme) in SIZES.into_iter().zip(["light", "dark"]) {
        browser.resize(width, height);
        browser.colours(scheme);
        for hash in ["#/", "#/scenarios", "#/run", &cell] {
            drawn(&mut browser, &page, hash);
            browser.evaluate(&axe);
            let found = browser.evaluate(
                "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', \
                 'best-practice', 'experimental'] }).then(({ violations, passes }) => [passes.length, \
                 violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html])])",
            );
            assert!(found[0].as_u64() > Some(10), "it looked: {found}");
            assert_eq!(found[1], Value::Array(Vec::new()), "{size}, {scheme}, {hash}");
        }
    }
}
