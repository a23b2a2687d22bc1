//! What a strategy costs, from samples: estimates, intervals and verdicts.
//!
//! All arms are sampled in turn within one launch of a parent process, so what a launch does to
//! them it does to all: only ratios of an arm to the baseline are ever formed, and a launch is one
//! observation of such a ratio, however many samples it took. Nothing here does I/O or can fail.
//! `benches/METHODOLOGY.md` says how the samples are taken and what they cannot show.

mod change;
mod estimator;
mod interval;
mod order;
mod verdict;

#[cfg(test)]
pub(crate) mod simulation;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use change::{Change, change, holm};
use interval::Mean;
pub use order::{cycle, order};
pub use verdict::{Margin, Verdict};

/// What one parent process measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// In the order in which they were sampled; rounds that warmed up are not among them.
    pub rounds: Vec<Round>,
}

/// One sample of every arm, taken one right after the other in the order that [`order`] gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Nanoseconds, indexed as the arms of the run. `None` is a void sample: the child failed, or
    /// it reported other events than it should have.
    pub nanos: Vec<Option<u64>>,
}

/// What an arm costs relative to the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Time of the arm divided by time of the baseline.
    pub ratio: f64,
    /// Lower end of the 95 % interval of `ratio`; 0 when one launch says nothing about the spread.
    pub low: f64,
    /// Upper end of the 95 % interval of `ratio`; infinite when one launch says nothing about the
    /// spread.
    pub high: f64,
    /// How many launches had a usable round.
    pub launches: usize,
    /// How many rounds were used: those in which both arms have a valid sample.
    pub samples: usize,
    /// How many rounds were not used.
    pub void: usize,
    /// The smallest effect, as a fraction, that about four in five runs like this one would tell
    /// from none. `None` when one launch says nothing about the spread.
    pub detectable: Option<f64>,
    /// What may be said of it.
    pub verdict: Verdict,
}

/// Compares `arm` with `baseline`, both indices into [`Round::nanos`].
///
/// `None` when no launch has a round in which both have a valid sample. An index without a sample,
/// and a sample of 0 ns, which no clock can mean, count as void.
pub fn compare(
    launches: &[Launch],
    baseline: usize,
    arm: usize,
    margin: Margin,
) -> Option<Estimate> {
    let pairs: Vec<_> = launches.iter().map(|launch| pairs(launch, baseline, arm)).collect();
    let logs: Vec<_> = pairs.iter().filter_map(|pairs| estimator::log_ratio(pairs)).collect();
    let mean = Mean::of(&logs, interval::WALL_CLOCK_FLOOR)?;
    let samples = pairs.iter().map(Vec::len).sum();
    let rounds: usize = launches.iter().map(|launch| launch.rounds.len()).sum();
    let interval = mean.interval(0.95);
    Some(Estimate {
        ratio: mean.ratio(),
        low: interval.low,
        high: interval.high,
        launches: logs.len(),
        samples,
        void: rounds - samples,
        detectable: mean.detectable(),
        verdict: verdict::judge(&mean, margin),
    })
}

/// How far from 1 the ratio of the baseline to itself may lie, as a fraction: the noise floor that
/// stands beside every figure of a run. `estimate` is that of the A/A arm, `None` without an
/// interval.
pub fn noise(estimate: &Estimate) -> Option<f64> {
    let farthest = (1.0 - estimate.low).abs().max((estimate.high - 1.0).abs());
    farthest.is_finite().then_some(farthest)
}

impl Estimate {
    /// The same estimate, with no verdict for a difference that is no larger than the noise `floor`
    /// of its run: what the baseline shows against itself, another arm may show too.
    #[must_use]
    pub fn above(self, floor: f64) -> Self {
        let difference = matches!(self.verdict, Verdict::Slower | Verdict::Faster);
        let drowned = difference && (self.ratio - 1.0).abs() <= floor;
        Self { verdict: if drowned { Verdict::Inconclusive } else { self.verdict }, ..self }
    }
}

/// Valid samples of both arms from one round, in seconds.
#[derive(Clone, Copy, Debug)]
struct Pair {
    baseline: f64,
    arm: f64,
}

fn pairs(launch: &Launch, baseline: usize, arm: usize) -> Vec<Pair> {
    let pair = |round: &Round| {
        Some(Pair { baseline: seconds(round, baseline)?, arm: seconds(round, arm)? })
    };
    launch.rounds.iter().filter_map(pair).collect()
}

fn seconds(round: &Round, arm: usize) -> Option<f64> {
    let nanos = round.nanos.get(arm).copied().flatten().filter(|nanos| *nanos > 0)?;
    Some(Duration::from_nanos(nanos).as_secs_f64())
}
