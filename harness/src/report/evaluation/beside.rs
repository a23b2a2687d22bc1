//! All candidates side by side: what each lets a tool know.

use tollgate_event::{EventKind, Operation};

use super::{Evaluated, table};
use crate::contract::{Argument, Contract, Fires};

/// The table of all candidates.
pub fn side_by_side(evaluated: &Evaluated<'_>) -> String {
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
    let rows: Vec<_> = (0..evaluated.entrants.len()).map(|it| row(evaluated, it)).collect();
    table(&header, &rows)
}

fn row(evaluated: &Evaluated<'_>, entrant: usize) -> Vec<String> {
    let candidate = &evaluated.entrants[entrant].candidate;
    let contract = &candidate.contract;
    let shown = |scenario: &str| shown(evaluated, entrant, scenario);
    vec![
        candidate.name.clone(),
        has(contract, EventKind::start(Operation::Import)),
        has(contract, EventKind::end(Operation::Import)),
        outcome(contract),
        both(contract, Operation::Find),
        both(contract, Operation::Load),
        spec(contract),
        shown("reload/reload"),
        shown("calls/cached-import-module"),
        shown("calls/cached-statement"),
        per_import(evaluated, entrant),
        kept(evaluated, entrant),
    ]
}

fn has(contract: &Contract, kind: EventKind) -> String {
    match contract.rule(kind) {
        None => "no".to_owned(),
        Some(rule) if rule.may_miss.is_some() => "mostly".to_owned(),
        Some(rule) => match rule.fires {
            Fires::Always => "yes".to_owned(),
            Fires::OnSuccess => "on success".to_owned(),
            Fires::OnFailure => "on failure".to_owned(),
        },
    }
}

fn both(contract: &Contract, operation: Operation) -> String {
    let (start, end) = (EventKind::start(operation), EventKind::end(operation));
    match (contract.rule(start), contract.rule(end)) {
        (None, None) => "no".to_owned(),
        (Some(_), Some(rule)) if rule.fires == Fires::Always => "both ends".to_owned(),
        (Some(_), Some(_)) => "start, end on success".to_owned(),
        (Some(_), None) => "start".to_owned(),
        (None, Some(_)) => "end".to_owned(),
    }
}

/// How a tool gets to know how an import ended.
fn outcome(contract: &Contract) -> String {
    let start = contract.rule(EventKind::start(Operation::Import));
    let end = contract.rule(EventKind::end(Operation::Import));
    let told = match (start, end) {
        (_, None) => "no",
        (_, Some(rule)) if rule.arguments.contains(&Argument::Success) => "yes",
        (_, Some(rule)) if rule.fires == Fires::Always => "no",
        (Some(_), Some(_)) => "by a missing end",
        (None, Some(_)) => "success only",
    };
    told.to_owned()
}

fn spec(contract: &Contract) -> String {
    let rule = contract.rule(EventKind::start(Operation::Load));
    let has_spec = rule.is_some_and(|rule| rule.arguments.contains(&Argument::Spec));
    if has_spec { "yes".to_owned() } else { "no".to_owned() }
}

/// The events that the candidate raised in a scenario, on the newest interpreter that ran it.
fn events(evaluated: &Evaluated<'_>, entrant: usize, scenario: &str) -> Option<usize> {
    let contract = &evaluated.entrants[entrant].candidate.contract;
    let scope = evaluated.scenarios.iter().find(|it| it.name.to_string() == scenario)?.scope();
    let interpreters = evaluated.interpreters(entrant);
    let heard = interpreters
        .places()
        .rev()
        .find_map(|place| evaluated.sum.heard(entrant, interpreters.label(place), scenario))?;
    let own = heard.iter().filter(|it| {
        let is_own = contract.named(&it.event).next().is_some();
        is_own && it.name().is_some_and(|name| scope.contains(name))
    });
    Some(own.count())
}

fn shown(evaluated: &Evaluated<'_>, entrant: usize, scenario: &str) -> String {
    match events(evaluated, entrant, scenario) {
        None => "?".to_owned(),
        Some(0) => "unseen".to_owned(),
        Some(1) => "1 event".to_owned(),
        Some(count) => format!("{count} events"),
    }
}

/// Of the three packages of `packages/nested`.
fn per_import(evaluated: &Evaluated<'_>, entrant: usize) -> String {
    match events(evaluated, entrant, "packages/nested") {
        None => "?".to_owned(),
        Some(count) if count % 3 == 0 => (count / 3).to_string(),
        Some(count) => format!("{count}/3"),
    }
}

fn kept(evaluated: &Evaluated<'_>, entrant: usize) -> String {
    let own = evaluated.sum.of(entrant);
    let judged: usize = own.iter().map(|(_, it)| it.judged).sum();
    let conforming: usize = own.iter().map(|(_, it)| it.conforming).sum();
    format!("{conforming} of {judged} cells")
}
