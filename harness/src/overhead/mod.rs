//! Overhead: runs workloads under every strategy and estimates what each costs.
//!
//! `benches/METHODOLOGY.md` says why it is done this way: one parent serves all arms and forks a
//! child for each sample, the strategy is installed in the child, and arms take turns in balanced
//! order. The statistics themselves are in [`crate::measure`].

mod launches;
mod samples;
mod workload;

use std::io;

pub use launches::Effort;
use rand::{SeedableRng, rngs::StdRng};
pub use samples::Cost;
use tempfile::TempDir;
pub use workload::{WORKLOADS, WorkloadKind};

use crate::{
    measure::Margin,
    strategy::Strategy,
    tree,
    worker::{Failure, Target},
};

/// Why a workload could not be timed at all.
#[derive(Debug, thiserror::Error)]
pub enum OverheadError {
    /// Its modules could not be written.
    #[error("the workload's modules could not be written: {0}")]
    Tree(#[from] io::Error),
    /// A parent failed.
    #[error(transparent)]
    Launch(#[from] Failure),
}

/// What is timed, and how much effort goes into it.
#[derive(Clone, Debug)]
pub struct Overhead<'a> {
    /// The baseline.
    pub baseline: &'a Strategy,
    /// The strategies that are compared with it; the baseline itself need not be among them.
    pub strategies: Vec<&'a Strategy>,
    /// How many launches and rounds, and how long this one workload may take.
    pub effort: Effort,
    /// Seed of the order of arms and of the layout of parents.
    pub seed: u64,
}

impl Overhead<'_> {
    /// The strategy of each arm: the baseline, the baseline again (the A/A arm), then the others.
    fn arms(&self) -> Vec<&Strategy> {
        let others = self.strategies.iter().copied().filter(|strategy| !strategy.is_baseline());
        [self.baseline, self.baseline].into_iter().chain(others).collect()
    }
}

/// Times `workload` on `target` under every strategy. The first cost is the A/A arm's.
///
/// `progress` is called after every launch. A budget in the effort is this workload's alone.
pub fn measure(
    overhead: &Overhead<'_>,
    target: &Target,
    workload: WorkloadKind,
    progress: &dyn Fn(),
) -> Result<Vec<Cost>, OverheadError> {
    let folder = TempDir::with_prefix_in("tollgate-", tree::place())?;
    workload.write(folder.path())?;
    let arms = overhead.arms();
    // The same seed for each workload and interpreter would repeat the same order everywhere.
    let salt = target.interpreter.label() + workload.name();
    let salt = salt.bytes().fold(0, |sum: u64, byte| sum.wrapping_mul(31) + u64::from(byte));
    let mut rng = StdRng::seed_from_u64(overhead.seed ^ salt);
    let place = launches::Place { target, folder: folder.path() };
    let launches = launches::take(&place, workload, &arms, (overhead.effort, &mut rng), progress)?;
    Ok(samples::costs(&launches, &arms, workload.name(), Margin::default()))
}
