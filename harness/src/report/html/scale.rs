//! Where values stand on an axis, and which of them are written beside it.

/// An axis in powers, so that twice as slow is as far as twice as fast.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// An axis on which `low` stands at `start` and `high` at `end`. Both values are positive.
    pub(in crate::report) fn new([low, high]: [f64; 2], [start, end]: [f64; 2]) -> Self {
        Self { low: low.ln(), high: high.ln(), start, end }
    }

    /// Where `value` stands; what is beyond the axis stands at its end.
    pub(in crate::report) fn at(&self, value: f64) -> f64 {
        let part = (value.ln() - self.low) / (self.high - self.low);
        let part = if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 };
        self.start + part * (self.end - self.start)
    }
}

/// Ratios that are written beside an axis from `low` to `high`: about five, and 1 among them.
pub(in crate::report) fn ratios([low, high]: [f64; 2]) -> Vec<f64> {
    if high > 2.0 {
        let all = [0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0, 10_000.0];
        return all.into_iter().filter(|tick| (low..=high).contains(tick)).collect();
    }
    let steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
    let step = steps.into_iter().find(|step| (high - low) / step <= 6.0).unwrap_or(1.0);
    (-8..=8)
        .map(|number| 1.0 + f64::from(number) * step)
        .filter(|tick| (low..=high).contains(tick))
        .collect()
}

/// `+2 %`, `×5`, from a ratio beside an axis; `1` is what nothing costs.
pub(in crate::report) fn told(ratio: f64) -> String {
    let change = 100.0 * (ratio - 1.0);
    if change.abs() < 1e-9 {
        return "0".to_owned();
    }
    if ratio >= 2.0 {
        return format!("\u{d7}{ratio}");
    }
    let size = (change.abs() * 10.0).round() / 10.0;
    let sign = if change < 0.0 { crate::report::words::MINUS } else { '+' };
    format!("{sign}{size} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_as_far_up_as_down() {
        let scale = Scale::new([0.5, 2.0], [0.0, 100.0]);
        let close = |one: f64, other: f64| (one - other).abs() < 1e-9;
        assert!(close(scale.at(1.0), 50.0) && close(scale.at(2.0), 100.0));
        assert!(close(scale.at(1000.0), 100.0) && close(scale.at(f64::NAN), 0.0));
    }

    #[test]
    fn ticks_are_round_and_one_is_among_them() {
        let told = |range| ratios(range).into_iter().map(told).collect::<Vec<_>>().join(" ");
        assert_eq!(told([0.97, 1.05]), "−2 % 0 +2 % +4 %");
        assert_eq!(told([0.9, 1.9]), "0 +20 % +40 % +60 % +80 %");
        assert_eq!(told([0.8, 12.0]), "0 ×2 ×3 ×5 ×10");
    }
}
