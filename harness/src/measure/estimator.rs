//! One number per launch: how much slower the arm was than the baseline.
//!
//! Of ten rounds and more it is for each lap the estimate of Hodges and Lehmann from pairs: the median of the means of every
//! two log ratios of laps that were timed in the same round. What happens to both laps of a pair falls out,
//! and what happens to one of them is an outlier, of which a quarter of the pairs may be. Laps are added up, each weighed by what
//! the baseline takes there. Of fewer rounds it is the same estimate of all laps together; and of fewer laps too,
//! where one outlier is too many, the ratio of the fastest halves: disturbances only ever make a lap slower.
//!
//! Standard deviations of the log ratio of the baseline to itself, in percent. Simulated
//! (`cargo test -p tollgate --lib estimator -- --nocapture` prints all of it; bold is what is used):
//!
//! | disturbed by | rounds | pairs | all | half | quarter |
//! |---|--:|--:|--:|--:|--:|
//! | jitter of 3 % | 4 | 2.2 | 2.1 | **2.4** | 2.9 |
//! | | 18 | **1.1** | 1.0 | 1.3 | 1.5 |
//! | … and drift of 20 % | 4 | 2.2 | 2.1 | **2.9** | 4.0 |
//! | | 18 | **1.1** | 1.0 | 1.4 | 1.8 |
//! | … and spikes, 5 % | 4 | 11.0 | 24.8 | **5.1** | 3.0 |
//! | | 18 | **1.3** | 13.0 | 1.3 | 1.5 |
//! | … and delays of 20 % | 4 | 10.2 | 10.8 | **8.1** | 7.9 |
//! | | 18 | **4.5** | 5.2 | 3.2 | 2.8 |
//! | … and a contended core | 4 | 9.6 | 10.3 | **19.2** | 24.2 |
//! | | 18 | **2.3** | 4.1 | 8.6 | 13.8 |
//! | all of these | 4 | 21.3 | 30.6 | **21.5** | 27.1 |
//! | | 18 | **7.8** | 14.5 | 9.6 | 13.2 |
//!
//! and measured once, by scripts that were not kept: cold imports of 100 modules, six arms alike or nearly so, 18 rounds a launch, on two cores whose
//! hyperthreads others used: a sample took 12.6 ms at best and 22 in the middle, and the pace changed by a
//! factor of two after 10 to 1,000 ms. The lowest and the highest of five arms:
//!
//! | series | pairs | median of pairs | mean of pairs | half | quarter |
//! |---|--:|--:|--:|--:|--:|
//! | 16 launches | 2.7 to 5.1 | 2.0 to 3.7 | 3.5 to 5.9 | 4.0 to 8.2 | 5.0 to 8.6 |
//! | 33 launches | 3.0 to 4.2 | 2.2 to 3.7 | 4.2 to 6.1 | 4.0 to 7.1 | 6.2 to 9.2 |
//!
//! The fastest quarter was used until this was seen. It needs four times the launches there, and is better only where
//! most samples are delayed, each on its own. The median of pairs wastes a third of the samples of a steady
//! machine. What the fast end says stands beside the estimate: it is about the cost when nothing disturbs.
//!
//! Both tables are about samples in one piece. In lockstep what is left of a changing pace are the laps in which it
//! changes: `benches/METHODOLOGY.md` has what that is worth.

use statrs::statistics::Statistics;

use super::Pair;

/// From how many pairs on an estimate can do without some of them, and a quarter of the samples is enough to average.
const MANY: usize = 10;

/// Logarithm of the ratio of arm to baseline; `None` without a pair.
pub(super) fn log_ratio(pairs: &[Pair]) -> Option<f64> {
    let laps = laps(pairs);
    if pairs.len() >= MANY {
        log_ratio_of_laps(pairs, laps)
    } else if pairs.len() * laps >= MANY {
        let all: Vec<_> = (0..laps).flat_map(|lap| log_ratios(pairs, lap)).collect();
        hodges_lehmann(&all)
    } else {
        log_ratio_of_fastest(pairs)
    }
}

fn laps(pairs: &[Pair]) -> usize {
    pairs.first().map_or(0, |pair| pair.baseline.len())
}

/// The logarithms of the ratio in one lap, of each round.
fn log_ratios(pairs: &[Pair], lap: usize) -> impl Iterator<Item = f64> {
    pairs.iter().map(move |pair| (pair.arm[lap] / pair.baseline[lap]).ln())
}

/// Each lap's ratio, weighed by what the lap takes undisturbed: laps are not alike, and a strategy costs in some what it
/// doesn't in others.
fn log_ratio_of_laps(pairs: &[Pair], laps: usize) -> Option<f64> {
    let (mut baseline, mut arm) = (0.0, 0.0);
    for lap in 0..laps {
        let weight = lowest_mean(pairs.iter().map(|pair| pair.baseline[lap]), 4)?;
        baseline += weight;
        arm += weight * hodges_lehmann(&log_ratios(pairs, lap).collect::<Vec<_>>())?.exp();
    }
    (baseline > 0.0).then(|| (arm / baseline).ln())
}

/// Hodges and Lehmann's estimate: the median of the means of every two numbers, and of each with itself.
fn hodges_lehmann(numbers: &[f64]) -> Option<f64> {
    let mut means = Vec::with_capacity(numbers.len() * (numbers.len() + 1) / 2);
    for (index, first) in numbers.iter().enumerate() {
        means.extend(numbers[index..].iter().map(|second| f64::midpoint(*first, *second)));
    }
    let (middle, is_even) = (means.len().checked_sub(1)? / 2, means.len().is_multiple_of(2));
    let (_, low, above) = means.select_nth_unstable_by(middle, f64::total_cmp);
    let low = *low;
    let next = above.iter().copied().min_by(f64::total_cmp);
    let high = next.filter(|_| is_even).unwrap_or(low);
    Some(f64::midpoint(low, high))
}

/// The same from the fastest samples of both arms: a half, or of ten and more a quarter.
pub(super) fn log_ratio_of_fastest(pairs: &[Pair]) -> Option<f64> {
    log_ratio_of_lowest(pairs, if pairs.len() < MANY { 2 } else { 4 })
}

/// The same from the fastest of `parts` equal parts of each lap of each arm.
fn log_ratio_of_lowest(pairs: &[Pair], parts: usize) -> Option<f64> {
    let (mut baseline, mut arm) = (0.0, 0.0);
    for lap in 0..laps(pairs) {
        baseline += lowest_mean(pairs.iter().map(|pair| pair.baseline[lap]), parts)?;
        arm += lowest_mean(pairs.iter().map(|pair| pair.arm[lap]), parts)?;
    }
    (baseline > 0.0).then(|| (arm / baseline).ln())
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
        for (logs, expected) in [
            (&[0.3][..], 0.3),
            (&[0.0, 1.0], 0.5),
            // means of 0, 0.5, 1, 50, 50.5 and 100
            (&[0.0, 1.0, 100.0], 25.5),
        ] {
            let found = hodges_lehmann(logs).expect("numbers");
            assert!((found - expected).abs() < 1e-9, "{logs:?}: {found}");
        }
        assert_eq!(hodges_lehmann(&[]), None);
    }

    const JITTER: Machine = Machine::CALM;
    const CONTENDED: Machine = Machine { contended: 1.0, ..JITTER };
    const MACHINES: [(&str, Machine); 7] = [
        ("jitter of 3 %", JITTER),
        ("… and drift of 20 %", Machine { drift: 0.2, ..JITTER }),
        ("… and shifts of pace", Machine { shifts: 0.1, ..JITTER }),
        ("… and spikes, 5 %", Machine { spikes: 0.05, ..JITTER }),
        ("… and delays of 20 %", Machine { delay: 0.2, ..JITTER }),
        ("… and a contended core", CONTENDED),
        (
            "all of these",
            Machine { drift: 0.2, shifts: 0.1, spikes: 0.05, delay: 0.2, ..CONTENDED },
        ),
    ];

    /// Standard deviation of the baseline's log ratio to itself, in percent: from pairs, and from all, a
    /// half and a quarter of each arm's samples.
    fn deviations(machine: Machine, rounds: u32) -> [f64; 4] {
        let launches = machine.start(1).launches(500, rounds, &[1.0, 1.0]);
        let pairs: Vec<_> = launches.iter().map(|launch| pairs(launch, 0, 1)).collect();
        let deviation = |estimate: &dyn Fn(&[Pair]) -> Option<f64>| {
            let logs = pairs.iter().filter_map(|pairs| estimate(pairs));
            100.0 * logs.collect::<Vec<_>>().std_dev()
        };
        let lowest = |parts| deviation(&move |pairs| log_ratio_of_lowest(pairs, parts));
        let of_pairs = |pairs: &[Pair]| hodges_lehmann(&log_ratios(pairs, 0).collect::<Vec<_>>());
        [deviation(&of_pairs), lowest(1), lowest(2), lowest(4)]
    }

    #[test]
    fn pairs_are_best_where_the_pace_changes_and_half_is_safe_with_few_of_them() {
        for (name, machine) in MACHINES {
            for rounds in [4, 18] {
                let [pairs, all, half, quarter] = deviations(machine, rounds);
                println!(
                    "//! | {name} | {rounds} | {pairs:.1} | {all:.1} | {half:.1} | {quarter:.1} |"
                );
                let (used, other) = if rounds == 18 { (pairs, half) } else { (half, pairs) };
                assert!(
                    used < 1.5 * other || machine.contended > 0.0,
                    "{name}: {used} and {other}"
                );
            }
        }
        let [pairs, _, half, quarter] = deviations(CONTENDED, 18);
        assert!(pairs < 0.7 * f64::min(half, quarter));
    }
}
