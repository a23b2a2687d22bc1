//! How a ratio changes with the size of what is measured.

use super::Estimate;

/// The change of a ratio's logarithm with each step, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Factor by which the ratio changes with each step; 1 where the cost is in proportion.
    pub factor: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
}

impl Trend {
    /// Whether the cost surely grows faster than what causes it, by at least a hundredth a step: a
    /// quadratic one multiplies the ratio by nearly ten with each tenfold.
    pub fn is_superlinear(&self) -> bool {
        self.low > 1.0 && self.factor >= 1.01
    }
}

/// Standard errors on each side of a 95 % interval.
const REACH: f64 = 1.96;

/// The line through ratios at their sizes, each weighed by how sure it is.
///
/// `None` from fewer than two sizes, or where some ratio has no interval.
pub fn trend(ratios: &[(f64, Estimate)]) -> Option<Trend> {
    let points: Vec<_> = ratios
        .iter()
        .map(|(size, it)| {
            let error = (it.high.ln() - it.low.ln()) / (2.0 * REACH);
            (*size, it.ratio.ln(), 1.0 / (error * error))
        })
        .collect();
    let usable = |(_, log, weight): &(f64, f64, f64)| log.is_finite() && weight.is_normal();
    if points.len() < 2 || !points.iter().all(usable) {
        return None;
    }
    let sum = |term: &dyn Fn(&(f64, f64, f64)) -> f64| points.iter().map(term).sum::<f64>();
    let weight = sum(&|point| point.2);
    let middle = sum(&|(size, _, weight)| size * weight) / weight;
    let level = sum(&|(_, log, weight)| log * weight) / weight;
    let spread = sum(&|(size, _, weight)| weight * (size - middle).powi(2));
    let slope = sum(&|(size, log, weight)| weight * (size - middle) * (log - level)) / spread;
    // where the points lie farther from the line than their intervals allow, they are wider
    let misfit =
        sum(&|(size, log, weight)| weight * (log - level - slope * (size - middle)).powi(2));
    let freedom = f64::from(u32::try_from(points.len()).ok()?) - 2.0;
    let excess = if freedom > 0.0 { (misfit / freedom).max(1.0) } else { 1.0 };
    let reach = REACH * (excess / spread).sqrt();
    (spread > 0.0).then(|| Trend {
        factor: slope.exp(),
        low: (slope - reach).exp(),
        high: (slope + reach).exp(),
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Launch, Round, compare},
        *,
    };

    fn estimate(ratio: u64) -> Estimate {
        let launch = |nanos| Launch {
            rounds: vec![Round { laps: vec![Some(vec![1000]), Some(vec![nanos])] }],
        };
        let launches = [ratio - 1, ratio, ratio + 1].map(launch);
        compare(&launches, 0, 1, super::super::Margin::default()).expect("samples")
    }

    #[test]
    fn what_grows_faster_is_named() {
        let of = |ratios: [u64; 4]| {
            let points: Vec<_> = (1..).map(f64::from).zip(ratios.map(estimate)).collect();
            trend(&points).expect("a trend")
        };
        let steady = of([1050, 1050, 1050, 1050]);
        assert!((steady.factor - 1.0).abs() < 1e-6 && !steady.is_superlinear(), "{steady:?}");
        let quadratic = of([1010, 1100, 2000, 11_000]);
        assert!(quadratic.is_superlinear(), "{quadratic:?}");
        let shrinking = of([1100, 1050, 1020, 1010]);
        assert!(!shrinking.is_superlinear() && shrinking.factor < 1.0, "{shrinking:?}");
    }

    #[test]
    fn one_size_or_one_launch_shows_no_trend() {
        assert_eq!(trend(&[]), None);
        assert_eq!(trend(&[(1.0, estimate(1010))]), None);
        assert_eq!(trend(&[(1.0, estimate(1010)), (1.0, estimate(1010))]), None);
        let unsure = Estimate { low: 0.0, high: f64::INFINITY, ..estimate(1010) };
        assert_eq!(trend(&[(1.0, unsure), (2.0, estimate(1010))]), None);
    }
}
