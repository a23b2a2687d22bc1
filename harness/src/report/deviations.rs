//! What a run showed that was not expected, and the other way round.

use std::collections::BTreeMap;

use super::{
    severity,
    words::{count, explained, listed, plain},
};
use crate::{
    command::Places,
    expected::{Deviation, FOOTPRINT, Outcome},
    span::event_name_of,
};

/// How many scenarios or interpreters a line names.
const NAMED: usize = 4;

/// One line if everything is as expected, else every deviation. Nothing if nothing was expected and
/// nothing diverged.
pub fn deviations(outcome: &Outcome, commands: &Places) -> String {
    if outcome.is_as_expected() {
        return match outcome.expected {
            0 => String::new(),
            expected => format!(
                "{}, all of them expected; the reasons are in harness/strategies/expected.\n",
                count(expected, "divergence")
            ),
        };
    }
    let new = lines("New, and expected by no entry", &outcome.new, Some(commands));
    let gone = lines("Expected, and no longer happening", &outcome.gone, None);
    new + &gone
}

/// Completes “the strategy …”: what diverges, of a record's word and its kind of event or aspect.
fn clause(word: &str, what: &str) -> String {
    let event = event_name_of(what);
    match word {
        "missing" => format!("missed {event}"),
        "unexpected" => format!("reported {event}, which did not happen"),
        "duplicated" => format!("reported {event} once too often"),
        "out-of-order" => format!("reported {event} out of order"),
        "wrong-field" => format!("reported {event} with a wrong outcome"),
        "disturbed" => format!("changed the program's {what}"),
        other => format!("{other} {event}"),
    }
}

/// A line for each sort of deviation, the worst first: those that differ in module, scenario and interpreter alone
/// are told together. What happens has the command that writes a script which shows it.
fn lines(title: &str, deviations: &[Deviation], commands: Option<&Places>) -> String {
    let mut sorts: BTreeMap<_, Vec<&Deviation>> = BTreeMap::new();
    for one in deviations {
        // what is gone tells the entry that expected it
        let text = if one.module.is_none() { one.text.as_str() } else { "" };
        sorts.entry((&one.strategy, &one.word, &one.what, text)).or_default().push(one);
    }
    if sorts.is_empty() {
        return String::new();
    }
    let mut sorts: Vec<_> = sorts.into_iter().collect();
    sorts.sort_by_key(|((_, word, what, _), _)| severity::of(word, what, false));
    let line = |((strategy, word, what, text), of): ((&String, &String, &String, &str), Vec<_>)| {
        let distinct = |part: fn(&Deviation) -> &String| {
            let mut parts: Vec<_> = of.iter().copied().map(part).collect();
            parts.sort();
            parts.dedup();
            listed(parts.into_iter().map(|part| plain(part)), NAMED)
        };
        let (scenarios, on) = (distinct(|it| &it.scenario), distinct(|it| &it.interpreter));
        let (strategy, clause) = (plain(strategy), clause(word, &plain(what)));
        let comma = if clause.contains(", ") { "," } else { "" };
        let about = format!("  {strategy} {clause}{comma} in {scenarios} on {on}");
        let told = match text {
            "" => format!("{about}\n"),
            text => explained(&format!("{about}:"), text),
        };
        let shown = commands.zip(of.iter().find(|it| it.scenario != FOOTPRINT));
        let repro = shown.map(|(commands, it)| {
            let command = commands.repro(&it.scenario, &it.strategy, &it.interpreter);
            format!("      {}\n", plain(&command.to_string()))
        });
        told + &repro.unwrap_or_default()
    };
    format!("{title}:\n{}", sorts.into_iter().map(line).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviation(scenario: &str, module: Option<&str>, text: &str) -> Deviation {
        Deviation {
            strategy: "audit".to_owned(),
            scenario: scenario.to_owned(),
            interpreter: "3.13.0".to_owned(),
            word: "missing".to_owned(),
            what: "import.start".to_owned(),
            module: module.map(ToOwned::to_owned),
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_is_as_expected_takes_one_line() {
        assert_eq!(deviations(&Outcome::default(), &Places::default()), "");
        let expected = Outcome { expected: 2, ..Outcome::default() };
        insta::assert_snapshot!(deviations(&expected, &Places::default()), @"2 divergences, all of them expected; the reasons are in harness/strategies/expected.");
    }

    #[test]
    fn deviations_are_told_by_sort() {
        let outcome = Outcome {
            not_held: 0,
            expected: 1,
            new: vec![
                deviation("a", Some("shop"), "missed import.start of shop"),
                deviation("b", Some("till"), "missed import.start of till"),
            ],
            gone: vec![deviation("c*", None, "line 3: Nobody knows.")],
        };
        insta::assert_snapshot!(deviations(&outcome, &Places::default()), @r"
        New, and expected by no entry:
          audit missed import_started in a, b on 3.13.0
              cargo xtask repro a audit --python 3.13.0
        Expected, and no longer happening:
          audit missed import_started in c* on 3.13.0: line 3: Nobody knows.
        ");
    }
}
