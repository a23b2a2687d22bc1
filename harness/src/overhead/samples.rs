//! From the samples of all launches to what each strategy costs.

use std::collections::HashMap;

use crate::{
    measure::{self, Estimate, Margin, Round},
    strategy::{Strategy, StrategyName},
    worker::{Launch, Sample},
};

/// What one strategy costs in one workload.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The strategy; the baseline for the A/A arm.
    pub strategy: StrategyName,
    /// The workload's name.
    pub workload: &'static str,
    /// Time under the strategy relative to the baseline's; nothing if no sample was usable.
    pub estimate: Option<Estimate>,
    /// Nanoseconds of baseline and strategy, one pair a round, one list a launch.
    pub pairs: Vec<Vec<[Option<u64>; 2]>>,
    /// How many of the strategy's samples are void.
    pub void: usize,
    /// What a failed child said, the first time.
    pub complaint: Option<String>,
}

const BASELINE: usize = 0;
/// The A/A arm: the baseline a second time.
const AGAIN: usize = 1;

/// The cost of every arm but the baseline.
pub(super) fn costs(
    launches: &[Launch],
    arms: &[&Strategy],
    workload: &'static str,
    margin: Margin,
) -> Vec<Cost> {
    let valid = usual_events(launches);
    let measured: Vec<_> =
        launches.iter().map(|launch| rounds(launch, arms.len(), &valid)).collect();
    let complaint = launches.iter().find_map(|launch| launch.complaint.clone());
    let again = measure::compare(&measured, BASELINE, AGAIN, margin);
    let floor = again.as_ref().and_then(measure::noise).unwrap_or(f64::INFINITY);
    let estimate = |arm| {
        let estimate = measure::compare(&measured, BASELINE, arm, margin)?;
        Some(if arm == AGAIN { estimate } else { estimate.above(floor) })
    };
    (BASELINE + 1..arms.len())
        .map(|arm| {
            let pairs: Vec<Vec<_>> = measured.iter().map(|launch| pairs(launch, arm)).collect();
            let void = pairs.iter().flatten().filter(|pair| pair[1].is_none()).count();
            Cost {
                strategy: arms[arm].name.clone(),
                workload,
                estimate: estimate(arm),
                void,
                complaint: complaint.clone().filter(|_| void > 0),
                pairs,
            }
        })
        .collect()
}

fn pairs(launch: &measure::Launch, arm: usize) -> Vec<[Option<u64>; 2]> {
    launch.rounds.iter().map(|round| [round.nanos[BASELINE], round.nanos[arm]]).collect()
}

/// How many events a sample of each arm reports. Imports are deterministic: a sample with another
/// number did not do what the others did, and its time says nothing.
fn usual_events(launches: &[Launch]) -> HashMap<usize, u64> {
    let mut counts: HashMap<(usize, u64), usize> = HashMap::new();
    for sample in launches.iter().flat_map(|launch| &launch.samples) {
        if let Some((_, events)) = sample.measured {
            *counts.entry((sample.arm, events)).or_default() += 1;
        }
    }
    let mut usual: HashMap<usize, (usize, u64)> = HashMap::new();
    for ((arm, events), count) in counts {
        let best = usual.entry(arm).or_default();
        *best = (*best).max((count, events));
    }
    usual.into_iter().map(|(arm, (_, events))| (arm, events)).collect()
}

fn rounds(launch: &Launch, arms: usize, usual: &HashMap<usize, u64>) -> measure::Launch {
    let round = |samples: &[Sample]| {
        let mut nanos = vec![None; arms];
        for sample in samples {
            let valid =
                sample.measured.filter(|(_, events)| usual.get(&sample.arm) == Some(events));
            if let Some(slot) = nanos.get_mut(sample.arm) {
                *slot = valid.map(|(nanos, _)| nanos);
            }
        }
        Round { nanos }
    };
    measure::Launch { rounds: launch.samples.chunks(arms).map(round).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(samples: &[(usize, u64, u64)]) -> Launch {
        let sample = |&(arm, nanos, events)| Sample { arm, measured: Some((nanos, events)) };
        Launch { samples: samples.iter().map(sample).collect(), complaint: None }
    }

    #[test]
    fn a_sample_with_other_events_is_void() {
        let launches =
            [launch(&[(0, 10, 0), (1, 11, 7), (1, 12, 7), (0, 13, 0), (0, 14, 0), (1, 5, 3)])];
        let usual = usual_events(&launches);
        let rounds = rounds(&launches[0], 2, &usual).rounds;
        let nanos: Vec<_> = rounds.into_iter().map(|round| round.nanos).collect();
        assert_eq!(nanos, [[Some(10), Some(11)], [Some(13), Some(12)], [Some(14), None]]);
    }
}
