//! How the ratio of one run differs from that of another.
//!
//! Times of two runs are never compared. Each run gives the ratio of an arm to its own baseline, and
//! what is compared are these ratios: a difference of two means of log ratios, with launches as the
//! unit of replication on both sides (Welch's t).

use statrs::{
    distribution::{ContinuousCDF, Normal, StudentsT},
    statistics::Statistics,
};

use super::interval::WALL_CLOCK_FLOOR;

/// How much larger a ratio has become.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The new ratio divided by the old one.
    pub factor: f64,
    /// Lower end of the 95 % interval of `factor`.
    pub low: f64,
    /// Upper end of the 95 % interval of `factor`.
    pub high: f64,
    /// How probable a difference of this size is where there is none; two-sided, and not yet
    /// corrected for other comparisons, see [`super::holm()`].
    pub probability: f64,
}

/// One side of a comparison, in log ratio.
struct Side {
    mean: f64,
    /// Of the mean.
    variance: f64,
    freedom: f64,
}

impl Side {
    /// `None` with fewer than two launches, whose spread is not known.
    fn of(ratios: &[f64]) -> Option<Self> {
        let logs: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
        let count = f64::from(u32::try_from(logs.len()).unwrap_or(u32::MAX));
        (count > 1.0).then(|| {
            // what launches within one run cannot show
            let floor = WALL_CLOCK_FLOOR / Normal::standard().inverse_cdf(0.975);
            let variance = (logs.as_slice().variance() / count).max(floor * floor);
            Self { mean: logs.mean(), variance, freedom: count - 1.0 }
        })
    }
}

/// Compares the ratios that the launches of two runs showed, of the same arm to the same baseline. `None` where one of
/// them has fewer than two.
pub fn change(old: &[f64], new: &[f64]) -> Option<Change> {
    let (old, new) = (Side::of(old)?, Side::of(new)?);
    let (difference, variance) = (new.mean - old.mean, old.variance + new.variance);
    let shares = [&old, &new].map(|side| side.variance.powi(2) / side.freedom);
    let freedom = variance.powi(2) / (shares[0] + shares[1]);
    let student = StudentsT::new(0.0, 1.0, freedom).expect("each side has a degree of freedom");
    let error = variance.sqrt();
    let reach = error * student.inverse_cdf(0.975);
    Some(Change {
        factor: difference.exp(),
        low: (difference - reach).exp(),
        high: (difference + reach).exp(),
        probability: 2.0 * student.sf((difference / error).abs()),
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Launch, ratio, simulation::Machine},
        *,
    };

    const BUSY: Machine = Machine {
        delay: 0.03,
        spikes: 0.05,
        drift: 0.1,
        offset: 0.2,
        layout: 0.002,
        ..Machine::CALM
    };

    fn ratios(launches: &[Launch]) -> Vec<f64> {
        launches.iter().filter_map(|launch| ratio(launch, 0, 1)).collect()
    }

    fn changes(cost: [f64; 2]) -> Vec<Change> {
        let run = |seed, cost| ratios(&BUSY.start(seed).launches(10, 18, &[1.0, cost]));
        let pair = |seed: u64| change(&run(2 * seed, cost[0]), &run(2 * seed + 1, cost[1]));
        (0..200).map(|seed| pair(seed).expect("ten launches")).collect()
    }

    fn share(changes: &[Change], which: impl Fn(&Change) -> bool) -> f64 {
        let count = |number: usize| f64::from(u32::try_from(number).expect("few"));
        count(changes.iter().filter(|change| which(change)).count()) / count(changes.len())
    }

    #[test]
    fn intervals_hold_the_true_change() {
        for (cost, factor) in [([1.0, 1.0], 1.0), ([1.1, 1.155], 1.05), ([1.2, 1.08], 0.9)] {
            let covered = share(&changes(cost), |it| it.low <= factor && factor <= it.high);
            assert!(covered >= 0.9, "{cost:?}: {covered}");
        }
    }

    #[test]
    fn probabilities_of_equals_are_even() {
        let equal = changes([1.03, 1.03]);
        for level in [0.05, 0.5] {
            let below = share(&equal, |it| it.probability < level);
            assert!(below <= level + 0.1, "{level}: {below}");
        }
    }

    #[test]
    fn two_launches_on_each_side_are_needed() {
        let run = |launches| ratios(&Machine::CALM.start(1).launches(launches, 8, &[1.0, 1.0]));
        assert!(change(&run(2), &run(2)).is_some());
        assert_eq!((change(&run(1), &run(9)), change(&run(9), &run(0))), (None, None));
    }
}
