//! What evaluations come to, as Markdown: for the issue, or for a terminal. The page shows the same
//! tables and lines.

mod beside;
mod builds;
mod costs;
mod hooks;
mod left_open;
mod mutants;
mod shown;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt::Write as _};

pub(super) use beside::beside;
pub(super) use builds::builds;
pub(super) use costs::patch_costs;
pub(super) use hooks::hooks;
pub(super) use left_open::left_open;
pub use mutants::{MutantCost, mutants};
pub(super) use shown::Shown;

use super::{
    Table,
    interpreters::merge,
    words::{count, listed, plain},
};
use crate::{record::EvaluationRecord, text};

/// The most scenarios that are named for one sort of flaw.
const NAMED: usize = 3;

/// The whole report on an evaluation: the candidates side by side where there are several, each on its
/// own, and what builds showed.
pub fn evaluation(evaluation: &EvaluationRecord) -> String {
    let each =
        evaluation.candidates.iter().map(|it| candidate(&Shown::new(it, &evaluation.places)));
    let table =
        if evaluation.candidates.len() > 1 { candidates(evaluation) } else { String::new() };
    let twins = titled("## Overlay and build", &builds(evaluation));
    let costs = patch_costs(evaluation);
    let costs = costs.map(|table| format!("## Cost\n\n{}", markdown(&table))).unwrap_or_default();
    let mut parts: Vec<_> = [table].into_iter().chain(each).chain([twins, costs]).collect();
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// The candidates side by side. Empty without one.
pub(super) fn candidates(evaluation: &EvaluationRecord) -> String {
    beside(evaluation).map(|table| markdown(&table)).unwrap_or_default()
}

/// The report on one candidate.
fn candidate(shown: &Shown<'_>) -> String {
    let it = shown.candidate;
    let link = text::name(&it.link).replace(['<', '>', ' '], "");
    let (name, summary) = (text::markdown(&it.name), text::markdown_prose(&it.summary));
    let head = format!("## {name}\n\n{summary}\n\n<{link}>\n");
    let judged = judged(shown).map(|table| format!("\n{}", markdown(&table))).unwrap_or_default();
    let flaws = flaws(shown);
    let kept = if flaws.is_empty() { "\nThe contract is kept.\n" } else { "" };
    [
        head,
        judged,
        inconclusive(shown)
            .iter()
            .map(|line| ["\n", &text::markdown_prose(line), "\n"].concat())
            .collect(),
        kept.to_owned(),
        titled("\n**Not kept:**", &flaws),
        titled("\n**Not in the contract, and what the candidate does:**", &left_open(shown)),
        titled("\n**What hooks can do:**", &hooks(shown)),
    ]
    .concat()
}

/// Lines as a list below a title. Empty without lines.
fn titled(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let items: String =
        lines.iter().map(|line| ["- ", &text::markdown_prose(line), "\n"].concat()).collect();
    format!("{title}\n\n{items}")
}

/// How many scenarios there were, and what came of them.
pub(super) fn judged(shown: &Shown<'_>) -> Option<Table> {
    let how = if shown.candidate.is_build { "build" } else { "overlay" };
    let counts = shown.placed().map(|(place, it)| {
        let cells = [
            it.judged,
            it.conforming,
            it.kept,
            it.missed,
            it.repeated,
            it.not_applicable,
            it.inconclusive.len(),
        ];
        (place, cells)
    });
    let rows = merge(counts).into_iter().map(|(group, cells)| {
        let cells = cells.iter().map(ToString::to_string);
        [shown.interpreters.words(group), how.to_owned()].into_iter().chain(cells).collect()
    });
    let header = [
        "Python",
        "as",
        "scenarios",
        "conforming",
        "events in place",
        "missing as allowed",
        "too many as allowed",
        "not applicable",
        "inconclusive",
    ];
    Table::new(header, rows.collect(), "")
}

/// The scenarios that show nothing, and why.
pub(super) fn inconclusive(shown: &Shown<'_>) -> Vec<String> {
    let unclear = shown
        .placed()
        .flat_map(|(place, it)| it.inconclusive.iter().map(move |(name, why)| (place, name, why)));
    // a candidate that hangs shows nothing in hundreds
    let mut reasons: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (place, scenario, reason) in unclear {
        reasons.entry((place, reason)).or_default().push(plain(scenario));
    }
    let line = |((place, reason), scenarios): ((_, &String), Vec<_>)| {
        let (scenarios, python) = (listed(scenarios, NAMED), shown.interpreters.name(place));
        format!("Inconclusive: {scenarios} on {python}: {}", plain(reason))
    };
    reasons.into_iter().map(line).collect()
}

/// What of its contract the candidate does not keep.
pub(super) fn flaws(shown: &Shown<'_>) -> Vec<String> {
    let mut sorts: BTreeMap<&String, u8> = BTreeMap::new();
    for (sort, flaw) in shown.placed().flat_map(|(_, it)| &it.flaws) {
        let rank = sorts.entry(sort).or_insert(flaw.rank);
        *rank = flaw.rank.min(*rank);
    }
    let mut sorts: Vec<_> = sorts.into_iter().collect();
    // what may explain others is told before them
    sorts.sort_by_key(|(_, rank)| *rank);
    let mut lines = Vec::new();
    for (sort, _) in sorts {
        let found: Vec<_> =
            shown.placed().filter_map(|(place, it)| Some((place, it.flaws.get(sort)?))).collect();
        let told = found.iter().map(|(place, found)| (*place, &found.scenarios));
        for (group, scenarios) in merge(told) {
            let own = found.iter().find(|(place, _)| Some(place) == group.first());
            let example = own.map(|(_, found)| found.example.as_str()).unwrap_or_default();
            let commands =
                own.map(|(place, found)| shown.commands(found, shown.interpreters.label(*place)));
            let commands = commands.unwrap_or_default();
            let commands: String =
                commands.iter().flat_map(|command| [" `", &**command, "`"]).collect();
            lines.push(format!(
                "{} in {} ({}) on {}: {}.{commands}",
                plain(sort),
                count(scenarios.len(), "scenario"),
                listed(scenarios, NAMED),
                shown.interpreters.words(group),
                plain(example).trim_end_matches('.'),
            ));
        }
    }
    lines
}

/// A table in Markdown whose backticks mean what they say: it is ours.
fn markdown(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cell = |cell: &String| text::markdown_prose(cell).replace('|', "\\|");
    let mut told = line(table.header.iter().map(cell).collect());
    _ = writeln!(told, "|{}", "---|".repeat(table.header.len()));
    for row in &table.rows {
        told += &line(row.iter().map(cell).collect());
    }
    told
}
