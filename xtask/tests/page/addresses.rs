//! What stands in an address is shown, and what is chosen stands in it.

use std::fs;

use super::{
    shared::{browser, drawn, shown_part},
    support::PYTHON,
};

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
