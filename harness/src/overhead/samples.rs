//! From the samples of all launches to what each strategy costs.

use std::collections::HashMap;

use super::{
    Cost,
    arms::{BASELINE, Entry},
    launches::Taken,
};
use crate::{
    measure::{self, Control, Estimate, Round, Rules, Verdict, holm},
    worker::{Launch, Sample},
};

/// What is known of all arms of one workload after some launches.
pub(super) struct Group<'a> {
    entries: &'a [Entry],
    launches: Vec<measure::Launch>,
    estimates: Vec<Option<Estimate>>,
    rules: Rules,
}

impl<'a> Group<'a> {
    /// Estimates every arm against the baseline, corrects for their number, and holds the controls
    /// against what they must show.
    pub(super) fn of(taken: &[Taken], entries: &'a [Entry], rules: Rules) -> Self {
        let launches = Self::launches(taken, entries.len());
        let estimates = Self::estimates(taken, entries, rules);
        let mut group = Self { entries, launches, estimates, rules };
        group.correct();
        group.hold_against_controls();
        group
    }

    /// The rounds of all launches, with what does not count left out.
    pub(super) fn launches(taken: &[Taken], arms: usize) -> Vec<measure::Launch> {
        let usual = usual_digests(taken.iter().map(|taken| &taken.launch));
        taken.iter().map(|taken| rounds(&taken.launch, arms, &usual)).collect()
    }

    /// The estimate of every arm, the baseline included, with nothing made of it.
    pub(super) fn estimates(
        taken: &[Taken],
        entries: &[Entry],
        rules: Rules,
    ) -> Vec<Option<Estimate>> {
        let launches = Self::launches(taken, entries.len());
        let estimate = |arm| measure::compare(&launches, BASELINE, arm, rules);
        (0..entries.len()).map(estimate).collect()
    }

    /// The arms that are asked about.
    pub(super) fn asked(&self) -> impl Iterator<Item = usize> {
        (BASELINE + 1..self.entries.len()).filter(|arm| self.entries[*arm].control.is_none())
    }

    /// Whether something can be said of each strategy.
    pub(super) fn is_decided(&self) -> bool {
        self.asked()
            .all(|arm| self.estimates[arm].is_some_and(|it| it.verdict != Verdict::Inconclusive))
    }

    /// Takes back differences that are none when it is considered how many arms there are.
    fn correct(&mut self) {
        let asked: Vec<_> = self.asked().collect();
        let p_values: Vec<_> = asked
            .iter()
            .map(|arm| self.estimates[*arm].and_then(|it| it.p).unwrap_or(1.0))
            .collect();
        for (arm, p) in asked.into_iter().zip(holm(&p_values)) {
            if let Some(estimate) = &mut self.estimates[arm] {
                let differs = matches!(estimate.verdict, Verdict::Slower | Verdict::Faster);
                if differs && p >= 1.0 - self.rules.confidence {
                    estimate.verdict = Verdict::Inconclusive;
                }
            }
        }
    }

    /// Whether a control shows what it must; nothing if it is none.
    pub(super) fn holds(&self, arm: usize) -> Option<bool> {
        let control = self.entries[arm].control?;
        Some(control.holds(self.estimates[arm].as_ref(), &self.rules))
    }

    /// No difference is told that the baseline shows against itself, or that is smaller than a known
    /// one which was missed; and none at all where something differs that does not.
    fn hold_against_controls(&mut self) {
        let failed = |control| {
            let mut arms = 0..self.entries.len();
            arms.find(|arm| {
                self.entries[*arm].control == Some(control) && self.holds(*arm) == Some(false)
            })
        };
        let sees_ghosts = failed(Control::Again).or(failed(Control::Sham)).is_some();
        let missed = failed(Control::Planted).map_or(0.0, |arm| self.entries[arm].planted);
        let again = self.entries.iter().position(|entry| entry.control == Some(Control::Again));
        let again = again.and_then(|arm| self.estimates[arm].as_ref());
        let floor = again.and_then(measure::noise).unwrap_or(f64::INFINITY).max(missed);
        for arm in self.asked().collect::<Vec<_>>() {
            self.estimates[arm] = self.estimates[arm].map(|estimate| {
                if sees_ghosts {
                    Estimate { verdict: Verdict::Unfit, ..estimate }
                } else {
                    estimate.above(floor)
                }
            });
        }
    }

    /// What each launch says of an arm.
    fn ratios(&self, arm: usize) -> Vec<Option<f64>> {
        self.launches.iter().map(|launch| measure::ratio(launch, BASELINE, arm)).collect()
    }

    /// The cost of every arm but the baseline.
    pub(super) fn costs(&self, taken: &[Taken], workload: (&'static str, usize)) -> Vec<Cost> {
        let complaint = taken.iter().find_map(|taken| taken.launch.complaint.clone());
        (BASELINE + 1..self.entries.len())
            .map(|arm| {
                let pairs: Vec<Vec<_>> =
                    self.launches.iter().map(|launch| pairs(launch, arm)).collect();
                let void = pairs.iter().flatten().filter(|pair| pair[1].is_none()).count();
                Cost {
                    strategy: self.entries[arm].name.clone(),
                    control: self.entries[arm].control,
                    holds: self.holds(arm),
                    known: self.entries[arm].known(),
                    workload: workload.0,
                    operations: workload.1,
                    confidence: self.rules.confidence,
                    estimate: self.estimates[arm],
                    confirmation: None,
                    counted: None,
                    void,
                    ratios: self.ratios(arm),
                    complaint: complaint.clone().filter(|_| void > 0),
                    pairs,
                    conditions: if arm == BASELINE + 1 { conditions(taken) } else { Vec::new() },
                }
            })
            .collect()
    }
}

fn conditions(taken: &[Taken]) -> Vec<super::Conditions> {
    taken.iter().map(|taken| taken.conditions).collect()
}

fn pairs(launch: &measure::Launch, arm: usize) -> Vec<[Option<u64>; 2]> {
    launch.rounds.iter().map(|round| [BASELINE, arm].map(|arm| round.nanos(arm))).collect()
}

/// What a sample of each arm does: the digest of its events and modules that is most frequent.
/// Imports are deterministic: a sample with another one did not do what the others did, and its time
/// says nothing.
fn usual_digests<'a>(launches: impl Iterator<Item = &'a Launch>) -> HashMap<usize, u64> {
    let mut counts: HashMap<(usize, u64), usize> = HashMap::new();
    for sample in launches.flat_map(|launch| &launch.samples) {
        if let Some(measured) = &sample.measured {
            *counts.entry((sample.arm, measured.digest)).or_default() += 1;
        }
    }
    let mut usual: HashMap<usize, (usize, u64)> = HashMap::new();
    for ((arm, digest), count) in counts {
        let best = usual.entry(arm).or_default();
        *best = (*best).max((count, digest));
    }
    usual.into_iter().map(|(arm, (_, digest))| (arm, digest)).collect()
}

fn rounds(launch: &Launch, arms: usize, usual: &HashMap<usize, u64>) -> measure::Launch {
    let round = |samples: &[Sample]| {
        let mut laps = vec![None; arms];
        for Sample { arm, measured, .. } in samples {
            let valid = measured.as_ref().filter(|it| usual.get(arm) == Some(&it.digest));
            if let Some(slot) = laps.get_mut(*arm) {
                *slot = valid.map(|measured| measured.laps.clone());
            }
        }
        Round { laps }
    };
    measure::Launch { rounds: launch.samples.chunks(arms).map(round).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::Measured;

    fn launch(samples: &[(usize, u64, u64)]) -> Launch {
        let sample = |&(arm, nanos, digest)| Sample {
            arm,
            child: 1,
            measured: Some(Measured { laps: vec![nanos], digest, ..Measured::default() }),
        };
        Launch { samples: samples.iter().map(sample).collect(), complaint: None }
    }

    #[test]
    fn a_sample_with_other_events_is_void() {
        let launches =
            [launch(&[(0, 10, 0), (1, 11, 7), (1, 12, 7), (0, 13, 0), (0, 14, 0), (1, 5, 3)])];
        let usual = usual_digests(launches.iter());
        let rounds = rounds(&launches[0], 2, &usual).rounds;
        let nanos: Vec<_> = rounds.iter().map(|round| [0, 1].map(|arm| round.nanos(arm))).collect();
        assert_eq!(nanos, [[Some(10), Some(11)], [Some(13), Some(12)], [Some(14), None]]);
    }
}
