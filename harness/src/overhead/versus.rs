//! One interpreter against another: a build with a patch against the build without.
//!
//! They cannot share a parent, so each has its own, and what one parent's layout of memory adds or saves
//! is no longer the same for both. A block has two parents of each interpreter, with the same hash seed,
//! environment and heap pad, in lockstep: lap by lap one hands the turn on to the next. For each block the executables are
//! read from the disk anew, so that their place in memory is another one. There are many blocks, and the floor is wider. What
//! the second parents show beside the first of the same interpreter is what this design makes of no difference.

use std::{sync::mpsc, thread, time::Instant};

use rand::{RngExt, rngs::StdRng};
use tempfile::TempDir;

use super::{
    Effort, OverheadError,
    launches::{Place, SETTLING, layout, one},
    page_cache::CodeFiles,
    random,
    workload::WorkloadKind,
};
use crate::{
    measure::{self, Control, Estimate, Looking, Margin, Round, Rules, Verdict, order},
    strategy::Strategy,
    tree,
    worker::{Arm, Launch, Measured, Plan, Quantity, Seat, Subject, Target, ring},
};

/// What a comparison of two executables showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Versus {
    /// Time on the candidate over time on the base. Its verdict is `Unfit` if the control failed.
    pub estimate: Estimate,
    /// Either interpreter over itself: its second parents over its first.
    pub again: Estimate,
}

/// Parents of a block: the base's, the candidate's, and one more of each. In the ring those of one interpreter never
/// follow each other, because whoever does finds the interpreter's code in the caches, and is faster.
const PARENTS: usize = 4;
const BASE: usize = 0;
const CANDIDATE: usize = 1;

/// What one block measured.
#[derive(Debug, Default)]
struct Block {
    /// The base and the candidate; each round is there twice, once for each pair of parents.
    change: measure::Launch,
    /// The first and the second parent of an interpreter, in rounds of the base's and rounds of the candidate's.
    again: measure::Launch,
}

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
    let arms = [(&base, strategies[0]), (&candidate, strategies[1])];
    let arms = arms
        .map(|((target, folder), strategy)| (Place { target, folder, workload: &code }, strategy));
    for arm in &arms {
        if let Some(complaint) = parent(arm, &layout(&mut random(seed, &[])), 0, None)?.complaint {
            return Err(OverheadError::Workload(complaint));
        }
    }
    let code_files = CodeFiles::of([arms[BASE].0.target, arms[CANDIDATE].0.target])?;
    let mut rng = random(seed, &["versus", workload.name()]);
    let begun = Instant::now();
    let mut blocks = Vec::new();
    while blocks.len() < effort.launches {
        let spent = effort.budget.is_some_and(|budget| begun.elapsed() >= budget);
        if spent && blocks.len() >= 2 {
            break;
        }
        code_files.forget();
        blocks.push(block(&arms, effort.rounds, blocks.len(), &mut rng)?);
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

/// Where an interpreter runs, and under what.
type Entrant<'a> = (Place<'a>, &'a Strategy);

/// Two parents of each interpreter, alike in all that can be set.
fn block(
    arms: &[Entrant<'_>; 2],
    rounds: usize,
    number: usize,
    rng: &mut StdRng,
) -> Result<Block, OverheadError> {
    let conditions = layout(rng);
    let launches = if arms[BASE].0.workload.subject == Subject::Process {
        let order = order(PARENTS, number, rng.random_range(0..PARENTS));
        one_by_one(arms, &order, &conditions, rounds)?
    } else {
        let mut order = [0, 1, 2, 3];
        order.rotate_left(number % PARENTS);
        in_lockstep(arms, order, &conditions, rounds)?
    };
    Ok(Block::of(&launches.map(laps), rounds))
}

/// Whole processes have no laps.
fn one_by_one(
    arms: &[Entrant<'_>; 2],
    order: &[usize],
    conditions: &super::Conditions,
    rounds: usize,
) -> Result<[Launch; PARENTS], OverheadError> {
    let mut launches = [const { Launch { samples: Vec::new(), complaint: None } }; PARENTS];
    for &number in order {
        launches[number] = parent(&arms[number % 2], conditions, rounds, None)?;
    }
    Ok(launches)
}

/// The parents run at the same time, and only one of them at a time does anything.
fn in_lockstep(
    arms: &[Entrant<'_>; 2],
    order: [usize; PARENTS],
    conditions: &super::Conditions,
    rounds: usize,
) -> Result<[Launch; PARENTS], OverheadError> {
    let seats = ring(PARENTS)?;
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for (number, seat) in order.into_iter().zip(seats) {
            let (tell, arm) = (tell.clone(), &arms[number % 2]);
            scope.spawn(move || {
                let launch = parent(arm, conditions, rounds, Some(seat));
                // we listen for as long as anybody may have something to tell
                drop(tell.send((number, launch)));
            });
        }
    });
    drop(tell);
    let mut launches = [const { Launch { samples: Vec::new(), complaint: None } }; PARENTS];
    // when one fails the others end because of it: the first to end is the one that failed by itself
    for (number, launch) in told {
        launches[number] = launch?;
    }
    Ok(launches)
}

fn parent(
    (place, strategy): &Entrant<'_>,
    conditions: &super::Conditions,
    rounds: usize,
    seat: Option<Seat>,
) -> Result<Launch, OverheadError> {
    let arms = [Arm::plain(strategy)];
    let plan = Plan {
        arms: &arms,
        order: vec![0; WARM_UP + rounds],
        warm_up: WARM_UP,
        pad: conditions.heap_pad,
        core: conditions.core,
        seat,
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

impl Block {
    /// `parents` are the laps of each parent's samples, by its number.
    fn of(parents: &[Vec<Option<Vec<u64>>>; PARENTS], rounds: usize) -> Self {
        let laps = |parent: usize, index| parents[parent].get(index).cloned().flatten();
        let rounds = |pairs: [[usize; 2]; 2]| {
            let round =
                |index| pairs.map(|pair| Round { laps: pair.map(|it| laps(it, index)).into() });
            measure::Launch { rounds: (0..rounds).flat_map(round).collect() }
        };
        Self { change: rounds([[0, 1], [2, 3]]), again: rounds([[0, 2], [1, 3]]) }
    }
}

fn judge(blocks: &[Block], looking: Looking) -> Option<Versus> {
    let rules = Rules::of_own_parents(Margin::default()).at(looking.confidence(blocks.len()));
    let compare = |of: fn(&Block) -> &measure::Launch| {
        let launches: Vec<_> = blocks.iter().map(|block| of(block).clone()).collect();
        measure::compare(&launches, BASE, CANDIDATE, rules)
    };
    let (estimate, again) = (compare(|it| &it.change)?, compare(|it| &it.again)?);
    let estimate = if Control::Again.holds(Some(&again), &rules) {
        estimate.above(measure::noise(&again).unwrap_or(f64::INFINITY))
    } else {
        Estimate { verdict: Verdict::Unfit, ..estimate }
    };
    Some(Versus { estimate, again })
}
