//! From the launches' ratios to an interval of the ratio.
//!
//! Launches are the unit of replication: samples within one share its memory layout and hash seed,
//! and an interval from pooled samples would be several times too narrow.

use statrs::{
    distribution::{ContinuousCDF, Normal, StudentsT},
    statistics::Statistics,
};

/// Half the width that the 95 % interval of a wall-clock ratio has at least, as a fraction.
///
/// Repeated measurements of one known difference gave 1.18, 1.03 and 0.90 %, a spread (0.14 %) of
/// more than twice their standard errors (0.06 %), so 0.2 % is as much as such a figure can
/// promise.
pub(super) const WALL_CLOCK_FLOOR: f64 = 0.002;

/// The same where arms have parents of their own. Eight comparisons of an executable with copies of it lay between −0.20
/// and +0.33 %, with a standard deviation of 0.17 %, however narrow their own intervals: twice that is what blocks of
/// one run cannot show.
pub(super) const OWN_PARENTS_FLOOR: f64 = 0.004;

/// Probability with which an effect of the detectable size is told from none.
const POWER: f64 = 0.8;

/// The mean of log ratios over launches, and how far it may be off.
pub(super) struct Mean {
    log: f64,
    error: Option<StandardError>,
}

/// What the spread between launches says of their mean.
struct StandardError {
    /// In log ratio, estimated from the launches.
    estimated: f64,
    /// Degrees of freedom of that estimate.
    freedom: f64,
    /// In log ratio, known beforehand: what launches within one run cannot show.
    floor: f64,
}

/// Bounds of a ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Mean {
    /// The mean of one log ratio per launch, whose 95 % interval reaches at least `floor` to both
    /// sides. `None` without a launch.
    pub(super) fn of(logs: &[f64], floor: f64) -> Option<Self> {
        (!logs.is_empty()).then(|| Self { log: logs.mean(), error: StandardError::of(logs, floor) })
    }

    /// The geometric mean of the ratios.
    pub(super) fn ratio(&self) -> f64 {
        self.log.exp()
    }

    /// The two-sided interval with `confidence`; unbounded where there is a single launch.
    pub(super) fn interval(&self, confidence: f64) -> Interval {
        let reach = self.error.as_ref().map_or(f64::INFINITY, |error| error.reach(confidence));
        Interval { low: (self.log - reach).exp(), high: (self.log + reach).exp() }
    }

    /// How likely a mean is that is as far from 1 or farther, if there is no difference; two-sided.
    /// `None` where there is a single launch.
    pub(super) fn p_value(&self) -> Option<f64> {
        Some(self.error.as_ref()?.p_value(self.log.abs()))
    }

    /// The smallest effect, as a fraction, that lifts the interval with `confidence` off 1 in four of
    /// five runs; at 95 % 2.8 standard errors where launches are many. `None` where there is a single launch.
    pub(super) fn detectable(&self, confidence: f64) -> Option<f64> {
        let error = self.error.as_ref()?;
        Some((error.reach(confidence) + error.reach(2.0 * POWER - 1.0)).exp_m1())
    }
}

impl StandardError {
    fn of(logs: &[f64], floor: f64) -> Option<Self> {
        let launches = f64::from(u32::try_from(logs.len()).unwrap_or(u32::MAX));
        (launches > 1.0).then(|| Self {
            estimated: logs.std_dev() / launches.sqrt(),
            freedom: launches - 1.0,
            floor: floor / Normal::standard().inverse_cdf(quantile(0.95)),
        })
    }

    /// Half the width of the interval with `confidence`, in log ratio.
    fn reach(&self, confidence: f64) -> f64 {
        let student = StudentsT::new(0.0, 1.0, self.freedom).expect("two launches are one degree");
        let estimated = self.estimated * student.inverse_cdf(quantile(confidence));
        estimated.max(self.floor * Normal::standard().inverse_cdf(quantile(confidence)))
    }

    /// The confidence that an interval would need to reach as far as `distance`, as what is left of it.
    fn p_value(&self, distance: f64) -> f64 {
        let student = StudentsT::new(0.0, 1.0, self.freedom).expect("two launches are one degree");
        let beyond = |error: f64, outside: &dyn Fn(f64) -> f64| {
            // without any spread a difference is certain, and equality is no difference
            let errors = if error > 0.0 { distance / error } else { f64::INFINITY };
            if distance > 0.0 { 2.0 * outside(errors) } else { 1.0 }
        };
        let estimated = beyond(self.estimated, &|errors| student.sf(errors));
        estimated.max(beyond(self.floor, &|errors| Normal::standard().sf(errors))).min(1.0)
    }
}

/// The quantile at which a two-sided interval with `confidence` ends.
fn quantile(confidence: f64) -> f64 {
    f64::midpoint(1.0, confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(launches: u32, estimated: f64) -> StandardError {
        StandardError { estimated, freedom: f64::from(launches - 1), floor: 0.0 }
    }

    /// Two-sided values of Student's t from printed tables.
    #[test]
    fn reach_is_that_of_the_tables() {
        for (launches, reach90, reach95) in [
            (2, 6.314, 12.706),
            (3, 2.920, 4.303),
            (8, 1.895, 2.365),
            (31, 1.697, 2.042),
            (100_001, 1.645, 1.960),
        ] {
            let error = error(launches, 1.0);
            assert!((error.reach(0.90) - reach90).abs() < 0.0006, "{launches} launches at 90 %");
            assert!((error.reach(0.95) - reach95).abs() < 0.0006, "{launches} launches at 95 %");
        }
    }

    #[test]
    fn p_values_and_intervals_say_the_same() {
        for (launches, floor) in [(2, 0.0), (8, 0.0), (8, 0.01), (500, 0.0)] {
            let error = StandardError { floor, ..error(launches, 0.003) };
            for confidence in [0.5, 0.95, 0.999] {
                let p = error.p_value(error.reach(confidence));
                assert!((p - (1.0 - confidence)).abs() < 1e-6, "{launches}, {floor}: {p}");
            }
        }
    }

    #[test]
    fn p_values_need_no_spread() {
        let error = StandardError { estimated: 0.0, freedom: 1.0, floor: 0.0 };
        assert_eq!((error.p_value(0.0), error.p_value(1e-9)), (1.0, 0.0));
    }

    #[test]
    fn the_detectable_effect_is_2_8_standard_errors_of_many_launches() {
        let mean = Mean { log: 0.0, error: Some(error(1000, 0.001)) };
        let detectable = mean.detectable(0.95).expect("there is a spread");
        assert!((detectable - 0.0028).abs() < 0.000_02, "{detectable}");
    }

    #[test]
    fn no_interval_is_narrower_than_the_floor() {
        for launches in [2, 8, 500] {
            let mean = Mean::of(&vec![0.0; launches], WALL_CLOCK_FLOOR).expect("launches");
            let interval = mean.interval(0.95);
            assert!((interval.high - 1.002).abs() < 1e-5, "{interval:?}");
            assert!((interval.low - 0.998).abs() < 1e-5, "{interval:?}");
        }
    }
}
