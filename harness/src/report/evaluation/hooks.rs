//! What hooks can do while an import goes on, and what becomes of it.

use std::collections::BTreeMap;

use tollgate_event::EventKind;

use super::Shown;
use crate::{
    evaluation::Probe,
    record::ProbeRecord,
    report::{interpreters::merge, words::plain},
    text::uncoded,
};

/// What hooks can do, one line each. Empty where no probe was run.
pub(in crate::report) fn hooks(shown: &Shown<'_>) -> Vec<String> {
    let mut answers: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (place, it) in shown.placed() {
        for answer in &it.probes {
            answers.entry(order(answer)).or_default().push((place, told(answer)));
        }
    }
    let mut lines = Vec::new();
    for told in answers.into_values() {
        let groups = merge(told);
        let is_one = groups.len() == 1;
        for (group, told) in groups {
            let on = if is_one {
                String::new()
            } else {
                format!(" ({})", shown.interpreters.words(group))
            };
            lines.push(format!("{}{on}.", plain(&told)));
        }
    }
    lines
}

/// Probes in their own order, each edge by edge.
fn order(answer: &ProbeRecord) -> (Option<Probe>, Option<EventKind>) {
    let edge = answer.edge.as_deref().and_then(|edge| edge.parse().ok());
    (Probe::named(&answer.probe), edge)
}

/// One answer in words.
fn told(answer: &ProbeRecord) -> String {
    let event = uncoded(answer.event.as_deref().unwrap_or_default());
    let facts: BTreeMap<_, _> =
        answer.facts.iter().map(|(name, fact)| (name.as_str(), uncoded(fact))).collect();
    let fact = |name: &str| facts.get(name).map_or("?", String::as_str);
    let Some(probe) = Probe::named(&answer.probe) else {
        return format!("{} at `{event}`", answer.probe);
    };
    if let Some(ending) = &answer.ending {
        return format!("{} at `{event}`: {ending}", probe.doing());
    }
    let what = probe.doing();
    match probe {
        Probe::Refusal => {
            let bodies = |name| if fact(name) == "0" { "not run" } else { "run" };
            format!(
                "{what} at `{event}` of `shop.cart`: the import raises {}; the body has {} by then, and \
                 `sys.modules` holds {}, with the child {} to its package. Imported once more: {}, body {}, \
                 child {}",
                fact("raised"),
                bodies("bodies"),
                fact("left"),
                bound(fact("bound")),
                fact("again"),
                bodies("bodies again"),
                bound(fact("bound again")),
            )
        }
        Probe::Failing | Probe::FailingInterrupt => format!(
            "{what} at `{event}` of `shop.broken`, whose body has raised ValueError: the import raises {}, in \
             the context of {}; `sys.modules` holds {}",
            fact("raised"),
            fact("context"),
            fact("left"),
        ),
        Probe::Interrupt => format!(
            "{what} at `{event}` of `shop.cart`: the import raises {}, and `sys.modules` holds {}. Imported once \
             more: {}, child {}",
            fact("raised"),
            fact("left"),
            fact("again"),
            bound(fact("bound again")),
        ),
        Probe::Released => format!("{what} at `{event}`: its import ends {}", fact("elsewhere")),
        Probe::Reentrant | Probe::Nested => format!(
            "{what} at `{event}`: the hook's import ends {}, the program's {}; the hook hears {}",
            fact("inner"),
            fact("outer"),
            fact("heard"),
        ),
        Probe::Same => format!(
            "{what} at `{event}`: the hook's import ends {}, the program's {}, the body has run {} times",
            fact("inner"),
            fact("outer"),
            fact("bodies"),
        ),
        Probe::Thread => format!(
            "{what} at `{event}`: it waits {}, and the program's import ends {}",
            fact("waited"),
            fact("outer"),
        ),
        Probe::Midway => format!("{what}: it hears {}", fact("heard")),
        Probe::Subinterpreter | Probe::SubinterpreterFails => format!(
            "{what}, which ends {}: the hook within hears {}; the one outside {}",
            fact("within"),
            fact("heard within"),
            fact("heard outside"),
        ),
    }
}

fn bound(word: &str) -> &'static str {
    if word == "True" { "bound" } else { "not bound" }
}
