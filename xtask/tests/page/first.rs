//! The first screen: its order, its interpreters, its links, and what it is on a phone.

use serde_json::{Value, json};

use super::{
    example::{CPYTHONS, opened, page_of_companies},
    shared::{browser, drawn, shown_part},
    support::browser::Browser,
};

/// The rows that are shown, from top to bottom: the strategy, and its figures.
const ROWS: &str = "[...document.querySelectorAll('#ranking tbody tr:not([hidden])')].map((row) =>
    [row.parentElement.dataset.strategy, ...[...row.cells].slice(1).map((cell) => cell.innerText)])";

fn names(browser: &mut Browser) -> Vec<String> {
    let rows = browser.evaluate(ROWS);
    let name = |row: &Value| row[0].as_str().expect("a name").to_owned();
    rows.as_array().expect("rows").iter().map(name).collect()
}

fn sort(browser: &mut Browser, key: &str) -> Value {
    let script = format!(
        "(() => {{ const cell = document.querySelector('#ranking th[data-key={key}]');
            cell.querySelector('button').click(); return cell.getAttribute('aria-sort'); }})()"
    );
    browser.evaluate(&script)
}

#[test]
fn the_best_hook_stands_first_and_a_title_sorts() {
    let Some(mut browser) = opened("") else { return };
    let best =
        ["proposal", "monitoring", "dunder_import", "audit", "sys_modules_diff", "meta_path"];
    assert_eq!(names(&mut browser), best);
    assert_eq!(sort(&mut browser, "module_loaded"), "descending");
    let by_loaded =
        ["proposal", "monitoring", "sys_modules_diff", "dunder_import", "audit", "meta_path"];
    assert_eq!(names(&mut browser), by_loaded, "what claims none is last");
    assert_eq!(sort(&mut browser, "module_loaded"), "ascending");
    assert_eq!(names(&mut browser)[..3], ["sys_modules_diff", "monitoring", "proposal"]);
    assert_eq!(sort(&mut browser, "cost"), "ascending");
    assert_eq!(names(&mut browser)[..2], ["meta_path", "sys_modules_diff"]);
    assert_eq!(browser.evaluate("location.hash"), "#/?sort=cost");
    let sorted = "document.querySelectorAll('#ranking [aria-sort]').length";
    assert_eq!(browser.evaluate(sorted), 1);
}

#[test]
fn a_version_has_rows_of_its_own() {
    let Some(mut browser) = opened("") else { return };
    let row = |browser: &mut Browser| browser.evaluate(&format!("{ROWS}[2]"));
    let all = row(&mut browser);
    assert_eq!(
        all,
        json!(["dunder_import", "50–60", "50–60", "–", "–", "18", "6 ends, …", "+3.9 %"])
    );
    let chosen = format!(
        "(() => {{ const field = document.querySelector('#ranking-form select'); field.value = '{}';
            field.dispatchEvent(new Event('input', {{ bubbles: true }})); return location.hash; }})()",
        CPYTHONS[0]
    );
    assert_eq!(browser.evaluate(&chosen), "#/?python=3.12.1");
    let oldest = row(&mut browser);
    assert_eq!(oldest, json!(["dunder_import", "50 %", "50 %", "–", "–", "6", "6 ends, …", "–"]));
}

#[test]
fn a_row_opens_to_its_interpreters() {
    let Some(mut browser) = opened("") else { return };
    let open =
        "(() => { const button = document.querySelector('[data-strategy=audit] button.open');
        button.click(); return button.getAttribute('aria-expanded'); })()";
    assert_eq!(browser.evaluate(open), "true");
    let audits = names(&mut browser).iter().filter(|it| *it == "audit").count();
    assert_eq!(audits, 1 + CPYTHONS.len());
    assert_eq!(browser.evaluate(open), "false");
    assert_eq!(names(&mut browser).len(), 6);
}

#[test]
fn every_figure_leads_to_the_cells_behind_it() {
    let Some(mut browser) = opened("") else { return };
    let follow = |browser: &mut Browser, strategy: &str, column: usize| {
        let script = format!(
            "(async () => {{ document.querySelector('[data-strategy={strategy}] tr').cells[{column}]
                .querySelector('a').click();
                await new Promise((done) => setTimeout(done, 100));
                const told = [location.hash, document.querySelectorAll('.shown #matrix td a:not(.faint)').length];
                history.back(); await new Promise((done) => setTimeout(done, 100)); return told; }})()"
        );
        browser.evaluate(&script)
    };
    for (strategy, column, hash, cells) in [
        ("audit", 1, "#/scenarios?strategy=audit&show=missing&event=import_started", 6),
        ("proposal", 2, "#/scenarios?strategy=proposal&event=import_ended", 6),
        ("dunder_import", 5, "#/scenarios?strategy=dunder_import&show=wrong", 6),
        ("dunder_import", 6, "#/scenarios?strategy=dunder_import&show=disturbed", 6),
        ("audit", 7, "#/cost?strategy=audit", 0),
    ] {
        assert_eq!(
            follow(&mut browser, strategy, column),
            json!([hash, cells]),
            "{strategy} {column}"
        );
    }
    let unlinked =
        "[...document.querySelectorAll('#ranking tbody tr:first-child td')].filter((cell) =>
        !cell.querySelector('a')).map((cell) => cell.innerText)";
    let unlinked = browser.evaluate(unlinked);
    let said_of_nothing =
        |it: &Value| ["–", "0", "nothing"].contains(&it.as_str().unwrap_or_default());
    assert!(unlinked.as_array().expect("cells").iter().all(said_of_nothing), "{unlinked}");
}

/// Figures that are not wholly within the window.
const OUTSIDE: &str =
    "[...document.querySelectorAll('#ranking tr:not([hidden]) > *')].filter((it) => {
    const { left, right, width } = it.getBoundingClientRect();
    return width < 10 || left < 0 || right > innerWidth || it.scrollWidth > it.clientWidth + 1;
}).map((it) => it.innerText)";

#[test]
fn a_phone_shows_every_figure_without_going_sideways() {
    let Some(mut browser) = opened("") else { return };
    for width in [390, 600, 900, 1440] {
        browser.resize(width, 844);
        assert_eq!(browser.evaluate(OUTSIDE), json!([]), "{width}");
        let sideways = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
        assert!(sideways.as_f64() <= Some(0.0), "{width}: {sideways}");
    }
}

#[test]
fn the_titles_of_the_table_stay_in_view() {
    let Some(mut browser) = opened("") else { return };
    for (width, height) in [(390, 500), (1440, 300)] {
        browser.resize(width, height);
        let script = "(async () => { scrollTo(0, 330); await new Promise((done) => requestAnimationFrame(done));
            const bar = document.querySelector('body > header').getBoundingClientRect().bottom;
            const title = document.querySelector('#ranking thead th').getBoundingClientRect();
            return [scrollY, title.top >= bar - 1 && title.bottom < innerHeight]; })()";
        assert_eq!(browser.evaluate(script), json!([330, true]), "{width}");
    }
}

#[test]
fn a_page_of_companies_opens_at_them() {
    let Some((mut browser, _)) = browser() else { return };
    let dom = drawn(&mut browser, &page_of_companies(), "");
    assert_eq!(shown_part(&dom), "company");
    let titles = "[...document.querySelector('#company table').querySelectorAll('thead th')].map((it) => it.innerText)";
    assert_eq!(browser.evaluate(titles), json!(["strategy", "audit", "monitoring"]));
}
