//! One run: what it covers, and its folder of records.

use std::{
    io,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use anyhow::Result;
use tollgate::{
    interpreter::Found,
    layout::Layout,
    matrix::{self, Finding, Matrix},
    overhead::{self, Effort, Overhead, WORKLOADS},
    record::{Provenance, Record, RunFolder, cell_record, overhead_record, truth_record},
    strategy,
    worker::{Runner, Target},
};

use crate::{
    progress,
    selection::{Selection, baseline},
};

/// One run in progress.
pub(crate) struct Session {
    matrix: Matrix,
    folder: RunFolder,
    provenance: Provenance,
    records: Mutex<Vec<Record>>,
    /// The first record that could not be written.
    failure: Mutex<Option<io::Error>>,
}

impl Session {
    /// Reads everything that was selected, builds the probe, and opens a folder for the records.
    pub(crate) fn open(selection: &Selection, seed: u64) -> Result<Self> {
        let layout = Layout::of_this_checkout();
        let scenarios = selection.scenarios(&layout)?;
        let strategies = selection.strategies(&layout)?;
        let targets = targets(&layout, selection.interpreters()?)?;
        let baseline = baseline(&strategies)?;
        let recorder = strategy::read(&layout.recorder())?;
        let folder = RunFolder::create(&layout)?;
        let provenance = Provenance::of_run(&layout, &folder.id().to_string(), seed);
        Ok(Self {
            matrix: Matrix { targets, strategies, baseline, recorder, scenarios },
            folder,
            provenance,
            records: Mutex::default(),
            failure: Mutex::default(),
        })
    }

    /// Runs the whole matrix.
    pub(crate) fn conformance(&self, runner: &Runner) {
        let bar = progress::bar("conformance", self.matrix.findings());
        matrix::run(&self.matrix, runner, &|finding| {
            self.record(match finding {
                Finding::Truth(target, scenario, witnessed) => {
                    truth_record(target, scenario, witnessed, &self.provenance)
                }
                Finding::Cell(target, scenario, cell) => {
                    cell_record(target, scenario, cell, &self.provenance)
                }
            });
            bar.inc(1);
        });
        bar.finish_and_clear();
        for trouble in runner.troubles() {
            eprintln!("note: {trouble}; its cells were run again");
        }
    }

    /// Times every workload on every interpreter. What cannot be timed is said on standard error.
    pub(crate) fn overhead(&self, effort: Effort) {
        let targets = &self.matrix.targets;
        let pairs: Vec<_> = targets
            .iter()
            .flat_map(|target| WORKLOADS.map(|workload| (target, workload)))
            .collect();
        let begun = Instant::now();
        let bar = progress::bar("overhead", pairs.len() * effort.launches);
        for (index, &(target, workload)) in pairs.iter().enumerate() {
            let left = pairs.len() - index;
            let overhead = self.share(effort, begun, left);
            match overhead::measure(&overhead, target, workload, &|| bar.inc(1)) {
                Ok(costs) => costs
                    .iter()
                    .for_each(|cost| self.record(overhead_record(target, cost, &self.provenance))),
                Err(error) => bar.suspend(|| {
                    let label = target.interpreter.label();
                    eprintln!("skipped: {} on {label} was not timed: {error}", workload.name());
                }),
            }
            bar.set_position(((index + 1) * effort.launches) as u64);
        }
        bar.finish_and_clear();
    }

    /// What the next of `left` workloads may cost: an equal share of the budget that is left.
    fn share(&self, effort: Effort, begun: Instant, left: usize) -> Overhead<'_> {
        let parts = u32::try_from(left).unwrap_or(u32::MAX);
        let budget = effort.budget.map(|budget| budget.saturating_sub(begun.elapsed()) / parts);
        Overhead {
            baseline: &self.matrix.baseline,
            strategies: self.matrix.strategies.iter().collect(),
            effort: Effort { budget, ..effort },
            seed: self.provenance.seed,
        }
    }

    fn record(&self, record: Record) {
        if let Err(error) = self.folder.append(&record) {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    /// Ends the run: its records, and its folder.
    pub(crate) fn close(self) -> Result<(Vec<Record>, RunFolder)> {
        if let Some(error) = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error.into());
        }
        Ok((self.records.into_inner().unwrap_or_else(PoisonError::into_inner), self.folder))
    }
}

/// The usable interpreters with their probes. What is passed over is said on standard error.
pub(crate) fn targets(layout: &Layout, found: Found) -> Result<Vec<Target>> {
    for skipped in &found.skipped {
        eprintln!("skipped: {skipped}");
    }
    let spinner = progress::spinner("building the probe");
    let ready = |interpreter| Target::new(layout, interpreter);
    let targets = found.usable.into_iter().map(ready).collect::<Result<_, _>>();
    spinner.finish_and_clear();
    Ok(targets?)
}
