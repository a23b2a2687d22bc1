//! Overhead: runs workloads under every strategy and estimates what each costs.
//!
//! `benches/METHODOLOGY.md` says why it is done this way: one parent serves all arms and forks a
//! child for each sample, the strategy is installed in the child, and arms take turns in balanced
//! order. The statistics themselves are in [`crate::measure`].

mod arms;
mod conditions;
mod confirm;
mod cost;
mod counts;
mod effort;
mod growth;
mod launches;
mod least;
mod page_cache;
mod samples;
mod series;
mod versus;
mod workload;

use std::io;

pub use conditions::Conditions;
pub use cost::{Cost, Counted};
pub use counts::{count, count_versus, valgrind};
pub use effort::Effort;
pub(crate) use growth::decades;
pub use growth::{Growth, SIZES, growth};
use launches::{Place, Sampler};
pub use least::least;
use rand::{SeedableRng, rngs::StdRng};
use samples::Group;
pub use series::{Course, Known, Series, series};
use tempfile::TempDir;
pub use versus::{Versus, versus};
pub use workload::{WorkloadKind, write_program};

use crate::{
    measure::{Control, Margin, Rules},
    strategy::{Strategy, StrategyName},
    tree,
    worker::{Failure, Target},
};

/// How many arms are sampled beside the strategies in the workload of that name: the planted cost, and the sham unless
/// setting up is what is timed. The third control, the A/A arm, is the baseline once more.
pub fn controls(workload: &str) -> usize {
    let has_sham = WorkloadKind::named(workload).is_none_or(WorkloadKind::has_sham);
    1 + usize::from(has_sham)
}

/// Why a workload could not be timed at all.
#[derive(Debug, thiserror::Error)]
pub enum OverheadError {
    /// Its modules could not be written.
    #[error("the workload's modules could not be written: {0}")]
    Tree(#[from] io::Error),
    /// A parent failed.
    #[error(transparent)]
    Launch(#[from] Failure),
    /// Its own code failed, without any strategy.
    #[error("it fails without any strategy: {0}")]
    Workload(String),
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

/// Times `workload` on `target` under every strategy. The first costs are those of the controls:
/// the baseline again, the sham, unless setting up is what is timed, and the baseline with a planted cost.
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
    let code = workload.code();
    let place = Place { target, folder: folder.path(), workload: &code };
    let mut rng = random(overhead.seed, &[&target.interpreter.label(), workload.name()]);
    let entries = arms::entries(overhead, workload.has_sham());
    let arms = entries.iter().map(arms::Entry::arm).collect();
    let mut sampler = Sampler::new(place, arms, overhead.effort.finding(), &mut rng);
    sampler.prepare()?;
    let rules =
        |launches| Rules::new(Margin::default()).at(overhead.effort.looking.confidence(launches));
    let is_decided = |taken: &[_]| Group::of(taken, &entries, rules(taken.len())).is_decided();
    let taken = sampler.take(&mut rng, is_decided, progress)?;
    let group = Group::of(&taken, &entries, rules(taken.len()));
    let mut costs = group.costs(&taken, (workload.name(), workload.operations()));
    if overhead.effort.confirms {
        confirm::confirm(place, &entries, (overhead.effort, taken.len()), &mut rng, &mut costs)?;
    }
    Ok(costs)
}

/// Sets what was counted beside what was timed, and says where the two disagree.
pub fn set_beside(costs: &mut [Cost], counts: &[(StrategyName, Counted)]) {
    for cost in costs.iter_mut().filter(|cost| cost.control != Some(Control::Planted)) {
        let counted = counts.iter().find(|(strategy, _)| *strategy == cost.strategy);
        if let Some((_, counted)) = counted {
            cost.counted = Some(counted.clone());
            if cost.control.is_none() {
                cost.estimate = cost.estimate.map(|estimate| estimate.beside(counted.ratio));
            }
        }
    }
}

/// The same seed for each workload and interpreter would repeat the same order everywhere.
fn random(seed: u64, salts: &[&str]) -> StdRng {
    let salt = salts.iter().flat_map(|salt| salt.bytes());
    let salt = salt.fold(0, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    StdRng::seed_from_u64(seed ^ salt)
}
