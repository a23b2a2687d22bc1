//! One interpreter against another: a build with a patch against the build without.
//!
//! They cannot share a parent, so each has its own, and what one parent's layout of memory adds or saves
//! is no longer the same for both. Parents take turns, launch by launch, with the same hash seed,
//! environment and heap pad for all of a block; there are many blocks, and the floor is wider. A third arm
//! is the baseline's executable again, with parents of its own: what it shows is what this design makes of
//! no difference.

use std::time::Instant;

use rand::{RngExt, rngs::StdRng};
use tempfile::TempDir;

use super::{
    Effort, OverheadError,
    launches::{Place, SETTLING, layout, one},
    random,
    workload::WorkloadKind,
};
use crate::{
    measure::{self, Control, Estimate, Looking, Margin, Round, Rules, Verdict, order},
    strategy::Strategy,
    tree,
    worker::{Arm, Launch, Measured, Plan, Quantity, Target},
};

/// What a comparison of two executables showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Versus {
    /// Time on the candidate over time on the base. Its verdict is `Unfit` if the control failed.
    pub estimate: Estimate,
    /// The base over itself, each with parents of its own.
    pub again: Estimate,
}

/// The base, the base again, and the candidate.
const ARMS: usize = 3;
const BASE: usize = 0;
const AGAIN: usize = 1;
const CANDIDATE: usize = 2;

const WARM_UP: usize = 2;

impl Effort {
    /// For [`versus`]: four times the launches of arms that share a parent, each of fewer samples,
    /// because it is the launches that differ.
    pub const VERSUS: Self = Self { launches: 80, rounds: 12, budget: None, ..Self::FULL };
}

/// Times `workload` on two interpreters, each under its own `strategies` entry: the baseline's for
/// what a patch costs when nobody listens, or a strategy's. `progress` is called after every block.
///
/// `None` where no block has a usable sample of every arm.
pub fn versus(
    (base, candidate): (&Target, &Target),
    strategies: [&Strategy; 2],
    workload: WorkloadKind,
    (effort, seed): (Effort, u64),
    progress: &dyn Fn(),
) -> Result<Option<Versus>, OverheadError> {
    // each has byte code of its own, and folders with names of the same length
    let folders = [base, candidate].map(|_| TempDir::with_prefix_in("tollgate-", tree::place()));
    let [first, second] = folders;
    let (first, second) = (first?, second?);
    let code = workload.code();
    let place = |target, folder: &TempDir| -> Result<_, OverheadError> {
        workload.write(folder.path())?;
        Ok((target, folder.path().to_owned()))
    };
    let (base, candidate) = (place(base, &first)?, place(candidate, &second)?);
    let arms = [(&base, strategies[0]), (&base, strategies[0]), (&candidate, strategies[1])];
    for ((target, folder), strategy) in [arms[BASE], arms[CANDIDATE]] {
        let place = Place { target, folder, workload: &code };
        if let Some(complaint) =
            parent(&place, strategy, &layout(&mut random(seed, &[])), 0)?.complaint
        {
            return Err(OverheadError::Workload(complaint));
        }
    }
    let mut rng = random(seed, &["versus", workload.name()]);
    let begun = Instant::now();
    let mut blocks = Vec::new();
    while blocks.len() < effort.launches {
        let spent = effort.budget.is_some_and(|budget| begun.elapsed() >= budget);
        if spent && blocks.len() >= 2 {
            break;
        }
        let places = arms.map(|((target, folder), strategy)| {
            (Place { target, folder, workload: &code }, strategy)
        });
        blocks.push(block(&places, effort.rounds, blocks.len(), &mut rng)?);
        progress();
        let is_decided = |it: Versus| it.estimate.verdict != Verdict::Inconclusive;
        if effort.looking.is_due(blocks.len())
            && judge(&blocks, effort.looking).is_some_and(is_decided)
        {
            break;
        }
    }
    Ok(judge(&blocks, effort.looking))
}

/// One parent of each arm, one after the other, alike in all that can be set.
fn block(
    places: &[(Place<'_>, &Strategy); ARMS],
    rounds: usize,
    number: usize,
    rng: &mut StdRng,
) -> Result<measure::Launch, OverheadError> {
    let conditions = layout(rng);
    let mut samples = vec![Vec::new(); ARMS];
    for arm in order(ARMS, number, rng.random_range(0..2 * ARMS)) {
        let (place, strategy) = &places[arm];
        samples[arm] = laps(parent(place, strategy, &conditions, rounds)?);
    }
    let round = |index| Round {
        laps: samples.iter().map(|arm| arm.get(index).cloned().flatten()).collect(),
    };
    Ok(measure::Launch { rounds: (0..rounds).map(round).collect() })
}

fn parent(
    place: &Place<'_>,
    strategy: &Strategy,
    conditions: &super::Conditions,
    rounds: usize,
) -> Result<Launch, OverheadError> {
    let arms = [Arm::plain(strategy)];
    let plan = Plan {
        arms: &arms,
        order: vec![0; WARM_UP + rounds],
        warm_up: WARM_UP,
        pad: conditions.heap_pad,
        core: conditions.core,
        settling: SETTLING,
        quantity: Quantity::Time,
    };
    let mut launch = one(place, &plan, conditions)?;
    launch.samples.drain(..WARM_UP.min(launch.samples.len()));
    Ok(launch)
}

/// A sample that did other things than the first of its launch is void.
fn laps(launch: Launch) -> Vec<Option<Vec<u64>>> {
    let measured = launch.samples.into_iter().map(|sample| sample.measured);
    let mut measured: Vec<_> = measured.collect();
    let digest = measured.iter().flatten().next().map(|it| it.digest);
    let valid = |it: &mut Option<Measured>| {
        it.take().filter(|it| Some(it.digest) == digest).map(|it| it.laps)
    };
    measured.iter_mut().map(valid).collect()
}

fn judge(blocks: &[measure::Launch], looking: Looking) -> Option<Versus> {
    let rules = Rules::of_own_parents(Margin::default()).at(looking.confidence(blocks.len()));
    let again = measure::compare(blocks, BASE, AGAIN, rules)?;
    let estimate = measure::compare(blocks, BASE, CANDIDATE, rules)?;
    let estimate = if Control::Again.holds(Some(&again), &rules) {
        estimate.above(measure::noise(&again).unwrap_or(f64::INFINITY))
    } else {
        Estimate { verdict: Verdict::Unfit, ..estimate }
    };
    Some(Versus { estimate, again })
}
