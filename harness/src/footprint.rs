//! Footprints: what each strategy takes of stack and memory, once an interpreter.
//!
//! They are properties of strategy and interpreter and not of scenarios, and measured in children of
//! their own, beside the baseline's.

use rayon::prelude::*;

use crate::{
    matrix::Matrix,
    strategy::{Strategy, StrategyName},
    verdict::{Footprint, Verdict, footprint_differences},
    worker::{Failure, Runner, Target},
};

/// The footprint of one strategy on one interpreter, judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The strategy.
    pub strategy: StrategyName,
    /// What was measured; nothing if it could not be.
    pub footprint: Option<Footprint>,
    /// Whether the program is left what the baseline leaves it.
    pub verdict: Verdict,
}

/// Where footprints are kept.
pub trait Ledger: Sync {
    /// Whether this one is kept already, or need not be measured because the run has to end.
    fn has(&self, target: &Target, strategy: &Strategy) -> bool;

    /// Keeps one.
    fn keep(&self, target: &Target, judged: &Judged);
}

/// Measures what `ledger` does not have, on all cores.
pub fn run_into(matrix: &Matrix, runner: &Runner, ledger: &dyn Ledger) {
    matrix.targets.par_iter().for_each(|target| {
        let is_missing = |strategy: &&Strategy| !ledger.has(target, strategy);
        let missing: Vec<_> = matrix.strategies.iter().filter(is_missing).collect();
        if missing.is_empty() {
            return;
        }
        let baseline = runner.footprint(target, &matrix.baseline);
        for strategy in missing {
            // the run may have to end by now
            if !ledger.has(target, strategy) {
                ledger.keep(target, &judge(runner, target, strategy, &baseline));
            }
        }
    });
}

fn judge(
    runner: &Runner,
    target: &Target,
    strategy: &Strategy,
    baseline: &Result<Footprint, Failure>,
) -> Judged {
    let of = |footprint, verdict| Judged { strategy: strategy.name.clone(), footprint, verdict };
    let baseline = match baseline {
        Ok(baseline) => baseline,
        Err(failure) => return of(None, Verdict::Inconclusive(format!("baseline: {failure}"))),
    };
    match runner.footprint(target, strategy) {
        Ok(footprint) => {
            let divergences = footprint_differences(baseline, &footprint);
            let conforms = divergences.is_empty();
            let verdict = if conforms { Verdict::Conforms } else { Verdict::Diverges(divergences) };
            of(Some(footprint), verdict)
        }
        Err(Failure::NotApplicable(reason)) => of(None, Verdict::NotApplicable(reason)),
        Err(failure) => of(None, Verdict::Inconclusive(failure.to_string())),
    }
}
