use super::*;
use crate::record::{Record, fixtures};

fn expectations(text: &str) -> Expectations {
    let entries = parse::entries(text).unwrap_or_else(|error| panic!("{error}"));
    Expectations { entries: BTreeMap::from([("audit".to_owned(), entries)]) }
}

const MISSING: &str = "- {reason: Because., missing: [import.start], in: [SCENARIOS]}";

/// `audit` in these scenarios, each with the modules of which it missed the start of an import.
fn records(cells: &[(&str, &[&str])]) -> Vec<Record> {
    cells.iter().map(|(scenario, missed)| fixtures::cell_that_missed(scenario, missed)).collect()
}

fn outcome(expectations: &Expectations, is_whole: bool, records: &[Record]) -> Outcome {
    let mut check = Check::new(expectations, is_whole);
    for record in records {
        check.add(record);
    }
    check.finish()
}

/// How many divergences are expected, what is new and what is gone.
fn check(
    text: &str,
    is_whole: bool,
    cells: &[(&str, &[&str])],
) -> (usize, Vec<String>, Vec<String>) {
    let Outcome { expected, new, gone, .. } =
        outcome(&expectations(text), is_whole, &records(cells));
    let places = |deviations: Vec<Deviation>| {
        deviations
            .into_iter()
            .map(|it| format!("{} {} {}", it.word, it.what, it.scenario))
            .collect()
    };
    (expected, places(new), places(gone))
}

#[test]
fn a_name_promises_that_it_happens_there() {
    let text = MISSING.replace("SCENARIOS", "a, b");
    let (a, b) = ("missing import.start a".to_owned(), "missing import.start b".to_owned());
    assert_eq!(check(&text, false, &[("a", &["x"]), ("b", &["y"])]), (2, vec![], vec![]));
    assert_eq!(check(&text, false, &[("a", &["x"]), ("b", &[])]), (1, vec![], vec![b]));
    assert_eq!(check(&text, false, &[("a", &["x"])]), (1, vec![], vec![]), "b was not run");
    let c = "missing import.start c".to_owned();
    assert_eq!(check(&text, false, &[("a", &[]), ("c", &["x"])]), (0, vec![c], vec![a]));
}

#[test]
fn a_pattern_promises_that_it_happens_somewhere() {
    let text = MISSING.replace("SCENARIOS", "'p/*'");
    assert_eq!(check(&text, true, &[("p/a", &["x"]), ("p/b", &[])]), (1, vec![], vec![]));
    let gone = vec!["missing import.start p/*".to_owned()];
    assert_eq!(check(&text, true, &[("p/a", &[]), ("p/b", &[])]), (0, vec![], gone));
    assert_eq!(
        check(&text, false, &[("p/a", &[])]),
        (0, vec![], vec![]),
        "a part of the scenarios"
    );
}

#[test]
fn an_entry_may_be_about_modules_and_versions() {
    let of = "- {reason: r, missing: [import.start], of: [x], in: ['*']}";
    let new = vec!["missing import.start a".to_owned()];
    assert_eq!(check(of, true, &[("a", &["x", "y"])]), (1, new.clone(), vec![]));
    let old = "- {reason: r, python: '<3.13', missing: [import.start], in: [a]}";
    assert_eq!(check(old, true, &[("a", &["x"])]), (0, new, vec![]), "the records are of 3.13");
    assert_eq!(check(old, true, &[("a", &[])]), (0, vec![], vec![]));
}

#[test]
fn a_strategy_without_expectations_is_not_checked_and_an_empty_file_expects_nothing() {
    let cells = records(&[("a", &["x"])]);
    let not_held = Outcome { not_held: 1, ..Outcome::default() };
    assert_eq!(outcome(&Expectations::default(), true, &cells), not_held);
    assert_eq!(outcome(&expectations("# nothing\n"), true, &cells).new.len(), 1);
}

#[test]
fn what_is_new_can_be_pasted_once_it_has_a_reason() {
    let cells = records(&[("a", &["x", "y"]), ("b", &["x"])]);
    let new = outcome(&expectations(""), true, &cells).new;
    let drafted = draft(&new);
    insta::assert_snapshot!(drafted, @r#"
    # for harness/strategies/expected/audit.yaml
    - reason: ""  # new on 3.13.0
      missing: [import.start]
      in: [a, b]
    "#);
    assert!(parse::entries(&drafted).is_err(), "without a reason");
    let reasoned = drafted.replace("\"\"", "Because.");
    assert_eq!(check(&reasoned, true, &[("a", &["x"]), ("b", &["y"])]), (2, vec![], vec![]));
}

#[test]
fn entries_that_say_nothing_are_refused() {
    let whole = "reason: r, missing: [import.start], in: [a]";
    assert_eq!(parse::entries(&format!("- {{{whole}}}")).map(|it| it.len()), Ok(1));
    let told: Vec<_> = [
        "missing: [import.start], in: [a]",
        "reason: ' ', missing: [import.start], in: [a]",
        "reason: r, in: [a]",
        "reason: r, missing: [import.start]",
        "reason: r, missing: [import.start], in: []",
        "reason: r, missing: [import.begin], in: [a]",
        "reason: r, disturbed: [mood], in: [a]",
        "reason: r, missing: [import.start], in: ['a[']",
        "reason: r, missing: [import.start], python: 'new', in: [a]",
        "reason: r, missed: [import.start], in: [a]",
    ]
    .iter()
    .map(|entry| match parse::entries(&format!("# first\n- {{{entry}}}\n")) {
        Ok(_) => panic!("{entry} was taken"),
        Err(message) => format!("{entry}\n    {}", message.lines().next().unwrap_or_default()),
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}
