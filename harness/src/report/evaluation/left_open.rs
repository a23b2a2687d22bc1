//! What a contract does not say, and what its candidate does.

use super::Shown;
use crate::{contract::Topic, record::RuleRecord, report::interpreters::merge};

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

/// What the contract leaves open, one line each.
pub(in crate::report) fn left_open(shown: &Shown<'_>) -> Vec<String> {
    let mut lines = place_of_import(shown);
    lines.extend(open_promises(shown));
    lines.extend(locks(shown));
    for (what, scenario) in QUESTIONS {
        lines.extend(answers(shown, (what, scenario)));
    }
    lines
}

/// Where CPython's own `import` stands, unless the contract says where.
fn place_of_import(shown: &Shown<'_>) -> Vec<String> {
    if shown.candidate.places_import {
        return Vec::new();
    }
    let places = shown.placed().map(|(place, it)| (place, it.import_stood));
    let told = merge(places).into_iter().filter(|(_, times)| times.iter().sum::<usize>() > 0);
    told.map(|(group, [before, after, absent])| {
        format!(
            "`import` beside the start of the same import, on {}: just before it {before} times, \
             just after it {after} times, not at all {absent} times.",
            shown.interpreters.words(group),
        )
    })
    .collect()
}

/// What could be promised of the events and is not, by what it is about. What the candidate does is told by what hooks
/// can do.
fn open_promises(shown: &Shown<'_>) -> Vec<String> {
    let promises = &shown.candidate.promises;
    let open = |topic: Topic| {
        let own =
            promises.iter().filter(move |it| it.topic == topic.word() && it.promise.is_none());
        let events: Vec<_> = own.map(|it| format!("`{}`", it.event)).collect();
        let is_any = !events.is_empty();
        is_any.then(|| {
            format!("{} (`{}`): left open at {}.", about(topic), topic.word(), events.join(", "))
        })
    };
    Topic::ALL.into_iter().filter_map(open).collect()
}

fn about(topic: Topic) -> &'static str {
    match topic {
        Topic::ModuleLock => "Whether the lock of the module is held",
        Topic::OtherThreads => "Whether other threads that import the module wait",
        Topic::Child => "Whether the child is bound to its package",
        Topic::RefusalLeaves => "What a hook that raises leaves of the import",
        Topic::OverFailure => "What becomes of the program's exception if a hook raises over it",
        Topic::HookImports => "Whether imports of a hook are announced",
        Topic::SameModule => "How often the body runs if a hook imports the same module",
    }
}

/// At which events the module's own lock is held: a hook that waits for another thread's import of
/// the same module does so for ever.
fn locks(shown: &Shown<'_>) -> Option<String> {
    let is_open = |rule: &&RuleRecord| {
        let mut promises = shown.candidate.promises.iter();
        let lock = Topic::ModuleLock.word();
        promises.any(|it| it.topic == lock && it.promise.is_none() && rule.edges.contains(&it.edge))
    };
    let told: Vec<_> = shown
        .candidate
        .rules
        .iter()
        .filter(is_open)
        .filter_map(|rule| {
            let counts = shown.placed().filter_map(|(_, it)| it.locks.get(&rule.event));
            let [held, free] = counts.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
            let told = match (held, free) {
                (0, 0) => return None,
                (_, 0) => "always".to_owned(),
                (0, _) => "never".to_owned(),
                (held, free) => format!("in {held} of {}", held + free),
            };
            Some(format!("`{}` {told}", rule.event))
        })
        .collect();
    if told.is_empty() {
        return None;
    }
    Some(format!("The lock of the module is held by the thread: at {}.", told.join(", at ")))
}

/// What was heard in one scenario, for each group of interpreters that hear the same.
fn answers(shown: &Shown<'_>, (what, scenario): (&str, &str)) -> Vec<String> {
    let heard = shown.heard(scenario).into_iter();
    let groups = merge(heard.map(|(place, events)| (place, told(events))));
    let is_one = groups.len() == 1;
    groups
        .into_iter()
        .map(|(group, told)| {
            let on = if is_one {
                String::new()
            } else {
                format!(" on {}", shown.interpreters.words(group))
            };
            format!("{what} ({scenario}){on}: {told}.")
        })
        .collect()
}

/// Events and their modules, in words.
fn told(heard: &[(String, String)]) -> String {
    if heard.is_empty() {
        return "no event".to_owned();
    }
    let short = |(event, module): &(String, String)| {
        format!("{} {module}", event.strip_prefix("importlib.").unwrap_or(event))
    };
    let mut told: Vec<_> = heard.iter().take(MOST).map(short).collect();
    if heard.len() > MOST {
        told.push(format!("and {} more", heard.len() - MOST));
    }
    told.join(", ")
}
