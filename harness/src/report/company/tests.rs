//! The report on companies, from small records.

use crate::{
    record::{
        CompositionRecord, DivergenceRecord, Record, RefusalRecord, RepeatedRecord, ShareRecord,
        VerdictWord,
    },
    report::{
        Findings,
        fixtures::{company, cost, divergence, member, taken},
    },
};

fn repeated(times: usize, divergence: DivergenceRecord) -> Vec<RepeatedRecord> {
    vec![RepeatedRecord { times, divergence }]
}

/// Two that came one after the other; the first goes first, and they do not know of each other.
fn careless() -> CompositionRecord {
    let mut company = company(&["patch", "patch"], "first first");
    company.verdict = VerdictWord::Diverges;
    company.members[0].afterwards = repeated(4, divergence("after-removal", "import.start", "a"));
    company.members[1].left = ShareRecord {
        due: 4,
        divergences: repeated(4, divergence("missing", "import.start", "a")),
    };
    let state = "changed the program's state after removal from nothing to _find_and_load is f";
    company.program = vec![taken("state after removal", state)];
    company
}

/// A strategy that is disturbed by what comes later.
fn beside_a_neighbour() -> CompositionRecord {
    let mut company = company(&["finder", "comes_later"], "last first");
    (company.verdict, company.neighbour) = (VerdictWord::Diverges, Some(1));
    company.members.truncate(1);
    let mut divergences = repeated(1, divergence("missing", "find.start", "a"));
    divergences.extend(repeated(2, divergence("duplicated", "find.start", "b")));
    divergences.extend(repeated(3, divergence("unexpected", "find.start", "c")));
    company.members[0].together.divergences = divergences;
    company
}

fn refused() -> CompositionRecord {
    let mut company = company(&["tool"], "last first");
    (company.verdict, company.copies) = (VerdictWord::Diverges, 40);
    company.company = "tool \u{d7}40".to_owned();
    company.members = (0..40).map(|position| member("tool", position)).collect();
    for member in &mut company.members[1..] {
        let reason = "ValueError: in use\u{1b}".to_owned();
        member.refused = vec![RefusalRecord { step: "install".to_owned(), reason }];
    }
    company
}

fn without(hook: &str, verdict: VerdictWord, reason: &str) -> CompositionRecord {
    let mut company = company(&[hook], "last first");
    company.members.clear();
    CompositionRecord { verdict, reason: Some(reason.to_owned()), ..company }
}

#[test]
fn what_becomes_of_strategies_is_told_in_tables_and_sentences() {
    let findings: Findings = [
        company(&["patch", "patch"], "last first"),
        careless(),
        company(&["patch", "finder"], "last first"),
        company(&["finder"], "last first"),
        beside_a_neighbour(),
        refused(),
        without("options", VerdictWord::NotApplicable, "it needs an interpreter of its own"),
        without("broken", VerdictWord::Inconclusive, "the child could not be run"),
    ]
    .into_iter()
    .map(Record::Composition)
    .chain([Record::Overhead(cost("patch \u{d7}40", "3.13.0", 1.4))])
    .collect();
    insta::assert_snapshot!("companies", super::companies(&findings));
}

#[test]
fn columns_have_names_where_there_is_room() {
    let findings: Findings =
        [Record::Composition(company(&["patch", "finder"], "last first"))].into_iter().collect();
    let header = |titles| -> String {
        let told = super::by_interpreters(&findings, titles);
        told[0].1.tables[0].header.join(" ")
    };
    assert_eq!(header(super::Titles::Numbers), "strategy beside 1 2");
    assert_eq!(header(super::Titles::Names), "strategy finder patch");
}

#[test]
fn interpreters_that_show_the_same_are_told_of_once() {
    let on = |label: &str| {
        let mut company = careless();
        label.clone_into(&mut company.interpreter.label);
        Record::Composition(company)
    };
    let findings: Findings = ["3.9.1", "3.10.1", "3.11.1"].map(on).into_iter().collect();
    let told = super::companies(&findings);
    assert!(told.starts_with("In company, on 3.9 to 3.11.\n"), "{told}");
    assert_eq!(told.matches("In company").count(), 1, "{told}");
}

#[test]
fn a_company_that_shows_nothing_is_unsound() {
    let findings = |verdict| -> Findings {
        [Record::Composition(without("a", verdict, "why"))].into_iter().collect()
    };
    assert!(findings(VerdictWord::NotApplicable).counts().is_sound());
    let unsound = findings(VerdictWord::Inconclusive);
    assert!(!unsound.counts().is_sound());
    let summary = "1 company: 0 as alone, 0 disturbed, 0 not applicable, 1 inconclusive.";
    assert_eq!(unsound.counts().to_string(), summary);
}
