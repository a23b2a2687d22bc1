//! What stands where.

use std::{fs, path::Path};

use serde_json::Value;

use super::shared::{SIZES, browser, browser_label, drawn};

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
