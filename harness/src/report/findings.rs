//! The records of a run, sorted by what they are about.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_event::EventKind;

use super::interpreters::{Interpreters, Place};
use crate::{
    record::{CellRecord, DivergenceRecord, OverheadRecord, Record, TruthRecord, VerdictWord},
    strategy::BASELINE,
};

/// Records of each sort in the order in which they were written, and who appears in them.
pub(super) struct Findings<'a> {
    pub(super) interpreters: Interpreters,
    pub(super) truths: Vec<&'a TruthRecord>,
    pub(super) cells: Vec<&'a CellRecord>,
    pub(super) overheads: Vec<&'a OverheadRecord>,
}

impl<'a> Findings<'a> {
    /// Sorts `records`.
    pub(super) fn of(records: &'a [Record]) -> Self {
        let interpreters = Interpreters::new(records.iter().map(|record| match record {
            Record::Truth(truth) => truth.interpreter.label.as_str(),
            Record::Cell(cell) => &cell.interpreter.label,
            Record::Overhead(overhead) => &overhead.interpreter.label,
        }));
        let mut findings =
            Self { interpreters, truths: Vec::new(), cells: Vec::new(), overheads: Vec::new() };
        for record in records {
            match record {
                Record::Truth(truth) => findings.truths.push(truth),
                Record::Cell(cell) => findings.cells.push(cell),
                Record::Overhead(overhead) => findings.overheads.push(overhead),
            }
        }
        findings
    }

    /// The strategies that have cells: the baseline first, then by name.
    pub(super) fn strategies(&self) -> Vec<&'a str> {
        let names: BTreeSet<_> =
            self.cells.iter().map(|cell| by_name(cell.strategy.as_str())).collect();
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// The scenarios that have a truth or a cell, by name.
    pub(super) fn scenarios(&self) -> BTreeSet<&'a str> {
        let truths = self.truths.iter().map(|truth| truth.scenario.as_str());
        truths.chain(self.cells.iter().map(|cell| cell.scenario.as_str())).collect()
    }

    /// The cells that are `wanted`, by interpreter.
    pub(super) fn by_place(
        &self,
        wanted: impl Fn(&CellRecord) -> bool,
    ) -> BTreeMap<Place, Vec<&'a CellRecord>> {
        let mut cells: BTreeMap<Place, Vec<&CellRecord>> = BTreeMap::new();
        for &cell in self.cells.iter().filter(|cell| wanted(cell)) {
            cells.entry(self.place(&cell.interpreter.label)).or_default().push(cell);
        }
        cells
    }

    /// Where the interpreter with this label stands.
    pub(super) fn place(&self, label: &str) -> Place {
        self.interpreters.place(label).expect("the interpreters of all records are known")
    }

    /// The interpreters that `labels` name, in order and each once.
    pub(super) fn places(&self, labels: impl IntoIterator<Item = &'a str>) -> Vec<Place> {
        let places: BTreeSet<_> = labels.into_iter().map(|label| self.place(label)).collect();
        places.into_iter().collect()
    }
}

/// What to compare so that the baseline comes first.
pub(super) fn by_name(strategy: &str) -> (bool, &str) {
    (strategy != BASELINE, strategy)
}

/// What to compare so that kinds of events come in their own order: `call.start` first.
pub(super) fn event_order(word: &str) -> (u8, &str) {
    (word.parse::<EventKind>().map_or(u8::MAX, EventKind::code), word)
}

/// Whether the strategy was judged in this cell.
pub(super) fn is_judged(cell: &CellRecord) -> bool {
    matches!(cell.verdict, VerdictWord::Conforms | VerdictWord::Diverges)
}

/// The ways in which the program behaved differently in this cell.
pub(super) fn disturbances(cell: &CellRecord) -> impl Iterator<Item = &DivergenceRecord> {
    cell.divergences.iter().filter(|divergence| divergence.kind == "disturbed")
}
