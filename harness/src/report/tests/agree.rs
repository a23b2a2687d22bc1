//! The same run in every format: the same numbers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{
    Findings, Look,
    fixtures::{cell, claimed, counting, disturbed, divergence, diverging, footprint, taken},
    json, junit, markdown, screen, text,
};
use crate::{
    expected::Expectation,
    record::{CellRecord, CountRecord, DivergenceRecord, Record, VerdictWord},
};

/// What a run comes to.
#[derive(Debug, PartialEq, Eq)]
struct Numbers {
    /// Conform, diverge, not applicable, inconclusive.
    cells: [usize; 4],
    /// Wrong reports of each strategy that has a row.
    wrong: BTreeMap<String, usize>,
}

fn numbers(cells: [usize; 4], wrong: &[(&str, usize)]) -> Numbers {
    let wrong = wrong.iter().map(|(strategy, number)| ((*strategy).to_owned(), *number)).collect();
    Numbers { cells, wrong }
}

/// A cell in which `audit` is wrong so often, and means something else twice.
fn lies(scenario: &str, label: &str, wrong: usize) -> Record {
    let count = CountRecord { other: 2, ..claimed("import.start", [4, 3, wrong]) };
    let invented = |number| divergence("unexpected", "import.start", &format!("m{number}"));
    let meant = DivergenceRecord {
        meaning: Some("request".to_owned()),
        ..divergence("duplicated", "import.start", "shop")
    };
    let missed = divergence("missing", "import.start", "till");
    let all: Vec<_> = (0..wrong).map(invented).chain([meant.clone(), meant, missed]).collect();
    Record::Cell(diverging(counting(cell("audit", scenario, label), &[count]), &all))
}

fn without(verdict: VerdictWord, strategy: &str, scenario: &str) -> Record {
    let reason = Some("because".to_owned());
    Record::Cell(CellRecord { verdict, reason, ..cell(strategy, scenario, "3.13.0") })
}

fn runs() -> Vec<(&'static str, Vec<Record>, Numbers)> {
    let plain = |strategy| Record::Cell(cell(strategy, "a", "3.13.0"));
    let end = taken("end", "changed the program's end from returned to ValueError: no");
    let ends = Record::Cell(diverging(cell("loud", "a", "3.13.0"), &[end, disturbed("4 frames")]));
    vec![
        (
            "nothing wrong",
            vec![plain("none"), plain("audit")],
            numbers([2, 0, 0, 0], &[("audit", 0)]),
        ),
        (
            "only the footprint",
            vec![
                plain("audit"),
                Record::Footprint(footprint("audit", "3.13.0", &[disturbed("1")])),
            ],
            numbers([1, 0, 0, 0], &[("audit", 0)]),
        ),
        (
            "many lies, on two interpreters",
            vec![plain("none"), lies("a", "3.13.0", 1_200), lies("b", "3.9.18", 34), ends],
            numbers([1, 3, 0, 0], &[("audit", 1_234), ("loud", 0)]),
        ),
        (
            "hung everywhere",
            vec![
                plain("none"),
                without(VerdictWord::Inconclusive, "slow", "a"),
                without(VerdictWord::Inconclusive, "slow", "b"),
                without(VerdictWord::NotApplicable, "new", "a"),
            ],
            numbers([1, 0, 1, 2], &[]),
        ),
    ]
}

fn number(text: &str) -> Option<usize> {
    text.replace(',', "").parse().ok()
}

/// Of `2 cells: 1 conform, …`, wherever it stands.
fn told_cells(told: &str) -> [usize; 4] {
    let line = told.lines().find(|line| line.contains(" conform, ")).expect("a sum");
    let line = line.split_once(": ").expect("numbers").1;
    let words = ["conform", "diverge", "not applicable", "inconclusive"];
    words.map(|word| {
        let before = line.split(word).next().expect("a word").trim_end();
        before.rsplit(' ').next().and_then(number).expect("a number")
    })
}

/// The column `wrong` of the screen's table, which begins where its title does.
fn wrong_on_screen(told: &str) -> BTreeMap<String, usize> {
    let mut lines = told.lines().skip_while(|line| !line.starts_with("strategy"));
    let header = lines.next().expect("a header");
    let place = header.find("wrong").expect("a column");
    let rows = lines.skip(1).take_while(|line| !line.contains(": "));
    let cell = |line: &str| -> Option<(String, usize)> {
        let rest: String = line.chars().skip(place).collect();
        Some((line.split(' ').next()?.to_owned(), number(rest.split(' ').next()?)?))
    };
    rows.filter_map(cell).collect()
}

/// The same of a table in Markdown.
fn wrong_in_comment(told: &str) -> BTreeMap<String, usize> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = told.lines().skip_while(|line| !line.starts_with("| strategy |"));
    let header = cells(lines.next().expect("a header"));
    let column = header.iter().position(|title| title == "wrong").expect("a column");
    let rows = lines.skip(1).take_while(|line| line.starts_with('|')).map(cells);
    rows.filter_map(|cells| Some((cells[0].clone(), number(&cells[column])?))).collect()
}

fn of_json(records: &[Record]) -> Numbers {
    let report: Value = serde_json::from_str(&json(records.to_vec())).expect("JSON");
    let cells = report["cells"].as_array().expect("cells");
    let of = |word: &str| cells.iter().filter(|cell| cell["verdict"] == word).count();
    let mut wrong = BTreeMap::new();
    for cell in cells {
        let is_judged = cell["verdict"] == "conforms" || cell["verdict"] == "diverges";
        if cell["strategy"] == "none" || !is_judged {
            continue;
        }
        let counts = cell["counts"].as_array().expect("counts").iter();
        let own: u64 = counts.filter_map(|count| count["wrong"].as_u64()).sum();
        let strategy = cell["strategy"].as_str().expect("a name").to_owned();
        *wrong.entry(strategy).or_default() += usize::try_from(own).expect("few");
    }
    let cells = ["conforms", "diverges", "not-applicable", "inconclusive"].map(of);
    Numbers { cells, wrong }
}

/// Passed, failed, skipped, errors.
fn of_junit(findings: &Findings) -> [usize; 4] {
    let told = junit(findings, &|_, _| Expectation::New).expect("XML");
    let [tests, failed, skipped, errors] = ["tests", "failures", "skipped", "errors"].map(|name| {
        let rest = told.split_once(&format!(" {name}=\"")).expect("an attribute").1;
        rest.split('"').next().and_then(number).expect("a number")
    });
    [tests - failed - skipped - errors, failed, skipped, errors]
}

#[test]
fn every_format_has_the_same_numbers() {
    for (run, records, expected) in runs() {
        let findings: Findings = records.iter().cloned().collect();
        let drawn = screen(&findings, Look { width: 80, has_colour: false });
        assert_eq!(wrong_on_screen(&drawn), expected.wrong, "{run}, screen: {drawn}");
        let told = text(&findings);
        assert_eq!(told_cells(&told), expected.cells, "{run}, text: {told}");
        assert_eq!(told.contains("No strategy diverges."), run == "nothing wrong", "{run}: {told}");
        let comment = markdown(&findings, "again");
        let of_comment = Numbers { cells: told_cells(&comment), wrong: wrong_in_comment(&comment) };
        assert_eq!(of_comment, expected, "{run}, Markdown: {comment}");
        assert_eq!(of_json(&records), expected, "{run}, JSON");
        assert_eq!(of_junit(&findings), expected.cells, "{run}, JUnit");
    }
}

#[test]
fn a_comment_has_room_for_any_run() {
    let records: Vec<_> = (0..400)
        .flat_map(|number| {
            let scenario = format!("shop/scenario-with-a-long-name-{number:03}");
            ["3.9.18", "3.13.0"].map(|label| {
                let strategy = format!("hook-{}", number % 16);
                match lies(&scenario, label, 9 + number % 7) {
                    Record::Cell(cell) => Record::Cell(CellRecord { strategy, ..cell }),
                    other => other,
                }
            })
        })
        .collect();
    let findings: Findings = records.into_iter().collect();
    let comment = markdown(&findings, "cargo xtask report latest --format markdown");
    assert!(comment.chars().count() <= 65_536, "{}", comment.chars().count());
    assert!(comment.ends_with("Made by `cargo xtask report latest --format markdown`.\n"));
    assert!(comment.contains("more about hook-3 in the report"), "{comment}");
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
    let widest =
        comment.lines().filter(|line| line.starts_with('|')).map(|it| it.matches('|').count());
    assert!(widest.max() <= Some(10), "nine columns at most");
}
