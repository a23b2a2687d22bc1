//! Launching the parents that take samples.

use std::{
    iter,
    path::Path,
    time::{Duration, Instant},
};

use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};

use super::{Effort, OverheadError, conditions::Conditions, conditions::Ticks};
use crate::{
    child::Limits,
    measure::{cycle, order},
    worker::{
        Arm, Failure, Launch, Plan, Quantity, Settling, Spawn, Subject, Target, Workload, launch,
        launch_processes,
    },
};

/// Without a second launch there is no interval.
const FEWEST_LAUNCHES: usize = 2;

/// How pages are faulted in; `benches/METHODOLOGY.md` has the measurements behind it.
pub(super) const SETTLING: Settling = Settling::Populate;

/// Where samples are taken.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) target: &'a Target,
    pub(super) folder: &'a Path,
    pub(super) workload: &'a Workload,
}

/// Samples of the baseline that each parent takes first, to warm its own pages up. Not counted.
const WARM_UP: usize = 2;
/// Environments differ in length by less than a page, so that stacks differ in their layout.
const LONGEST_PADDING: usize = 4096;
/// Heaps differ by up to a quarter of a MiB.
const LARGEST_HEAP_PAD: usize = 256 * 1024;

/// One launch that was made.
pub(super) struct Taken {
    pub(super) launch: Launch,
    pub(super) conditions: Conditions,
}

/// Takes the samples of launch after launch.
pub(super) struct Sampler<'a> {
    place: Place<'a>,
    arms: Vec<Arm<'a>>,
    effort: Effort,
    /// One launch goes on in the cycle of balanced orders where the one before it stopped.
    row: usize,
    settling: Settling,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(
        place: Place<'a>,
        arms: Vec<Arm<'a>>,
        effort: Effort,
        rng: &mut StdRng,
    ) -> Self {
        let row = rng.random_range(0..cycle(arms.len()));
        Self { place, arms, effort, row, settling: SETTLING }
    }

    /// The same with pages faulted in in another way.
    pub(super) fn settling(self, settling: Settling) -> Self {
        Self { settling, ..self }
    }

    /// Runs the workload once under the baseline; nobody looks at its time. It writes the byte code.
    pub(super) fn prepare(&self) -> Result<(), OverheadError> {
        let plan = Plan { order: vec![0], warm_up: 1, ..self.plan() };
        let prepared = one(&self.place, &plan, &Conditions::default())?;
        match prepared.complaint {
            Some(complaint) => Err(OverheadError::Workload(complaint)),
            None => Ok(()),
        }
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            arms: &self.arms,
            order: Vec::new(),
            warm_up: WARM_UP,
            pad: 0,
            core: None,
            seat: None,
            settling: self.settling,
            quantity: Quantity::Time,
        }
    }

    /// One launch under a layout of memory of its own.
    pub(super) fn launch(&mut self, rng: &mut StdRng) -> Result<Taken, OverheadError> {
        let conditions = layout(rng);
        let rows = self.row..self.row + self.effort.rounds;
        self.row = rows.end % cycle(self.arms.len());
        let sampled = rows.flat_map(|row| order(self.arms.len(), row, 0));
        let order = iter::repeat_n(0, WARM_UP).chain(sampled).collect();
        let Conditions { heap_pad: pad, core, .. } = conditions;
        let plan = Plan { order, pad, core, ..self.plan() };
        let begun = Ticks::now();
        let mut launch = one(&self.place, &plan, &conditions)?;
        launch.samples.drain(..WARM_UP.min(launch.samples.len()));
        let conditions = conditions.met(begun, &launch);
        Ok(Taken { launch, conditions })
    }

    /// Whether another launch, as long as those before, would go beyond the budget.
    fn is_spent(&self, elapsed: Duration, launches: usize) -> bool {
        let launches = u32::try_from(launches).unwrap_or(u32::MAX);
        self.effort.budget.is_some_and(|budget| elapsed + elapsed / launches > budget)
    }

    /// Launches until there are as many as the effort says, its budget is over, or `is_decided`.
    pub(super) fn take(
        &mut self,
        rng: &mut StdRng,
        is_decided: impl Fn(&[Taken]) -> bool,
        progress: &dyn Fn(),
    ) -> Result<Vec<Taken>, OverheadError> {
        let begun = Instant::now();
        let mut taken = Vec::new();
        while taken.len() < self.effort.launches {
            if taken.len() >= FEWEST_LAUNCHES && self.is_spent(begun.elapsed(), taken.len()) {
                break;
            }
            taken.push(self.launch(rng)?);
            progress();
            if self.effort.looking.is_due(taken.len()) && is_decided(&taken) {
                break;
            }
        }
        Ok(taken)
    }
}

/// What differs from launch to launch, so that no layout of memory decides a run.
pub(super) fn layout(rng: &mut StdRng) -> Conditions {
    Conditions {
        hash_seed: rng.random_range(1..=u32::MAX),
        environment_pad: rng.random_range(0..LONGEST_PADDING),
        heap_pad: rng.random_range(0..LARGEST_HEAP_PAD),
        core: cores().choose(rng).copied(),
        ..Conditions::default()
    }
}

/// The cores that this process may use; none where the system doesn't say.
fn cores() -> Vec<usize> {
    #[cfg(target_os = "linux")]
    if let Ok(allowed) = rustix::thread::sched_getaffinity(None) {
        let all = 0..rustix::thread::CpuSet::MAX_CPU;
        return all.filter(|core| allowed.is_set(*core)).collect();
    }
    Vec::new()
}

/// Launches a parent with the layout that `conditions` say, and no other difference; or processes of that layout,
/// where whole ones are timed.
pub(super) fn one(
    place: &Place<'_>,
    plan: &Plan<'_>,
    conditions: &Conditions,
) -> Result<Launch, Failure> {
    let (start, Place { target, folder, workload }) = (parent(conditions), *place);
    match workload.subject {
        Subject::Process => launch_processes(&start, target, folder, plan),
        Subject::Call | Subject::Installation => launch(&start, target, (workload, folder), plan),
    }
}

/// How a parent is started.
pub(super) fn parent(conditions: &Conditions) -> Spawn {
    let mut limits = Limits::default();
    limits.deadline *= 12;
    let padding = "x".repeat(conditions.environment_pad);
    Spawn {
        environment: vec![("TOLLGATE_PADDING".into(), padding.into())],
        hash_seed: Some(conditions.hash_seed),
        ..Spawn::new(limits)
    }
}
