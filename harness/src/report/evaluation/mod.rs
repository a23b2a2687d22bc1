//! What evaluations come to, as Markdown: for the issue, or for a terminal.

mod beside;
mod builds;
mod costs;
mod hooks;
mod left_open;
mod mutants;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

pub use beside::side_by_side;
pub use builds::builds;
pub use costs::{PatchCost, patch_costs};
pub use mutants::{MutantCost, mutants};

use super::{
    interpreters::{Interpreters, merge},
    words::{count, listed, plain},
};
use crate::{
    evaluation::{Entrant, Sum, Summary},
    scenario::Scenario,
};

/// The most scenarios that are named for one sort of flaw.
const NAMED: usize = 3;

/// What is reported on.
#[derive(Clone, Copy, Debug)]
pub struct Evaluated<'a> {
    /// The candidates.
    pub entrants: &'a [Entrant],
    /// What came of them.
    pub sum: &'a Sum,
    /// The scenarios that were run.
    pub scenarios: &'a [Scenario],
}

impl Evaluated<'_> {
    fn interpreters(&self, entrant: usize) -> Interpreters {
        Interpreters::new(self.sum.of(entrant).into_iter().map(|(label, _)| label))
    }

    /// The summaries of one entrant with the places of their interpreters.
    fn summaries<'a>(
        &'a self,
        entrant: usize,
        interpreters: &Interpreters,
    ) -> Vec<(usize, &'a str, &'a Summary)> {
        let placed = self.sum.of(entrant).into_iter();
        let mut placed: Vec<_> = placed
            .filter_map(|(label, summary)| Some((interpreters.place(label)?, label, summary)))
            .collect();
        placed.sort_by_key(|(place, ..)| *place);
        placed
    }
}

/// The report on one candidate.
pub fn evaluation(evaluated: &Evaluated<'_>, entrant: usize) -> String {
    let candidate = &evaluated.entrants[entrant].candidate;
    let contract = &candidate.contract;
    let interpreters = evaluated.interpreters(entrant);
    let summaries = evaluated.summaries(entrant, &interpreters);
    let mut text =
        format!("## {}\n\n{}\n\n<{}>\n\n", candidate.name, contract.summary, contract.link);
    text += &judged(&interpreters, &summaries, evaluated.entrants[entrant].build.is_some());
    text += &flaws(&interpreters, &summaries);
    text += &left_open::left_open(evaluated, entrant);
    text += &hooks::hooks(evaluated, entrant);
    text
}

/// How many scenarios there were, and what came of them.
fn judged(
    interpreters: &Interpreters,
    summaries: &[(usize, &str, &Summary)],
    is_build: bool,
) -> String {
    let how = if is_build { "build" } else { "overlay" };
    let counts = summaries.iter().map(|(place, _, it)| {
        let cells = [
            it.judged,
            it.conforming,
            it.kept,
            it.missed,
            it.repeated,
            it.not_applicable,
            it.inconclusive.len(),
        ];
        (*place, cells)
    });
    let rows: Vec<_> = merge(counts)
        .into_iter()
        .map(|(group, cells)| {
            let cells = cells.iter().map(ToString::to_string);
            [interpreters.words(group), how.to_owned()].into_iter().chain(cells).collect()
        })
        .collect();
    let header = [
        "Python",
        "as",
        "scenarios",
        "conforming",
        "events in place",
        "missing as allowed",
        "repeated as allowed",
        "not applicable",
        "inconclusive",
    ];
    let mut text = table(&header, &rows);
    let unclear: Vec<_> = summaries
        .iter()
        .flat_map(|(place, _, it)| {
            it.inconclusive.iter().map(move |(name, why)| (*place, name, why))
        })
        .collect();
    for (place, scenario, reason) in unclear {
        let python = interpreters.name(place);
        _ = writeln!(text, "\nInconclusive: {scenario} on {python}: {}", plain(reason));
    }
    text
}

fn flaws(interpreters: &Interpreters, summaries: &[(usize, &str, &Summary)]) -> String {
    let mut sorts: Vec<&String> = summaries.iter().flat_map(|(.., it)| it.flaws.keys()).collect();
    sorts.sort();
    sorts.dedup();
    if sorts.is_empty() {
        return "\nThe contract is kept.\n".to_owned();
    }
    let mut text = "\n**Not kept:**\n\n".to_owned();
    for sort in sorts {
        let found: Vec<_> = summaries
            .iter()
            .filter_map(|(place, _, it)| Some((*place, it.flaws.get(sort)?)))
            .collect();
        let told = found.iter().map(|(place, found)| (*place, &found.scenarios));
        for (group, scenarios) in merge(told) {
            let own = found.iter().find(|(place, _)| Some(place) == group.first());
            let example = own.map(|(_, found)| found.example.as_str()).unwrap_or_default();
            let names = listed(scenarios, NAMED);
            _ = writeln!(
                text,
                "- {} in {} ({names}) on {}: {}.",
                plain(sort),
                count(scenarios.len(), "scenario"),
                interpreters.words(group),
                plain(example).trim_end_matches('.'),
            );
        }
    }
    text
}

/// A table in Markdown.
fn table<S: AsRef<str>>(header: &[S], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cell = |text: &str| plain(text).replace('|', "\\|");
    let mut text = line(header.iter().map(|it| cell(it.as_ref())).collect());
    _ = writeln!(text, "|{}", "---|".repeat(header.len()));
    for row in rows {
        text += &line(row.iter().map(|it| cell(it)).collect());
    }
    text
}
