//! What a contract does not say, and what its candidate does.

use std::fmt::Write as _;

use super::Evaluated;
use crate::{
    conformance::{Beside, Heard},
    contract::{Contract, ImportEvent},
    report::interpreters::merge,
    scenario::Scenario,
    span::Scope,
};

/// The most events that an answer lists.
const MOST: usize = 8;

/// What contracts leave open, each with the scenario that shows it.
const QUESTIONS: [(&str, &str); 16] = [
    ("a statement whose module is there already", "calls/cached-statement"),
    ("`import_module()` of a module that is there already", "calls/cached-import-module"),
    ("a module that no finder knows", "failures/not-found"),
    ("`None` in `sys.modules`", "sys-modules/none-entry"),
    ("a finder that raises", "failures/finder-raises"),
    ("a body that raises, below a package", "packages/child-fails"),
    ("a package that has imported the child by itself", "packages/parent-imports-child"),
    ("a namespace package", "packages/namespace"),
    ("an extension module", "kinds/extension"),
    ("a module that replaces itself in `sys.modules`", "sys-modules/replaces-itself"),
    ("`importlib.reload()`", "reload/reload"),
    ("`importlib.util.find_spec()` of a submodule", "find/find-spec-of-submodule"),
    ("a module that is loaded by hand", "find/manual-exec"),
    ("a `LazyLoader`, used", "find/lazy-loader"),
    ("a lazy import (3.15), at its first use", "lazy/first-use"),
    ("a thread that waits for another one's import", "threads/waits-for-body"),
];

/// The section on what the contract leaves open.
pub(super) fn left_open(evaluated: &Evaluated<'_>, entrant: usize) -> String {
    let contract = &evaluated.entrants[entrant].candidate.contract;
    let mut lines = place_of_import(evaluated, entrant);
    lines.extend(locks(evaluated, entrant));
    for (what, name) in QUESTIONS {
        let Some(scenario) = evaluated.scenarios.iter().find(|it| it.name.to_string() == name)
        else {
            continue;
        };
        lines.extend(answers(evaluated, entrant, (what, scenario), contract));
    }
    if lines.is_empty() {
        return String::new();
    }
    let mut text = "\n**Not in the contract, and what the candidate does:**\n\n".to_owned();
    for line in lines {
        _ = writeln!(text, "- {line}");
    }
    text
}

/// Where CPython's own `import` stands, unless the contract says where.
fn place_of_import(evaluated: &Evaluated<'_>, entrant: usize) -> Vec<String> {
    let contract = &evaluated.entrants[entrant].candidate.contract;
    if contract.import_event != ImportEvent::Unspecified {
        return Vec::new();
    }
    let interpreters = evaluated.interpreters(entrant);
    let summaries = evaluated.summaries(entrant, &interpreters);
    let places = summaries.into_iter().map(|(place, _, it)| {
        let times = |beside| it.beside.get(&beside).copied().unwrap_or_default();
        (place, [Beside::Before, Beside::After, Beside::Absent].map(times))
    });
    let told = merge(places).into_iter().filter(|(_, times)| times.iter().sum::<usize>() > 0);
    told.map(|(group, [before, after, absent])| {
        format!(
            "`import` beside the start of the same import, on {}: just before it {before} times, \
             just after it {after} times, not at all {absent} times.",
            interpreters.words(group),
        )
    })
    .collect()
}

/// At which events the module's own lock is held: a hook that waits for another thread's import of
/// the same module does so for ever.
fn locks(evaluated: &Evaluated<'_>, entrant: usize) -> Option<String> {
    let contract = &evaluated.entrants[entrant].candidate.contract;
    let summaries = evaluated.sum.of(entrant);
    let told: Vec<_> = contract
        .events
        .iter()
        .filter_map(|rule| {
            let counts = summaries.iter().filter_map(|(_, it)| it.locks.get(&rule.name));
            let [held, free] = counts.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
            let told = match (held, free) {
                (0, 0) => return None,
                (_, 0) => "always".to_owned(),
                (0, _) => "never".to_owned(),
                (held, free) => format!("in {held} of {}", held + free),
            };
            Some(format!("`{}` {told}", rule.name))
        })
        .collect();
    if told.is_empty() {
        return None;
    }
    Some(format!("The lock of the module is held by the thread: at {}.", told.join(", at ")))
}

/// What was heard in one scenario, for each group of interpreters that hear the same.
fn answers(
    evaluated: &Evaluated<'_>,
    entrant: usize,
    (what, scenario): (&str, &Scenario),
    contract: &Contract,
) -> Vec<String> {
    let interpreters = evaluated.interpreters(entrant);
    let (name, scope) = (scenario.name.to_string(), scenario.scope());
    let heard = interpreters.places().filter_map(|place| {
        let label = interpreters.label(place);
        let heard = evaluated.sum.heard(entrant, label, &name)?;
        Some((place, told(heard, &scope, contract)))
    });
    let groups = merge(heard);
    let is_one = groups.len() == 1;
    groups
        .into_iter()
        .map(|(group, told)| {
            let on =
                if is_one { String::new() } else { format!(" on {}", interpreters.words(group)) };
            format!("{what} ({name}){on}: {told}.")
        })
        .collect()
}

/// The events of a contract about the modules of a scenario.
fn told(heard: &[Heard], scope: &Scope, contract: &Contract) -> String {
    let own = heard.iter().filter(|it| contract.named(&it.event).next().is_some());
    let own: Vec<_> = own.filter(|it| it.name().is_some_and(|name| scope.contains(name))).collect();
    if own.is_empty() {
        return "no event".to_owned();
    }
    let short = |it: &&Heard| {
        let event = it.event.strip_prefix("importlib.").unwrap_or(&it.event);
        format!("{event} {}", it.name().unwrap_or("?"))
    };
    let mut told: Vec<_> = own.iter().take(MOST).map(short).collect();
    if own.len() > MOST {
        told.push(format!("and {} more", own.len() - MOST));
    }
    told.join(", ")
}
