//! What has become slower from one run to another.

use super::side::{Side, ratios};
use crate::{
    measure::{self, Change},
    strategy::BASELINE,
};

/// What a change must be to matter, as fractions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// A change that is smaller than this is none.
    pub margin: f64,
    /// A slowdown of this size must not be missed: where the interval does not exclude it, the
    /// comparison is inconclusive.
    pub target: f64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { margin: 0.01, target: 0.05 }
    }
}

/// What may be said of a cost in two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostVerdict {
    /// It is certainly higher, by the margin at least and by more than the noise of both runs.
    Slower,
    /// A slowdown of the target's size cannot be excluded.
    Inconclusive,
    /// It is certainly lower, in the same sense.
    Faster,
    /// It has not risen by as much as the target.
    Unchanged,
}

/// One cost in two runs.
#[derive(Clone, Debug, PartialEq)]
pub struct CostChange {
    /// Label of the interpreter.
    pub interpreter: String,
    /// The workload.
    pub workload: String,
    /// The strategy.
    pub strategy: String,
    /// How the ratio of its time to the baseline's has changed; nothing where one of the runs has
    /// fewer than two launches.
    pub change: Option<Change>,
    /// The probability of the change by chance, corrected for the number of comparisons.
    pub corrected: Option<f64>,
    /// How far the baseline was from itself in the two runs together, as a fraction.
    pub noise: Option<f64>,
    /// What may be said.
    pub verdict: CostVerdict,
}

/// The probability by chance, of all comparisons of two runs together, below which a change counts: a
/// gate that is asked every night is to be wrong no more than once in three years. At the usual 5 %
/// it would be wrong once a month, and nobody would listen to it. A change of 5 % is seven and more
/// standard errors of full runs.
const LEVEL: f64 = 0.001;

/// Every cost that both runs have on the interpreters with these labels. The A/A arm is no cost: it
/// is the noise.
pub(super) fn costs(old: &Side, new: &Side, labels: &[&str], sizes: Sizes) -> Vec<CostChange> {
    let mut costs: Vec<_> = labels.iter().flat_map(|label| on(old, new, label)).collect();
    let known: Vec<_> =
        costs.iter().filter_map(|cost| cost.change).map(|it| it.probability).collect();
    let mut corrected = measure::holm(&known).into_iter();
    for cost in &mut costs {
        cost.corrected = cost.change.and_then(|_| corrected.next());
        cost.verdict = judge(cost, sizes);
    }
    costs
}

fn on(old: &Side, new: &Side, label: &str) -> Vec<CostChange> {
    let (Some(before), Some(after)) = (old.costs.get(label), new.costs.get(label)) else {
        return Vec::new();
    };
    let both = before.iter().filter(|((_, strategy), _)| strategy != BASELINE);
    let both = both.filter_map(|(key, old)| Some((key, old, after.get(key)?)));
    both.map(|((workload, strategy), before, after)| {
        let noise = old.noise(label, workload).zip(new.noise(label, workload));
        CostChange {
            interpreter: label.to_owned(),
            workload: workload.clone(),
            strategy: strategy.clone(),
            change: measure::change(&ratios(before), &ratios(after)),
            corrected: None,
            noise: noise.map(|(old, new)| old.hypot(new)),
            verdict: CostVerdict::Inconclusive,
        }
    })
    .collect()
}

fn judge(cost: &CostChange, sizes: Sizes) -> CostVerdict {
    let (Some(change), Some(corrected)) = (cost.change, cost.corrected) else {
        return CostVerdict::Inconclusive;
    };
    let size = change.factor.ln().abs();
    let is_large = size >= sizes.margin.ln_1p() && cost.noise.is_some_and(|it| size > it.ln_1p());
    let is_certain = corrected < LEVEL;
    if is_certain && is_large && change.factor > 1.0 {
        CostVerdict::Slower
    } else if change.high > 1.0 + sizes.target {
        CostVerdict::Inconclusive
    } else if is_certain && is_large {
        CostVerdict::Faster
    } else {
        CostVerdict::Unchanged
    }
}
