//! Published Markdown from small records.

use super::{conformance_page, overhead_page, overview_page, table};
use crate::{
    record::{
        CellRecord, ControlRecord, DivergenceRecord, OverheadRecord, Record, TruthWord, VerdictWord,
    },
    report::{
        Findings,
        fixtures::{cell, claimed, cost, counting, divergence, diverging, taken, truth},
    },
};

fn missed(scenario: &str) -> Record {
    let events = ["import.start", "import.end"];
    let divergences = events.map(|event| divergence("missing", event, "shop"));
    let tally = events.map(|event| claimed(event, [4, 3, 0]));
    Record::Cell(diverging(counting(cell("audit", scenario, "3.13.0"), &tally), &divergences))
}

fn records(holds: bool) -> Vec<Record> {
    let other = DivergenceRecord {
        meaning: Some("request".to_owned()),
        ..divergence("unexpected", "import.start", "a_b")
    };
    let odd = [
        other,
        divergence("duplicated", "import.start", "till|x"),
        taken("end", "changed the program's end from ok to <ValueError>"),
    ];
    let names = ["calls/a", "calls/b", "calls/c", "calls/d", "calls/e_f"];
    let odd = diverging(cell("audit", "calls/odd [x]", "3.13.0"), &odd);
    let absent =
        CellRecord { verdict: VerdictWord::NotApplicable, ..cell("legacy", "calls/a", "3.13.0") };
    let control = Some(ControlRecord { kind: "again".to_owned(), known: None, holds });
    let again = OverheadRecord { control, ..cost("none", "3.13.0", 1.0) };
    let rest = [
        Record::Cell(odd),
        Record::Cell(absent),
        Record::Cell(cell("proposal", "calls/a", "3.13.0")),
        truth("calls/a", "3.13.0", (TruthWord::Agreed, None)),
        Record::Overhead(again),
        Record::Overhead(cost("audit", "3.13.0", 1.03)),
    ];
    names.map(missed).into_iter().chain(rest).collect()
}

#[test]
fn the_worst_is_told_first_and_scenarios_are_linked() {
    insta::assert_snapshot!(conformance_page(&records(true).into_iter().collect()));
}

#[test]
fn costs_of_an_unfit_run_have_no_column_and_no_page() {
    let [fit, unfit] = [true, false].map(|holds| records(holds).into_iter().collect::<Findings>());
    let [with, without] = [&fit, &unfit].map(|run| table(run).expect("audit was judged"));
    assert!(with.contains("a cold import costs") && with.contains("+3.0 %"), "{with}");
    assert!(!without.contains("a cold import costs"), "{without}");
    assert!(without.contains("costs unfit: 1 of 1 control failed, none shown"), "{without}");
    assert!(
        overhead_page(&fit).contains("|  | audit | +3.0 ±1.0 % s |"),
        "{}",
        overhead_page(&fit)
    );
    assert_eq!(overhead_page(&unfit), "");
}

#[test]
fn interpreters_that_differ_have_rows_of_their_own() {
    let elsewhere =
        counting(cell("audit", "calls/a", "3.15.0"), &[claimed("import.start", [4, 4, 0])]);
    let all: Findings = records(true).into_iter().chain([Record::Cell(elsewhere)]).collect();
    let told = overview_page(&all);
    assert!(told.contains("| audit | 3.13 | 75 % |"), "{told}");
    assert!(told.contains("|  | 3.15 | all |"), "{told}");
}

#[test]
fn nothing_is_published_of_nothing() {
    let nothing = Findings::from_iter(Vec::new());
    assert_eq!(conformance_page(&nothing), "");
    assert_eq!((table(&nothing), overview_page(&nothing)), (None, String::new()));
}
