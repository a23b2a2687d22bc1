//! The part of a run that sets strategies beside each other: `bench --compose`.

use std::{io, time::Instant};

use tollgate::{
    composition::{self, COPIES, Hooks, WORKLOAD},
    layout::Layout,
    matrix::{Ledger, Matrix},
    record::{Book, Inputs, Key, Shard, Timing},
    strategy::{self, BASELINE, Strategy},
    worker::{Runner, Target},
};

use crate::progress::{self, Shown};

/// What is set beside what.
pub(crate) struct Composition {
    hooks: Hooks,
    companies: usize,
    /// The copies that are timed on each interpreter.
    crowds: Vec<(Target, Vec<Strategy>)>,
}

impl Composition {
    /// Everything that companies are made of, if `timing` is about them. Scenarios that cannot be
    /// their program are said on standard error.
    pub(crate) fn of(
        layout: &Layout,
        matrix: &Matrix,
        runner: &Runner,
        (timing, shard): (Timing, Option<Shard>),
    ) -> io::Result<Option<Self>> {
        if timing != Timing::Copies {
            return Ok(None);
        }
        for scenario in &matrix.scenarios {
            if let Some(reason) = composition::unfit(scenario) {
                crate::output::tell!(
                    "skipped: {} is no program for companies: {reason}",
                    scenario.name
                );
            }
        }
        let neighbours = layout.neighbours();
        let hooks = Hooks {
            strategies: matrix.strategies.clone(),
            baseline: matrix.baseline.clone(),
            recorder: matrix.recorder.clone(),
            earlier: strategy::read_all(&neighbours.join("earlier"))?,
            later: strategy::read_all(&neighbours.join("later"))?,
        };
        let crowds = |target: &Target| {
            let crowds = composition::crowds(runner, target, &hooks.strategies, COPIES)?;
            Ok((target.clone(), crowds))
        };
        let crowds = matrix.targets.iter().map(crowds).collect::<io::Result<Vec<_>>>()?;
        let is_due = |[interpreter, scenario, company, removal]: [&str; 4]| {
            let key = Key::Composition { interpreter, scenario, company, removal };
            shard.is_none_or(|shard| shard.owns(key))
        };
        let stage = (runner, &matrix.targets[..]);
        let companies = composition::count(&hooks, &matrix.scenarios, stage, &is_due);
        let workload = WORKLOAD.name();
        let is_due = |(target, _): &(Target, _)| {
            let interpreter = &target.interpreter.label();
            let key = Key::Cost { interpreter, workload, strategy: BASELINE };
            shard.is_none_or(|shard| shard.owns(key))
        };
        let crowds = crowds.into_iter().filter(is_due).collect();
        Ok(Some(Self { hooks, companies, crowds }))
    }

    /// The hooks that are no strategies.
    pub(crate) fn neighbours(&self) -> impl Iterator<Item = &Strategy> {
        self.hooks.earlier.iter().chain(&self.hooks.later)
    }

    /// How many records there are in the end, if everything can be timed.
    pub(crate) fn records(&self) -> usize {
        // the baseline again, the sham and the planted cost besides
        let arms = self.crowds.iter().map(|(_, crowds)| 3 + crowds.len());
        self.companies + arms.sum::<usize>()
    }

    /// Plays and times everything that is not recorded yet, or as much as the book takes.
    pub(crate) fn run(&self, matrix: &Matrix, runner: &Runner, book: &Book) {
        let bar = progress::bar("companies", self.companies);
        let done = book.counts().compositions();
        bar.set_position(done as u64);
        let begun = Instant::now();
        let ledger = Shown { book, bar: &bar };
        composition::run_into(&self.hooks, &matrix.scenarios, (runner, &matrix.targets), &ledger);
        bar.finish_and_clear();
        let played = book.counts().compositions().saturating_sub(done);
        crate::output::tell!("companies: {played} in {:.1} s", begun.elapsed().as_secs_f64());
        let spinner = progress::spinner("the cost of copies");
        for (target, crowds) in &self.crowds {
            time(target, (&matrix.baseline, crowds), book);
        }
        spinner.finish_and_clear();
    }
}

/// What a run of `matrix` depends on, neighbours included.
pub(crate) fn inputs(
    layout: &Layout,
    matrix: &Matrix,
    composition: Option<&Composition>,
) -> io::Result<Inputs> {
    let neighbours: Vec<_> = composition.iter().flat_map(|it| it.neighbours()).collect();
    Inputs::of(layout, matrix, &neighbours)
}

fn time(target: &Target, (baseline, crowds): (&Strategy, &[Strategy]), book: &Book) {
    if book.is_closed() || book.has_costs(target, WORKLOAD.name(), crowds) {
        return;
    }
    match composition::costs(target, (baseline, crowds), book.provenance().seed) {
        Ok(costs) => book.keep_costs(target, &costs),
        // a parent that was killed because the run ends says nothing
        Err(_) if book.is_closed() => {}
        Err(error) => {
            let label = target.interpreter.label();
            crate::output::tell!("skipped: copies on {label} were not timed: {error}");
        }
    }
}
