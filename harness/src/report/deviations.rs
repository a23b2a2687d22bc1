//! What a run showed that was not expected, and the other way round.

use std::collections::BTreeMap;

use super::words::{count, explained, listed, plain};
use crate::{
    command::Places,
    expected::{Deviation, FOOTPRINT, Outcome},
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

/// A line for each sort of deviation: those that differ in module, scenario and interpreter alone
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
    let line = |((strategy, word, what, text), of): ((&String, &String, &String, &str), Vec<_>)| {
        let distinct = |part: fn(&Deviation) -> &String| {
            let mut parts: Vec<_> = of.iter().copied().map(part).collect();
            parts.sort();
            parts.dedup();
            listed(parts.into_iter().map(|part| plain(part)), NAMED)
        };
        let (scenarios, on) = (distinct(|it| &it.scenario), distinct(|it| &it.interpreter));
        let strategy = plain(strategy);
        let about = format!("  {strategy}: {word} {what} in {scenarios} on {on}");
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
            expected: 1,
            new: vec![
                deviation("a", Some("shop"), "missed import.start of shop"),
                deviation("b", Some("till"), "missed import.start of till"),
            ],
            gone: vec![deviation("c*", None, "line 3: Nobody knows.")],
        };
        insta::assert_snapshot!(deviations(&outcome, &Places::default()), @r"
        New, and expected by no entry:
          audit: missing import.start in a, b on 3.13.0
              cargo xtask repro a audit --python 3.13.0
        Expected, and no longer happening:
          audit: missing import.start in c* on 3.13.0: line 3: Nobody knows.
        ");
    }
}
