//! One strategy's row.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    super::{
        facts::CellFact,
        findings::{Findings, disturbances, is_judged},
        words::count,
    },
    costs,
};
use crate::{record::VerdictWord, report::accuracy, verdict::Aspect};

/// Titles of the columns. The four events have the proposal's names, shortened.
pub(super) const HEADER: [&str; 8] =
    ["strategy", "started", "ended", "loading", "loaded", "wrong", "program notices", "cost"];
/// The number of the column that is as wide as the screen lets it be.
pub(super) const NOTICES: usize = 6;

/// How many aspects a row names of what the program notices.
const NAMED: usize = 2;
/// How many ways of being wrong are named.
const KINDS: usize = 2;
/// How many strategies are named with what is wrong with their reports.
const EXPLAINED: usize = 3;

/// What one strategy came to, over all scenarios and interpreters.
pub(super) struct Row {
    strategy: String,
    /// For each of the four events: the lowest and the highest share of what happened that it reported,
    /// per mille, over the interpreters. Nothing where it claims none.
    delivered: [Option<[usize; 2]>; 4],
    /// The same of searches, their starts or their ends, where it claims none of the four.
    searches: Option<[usize; 2]>,
    /// Why there is nothing to say: no cell was judged.
    silent: Option<&'static str>,
    /// Wrong reports, by what is wrong with them.
    wrong: BTreeMap<Wrong, usize>,
    /// For each aspect of the program that the strategy changes: in how many scenarios.
    notices: Vec<(Aspect, usize)>,
    cost: String,
}

/// What may be wrong with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    NeverHappened,
    Twice,
    OutOfOrder,
    Outcome,
}

impl Wrong {
    const ALL: [Self; 4] = [Self::NeverHappened, Self::Twice, Self::OutOfOrder, Self::Outcome];

    /// The word that records have for it.
    const fn record(self) -> &'static str {
        match self {
            Self::NeverHappened => "unexpected",
            Self::Twice => "duplicated",
            Self::OutOfOrder => "out-of-order",
            Self::Outcome => "wrong-field",
        }
    }

    /// Completes “15 …”.
    const fn words(self) -> &'static str {
        match self {
            Self::NeverHappened => "did not happen",
            Self::Twice => "came twice",
            Self::OutOfOrder => "came out of order",
            Self::Outcome => "had a wrong outcome",
        }
    }
}

impl Row {
    pub(super) fn of(findings: &Findings, strategy: &str) -> Self {
        let cells = findings.of_strategy(strategy);
        let all = || cells.values().flatten().copied();
        let mut wrong = BTreeMap::new();
        for divergence in all().flat_map(|cell| cell.divergences.iter()) {
            if let Some(kind) = Wrong::ALL.into_iter().find(|it| it.record() == divergence.kind) {
                *wrong.entry(kind).or_default() += 1;
            }
        }
        let silent = (!all().any(is_judged)).then(|| {
            let is_not_applicable = |cell: &CellFact| cell.verdict == VerdictWord::NotApplicable;
            if all().all(is_not_applicable) { "n/a" } else { "?" }
        });
        let delivered = accuracy::delivered_by(findings, strategy);
        let of_searches =
            accuracy::SEARCHES.map(|kind| accuracy::share_of(findings, strategy, kind));
        let searches = of_searches.into_iter().flatten().next();
        Self {
            strategy: title(strategy),
            searches: delivered.iter().all(Option::is_none).then_some(searches).flatten(),
            delivered,
            silent,
            wrong,
            notices: notices(all()),
            cost: costs::cold_import(findings, strategy),
        }
    }

    /// What to sort by: the strategy that delivers most comes first, then the one that is wrong least, then
    /// the one that the program notices least.
    pub(super) fn rank(&self) -> (bool, Reverse<usize>, usize, usize, String) {
        let share: usize = self.delivered.iter().flatten().map(|[low, _]| low).sum();
        let noticed = self.notices.iter().map(|(_, scenarios)| scenarios).sum();
        let name = self.strategy.clone();
        (self.silent.is_some(), Reverse(share), self.wrongs(), noticed, name)
    }

    fn wrongs(&self) -> usize {
        self.wrong.values().sum()
    }

    /// `wrong of audit: 4 came twice, 1 did not happen`
    fn wrong_line(&self) -> String {
        let mut kinds: Vec<_> = self.wrong.iter().collect();
        kinds.sort_by_key(|(kind, number)| (Reverse(**number), **kind));
        let (named, others) = kinds.split_at(kinds.len().min(KINDS));
        let named = named.iter().map(|(kind, number)| format!("{number} {}", kind.words()));
        let others: usize = others.iter().map(|(_, number)| **number).sum();
        let rest = (others > 0).then(|| format!("{others} otherwise"));
        let told: Vec<_> = named.chain(rest).collect();
        format!("wrong of {}: {}\n", self.strategy, told.join(", "))
    }

    pub(super) fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.strategy.clone()];
        if let Some(why) = self.silent {
            cells.extend(std::iter::repeat_n(why.to_owned(), HEADER.len() - 1));
            return cells;
        }
        cells.extend(self.delivered.map(|share| share.map_or_else(|| "–".to_owned(), told)));
        cells.push(self.wrongs().to_string());
        cells.push(noticed(&self.notices));
        cells.push(self.cost.clone());
        cells
    }
}

/// The strategy's name; that of the proposal says that it is laid over importlib, in Python.
fn title(strategy: &str) -> String {
    match strategy {
        "proposal" => "proposal (overlay)".to_owned(),
        other => other.to_owned(),
    }
}

/// `all`, `93–98 %`; only what is all is called so.
fn told([low, high]: [usize; 2]) -> String {
    match (low, high) {
        (1000, _) => "all".to_owned(),
        (_, 0) => "none".to_owned(),
        (low, high) if low / 10 == high / 10 => format!("{} %", low / 10),
        (low, 1000) => format!("{}–100", low / 10),
        (low, high) => format!("{}–{}", low / 10, high / 10),
    }
}

/// The worst first: how the program ends before what it prints, its modules, and its traceback.
fn notices<'a>(cells: impl Iterator<Item = &'a CellFact>) -> Vec<(Aspect, usize)> {
    let mut scenarios: BTreeMap<Aspect, BTreeSet<&str>> = BTreeMap::new();
    for cell in cells {
        for disturbance in disturbances(cell) {
            let aspect = Aspect::ALL.into_iter().find(|it| it.words() == disturbance.subject);
            if let Some(aspect) = aspect {
                scenarios.entry(aspect).or_default().insert(&cell.scenario);
            }
        }
    }
    let mut notices: Vec<_> =
        scenarios.into_iter().map(|(aspect, scenarios)| (aspect, scenarios.len())).collect();
    // a frame more in a traceback is the least that can be noticed
    notices.sort_by_key(|(aspect, _)| (*aspect == Aspect::Traceback, *aspect));
    notices
}

/// `nothing`, `65 tracebacks`, `2 end, 3 traceback …`
fn noticed(notices: &[(Aspect, usize)]) -> String {
    let named = |(aspect, scenarios): &(Aspect, usize)| match aspect {
        Aspect::Traceback => count(*scenarios, "traceback"),
        other => format!("{scenarios} {other}"),
    };
    let told: Vec<_> = notices.iter().take(NAMED).map(named).collect();
    match (told.is_empty(), notices.len() > NAMED) {
        (true, _) => "nothing".to_owned(),
        (_, false) => told.join(", "),
        (_, true) => told.join(", ") + " …",
    }
}

/// What those report that claim none of the four events. Empty if there are none.
pub(super) fn searches(rows: &[Row]) -> String {
    let told = rows.iter().filter_map(|row| {
        let share = row.searches?;
        Some(format!("{} {}", row.strategy, told(share)))
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { String::new() } else { format!("searches: {}\n", told.join(", ")) }
}

/// What is wrong with the reports of those that report most wrongly, a line each.
pub(super) fn wrongs(rows: &[Row]) -> String {
    let mut worst: Vec<_> = rows.iter().filter(|row| row.wrongs() > 0).collect();
    worst.sort_by_key(|row| Reverse(row.wrongs()));
    worst.iter().take(EXPLAINED).map(|row| row.wrong_line()).collect()
}
