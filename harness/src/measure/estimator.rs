//! One number per launch: how much slower the arm was than the baseline.
//!
//! Disturbances only ever make a sample slower, so the fast end of the samples is where two arms
//! are comparable. The mean of all samples is not usable on a shared machine, and the minimum hangs
//! on one sample. What is left is how much of the fast end to average. Standard deviations of the
//! log ratio of the baseline to itself, in percent, simulated (`cargo test -p tollgate estimator --
//! --nocapture` prints the whole table); bold is what is used:
//!
//! | disturbed by | rounds | all | half | quarter | minimum |
//! |---|--:|--:|--:|--:|--:|
//! | jitter of 3 % | 8 | 1.5 | **1.8** | 2.1 | 2.6 |
//! | the same and a drift of 20 % | 8 | 1.5 | **2.1** | 2.8 | 3.5 |
//! | the same and 5 % of spikes | 8 | 18.2 | **1.8** | 2.2 | 2.6 |
//! | the same and delays of 20 % | 8 | 8.7 | **5.5** | 4.9 | 5.1 |
//! | the same and delays of 20 % | 40 | 3.8 | 2.3 | **1.9** | 3.0 |
//!
//! and measured once, by a script that was not kept, importing 100 modules on two cores shared with
//! compilers, 4,800 rounds a series:
//!
//! | series | rounds | all | half | quarter | minimum |
//! |---|--:|--:|--:|--:|--:|
//! | first, second | 8 | 7.6, 6.7 | **6.1, 4.6** | 7.3, 3.5 | 9.5, 2.8 |
//! | first, second | 10 | 6.9, 5.9 | 5.5, 3.5 | **5.8, 2.4** | 8.9, 3.1 |
//! | first, second | 40 | 3.1, 3.0 | 1.9, 1.0 | **2.2, 0.5** | 1.1, 0.7 |
//!
//! A quarter suffers less from delays; of fewer than ten samples it is one or two of them. Where the
//! one gives way to the other is a judgement: the two series disagree, and ten was chosen after
//! seeing both, so they are no check of it.

use statrs::statistics::Statistics;

use super::Pair;

/// From how many rounds on a quarter of them is enough to average.
const MANY_ROUNDS: usize = 10;

/// Logarithm of the ratio of arm to baseline; `None` without a pair.
pub(super) fn log_ratio(pairs: &[Pair]) -> Option<f64> {
    log_ratio_of_lowest(pairs, if pairs.len() < MANY_ROUNDS { 2 } else { 4 })
}

/// Hodges and Lehmann's estimate of the same, from the pairs: the median of the means of every two
/// log ratios. It looks at all samples, so it sees what only slow ones show; `None` without a pair.
pub(super) fn hodges_lehmann(pairs: &[Pair]) -> Option<f64> {
    let logs: Vec<_> = pairs.iter().map(|pair| (pair.arm / pair.baseline).ln()).collect();
    let mut means: Vec<_> = (0..logs.len())
        .flat_map(|first| (first..logs.len()).map(move |second| (first, second)))
        .map(|(first, second)| f64::midpoint(logs[first], logs[second]))
        .collect();
    means.sort_by(f64::total_cmp);
    let (low, high) = (means.get(means.len().saturating_sub(1) / 2)?, means.get(means.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

/// [`log_ratio`] from the fastest of `parts` equal parts of each arm's samples.
fn log_ratio_of_lowest(pairs: &[Pair], parts: usize) -> Option<f64> {
    let baseline = lowest_mean(pairs.iter().map(|pair| pair.baseline), parts)?;
    let arm = lowest_mean(pairs.iter().map(|pair| pair.arm), parts)?;
    Some((arm / baseline).ln())
}

/// Mean of the lowest of `parts` equal parts of `samples`, rounded up to whole samples.
fn lowest_mean(samples: impl Iterator<Item = f64>, parts: usize) -> Option<f64> {
    let mut samples: Vec<_> = samples.collect();
    samples.sort_by(f64::total_cmp);
    samples.truncate(samples.len().div_ceil(parts));
    (!samples.is_empty()).then(|| samples.mean())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{pairs, simulation::Machine},
        *,
    };

    fn lowest(samples: &[f64], parts: usize) -> Option<f64> {
        lowest_mean(samples.iter().copied(), parts)
    }

    #[test]
    fn only_the_fastest_part_counts() {
        assert_eq!(lowest(&[9.0, 1.0, 99.0, 3.0], 2), Some(2.0));
        assert_eq!(lowest(&[9.0, 2.0, 4.0], 2), Some(3.0));
        assert_eq!(lowest(&[9.0], 4), Some(9.0));
        assert_eq!(lowest(&[], 4), None);
    }

    #[test]
    fn the_estimate_from_pairs_is_the_median_of_all_their_means() {
        let pairs = |logs: &[f64]| -> Vec<Pair> {
            logs.iter().map(|log| Pair { baseline: 2.0, arm: 2.0 * log.exp() }).collect()
        };
        for (logs, expected) in [
            (&[0.3][..], 0.3),
            (&[0.0, 1.0], 0.5),
            // means of 0, 0.5, 1, 50, 50.5 and 100
            (&[0.0, 1.0, 100.0], 25.5),
        ] {
            let found = hodges_lehmann(&pairs(logs)).expect("pairs");
            assert!((found - expected).abs() < 1e-9, "{logs:?}: {found}");
        }
        assert_eq!(hodges_lehmann(&[]), None);
    }

    const JITTER: Machine = Machine::CALM;
    const MACHINES: [(&str, Machine); 5] = [
        ("jitter of 3 %", JITTER),
        ("… and drift of 20 %", Machine { drift: 0.2, ..JITTER }),
        ("… and shifts of pace", Machine { shifts: 0.1, ..JITTER }),
        ("… and spikes, 5 %", Machine { spikes: 0.05, ..JITTER }),
        ("… and delays of 20 %", Machine { delay: 0.2, ..JITTER }),
    ];

    const PARTS: [usize; 4] = [1, 2, 4, 40];

    /// Standard deviation of the baseline's log ratio to itself, in percent, for each of [`PARTS`].
    fn deviations(machine: Machine, rounds: u32) -> [f64; 4] {
        let launches = machine.start(1).launches(500, rounds, &[1.0, 1.0]);
        let pairs: Vec<_> = launches.iter().map(|launch| pairs(launch, 0, 1)).collect();
        PARTS.map(|parts| {
            let logs = pairs.iter().filter_map(|pairs| log_ratio_of_lowest(pairs, parts));
            100.0 * logs.collect::<Vec<_>>().std_dev()
        })
    }

    /// The most, over the machines, that column `one` exceeds column `other`, as a factor.
    fn worst(table: &[[f64; 4]], one: usize, other: usize) -> f64 {
        table.iter().map(|row| row[one] / row[other]).fold(0.0, f64::max)
    }

    #[test]
    fn half_is_the_safer_part_of_few_samples_and_a_quarter_suffers_less_from_delays() {
        let [few, many] =
            [8, 40].map(|rounds| MACHINES.map(|(_, machine)| deviations(machine, rounds)));
        for (index, (name, _)) in MACHINES.iter().enumerate() {
            println!("{name:20}  8 rounds {:5.1?}  40 rounds {:5.1?}", few[index], many[index]);
        }
        assert!(worst(&few, 1, 2) < worst(&few, 2, 1));
        let [.., delayed] = many;
        assert!(delayed[2] < 0.9 * delayed[1]);
    }
}
