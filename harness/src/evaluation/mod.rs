//! Evaluations: candidates run in every scenario and held against their contracts.
//!
//! The truth of a scenario is established once for each interpreter, as for strategies; then each
//! candidate has a child of its own. What came of many cells is added up in a [`Sum`].

mod cell;
mod look;
mod probes;
mod sum;

pub use cell::{Outcome, Trial};
pub use look::look;
pub use probes::{Answer, Expectation, Probe, Unanswered, expectations, probe};
use rayon::prelude::*;
pub use sum::{Found, Sum, Summary};

use crate::{
    candidate::Candidate,
    matrix::{self, Matrix, Patience},
    stop::Stop,
    strategy::Strategy,
    worker::{Runner, Target},
};

/// A candidate, ready to be run.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// The candidate.
    pub candidate: Candidate,
    /// What hears its events; it lays the candidate over importlib unless it is built in.
    pub listener: Strategy,
    /// The interpreter that was built with it. Nothing where it is laid over those of the matrix.
    pub build: Option<Target>,
}

/// Runs every entrant in every scenario of `matrix`, whose strategies play no part, and hands each
/// trial to `sink`, in no particular order. When `stop` is asked for, no further child is started.
///
/// A candidate that has missed three deadlines on one interpreter is not run there any more: its other
/// trials there show nothing, and say so.
///
/// A build is compared with the truth and the baseline on the interpreters of the matrix.
pub fn run(
    matrix: &Matrix,
    entrants: &[Entrant],
    (runner, stop): (&Runner, &Stop),
    sink: &(dyn Fn(Trial) + Sync),
) {
    matrix::prepare(matrix, runner);
    prepare(matrix, entrants, runner);
    let patience = Patience::default();
    let targets = &matrix.targets;
    let pairs: Vec<_> = matrix
        .scenarios
        .iter()
        .flat_map(|scenario| targets.iter().map(move |target| (target, scenario)))
        .collect();
    pairs.into_par_iter().for_each(|(target, scenario)| {
        if stop.is_asked() {
            return;
        }
        let witnessed = matrix::establish(matrix, runner, target, scenario);
        for (index, entrant) in entrants.iter().enumerate() {
            if stop.is_asked() {
                return;
            }
            let on = (target, scenario);
            let trial = cell::trial((runner, &patience), (index, entrant), on, &witnessed);
            // a child that was killed because the run ends says nothing
            if !stop.is_asked() {
                sink(trial);
            }
        }
    });
}

/// How many trials [`run`] has.
pub fn trials(matrix: &Matrix, entrants: &[Entrant]) -> usize {
    matrix.targets.len() * matrix.scenarios.len() * entrants.len()
}

/// Has listeners, and what runs on builds, compiled in one go.
fn prepare(matrix: &Matrix, entrants: &[Entrant], runner: &Runner) {
    let listeners: Vec<_> = entrants.iter().map(|entrant| &entrant.listener).collect();
    let builds = entrants.iter().filter_map(|entrant| entrant.build.as_ref());
    let targets: Vec<_> = matrix.targets.iter().chain(builds).collect();
    targets.par_iter().for_each(|target| runner.prepare(target, &matrix.scenarios, &listeners));
}
