//! All candidates side by side: what each lets a tool know.

use tollgate_event::{EventKind, Operation};

use super::Shown;
use crate::{
    contract::Argument,
    record::{CandidateRecord, EvaluationRecord, FiresWord, RuleRecord},
    report::Table,
};

/// The table of all candidates; nothing without one.
pub(in crate::report) fn beside(evaluation: &EvaluationRecord) -> Option<Table> {
    let header = [
        "candidate",
        "start of an import",
        "its end",
        "its outcome",
        "search",
        "load",
        "spec at its start",
        "reload",
        "`import_module()`, cached",
        "statement, cached",
        "events an import",
        "keeps its contract",
    ];
    let is_twice = |it: &CandidateRecord| {
        evaluation.candidates.iter().filter(|other| other.name == it.name).count() > 1
    };
    let rows = evaluation
        .candidates
        .iter()
        .map(|it| row(&Shown::new(it, &evaluation.places), is_twice(it)));
    Table::new(header, rows.collect(), "")
}

fn row(candidate: &Shown<'_>, is_twice: bool) -> Vec<String> {
    let it = candidate.candidate;
    let shown = |scenario: &str| shown(candidate, scenario);
    let name = match (is_twice, it.is_build) {
        (false, _) => it.name.clone(),
        (_, true) => format!("{} (build)", it.name),
        (_, false) => format!("{} (overlay)", it.name),
    };
    vec![
        name,
        has(it, EventKind::start(Operation::Import)),
        has(it, EventKind::end(Operation::Import)),
        outcome(it),
        both(it, Operation::Find),
        both(it, Operation::Load),
        spec(it),
        shown("reload/reload"),
        shown("calls/cached-import-module"),
        shown("calls/cached-statement"),
        per_import(candidate),
        kept(it),
    ]
}

fn has(candidate: &CandidateRecord, kind: EventKind) -> String {
    match candidate.rule(kind) {
        None => "no".to_owned(),
        Some(rule) if rule.may_miss.is_some() => "mostly".to_owned(),
        Some(rule) => match rule.fires {
            FiresWord::Always => "yes".to_owned(),
            FiresWord::OnSuccess => "on success".to_owned(),
            FiresWord::OnFailure => "on failure".to_owned(),
        },
    }
}

fn both(candidate: &CandidateRecord, operation: Operation) -> String {
    let (start, end) = (EventKind::start(operation), EventKind::end(operation));
    match (candidate.rule(start), candidate.rule(end)) {
        (None, None) => "no".to_owned(),
        (Some(_), Some(rule)) if rule.fires == FiresWord::Always => "both ends".to_owned(),
        (Some(_), Some(_)) => "start, end on success".to_owned(),
        (Some(_), None) => "start".to_owned(),
        (None, Some(_)) => "end".to_owned(),
    }
}

/// How a tool gets to know how an import ended.
fn outcome(candidate: &CandidateRecord) -> String {
    let start = candidate.rule(EventKind::start(Operation::Import));
    let end = candidate.rule(EventKind::end(Operation::Import));
    let told = match (start, end) {
        (_, None) => "no",
        (_, Some(rule)) if takes(rule, Argument::Success) => "yes",
        (_, Some(rule)) if rule.fires == FiresWord::Always => "no",
        (Some(_), Some(_)) => "by a missing end",
        (None, Some(_)) => "success only",
    };
    told.to_owned()
}

fn takes(rule: &RuleRecord, argument: Argument) -> bool {
    rule.arguments.iter().any(|it| it == argument.word())
}

fn spec(candidate: &CandidateRecord) -> String {
    let rule = candidate.rule(EventKind::start(Operation::Load));
    let has_spec = rule.is_some_and(|rule| takes(rule, Argument::Spec));
    if has_spec { "yes".to_owned() } else { "no".to_owned() }
}

/// The events that the candidate raised in a scenario, on the newest interpreter that ran it.
fn events(candidate: &Shown<'_>, scenario: &str) -> Option<usize> {
    candidate.heard(scenario).last().map(|(_, events)| events.len())
}

fn shown(candidate: &Shown<'_>, scenario: &str) -> String {
    match events(candidate, scenario) {
        None => "?".to_owned(),
        Some(0) => "unseen".to_owned(),
        Some(1) => "1 event".to_owned(),
        Some(count) => format!("{count} events"),
    }
}

/// Of the three packages of `packages/nested`.
fn per_import(candidate: &Shown<'_>) -> String {
    match events(candidate, "packages/nested") {
        None => "?".to_owned(),
        Some(count) if count % 3 == 0 => (count / 3).to_string(),
        Some(count) => format!("{count}/3"),
    }
}

fn kept(candidate: &CandidateRecord) -> String {
    let judged: usize = candidate.shown.iter().map(|it| it.judged).sum();
    let conforming: usize = candidate.shown.iter().map(|it| it.conforming).sum();
    format!("{conforming} of {judged} cells")
}
