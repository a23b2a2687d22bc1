//! Every scenario: what each strategy showed of it.

use super::{
    counts::Sum,
    facts::CellFact,
    findings::{Findings, disturbances},
    interpreters::merge,
    words::{blank_repeated, table},
};
use crate::{record::VerdictWord, strategy::BASELINE};

const LEGEND: &str = "\
Claimed events seen −missed, and +wrong or ~other (another meaning) of any kind; · nothing to see and nothing reported;
d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.
";

/// The table of scenarios and how to read it. Empty if there is no strategy to show.
pub(super) fn scenarios(findings: &Findings) -> String {
    let strategies = columns(findings);
    if strategies.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for (scenario, cells) in findings.by_scenario() {
        let shown = cells.iter().map(|(place, cells)| (*place, shown(cells, &strategies)));
        for (group, shown) in merge(shown) {
            let mut row = vec![scenario.to_owned(), findings.interpreters.words(group)];
            row.extend(shown);
            rows.push(row);
        }
    }
    blank_repeated(&mut rows);
    let mut header = vec!["scenario", "interpreters"];
    header.extend(strategies);
    table(&header, &rows) + LEGEND
}

/// The baseline has nothing to show unless it diverges.
fn columns(findings: &Findings) -> Vec<&str> {
    let diverges =
        |cell: &CellFact| &*cell.strategy == BASELINE && cell.verdict == VerdictWord::Diverges;
    let shows_baseline = findings.cells.iter().any(diverges);
    let mut strategies = findings.strategies();
    strategies.retain(|strategy| *strategy != BASELINE || shows_baseline);
    strategies
}

/// One column a strategy.
fn shown(cells: &[&CellFact], strategies: &[&str]) -> Vec<String> {
    let column = |strategy: &&str| {
        let cell = cells.iter().find(|cell| &*cell.strategy == *strategy);
        cell.map_or_else(String::new, |cell| one(cell))
    };
    strategies.iter().map(column).collect()
}

fn one(cell: &CellFact) -> String {
    match cell.verdict {
        VerdictWord::NotApplicable => return "n/a".to_owned(),
        VerdictWord::Inconclusive => return "?".to_owned(),
        VerdictWord::Conforms | VerdictWord::Diverges => {}
    }
    let sum = Sum::of(&*cell.tally);
    let events = if sum.is_nothing() { "·".to_owned() } else { sum.to_string() };
    if disturbances(cell).next().is_some() { format!("{events} d") } else { events }
}
