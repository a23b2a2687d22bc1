//! What a strategy costs, from samples: estimates, intervals and verdicts.
//!
//! All arms are sampled in turn within one launch of a parent process, so what a launch does to
//! them it does to all: only ratios of an arm to the baseline are ever formed, and a launch is one
//! observation of such a ratio, however many samples it took. Nothing here does I/O or can fail.
//! `benches/METHODOLOGY.md` says how the samples are taken and what they cannot show.

mod change;
mod control;
mod estimator;
mod holm;
mod interval;
mod looks;
mod order;
mod proportion;
mod rules;
mod trend;
mod verdict;

#[cfg(test)]
pub(crate) mod simulation;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use change::{Change, change};
pub use control::{Control, Unfit, fitness};
pub use holm::holm;
use interval::Mean;
pub use looks::{LOOKS, Looking};
pub use order::{cycle, order};
pub use proportion::proportion;
pub use rules::Rules;
pub use trend::{Trend, trend};
pub use verdict::{Margin, Verdict};

/// What one parent process measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// In the order in which they were sampled; rounds that warmed up are not among them.
    pub rounds: Vec<Round>,
}

/// One sample of every arm. A sample is divided into laps, and a lap of one arm was timed right before or after the
/// same lap of the others, in the order that [`order`] gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Nanoseconds of each lap, indexed as the arms of the run. `None` is a void sample: the child failed, or
    /// it reported other events than it should have.
    pub laps: Vec<Option<Vec<u64>>>,
}

impl Round {
    /// What the whole sample of an arm took, in nanoseconds; nothing if it is void.
    pub fn nanos(&self, arm: usize) -> Option<u64> {
        let laps = self.laps.get(arm)?.as_ref()?;
        Some(laps.iter().fold(0, |sum, lap| sum.saturating_add(*lap)))
    }
}

/// What an arm costs relative to the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Time of the arm divided by time of the baseline.
    pub ratio: f64,
    /// The same from the fastest samples alone: where it is far from `ratio` the arm differs in how often
    /// it is slow, and not in what it takes undisturbed.
    pub fast: f64,
    /// Lower end of the interval of `ratio`, at the confidence of the rules, 95 % unless said; 0 when one launch says nothing about the spread.
    pub low: f64,
    /// Upper end of the interval of `ratio`; infinite when one launch says nothing about the
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
    /// How likely a ratio as far from 1 or farther would be without any difference. `None` when one
    /// launch says nothing about the spread.
    pub p: Option<f64>,
    /// What may be said of it.
    pub verdict: Verdict,
}

/// What a single launch says: time of `arm` divided by time of `baseline`, both indices into [`Round::laps`]. `None`
/// when it has no round in which both have a valid sample.
pub fn ratio(launch: &Launch, baseline: usize, arm: usize) -> Option<f64> {
    estimator::log_ratio(&pairs(launch, baseline, arm)).map(f64::exp)
}

/// Compares `arm` with `baseline`, both indices into [`Round::laps`].
///
/// `None` when no launch has a round in which both have a valid sample. An index without a sample, a sample with
/// other laps than the first, and a lap of 0 ns, which no clock can mean, count as void.
pub fn compare(
    launches: &[Launch],
    baseline: usize,
    arm: usize,
    rules: impl Into<Rules>,
) -> Option<Estimate> {
    let rules = rules.into();
    let pairs: Vec<_> = launches.iter().map(|launch| pairs(launch, baseline, arm)).collect();
    let logs: Vec<_> = pairs.iter().filter_map(|pairs| estimator::log_ratio(pairs)).collect();
    let mean = Mean::of(&logs, rules.floor)?;
    let fast: Vec<_> =
        pairs.iter().filter_map(|pairs| estimator::log_ratio_of_fastest(pairs)).collect();
    let samples = pairs.iter().map(Vec::len).sum();
    let rounds: usize = launches.iter().map(|launch| launch.rounds.len()).sum();
    let interval = mean.interval(rules.confidence);
    Some(Estimate {
        ratio: mean.ratio(),
        fast: Mean::of(&fast, rules.floor)?.ratio(),
        low: interval.low,
        high: interval.high,
        launches: logs.len(),
        samples,
        void: rounds - samples,
        detectable: mean.detectable(rules.confidence),
        p: mean.p_value(),
        verdict: verdict::judge(&mean, &rules),
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

impl Estimate {
    /// The same estimate beside a count of instructions, as a ratio: where the two surely differ in
    /// sign, or the clock tells a difference and no instruction is behind it, there is nothing to act on, and that is
    /// what is said.
    #[must_use]
    pub fn beside(self, counted: f64) -> Self {
        let surely_more = counted > 1.0 + COUNT_FLOOR;
        let surely_fewer = counted < 1.0 - COUNT_FLOOR;
        let is_told = matches!(self.verdict, Verdict::Slower | Verdict::Faster);
        let conflict = (self.high < 1.0 && surely_more)
            || (self.low > 1.0 && surely_fewer)
            || (is_told && !surely_more && !surely_fewer);
        let said = self.verdict != Verdict::Unfit;
        Self { verdict: if conflict && said { Verdict::Conflict } else { self.verdict }, ..self }
    }
}

/// What a ratio of instruction counts must differ from 1 by to have a sign: between hash seeds such
/// ratios differ in the fourth digit.
const COUNT_FLOOR: f64 = 0.001;

/// Valid samples of both arms from one round: seconds of each lap, as many of both.
#[derive(Clone, Debug)]
struct Pair {
    baseline: Vec<f64>,
    arm: Vec<f64>,
}

fn pairs(launch: &Launch, baseline: usize, arm: usize) -> Vec<Pair> {
    let pair = |round: &Round| {
        Some(Pair { baseline: seconds(round, baseline)?, arm: seconds(round, arm)? })
    };
    let mut pairs: Vec<_> = launch.rounds.iter().filter_map(pair).collect();
    let laps = pairs.first().map_or(0, |pair| pair.baseline.len());
    pairs.retain(|pair| pair.baseline.len() == laps && pair.arm.len() == laps);
    pairs
}

fn seconds(round: &Round, arm: usize) -> Option<Vec<f64>> {
    let laps = round.laps.get(arm)?.as_ref().filter(|laps| !laps.is_empty())?;
    let seconds = |nanos: &u64| (*nanos > 0).then(|| Duration::from_nanos(*nanos).as_secs_f64());
    laps.iter().map(seconds).collect()
}
