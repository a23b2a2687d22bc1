//! The matrix: every scenario on every interpreter, first for the truth, then under each strategy.
//!
//! A cell is interpreter × strategy × scenario. Each runs in a child of its own, and nothing of one
//! cell reaches another; only the truth and the baseline of a scenario are shared, as data.

mod cell;
mod truth;

pub use cell::{Cell, judge};
use rayon::prelude::*;
pub use truth::{Truth, Witnessed, establish};

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
    /// The recorder of the truth.
    pub recorder: Strategy,
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
}

/// Runs the whole matrix on all cores and hands every finding to `sink`, in no particular order.
pub fn run(matrix: &Matrix, runner: &Runner, sink: &(dyn Fn(Finding<'_>) + Sync)) {
    let strategies: Vec<_> =
        matrix.strategies.iter().chain([&matrix.baseline, &matrix.recorder]).collect();
    matrix
        .targets
        .par_iter()
        .for_each(|target| runner.prepare(target, &matrix.scenarios, &strategies));
    let pairs: Vec<_> = matrix
        .scenarios
        .iter()
        .flat_map(|scenario| matrix.targets.iter().map(move |target| (target, scenario)))
        .collect();
    pairs.into_par_iter().for_each(|(target, scenario)| {
        let witnessed = establish(matrix, runner, target, scenario);
        sink(Finding::Truth(target, scenario, &witnessed));
        for strategy in &matrix.strategies {
            let cell = judge(runner, target, scenario, strategy, &witnessed);
            sink(Finding::Cell(target, scenario, &cell));
        }
    });
}
