//! What a run showed that was not expected, and the other way round.

use std::collections::BTreeMap;

use super::{
    clauses, severity,
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

/// Completes “the strategy …”: what diverges, of a record's word, its kind of event or aspect, and what the report means.
fn clause(word: &str, what: &str, meaning: Option<&str>) -> String {
    let event = event_name_of(what);
    if let Some(meaning) = meaning.map(clauses::meaning) {
        return match word {
            "out-of-order" => format!("missed {event}, and reported it for {meaning}"),
            _ => format!("reported {event} for {meaning}"),
        };
    }
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

/// Deviations that differ in module, scenario and interpreter alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sort<'a> {
    strategy: &'a str,
    word: &'a str,
    what: &'a str,
    meaning: Option<&'a str>,
    /// The entry that expected what is gone.
    text: &'a str,
}

/// A line for each sort of deviation, the worst first: those that differ in module, scenario and interpreter alone
/// are told together. What happens has the command that writes a script which shows it.
fn lines(title: &str, deviations: &[Deviation], commands: Option<&Places>) -> String {
    let mut sorts: BTreeMap<_, Vec<&Deviation>> = BTreeMap::new();
    for one in deviations {
        // what is gone tells the entry that expected it
        let text = if one.module.is_none() { one.text.as_str() } else { "" };
        let sort = Sort {
            strategy: &one.strategy,
            word: &one.word,
            what: &one.what,
            meaning: one.meaning.as_deref(),
            text,
        };
        sorts.entry(sort).or_default().push(one);
    }
    if sorts.is_empty() {
        return String::new();
    }
    let mut sorts: Vec<_> = sorts.into_iter().collect();
    sorts.sort_by_key(|(sort, _)| severity::of(sort.word, sort.what, sort.meaning.is_some()));
    let line = |(sort, of): (Sort<'_>, Vec<&Deviation>)| {
        let distinct = |part: fn(&Deviation) -> &String| {
            let mut parts: Vec<_> = of.iter().copied().map(part).collect();
            parts.sort();
            parts.dedup();
            listed(parts.into_iter().map(|part| plain(part)), NAMED)
        };
        let (scenarios, on) = (distinct(|it| &it.scenario), distinct(|it| &it.interpreter));
        let clause = clause(sort.word, &plain(sort.what), sort.meaning);
        let strategy = plain(sort.strategy);
        let comma = if clause.contains(", ") { "," } else { "" };
        let about = format!("  {strategy} {clause}{comma} in {scenarios} on {on}");
        let told = match sort.text {
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
            meaning: None,
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
    fn a_report_of_no_import_is_not_said_to_be_of_what_did_not_happen() {
        let of = |word: &str, meaning: Option<&str>| Deviation {
            word: word.to_owned(),
            meaning: meaning.map(ToOwned::to_owned),
            ..deviation("a", Some("shop"), "")
        };
        let new = vec![
            of("unexpected", Some("request")),
            of("out-of-order", Some("search")),
            of("unexpected", None),
        ];
        let told = deviations(&Outcome { new, ..Outcome::default() }, &Places::default());
        let lines: Vec<_> = told.lines().filter(|line| !line.contains("repro")).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        New, and expected by no entry:
          audit reported import_started, which did not happen, in a on 3.13.0
          audit missed import_started, and reported it for a search that no import made, in a on 3.13.0
          audit reported import_started for a request that needed no import in a on 3.13.0
        ");
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
