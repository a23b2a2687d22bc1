//! The matrix: every scenario on every interpreter, first for the truth, then under each strategy.
//!
//! A cell is interpreter × strategy × scenario. Each runs in a child of its own, and nothing of one
//! cell reaches another; only the truth and the baseline of a scenario are shared, as data.

mod asked;
mod cell;
mod ledger;
mod patience;
mod truth;

pub use asked::Asked;
pub use cell::{Cell, judge};
use ledger::Everything;
pub use ledger::Ledger;
pub use patience::Patience;
use rayon::prelude::*;
pub use truth::{Heard, Truth, Witnessed, establish, hear};

use crate::{
    scenario::Scenario,
    strategy::Strategy,
    worker::{Runner, Target},
};

/// What a run covers.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The interpreters, each with its probe.
    pub targets: Vec<Target>,
    /// The strategies to be judged; the baseline may be among them.
    pub strategies: Vec<Strategy>,
    /// The baseline: no hook.
    pub baseline: Strategy,
    /// The witness that watches from inside importlib.
    pub recorder: Strategy,
    /// The witness that has the modules speak.
    pub testimony: Strategy,
    /// Who tells, with the recorder, who asks for modules.
    pub requests: Strategy,
    /// The scenarios.
    pub scenarios: Vec<Scenario>,
}

/// Something that a run found out, as soon as it is known.
#[derive(Debug)]
pub enum Finding<'a> {
    /// What really happens in a scenario on an interpreter.
    Truth(&'a Target, &'a Scenario, &'a Witnessed),
    /// What one strategy showed of it.
    Cell(&'a Target, &'a Scenario, &'a Cell),
}

impl Matrix {
    /// How many findings [`run`] has: for each scenario and interpreter the truth and each strategy.
    pub fn findings(&self) -> usize {
        self.targets.len() * self.scenarios.len() * (1 + self.strategies.len())
    }

    /// How many findings [`run_into`] has in the end: for each scenario and interpreter each strategy
    /// that is due, and the truth if any is.
    pub fn findings_due(&self, ledger: &dyn Ledger) -> usize {
        let of = |target: &Target, scenario: &Scenario| {
            let is_due = |strategy: &&Strategy| ledger.is_due(target, scenario, strategy);
            match self.strategies.iter().filter(is_due).count() {
                0 => 0,
                due => 1 + due,
            }
        };
        let on = |target| self.scenarios.iter().map(|scenario| of(target, scenario)).sum::<usize>();
        self.targets.iter().map(on).sum()
    }
}

/// Runs the whole matrix on all cores and hands every finding to `sink`, in no particular order.
pub fn run(matrix: &Matrix, runner: &Runner, sink: &(dyn Fn(Finding<'_>) + Sync)) {
    run_into(matrix, runner, &Everything(sink));
}

/// Runs what of the matrix `ledger` does not have, on all cores and in no particular order.
///
/// When the ledger is closed, no further child is started; a finding that rests on a child which
/// was killed for that reason is not handed on.
pub fn run_into(matrix: &Matrix, runner: &Runner, ledger: &dyn Ledger) {
    run_on(matrix, &matrix.targets, runner, ledger);
}

/// The same on these of its interpreters alone.
pub fn run_on(matrix: &Matrix, targets: &[Target], runner: &Runner, ledger: &dyn Ledger) {
    prepare_on(matrix, targets, runner);
    let patience = Patience::default();
    // one interpreter after the other: each has a zygote for each way in which programs begin, and no more than so many
    // live at a time
    let pairs: Vec<_> = targets
        .iter()
        .flat_map(|target| matrix.scenarios.iter().map(move |scenario| (target, scenario)))
        .collect();
    pairs.into_par_iter().for_each(|(target, scenario)| {
        if !ledger.is_closed() {
            one_scenario(matrix, (runner, &patience), (target, scenario), ledger);
        }
    });
}

/// Has all that a run of the matrix needs compiled in one go.
pub fn prepare(matrix: &Matrix, runner: &Runner) {
    prepare_on(matrix, &matrix.targets, runner);
}

fn prepare_on(matrix: &Matrix, targets: &[Target], runner: &Runner) {
    let witnesses = [&matrix.baseline, &matrix.recorder, &matrix.testimony, &matrix.requests];
    let strategies: Vec<_> = matrix.strategies.iter().chain(witnesses).collect();
    targets.par_iter().for_each(|target| runner.prepare(target, &matrix.scenarios, &strategies));
}

/// One scenario on one interpreter. If only some of its cells are missing, the truth is established
/// again, because they are judged by it, and not handed on a second time.
fn one_scenario(
    matrix: &Matrix,
    (runner, patience): (&Runner, &Patience),
    (target, scenario): (&Target, &Scenario),
    ledger: &dyn Ledger,
) {
    let is_due = |strategy: &&Strategy| ledger.is_due(target, scenario, strategy);
    let due: Vec<_> = matrix.strategies.iter().filter(is_due).collect();
    let has_truth = ledger.has_truth(target, scenario);
    let is_missing = |strategy: &&Strategy| !ledger.has_cell(target, scenario, strategy);
    let missing: Vec<_> = due.iter().copied().filter(is_missing).collect();
    if due.is_empty() || has_truth && missing.is_empty() {
        return;
    }
    let witnessed = establish(matrix, runner, target, scenario);
    if !has_truth && !ledger.is_closed() {
        ledger.keep(Finding::Truth(target, scenario, &witnessed));
    }
    for strategy in missing {
        if ledger.is_closed() {
            return;
        }
        let (cell, hung) =
            cell::judge_patiently((runner, patience), target, scenario, strategy, &witnessed);
        if ledger.is_closed() {
            return;
        }
        ledger.keep(Finding::Cell(target, scenario, &cell));
        if hung && patience.miss(target, strategy.name.as_str()) {
            ledger.give_up(target, strategy);
        }
    }
}
