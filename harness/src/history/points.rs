//! Where a series changes: E-divisive means.
//!
//! Matteson and James, “A nonparametric approach for multiple change point analysis of multivariate
//! data” (JASA 109, 2014), with exponent 1: a series is divided where the two sides differ most in their
//! energy distance, and the division stands if hardly any shuffled series can be divided as well. Then
//! each side is divided in its turn. It is what `MongoDB` and others use for the history of benchmarks
//! (Daly et al., ICPE 2020): it assumes no distribution, and one night that stands out is no change.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

/// The fewest values on each side of a change: what lasted for less is no news yet.
const SMALLEST: usize = 3;
/// How many shuffled series each division is held against.
const SHUFFLED: u32 = 999;
/// How many of these may be divided as well: 0.2 % with the series itself, because every night asks
/// again, of every series. So a step is told from about six runs on each side on.
const AS_GOOD: u32 = 1;
/// The same series always gives the same changes.
const SEED: u64 = 1;

/// The positions in `series` at which it changes, in order: each is the first of its kind.
pub fn change_points(series: &[f64]) -> Vec<usize> {
    let mut points = Vec::new();
    divide(series, 0, &mut StdRng::seed_from_u64(SEED), &mut points);
    points.sort_unstable();
    points
}

fn divide(series: &[f64], offset: usize, random: &mut StdRng, points: &mut Vec<usize>) {
    let Some((point, distance)) = best(series) else { return };
    let mut shuffled = series.to_vec();
    let mut as_good = 0;
    for _ in 0..SHUFFLED {
        shuffled.shuffle(random);
        as_good += u32::from(best(&shuffled).is_some_and(|(_, other)| other >= distance));
        // most series have no change, and show it soon
        if as_good > AS_GOOD {
            return;
        }
    }
    points.push(offset + point);
    let (before, after) = series.split_at(point);
    divide(before, offset, random, points);
    divide(after, offset + point, random, points);
}

/// Where the two sides differ most, and by how much. Nothing for a series that is too short.
fn best(series: &[f64]) -> Option<(usize, f64)> {
    let count = series.len();
    if count < 2 * SMALLEST {
        return None;
    }
    // sums of distances: within what is before the point, within the rest, and between them
    let (mut before, mut between) = (0.0, 0.0);
    let mut after: f64 = (0..count).map(|one| distances(series[one], &series[one + 1..])).sum();
    let mut best = None;
    for point in 1..=count - SMALLEST {
        // this value changes sides
        let value = series[point - 1];
        let (left, right) =
            (distances(value, &series[..point - 1]), distances(value, &series[point..]));
        before += left;
        between += right - left;
        after -= right;
        if point < SMALLEST {
            continue;
        }
        let (one, other) = (size(point), size(count - point));
        let pairs = |size: f64| size * (size - 1.0) / 2.0;
        let distance = 2.0 * between / (one * other) - before / pairs(one) - after / pairs(other);
        let scaled = one * other / (one + other) * distance;
        if best.is_none_or(|(_, most)| scaled > most) {
            best = Some((point, scaled));
        }
    }
    best
}

fn distances(value: f64, others: &[f64]) -> f64 {
    others.iter().map(|other| (value - other).abs()).sum()
}

fn size(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    /// Values around each level, with noise of this size on both sides.
    fn series(levels: &[(usize, f64)], noise: f64, seed: u64) -> Vec<f64> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut disturbed = |level: f64| level + noise * (2.0 * random.random::<f64>() - 1.0);
        levels.iter().flat_map(|(count, level)| vec![*level; *count]).map(&mut disturbed).collect()
    }

    #[test]
    fn steps_are_found_where_they_are() {
        for seed in 0..10 {
            let steps = series(&[(20, 0.03), (15, 0.08), (25, 0.04)], 0.01, seed);
            let [first, second] = change_points(&steps)[..] else { panic!("seed {seed}") };
            // the value beside a step may be told to the wrong side
            assert!(first.abs_diff(20) <= 1 && second.abs_diff(35) <= 1, "{first}, {second}");
        }
    }

    #[test]
    fn noise_is_no_change() {
        let alarms =
            (0..40).filter(|seed| !change_points(&series(&[(40, 0.03)], 0.02, *seed)).is_empty());
        let alarms = alarms.count();
        assert!(alarms <= 2, "{alarms} of 40");
    }

    #[test]
    fn one_night_is_no_change() {
        let mut night = series(&[(30, 0.03)], 0.005, 1);
        night[17] = 0.5;
        assert_eq!(change_points(&night), [0; 0]);
    }

    #[test]
    fn short_and_equal_series_have_no_changes() {
        for series in [vec![], vec![1.0], vec![1.0, 9.0, 1.0, 9.0, 9.0], vec![2.0; 50]] {
            assert_eq!(change_points(&series), [0; 0], "{series:?}");
        }
    }
}
