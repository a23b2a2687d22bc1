//! The records of a run in progress: what is there already, and what comes.

use std::{
    collections::BTreeSet,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    CellKey, Counts, Earlier, Key, Keys, Provenance, Record, RunFolder, Shard, cell_record,
    composition_record, footprint_record, overhead_record, truth_record,
};
use crate::{
    composition::{self, Removal},
    footprint::{self, Judged},
    matrix::{Finding, Ledger},
    overhead::Cost,
    scenario::Scenario,
    stop::Stop,
    strategy::Strategy,
    worker::Target,
};

/// What a run is recorded in. It holds no records, so it is small however long the run is.
#[derive(Debug)]
pub struct Book {
    folder: RunFolder,
    provenance: Provenance,
    earlier: Keys,
    shard: Option<Shard>,
    /// Of cells these alone; all if there is none.
    cells: BTreeSet<CellKey>,
    counts: Mutex<Counts>,
    failure: Mutex<Option<io::Error>>,
    stop: Stop,
}

impl Book {
    /// A book of the run in `folder`, which has the records `earlier`. The run ends when `stop` is
    /// asked for, and that is asked for when a record cannot be written.
    pub fn new(folder: RunFolder, provenance: Provenance, earlier: Earlier, stop: Stop) -> Self {
        Self {
            folder,
            provenance,
            earlier: earlier.keys,
            shard: None,
            cells: BTreeSet::new(),
            counts: Mutex::new(earlier.counts),
            failure: Mutex::default(),
            stop,
        }
    }

    /// The same book, for a run that is this part of another; of all of it if there is none.
    #[must_use]
    pub fn of_part(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// The same book, for a run of these cells alone, without footprints and costs; of everything if there is none.
    #[must_use]
    pub fn of_cells(self, cells: BTreeSet<CellKey>) -> Self {
        Self { cells, ..self }
    }

    /// Whether what this key is about belongs into this book.
    pub fn owns(&self, key: Key<'_>) -> bool {
        self.shard.is_none_or(|shard| shard.owns(key)) && self.is_asked(key)
    }

    fn is_asked(&self, key: Key<'_>) -> bool {
        let Key::Cell { interpreter, scenario, strategy } = key else {
            return self.cells.is_empty();
        };
        self.cells.is_empty()
            || self.cells.contains(&CellKey {
                interpreter: interpreter.to_owned(),
                strategy: strategy.to_owned(),
                scenario: scenario.to_owned(),
            })
    }

    /// The run's folder.
    pub fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// Where the run's records come from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// How many records there are by now.
    pub fn counts(&self) -> Counts {
        lock(&self.counts).clone()
    }

    /// Why the first record that could not be written was not; nothing if all were.
    pub fn take_failure(&self) -> Option<io::Error> {
        lock(&self.failure).take()
    }

    /// Whether the costs of all `strategies` in `workload` are there from an earlier part of the run,
    /// or left to another shard.
    pub fn has_costs(&self, target: &Target, workload: &str, strategies: &[Strategy]) -> bool {
        let interpreter = &target.interpreter.label();
        strategies.iter().all(|strategy| {
            let strategy = strategy.name.as_str();
            self.is_settled(Key::Cost { interpreter, workload, strategy })
        })
    }

    /// Keeps the costs of one workload on one interpreter, all or none of them.
    pub fn keep_costs(&self, target: &Target, costs: &[Cost]) {
        let records: Vec<_> =
            costs.iter().map(|cost| overhead_record(target, cost, &self.provenance)).collect();
        self.keep_records(&records);
    }

    /// Whether nothing is to be done about this: it is recorded, or left to another shard.
    fn is_settled(&self, key: Key<'_>) -> bool {
        !self.owns(key) || self.earlier.contains(key)
    }

    fn keep_records(&self, records: &[Record]) {
        match self.folder.append(records) {
            Ok(()) => records.iter().for_each(|record| lock(&self.counts).add(record)),
            Err(error) => {
                lock(&self.failure).get_or_insert(error);
                self.stop.ask();
            }
        }
    }
}

impl footprint::Ledger for Book {
    fn has(&self, target: &Target, strategy: &Strategy) -> bool {
        let interpreter = &target.interpreter.label();
        let strategy = strategy.name.as_str();
        self.stop.is_asked() || self.is_settled(Key::Footprint { interpreter, strategy })
    }

    fn keep(&self, target: &Target, judged: &Judged) {
        // a child that was killed because the run ends says nothing
        if !self.stop.is_asked() {
            self.keep_records(&[footprint_record(target, judged, &self.provenance)]);
        }
    }
}

impl composition::Ledger for Book {
    fn has(&self, target: &Target, scenario: &Scenario, company: &str, removal: Removal) -> bool {
        let interpreter = &target.interpreter.label();
        let (scenario, removal) = (&scenario.name.to_string(), removal.words());
        let key = Key::Composition { interpreter, scenario, company, removal };
        self.stop.is_asked() || self.is_settled(key)
    }

    fn keep(&self, target: &Target, scenario: &Scenario, judged: &composition::Judged) {
        // a child that was killed because the run ends says nothing
        if !self.stop.is_asked() {
            self.keep_records(&[composition_record(target, scenario, judged, &self.provenance)]);
        }
    }
}

impl Ledger for Book {
    fn has_truth(&self, target: &Target, scenario: &Scenario) -> bool {
        let interpreter = &target.interpreter.label();
        self.earlier.contains(Key::Truth { interpreter, scenario: &scenario.name.to_string() })
    }

    fn has_cell(&self, target: &Target, scenario: &Scenario, strategy: &Strategy) -> bool {
        let interpreter = &target.interpreter.label();
        let (scenario, strategy) = (&scenario.name.to_string(), strategy.name.as_str());
        self.earlier.contains(Key::Cell { interpreter, scenario, strategy })
    }

    fn is_due(&self, target: &Target, scenario: &Scenario, strategy: &Strategy) -> bool {
        let interpreter = &target.interpreter.label();
        let (scenario, strategy) = (&scenario.name.to_string(), strategy.name.as_str());
        self.owns(Key::Cell { interpreter, scenario, strategy })
    }

    fn keep(&self, finding: Finding<'_>) {
        self.keep_records(&[match finding {
            Finding::Truth(target, scenario, witnessed) => {
                truth_record(target, scenario, witnessed, &self.provenance)
            }
            Finding::Cell(target, scenario, cell) => {
                cell_record(target, scenario, cell, &self.provenance)
            }
        }]);
    }

    fn is_closed(&self) -> bool {
        self.stop.is_asked()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
