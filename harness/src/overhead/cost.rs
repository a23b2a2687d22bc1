//! What comes out of timing one workload.

use super::Conditions;
use crate::{
    measure::{Control, Estimate},
    strategy::StrategyName,
};

/// What one arm costs in one workload.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The strategy; the baseline for the A/A arm.
    pub strategy: StrategyName,
    /// Which control this is; nothing for the strategies that are asked about.
    pub control: Option<Control>,
    /// Whether a control shows what it must.
    pub holds: Option<bool>,
    /// The ratio that was planted, where one was.
    pub known: Option<f64>,
    /// The workload's name.
    pub workload: &'static str,
    /// How many imports, statements or events one sample is about.
    pub operations: usize,
    /// Confidence of the estimate's interval: the look at which launches ended has its share.
    pub confidence: f64,
    /// Time under the strategy relative to the baseline's; nothing if no sample was usable.
    pub estimate: Option<Estimate>,
    /// What fresh launches showed of a difference; nothing if there was none to confirm.
    pub confirmation: Option<Estimate>,
    /// What callgrind counted, where it was asked.
    pub counted: Option<Counted>,
    /// Nanoseconds of baseline and strategy, one pair a round, one list a launch.
    pub pairs: Vec<Vec<[Option<u64>; 2]>>,
    /// What each launch alone says: time under the strategy relative to the baseline's; nothing where no round counts.
    pub ratios: Vec<Option<f64>>,
    /// How many of the strategy's samples are void.
    pub void: usize,
    /// What a failed child said, the first time.
    pub complaint: Option<String>,
    /// Of each launch; kept with the first arm alone, because arms share their launches.
    pub conditions: Vec<Conditions>,
}

/// Instructions of an arm and of the baseline, under the same seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Instructions under the strategy over instructions under the baseline: the mean over seeds.
    pub ratio: f64,
    /// The lowest and the highest ratio of a seed.
    pub range: [f64; 2],
    /// Instructions that the strategy adds to each operation, the mean over seeds.
    pub added: f64,
    /// For each hash seed the counts of baseline and strategy.
    pub counts: Vec<(u32, [u64; 2])>,
    /// How many counts were repeated, and how many of those repeats were not the same.
    pub repeats: [usize; 2],
}
