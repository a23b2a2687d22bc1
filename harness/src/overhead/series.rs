//! A long series of launches of arms whose result is known: what calibration is made of.
//!
//! It is cut into windows, each of which is what one run of two arms would have measured in its time. So
//! how often such runs are right is counted and not computed.

use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{
    Effort, OverheadError, WorkloadKind,
    arms::{Entry, sham},
    launches::{Place, Sampler, Taken},
    random,
    samples::Group,
};
use crate::{
    measure::{self, Estimate, Margin, Rules},
    strategy::Strategy,
    tree,
    worker::{Settling, Target},
};

/// An arm of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// The baseline, with a cost of this size planted; 0 for none.
    Planted(f64),
    /// The sham.
    Sham,
}

/// Launches of arms that are known, the first of which is what all others are compared with.
#[derive(Clone, Debug)]
pub struct Series {
    launches: Vec<measure::Launch>,
    /// How long each launch took.
    seconds: Vec<f64>,
    /// The ratio that was planted in each arm.
    known: Vec<Option<f64>>,
    /// Page faults of a sample while the clock ran, on average.
    faults: f64,
}

/// What the floor of an interval leaves to be detected: 2.8 of its standard errors.
const LEAST_DETECTABLE: f64 = 0.0029;

/// How a series is taken.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// How long.
    pub time: Duration,
    /// Rounds of each launch.
    pub rounds: usize,
    /// How pages are faulted in; the usual way unless said.
    pub settling: Settling,
    /// Seed of all that is random.
    pub seed: u64,
}

impl Course {
    /// The usual way of faulting pages in.
    pub const USUAL: Settling = super::launches::SETTLING;
}

/// Takes a series of `workload` on `target`. `progress` is called after every launch.
pub fn series(
    target: &Target,
    baseline: &Strategy,
    arms: &[Known],
    (workload, course): (WorkloadKind, Course),
    progress: &dyn Fn(),
) -> Result<Series, OverheadError> {
    let folder = TempDir::with_prefix_in("tollgate-", tree::place())?;
    workload.write(folder.path())?;
    let code = workload.code();
    let place = Place { target, folder: folder.path(), workload: &code };
    let entries: Vec<_> = arms
        .iter()
        .map(|arm| match arm {
            Known::Planted(size) => Entry::planted(baseline, *size),
            Known::Sham => sham(baseline),
        })
        .collect();
    let effort = Effort { rounds: course.rounds, ..Effort::FULL };
    let mut rng = random(course.seed, &[&target.interpreter.label(), "series"]);
    let of_entries = entries.iter().map(Entry::arm).collect();
    let mut parents = Sampler::new(place, of_entries, effort, &mut rng).settling(course.settling);
    parents.prepare()?;
    let (begun, mut taken, mut seconds) = (Instant::now(), Vec::<Taken>::new(), Vec::new());
    while begun.elapsed() < course.time || taken.len() < 2 {
        let launched = Instant::now();
        taken.push(parents.launch(&mut rng)?);
        seconds.push(launched.elapsed().as_secs_f64());
        progress();
    }
    let sum = |of: fn(&Taken) -> f64| taken.iter().map(of).sum::<f64>();
    let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let samples =
        sum(|taken| f64::from(u32::try_from(taken.conditions.samples).unwrap_or(u32::MAX)));
    let faults = number(taken.iter().map(|taken| taken.conditions.faults).sum()) / samples.max(1.0);
    let known = entries.iter().map(Entry::known).collect();
    Ok(Series { launches: Group::launches(&taken, entries.len()), seconds, known, faults })
}

impl Series {
    /// How many launches there are.
    pub fn launches(&self) -> usize {
        self.launches.len()
    }

    /// The ratio that was planted in an arm.
    pub fn known(&self, arm: usize) -> Option<f64> {
        self.known.get(arm).copied().flatten()
    }

    /// Page faults of a sample while the clock ran, on average.
    pub fn faults(&self) -> f64 {
        self.faults
    }

    /// The estimate from all launches.
    pub fn whole(&self, baseline: usize, arm: usize) -> Option<Estimate> {
        measure::compare(&self.launches, baseline, arm, Rules::new(Margin::default()))
    }

    /// The smallest effect that a run of these two arms alone would tell from none in four of five
    /// cases, had it so much time: from the spread between the launches of this series.
    pub fn detectable_in(&self, arm: usize, time: Duration) -> Option<f64> {
        let arms = f64::from(u32::try_from(self.known.len()).ok()?);
        let spent: f64 = self.seconds.iter().sum::<f64>() * 2.0 / arms;
        let seen = self.whole(0, arm)?.detectable?;
        Some(f64::max(seen * (spent / time.as_secs_f64()).sqrt(), LEAST_DETECTABLE))
    }

    /// What an undisturbed sample of the baseline takes, in nanoseconds: the median over launches of
    /// their fastest.
    pub fn fastest(&self) -> Option<u64> {
        let fastest = |launch: &measure::Launch| {
            launch.rounds.iter().filter_map(|round| round.nanos(0)).min()
        };
        let mut all: Vec<_> = self.launches.iter().filter_map(fastest).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied()
    }

    /// How long a sample takes with all that is not timed: fork, set-up, and what comes after; in
    /// nanoseconds, on average.
    pub fn each(&self) -> f64 {
        let samples: usize =
            self.launches.iter().map(|it| it.rounds.len() * self.known.len()).sum();
        let samples = f64::from(u32::try_from(samples.max(1)).unwrap_or(u32::MAX));
        self.seconds.iter().sum::<f64>() * 1e9 / samples
    }

    /// The estimates from windows of as many launches as a run of these two arms alone would have made
    /// in `time`.
    pub fn windows(&self, baseline: usize, arm: usize, time: Duration) -> Vec<Estimate> {
        let arms = self.known.len().max(1);
        let share = 2.0 / f64::from(u32::try_from(arms).unwrap_or(u32::MAX));
        let (mut windows, mut start, mut spent) = (Vec::new(), 0, 0.0);
        for (index, seconds) in self.seconds.iter().enumerate() {
            spent += seconds * share;
            if spent >= time.as_secs_f64() {
                windows.push(&self.launches[start..=index]);
                (start, spent) = (index + 1, 0.0);
            }
        }
        estimates(&windows, baseline, arm)
    }

    /// The estimates from windows of so many launches each.
    pub fn windows_of(&self, baseline: usize, arm: usize, launches: usize) -> Vec<Estimate> {
        estimates(&self.launches.chunks_exact(launches).collect::<Vec<_>>(), baseline, arm)
    }
}

fn estimates(windows: &[&[measure::Launch]], baseline: usize, arm: usize) -> Vec<Estimate> {
    let rules = Rules::new(Margin::default());
    let estimate = |window: &&[measure::Launch]| measure::compare(window, baseline, arm, rules);
    windows.iter().filter_map(estimate).collect()
}
