//! Launching the parents that take samples.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rand::{RngExt, rngs::StdRng};

use super::{OverheadError, WorkloadKind};
use crate::{
    child::Limits,
    measure::{cycle, order},
    strategy::Strategy,
    worker::{Failure, Launch, Plan, Spawn, Target, launch},
};

/// How much is sampled. The launch is the unit of replication: more of them narrow the interval,
/// more rounds only make each a better observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// How many parents, at most.
    pub launches: usize,
    /// How often each parent samples every arm.
    pub rounds: usize,
    /// How long all workloads on all interpreters may take together. Each gets an equal share of
    /// what is left, and launches no further parent when that is over, but always two.
    pub budget: Option<Duration>,
}

impl Effort {
    /// Enough for a first impression: effects of several per cent on a quiet machine. On a slow or
    /// busy one the budget ends it after two to five launches.
    pub const QUICK: Self = Self { launches: 5, rounds: 6, budget: Some(Duration::from_secs(26)) };
    /// The usual effort: effects of about one per cent on a quiet machine.
    pub const FULL: Self = Self { launches: 20, rounds: 18, budget: None };
}

/// Without a second launch there is no interval.
const FEWEST_LAUNCHES: usize = 2;

/// Where samples are taken.
pub(super) struct Place<'a> {
    pub(super) target: &'a Target,
    pub(super) folder: &'a Path,
}

/// Samples of the baseline that each parent takes first, to warm its own pages up. Not counted.
const WARM_UP: usize = 2;
/// Environments differ in length by less than a page, so that stacks differ in their layout.
const LONGEST_PADDING: usize = 4096;
/// Heaps differ by up to a quarter of a MiB.
const LARGEST_HEAP_PAD: usize = 256 * 1024;

/// Takes the samples of all launches.
pub(super) fn take(
    place: &Place<'_>,
    workload: WorkloadKind,
    arms: &[&Strategy],
    (effort, rng): (Effort, &mut StdRng),
    progress: &dyn Fn(),
) -> Result<Vec<Launch>, OverheadError> {
    let begun = Instant::now();
    // The first child writes the byte code; nobody looks at its time.
    one(place, workload, &Plan { arms, order: vec![0], pad: 0 }, 0)?;
    // One launch goes on in the cycle of balanced orders where the one before it stopped.
    let mut orders =
        (rng.random_range(0..cycle(arms.len()))..).map(|row| order(arms.len(), row, 0));
    let mut launches = Vec::new();
    while launches.len() < effort.launches {
        let spent = effort.budget.is_some_and(|budget| begun.elapsed() >= budget);
        if spent && launches.len() >= FEWEST_LAUNCHES {
            break;
        }
        let sampled = orders.by_ref().take(effort.rounds).flatten();
        let order = [0; WARM_UP].into_iter().chain(sampled).collect();
        let plan = Plan { arms, order, pad: rng.random_range(0..LARGEST_HEAP_PAD) };
        let mut taken = one(place, workload, &plan, rng.random_range(0..LONGEST_PADDING))?;
        taken.samples.drain(..WARM_UP.min(taken.samples.len()));
        launches.push(taken);
        progress();
    }
    Ok(launches)
}

fn one(
    place: &Place<'_>,
    workload: WorkloadKind,
    plan: &Plan<'_>,
    padding: usize,
) -> Result<Launch, Failure> {
    let mut limits = Limits::default();
    limits.deadline *= 12;
    let mut spawn = Spawn::new(limits);
    spawn.environment.push(("TOLLGATE_PADDING".into(), "x".repeat(padding).into()));
    launch(&spawn, place.target, (&workload.code(), place.folder), plan)
}
