//! Moving about: Back, titles, keys, and what is copied.

use serde_json::{Value, json};

use super::{
    example::opened,
    shared::drawn,
    support::{PYTHON, browser::Browser, code, output, records::records, stderr, stdout, xtask},
};

/// Does something, and says where one is once the page has followed.
fn after(browser: &mut Browser, action: &str) -> Value {
    let script = format!(
        "(async () => {{ {action}; await new Promise((done) => setTimeout(done, 400));
            return [location.hash, Math.round(scrollY)]; }})()"
    );
    browser.evaluate(&script)
}

#[test]
fn back_leads_to_the_place_that_one_left() {
    let Some(mut browser) = opened("#/?sort=cost") else { return };
    browser.resize(800, 400);
    after(&mut browser, "scrollTo(0, 120)");
    let filtered = "#/scenarios?strategy=audit&show=missing&event=import_started";
    let link = format!("document.querySelector('a[href=\"{filtered}\"]').click()");
    assert_eq!(after(&mut browser, &link), json!([filtered, 0]));
    let box_of = "document.querySelector('.tall')";
    let scrolled =
        format!("{box_of}.style.maxHeight = '9em'; {box_of}.scrollTop = 40; scrollTo(0, 50)");
    assert_eq!(after(&mut browser, &scrolled), json!([filtered, 50]));
    let cell = after(&mut browser, "document.querySelectorAll('#matrix td a')[1].click()");
    assert_eq!(cell, json!(["#/cell/3.14.0/audit?calls/reload", 0]));
    assert_eq!(after(&mut browser, "history.back()"), json!([filtered, 50]));
    assert_eq!(browser.evaluate(&format!("{box_of}.scrollTop")), 40);
    let fields = "['strategy', 'show', 'event'].map((it) => document.querySelector('#filters').elements[it].value)";
    assert_eq!(browser.evaluate(fields), json!(["audit", "missing", "import_started"]));
    assert_eq!(after(&mut browser, "history.back()"), json!(["#/?sort=cost", 120]));
    let first = "document.querySelector('#ranking tbody').dataset.strategy";
    assert_eq!(browser.evaluate(first), "meta_path", "it is sorted as it was");
    assert_eq!(after(&mut browser, "history.forward()"), json!([filtered, 50]));
}

#[test]
fn each_view_has_its_title() {
    let Some(mut browser) = opened("") else { return };
    for (hash, title) in [
        ("#/", "Which import hook can you trust?"),
        ("#/cost", "What each hook costs"),
        ("#/scenarios", "Cells, scenario by scenario"),
        (
            "#/scenarios?strategy=audit&show=missing",
            "Cells, scenario by scenario (audit, missed events)",
        ),
        ("#/cell/3.14.0/audit?calls/reload", "calls/reload under audit on 3.14.0"),
        ("#/divergences", "What diverges"),
        ("#/company", "Hooks in company"),
        ("#/run", "The run"),
    ] {
        after(&mut browser, &format!("location.hash = '{hash}'"));
        let expected = format!("{title} – Tollgate example");
        assert_eq!(browser.evaluate("document.title"), expected, "{hash}");
    }
}

#[test]
fn arrow_keys_move_in_the_matrix_and_enter_opens() {
    let Some(mut browser) = opened("#/scenarios") else { return };
    browser.evaluate("document.querySelector('#matrix td a').focus()");
    let told = "document.activeElement.getAttribute('aria-label').replace(/^\\S+ |:.*/g, '')";
    for (key, place) in [
        ("ArrowRight", "audit, calls/import-module"),
        ("ArrowDown", "audit, calls/reload"),
        ("ArrowDown", "audit, failures/missing"),
        ("End", "sys_modules_diff, failures/missing"),
        ("ArrowRight", "sys_modules_diff, failures/missing"),
        ("ArrowLeft", "proposal, failures/missing"),
        ("ArrowUp", "proposal, calls/reload"),
        ("PageDown", "proposal, packages/relative"),
        ("Home", "none, packages/relative"),
    ] {
        browser.press(key);
        assert_eq!(browser.evaluate(told), place, "{key}");
    }
    let reachable = "document.querySelectorAll('#matrix a[tabindex=\"0\"]').length";
    assert_eq!(browser.evaluate(reachable), 1);
    browser.press("Enter");
    assert_eq!(after(&mut browser, "0")[0], "#/cell/3.14.0/none?packages/relative");
    after(&mut browser, "history.back()");
    assert_eq!(browser.evaluate(told), "none, packages/relative", "Back leads to the same cell");
}

#[test]
fn a_command_is_copied_with_and_without_the_newer_way() {
    let Some(mut browser) = opened("#/cell/3.14.0/audit?calls/reload") else { return };
    let copy = "(async () => {
        let fallback = null;
        document.addEventListener('copy', () => { fallback = document.activeElement.value; }, { once: true });
        const command = document.querySelector('#cell .command');
        command.querySelector('button').click();
        for (let tries = 0; tries < 50 && !command.querySelector('[role=status]').textContent; tries++) {
            await new Promise((done) => setTimeout(done, 20));
        }
        return [command.querySelector('pre').textContent, written ?? fallback,
            command.querySelector('[role=status]').textContent];
    })()";
    let command = "cargo xtask trace calls/reload --strategy audit --python 3.14.0";
    let newer = "{ writeText: async (text) => { written = text; } }";
    for way in
        [newer, "undefined", "{ writeText: async () => { throw new Error('not allowed'); } }"]
    {
        let set = format!(
            "var written = null; Object.defineProperty(navigator, 'clipboard', \
             {{ configurable: true, value: {way} }})"
        );
        browser.evaluate(&set);
        browser.evaluate("document.querySelector('#cell .command [role=status]').textContent = ''");
        assert_eq!(browser.evaluate(copy), json!([command, command, "copied"]), "{way}");
    }
}

#[test]
fn a_cell_begins_with_its_program_and_says_why_before_it_shows_how() {
    let Some(mut browser) = opened("#/cell/3.14.0/dunder_import?packages/nested") else { return };
    let titles = "[...document.querySelectorAll('#cell h2')].map((it) => it.textContent)";
    let expected = json!([
        "The program",
        "What diverges, and why",
        "What happened, and what was reported",
        "Counts",
        "Again"
    ]);
    assert_eq!(browser.evaluate(titles), expected);
    let reported = "[...document.querySelectorAll('#cell .sides tbody tr')].map((row) =>
        [row.cells[1].textContent, row.cells[2].textContent]).filter(([, told]) => told)";
    let nested = json!([["", "import shop.cart"], ["", "  import shop"], ["o", "  import till"]]);
    assert_eq!(browser.evaluate(reported), nested);
}

/// Ours are held against what is expected of them, so the page of such a run gives the reasons.
#[test]
fn a_cell_gives_the_reason_that_is_expected() {
    let Some(mut browser) = Browser::start("the page") else { return };
    let asked = ["--scenario", "calls/import-module", "--strategy", "dunder_import"];
    let told = output(xtask().arg("check").args(asked).args(["--python", &PYTHON]));
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    let page = records(&stdout(&told)).with_file_name("report.html");
    drawn(&mut browser, &page, "#/scenarios");
    after(&mut browser, "document.querySelector('#matrix td a:not(.c0)').click()");
    let reasons = "[...document.querySelectorAll('#cell .reason p')].map((it) => it.textContent)";
    let reasons = browser.evaluate(reasons);
    let first = reasons[0].as_str().expect("a reason");
    assert!(first.starts_with("Expected: It is called for what a statement names"), "{reasons}");
}

#[test]
fn costs_of_one_hook_stand_out() {
    let Some(mut browser) = opened("#/cost?strategy=audit&python=3.13.0") else { return };
    let told = "['[data-strategy]:not(.faint)', '.point:not(.gone)'].map((it) =>
        document.querySelectorAll(`#cost ${it}`).length)";
    assert_eq!(browser.evaluate(told), json!([1, 0]), "nothing was timed on 3.13");
    after(&mut browser, "location.hash = '#/cost?python=3.14.0'");
    assert_eq!(browser.evaluate(told), json!([7, 7]));
}
