//! One strategy's row, as data: the screen and the page both show it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    super::{
        facts::CellFact,
        findings::{ByPlace, Findings, disturbances, is_judged},
        interpreters::Place,
    },
    costs::{self, ColdImport},
};
use crate::{record::VerdictWord, report::accuracy, strategy::BASELINE, verdict::Aspect};

/// The lowest and the highest share of what happened that was reported in its place, over the interpreters, per
/// mille, rounded down: 1000 is all.
pub(in crate::report) type Shares = [usize; 2];

/// What one strategy came to, over all scenarios and interpreters.
#[derive(Clone, Debug)]
pub(in crate::report) struct Row {
    /// Its name in records.
    pub(in crate::report) strategy: String,
    /// Of each of the four events, in the order in which they come. Nothing where it claims none.
    pub(in crate::report) delivered: [Option<Shares>; 4],
    /// The same of searches, their starts or their ends, where it claims none of the four.
    pub(in crate::report) searches: Option<Shares>,
    /// Why there is nothing to say, where no cell was judged.
    pub(in crate::report) silent: Option<Silent>,
    /// Wrong reports, by what is wrong with them.
    pub(in crate::report) wrong: BTreeMap<Wrong, usize>,
    /// Reports of what was asked or looked for without an import: another meaning, and no lie.
    pub(in crate::report) other: usize,
    /// What the program notices, the worst first.
    pub(in crate::report) notices: Vec<Notice>,
    /// Nothing if it was not timed, or if the run's controls failed.
    pub(in crate::report) cost: Option<ColdImport>,
}

/// Why nothing is said of a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Silent {
    /// No interpreter of the run has such a hook.
    NotApplicable,
    /// It failed wherever it was tried: it hung, crashed, or could not be put in place.
    Inconclusive,
}

/// What may be wrong with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Wrong {
    /// It is of what did not happen.
    NeverHappened,
    /// It came once too often.
    Twice,
    /// It came out of order.
    OutOfOrder,
    /// It says of an end what is not so.
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
    pub(in crate::report) const fn words(self) -> &'static str {
        match self {
            Self::NeverHappened => "did not happen",
            Self::Twice => "came twice",
            Self::OutOfOrder => "came out of order",
            Self::Outcome => "had a wrong outcome",
        }
    }
}

/// Something that the program notices of a strategy.
#[derive(Clone, Debug)]
pub(in crate::report) struct Notice {
    pub(in crate::report) aspect: Aspect,
    /// In how many scenarios.
    pub(in crate::report) scenarios: usize,
    /// What is said of it most often.
    pub(in crate::report) example: Example,
}

/// A cell in which something shows.
#[derive(Clone, Debug)]
pub(in crate::report) struct Example {
    pub(in crate::report) scenario: String,
    pub(in crate::report) place: Place,
    /// A clause that completes “the strategy …”.
    pub(in crate::report) text: String,
}

/// A row for each strategy that was judged, but for the baseline, the best first.
pub(in crate::report) fn rows(findings: &Findings) -> Vec<Row> {
    let row = |strategy| Row::of(findings, strategy, &findings.of_strategy(strategy), Over::All);
    ranked(hooks(findings).map(row).collect())
}

/// The same of what was seen on each interpreter, by its place.
pub(in crate::report) fn rows_by_place(findings: &Findings) -> Vec<Vec<Row>> {
    let mut rows: Vec<Vec<Row>> = findings.interpreters.places().map(|_| Vec::new()).collect();
    for strategy in hooks(findings) {
        let mut cells = findings.of_strategy(strategy);
        for (place, rows) in rows.iter_mut().enumerate() {
            let here = cells.remove_entry(&place).into_iter().collect();
            rows.push(Row::of(findings, strategy, &here, Over::One(place)));
        }
    }
    rows.into_iter().map(ranked).collect()
}

fn hooks(findings: &Findings) -> impl Iterator<Item = &str> {
    findings.strategies().into_iter().filter(|strategy| *strategy != BASELINE)
}

fn ranked(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(Row::rank);
    rows
}

/// Which interpreters a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    All,
    One(Place),
}

impl Row {
    fn of(findings: &Findings, strategy: &str, cells: &ByPlace<'_>, over: Over) -> Self {
        let all = || cells.values().flatten().copied();
        let (mut wrong, mut other) = (BTreeMap::new(), 0);
        for divergence in all().flat_map(|cell| cell.divergences.iter()) {
            if divergence.meaning.is_some() {
                other += 1;
                continue;
            }
            if let Some(kind) = Wrong::ALL.into_iter().find(|it| it.record() == divergence.kind) {
                *wrong.entry(kind).or_default() += 1;
            }
        }
        let silent = (!all().any(is_judged)).then(|| {
            let is_not_applicable = |cell: &CellFact| cell.verdict == VerdictWord::NotApplicable;
            if all().all(is_not_applicable) { Silent::NotApplicable } else { Silent::Inconclusive }
        });
        let delivered = accuracy::delivered_by(cells);
        let of_searches = accuracy::SEARCHES.map(|kind| accuracy::share_of(cells, kind));
        let searches = of_searches.into_iter().flatten().next();
        Self {
            strategy: strategy.to_owned(),
            searches: delivered.iter().all(Option::is_none).then_some(searches).flatten(),
            delivered,
            silent,
            wrong,
            other,
            notices: notices(findings, all()),
            cost: costs::cold_import(findings, strategy, over),
        }
    }

    /// What to sort by: the strategy that delivers most comes first, then the one that is wrong least, then
    /// the one that the program notices least.
    fn rank(&self) -> (bool, Reverse<usize>, usize, usize, String) {
        let share: usize = self.delivered.iter().flatten().map(|[low, _]| low).sum();
        let noticed = self.notices.iter().map(|notice| notice.scenarios).sum();
        (self.silent.is_some(), Reverse(share), self.wrongs(), noticed, self.strategy.clone())
    }

    /// How many reports are wrong.
    pub(in crate::report) fn wrongs(&self) -> usize {
        self.wrong.values().sum()
    }

    /// See [`title_of`].
    pub(in crate::report) fn title(&self) -> String {
        title_of(&self.strategy).to_owned()
    }
}

/// The strategy's name; that of the proposal says that it is laid over importlib, in Python.
pub(in crate::report) fn title_of(strategy: &str) -> &str {
    match strategy {
        "proposal" => "proposal (overlay)",
        other => other,
    }
}

/// The worst first: how the program ends before what it prints, its modules, and its traceback.
fn notices<'a>(findings: &Findings, cells: impl Iterator<Item = &'a CellFact>) -> Vec<Notice> {
    let mut seen: BTreeMap<Aspect, Vec<(&'a CellFact, &'a str)>> = BTreeMap::new();
    for cell in cells {
        for disturbance in disturbances(cell) {
            let aspect = Aspect::ALL.into_iter().find(|it| it.words() == disturbance.subject);
            if let Some(aspect) = aspect {
                seen.entry(aspect).or_default().push((cell, &disturbance.text));
            }
        }
    }
    let notice = |(aspect, seen): (Aspect, Vec<(&'a CellFact, &'a str)>)| {
        let scenarios: BTreeSet<_> = seen.iter().map(|(cell, _)| &*cell.scenario).collect();
        let scenarios = scenarios.len();
        commonest(findings, seen).map(|example| Notice { aspect, scenarios, example })
    };
    let mut notices: Vec<_> = seen.into_iter().filter_map(notice).collect();
    notices.sort_by_key(|notice| notice.aspect.severity());
    notices
}

/// Of what is said most often, the first cell.
fn commonest(findings: &Findings, seen: Vec<(&CellFact, &str)>) -> Option<Example> {
    let mut texts: BTreeMap<&str, Vec<&CellFact>> = BTreeMap::new();
    for (cell, text) in seen {
        texts.entry(text).or_default().push(cell);
    }
    let (text, cells) =
        texts.into_iter().min_by_key(|(text, cells)| (Reverse(cells.len()), text.len()))?;
    let order = |cell: &&CellFact| (findings.place(&cell.interpreter), cell.scenario.clone());
    let cell = cells.into_iter().min_by_key(order)?;
    Some(Example {
        scenario: cell.scenario.to_string(),
        place: findings.place(&cell.interpreter),
        text: text.to_owned(),
    })
}
