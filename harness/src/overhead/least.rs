//! The least time that timing takes.

use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{
    Effort, Overhead, OverheadError, WorkloadKind, arms,
    launches::{Place, Sampler},
    random,
};
use crate::{tree, worker::Target};

/// Launches that are enough for controls to tell 2 % from nothing on a quiet machine: six that find, three that
/// confirm.
const LAUNCHES: u32 = 9;
/// Rounds of the launch that is tried. The parent's own start counts in each, so the estimate is on the safe side.
const ROUNDS: usize = 2;

/// About how long `workload` has to be timed on `target` for anything to come of it, from one short launch.
///
/// # Errors
///
/// The workload cannot be timed there.
pub fn least(
    overhead: &Overhead<'_>,
    target: &Target,
    workload: WorkloadKind,
) -> Result<Duration, OverheadError> {
    let folder = TempDir::with_prefix_in("tollgate-", tree::place())?;
    workload.write(folder.path())?;
    let code = workload.code();
    let place = Place { target, folder: folder.path(), workload: &code };
    let mut rng = random(overhead.seed, &["least", workload.name()]);
    let entries = arms::entries(overhead, workload.has_sham());
    let arms = entries.iter().map(arms::Entry::arm).collect();
    let effort = Effort { rounds: ROUNDS, ..overhead.effort };
    let mut sampler = Sampler::new(place, arms, effort, &mut rng);
    sampler.prepare()?;
    let begun = Instant::now();
    sampler.launch(&mut rng)?;
    let rounds = u32::try_from(overhead.effort.rounds.div_ceil(ROUNDS)).unwrap_or(u32::MAX);
    Ok(begun.elapsed() * rounds * LAUNCHES)
}
