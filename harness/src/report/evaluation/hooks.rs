//! What hooks can do while an import goes on, and what becomes of it.

use std::fmt::Write as _;

use super::Evaluated;
use crate::{
    contract::Contract,
    evaluation::{Answer, Probe},
    report::{interpreters::merge, words::plain},
};

/// The section on hooks. Empty where no probe was run.
pub(super) fn hooks(evaluated: &Evaluated<'_>, entrant: usize) -> String {
    let contract = &evaluated.entrants[entrant].candidate.contract;
    let interpreters = evaluated.interpreters(entrant);
    let answers: Vec<_> = evaluated.sum.answers(entrant).collect();
    let mut asked: Vec<_> = answers.iter().map(|answer| (answer.probe, answer.edge)).collect();
    asked.sort();
    asked.dedup();
    let mut text = String::new();
    for (probe, edge) in asked {
        let own = answers.iter().filter(|answer| (answer.probe, answer.edge) == (probe, edge));
        let mut told: Vec<_> = own
            .filter_map(|answer| {
                Some((interpreters.place(&answer.python)?, told(answer, contract)))
            })
            .collect();
        told.sort();
        let groups = merge(told);
        let is_one = groups.len() == 1;
        for (group, told) in groups {
            let on =
                if is_one { String::new() } else { format!(" ({})", interpreters.words(group)) };
            _ = writeln!(text, "- {}{on}.", plain(&told));
        }
    }
    if text.is_empty() {
        return text;
    }
    format!("\n**What hooks can do:**\n\n{text}")
}

/// One answer in words.
fn told(answer: &Answer, contract: &Contract) -> String {
    let event = answer.edge.map_or_else(String::new, |edge| contract.event_for(edge));
    let fact = |name| answer.fact(name).unwrap_or("?");
    if let Err(ending) = &answer.facts {
        return format!("{} at `{event}`: {ending}", what(answer.probe));
    }
    let what = what(answer.probe);
    match answer.probe {
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
        Probe::Failing => format!(
            "{what} at `{event}` of `shop.broken`, whose body has raised ValueError: the import raises {}, in \
             the context of {}; `sys.modules` holds {}",
            fact("raised"),
            fact("context"),
            fact("left"),
        ),
        Probe::Reentrant => format!(
            "{what} at `{event}`: the hook's import ends {}, the program's {}",
            fact("inner"),
            fact("outer"),
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
        Probe::Midway => format!("{what}: it hears {}", short(fact("heard"))),
        Probe::Subinterpreter => format!(
            "{what}: the hook within hears {}; the one outside {}",
            short(fact("heard within")),
            short(fact("heard outside")),
        ),
    }
}

fn what(probe: Probe) -> &'static str {
    match probe {
        Probe::Refusal | Probe::Failing => "a hook raises",
        Probe::Reentrant => "a hook imports another module",
        Probe::Same => "a hook imports the same module",
        Probe::Thread => "a hook waits for a thread that imports the same module",
        Probe::Midway => {
            "a hook that the body of `shop.installs` adds before it imports `shop.cart`"
        }
        Probe::Subinterpreter => "a subinterpreter imports `shop.cart`",
    }
}

fn bound(word: &str) -> &'static str {
    if word == "True" { "bound" } else { "not bound" }
}

fn short(events: &str) -> String {
    events.replace("importlib.", "")
}
