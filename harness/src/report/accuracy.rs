//! How much of what happened each strategy reports, and how much of what it reports happened.

use std::collections::BTreeSet;

use super::{
    facts::CellFact,
    findings::{ByPlace, Findings, event_order, is_judged},
    interpreters::{Place, merge},
    screen::share_told,
    table::Table,
    words::number,
};
use crate::{
    record::{CountRecord, VerdictWord},
    span::event_name_of,
    strategy::BASELINE,
};

/// The proposal's events, and the kinds of ours that they are.
pub(super) const PROPOSED: [(&str, &str); 4] = [
    ("import_started", "import.start"),
    ("import_ended", "import.end"),
    ("module_loading", "load.start"),
    ("module_loaded", "load.end"),
];

/// The events of searches.
pub(super) const SEARCHES: [&str; 2] = ["find.start", "find.end"];

const DELIVERIES: &str = "\
How much of the four events that gh-149466 proposes a strategy delivers, in their places; – not claimed.
";

const ACCURACY: &str = "\
recall: of what happened, how much was reported in its place; precision: of what was reported, how much
was right; lowest to highest of the interpreters. other: reports of what was asked or looked for without an
import, which are not wrong; misplaced: order errors; misstated: wrong outcomes.
";

/// Counts of one kind of event, added up.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    truth: usize,
    seen: usize,
    wrong: usize,
    other: usize,
    misplaced: usize,
    misstated: usize,
    is_claimed: bool,
}

impl Sum {
    fn of<'a>(counts: impl IntoIterator<Item = &'a CountRecord>) -> Self {
        counts.into_iter().fold(Self::default(), |sum, count| Self {
            truth: sum.truth + count.truth,
            seen: sum.seen + count.seen,
            wrong: sum.wrong + count.wrong,
            other: sum.other + count.other,
            misplaced: sum.misplaced + count.misplaced,
            misstated: sum.misstated + count.misstated,
            is_claimed: sum.is_claimed || count.claimed,
        })
    }

    fn recall(self) -> Share {
        Share(self.seen, self.truth)
    }

    /// What was reported in its place with a wrong outcome is both seen and wrong.
    fn precision(self) -> Share {
        let right = self.seen.saturating_sub(self.misstated);
        Share(right, right + self.wrong)
    }
}

/// A part of a whole.
#[derive(Clone, Copy, Debug)]
struct Share(usize, usize);

impl Share {
    /// Per mille, rounded down so that 1000 is all; nothing of nothing.
    fn per_mille(self) -> Option<usize> {
        (self.0 * 1000).checked_div(self.1)
    }
}

/// Which of the proposal's events each strategy delivers. Nothing without cells.
pub(super) fn deliveries(findings: &Findings) -> Option<Table> {
    let mut rows = Vec::new();
    for strategy in findings.strategies().into_iter().filter(|strategy| *strategy != BASELINE) {
        let cells = findings.of_strategy(strategy);
        let judged = cells.iter().map(|(place, cells)| (*place, delivered(cells)));
        rows.extend(merge(judged).into_iter().map(|(group, delivered): (Vec<Place>, _)| {
            let of_group: Vec<_> = group.iter().filter_map(|place| cells.get(place)).collect();
            let told = PROPOSED.iter().zip(delivered);
            let told = told.map(|((_, kind), delivered)| delivered.told(kind, &of_group));
            let on = findings.interpreters.words(group);
            [strategy.to_owned(), on].into_iter().chain(told).collect::<Vec<_>>()
        }));
    }
    let mut header = vec!["strategy", "interpreters"];
    header.extend(PROPOSED.map(|(event, _)| event));
    Table::new(header, rows, DELIVERIES)
}

/// For each of the proposal's events the lowest and the highest share, per mille, of what happened that a strategy
/// with these cells reported in its place, over the interpreters; nothing where it claims none of them.
pub(super) fn delivered_by(cells: &ByPlace<'_>) -> [Option<[usize; 2]>; 4] {
    PROPOSED.map(|(_, kind)| share_of(cells, kind))
}

/// The same for one kind of event.
pub(super) fn share_of(cells: &ByPlace<'_>, kind: &str) -> Option<[usize; 2]> {
    let sums = cells.values().map(|cells| sum(cells, kind)).filter(|sum| sum.is_claimed);
    let shares: BTreeSet<_> = sums.filter_map(|sum| sum.recall().per_mille()).collect();
    Some([*shares.first()?, *shares.last()?])
}

/// How much of an event is delivered on an interpreter: those that differ in it have rows of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivered {
    NotApplicable,
    Inconclusive,
    NotClaimed,
    All,
    Part,
    Nothing,
}

impl Delivered {
    /// In words, with the shares of all interpreters that agree.
    fn told(self, kind: &str, on: &[&Vec<&CellFact>]) -> String {
        let told = match self {
            Self::NotApplicable => "n/a",
            Self::Inconclusive => "?",
            Self::NotClaimed => "–",
            Self::All => "all",
            Self::Nothing => "none",
            Self::Part => {
                let shares = || on.iter().filter_map(|cells| sum(cells, kind).recall().per_mille());
                let [low, high] = [shares().min(), shares().max()].map(Option::unwrap_or_default);
                return share_told([low, high]);
            }
        };
        told.to_owned()
    }
}

/// One for each of the proposal's events.
fn delivered(cells: &[&CellFact]) -> Vec<Delivered> {
    if !cells.iter().any(|cell| is_judged(cell)) {
        let is_not_applicable = |cell: &&CellFact| cell.verdict == VerdictWord::NotApplicable;
        let is_none = cells.iter().all(is_not_applicable);
        let why = if is_none { Delivered::NotApplicable } else { Delivered::Inconclusive };
        return vec![why; PROPOSED.len()];
    }
    let one = |(_, kind): (&str, &str)| {
        let sum = sum(cells, kind);
        match sum.recall().per_mille().filter(|_| sum.is_claimed) {
            None => Delivered::NotClaimed,
            Some(1000) => Delivered::All,
            Some(0) => Delivered::Nothing,
            Some(_) => Delivered::Part,
        }
    };
    PROPOSED.map(one).into()
}

fn sum(cells: &[&CellFact], kind: &str) -> Sum {
    let judged = cells.iter().filter(|cell| is_judged(cell));
    Sum::of(judged.flat_map(|cell| cell.tally.iter()).filter(|count| count.event == kind))
}

/// Recall, precision and order errors of each strategy and kind of event. Nothing without cells.
pub(super) fn accuracy(findings: &Findings) -> Option<Table> {
    let mut rows = Vec::new();
    for strategy in findings.strategies() {
        let cells = findings.of_strategy(strategy);
        let counts = cells.values().flatten().flat_map(|cell| cell.tally.iter());
        let spoken = counts.filter(|count| count.claimed || count.wrong + count.other > 0);
        let kinds: BTreeSet<_> = spoken.map(|count| event_order(&count.event)).collect();
        for (_, kind) in kinds {
            let sums: Vec<_> = cells.values().map(|cells| sum(cells, kind)).collect();
            rows.push(row(strategy, kind, &sums));
        }
    }
    let header = ["strategy", "event", "recall", "precision", "other", "misplaced", "misstated"];
    Table::new(header, rows, ACCURACY)
}

fn row(strategy: &str, kind: &str, sums: &[Sum]) -> Vec<String> {
    let claimed = sums.iter().filter(|sum| sum.is_claimed).map(|sum| sum.recall());
    let total = |part: fn(&Sum) -> usize| number(sums.iter().map(part).sum());
    vec![
        strategy.to_owned(),
        event_name_of(kind).to_owned(),
        range(claimed),
        range(sums.iter().map(|sum| sum.precision())),
        total(|sum| sum.other),
        total(|sum| sum.misplaced),
        total(|sum| sum.misstated),
    ]
}

/// `97.5 to 98.4 %`; `–` if there is a share of nothing only.
fn range(shares: impl Iterator<Item = Share>) -> String {
    let parts: BTreeSet<usize> = shares.filter_map(Share::per_mille).collect();
    let told = |part: &usize| match part {
        1000 => "100".to_owned(),
        part => format!("{}.{}", part / 10, part % 10),
    };
    match (parts.first(), parts.last()) {
        (Some(low), Some(high)) if low == high => format!("{} %", told(low)),
        (Some(low), Some(high)) => format!("{} to {} %", told(low), told(high)),
        _ => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::Record,
        report::fixtures::{cell, claimed, counting},
    };

    fn check(parts: &[(usize, usize)]) -> String {
        range(parts.iter().map(|&(part, whole)| Share(part, whole)))
    }

    #[test]
    fn only_all_is_a_hundred_per_cent() {
        assert_eq!(check(&[(0, 0)]), "–");
        assert_eq!(check(&[(7, 7), (0, 0)]), "100 %");
        assert_eq!(check(&[(99_999, 100_000)]), "99.9 %");
        assert_eq!(check(&[(1, 3), (0, 9), (2, 3)]), "0.0 to 66.6 %");
    }

    #[test]
    fn a_wrong_outcome_costs_precision_and_not_recall() {
        let sum = Sum { truth: 4, seen: 4, wrong: 2, misstated: 1, ..Sum::default() };
        assert_eq!(sum.recall().per_mille(), Some(1000));
        assert_eq!(sum.precision().per_mille(), Some(600), "3 right of 5 reports");
    }

    #[test]
    fn deliveries_are_shares_of_what_happened() {
        let counts = |missed: usize| {
            [claimed("import.start", [4, 4 - missed, 1]), claimed("load.end", [2, 2, 0])]
        };
        let cells = [("3.9.1", 1), ("3.10.1", 1), ("3.15.1", 0)].map(|(label, missed)| {
            Record::Cell(counting(cell("audit", "a", label), &counts(missed)))
        });
        let findings: Findings = cells.into_iter().collect();
        let tables = [deliveries(&findings), accuracy(&findings)];
        let told: String = tables.into_iter().flatten().map(Table::text).collect();
        insta::assert_snapshot!("deliveries", told);
    }
}
