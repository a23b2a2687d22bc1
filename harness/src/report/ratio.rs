//! Ratios of times as people read them: per cent where they are small, factors where they are not.

use super::words::MINUS;

/// From here on a ratio is told as a factor.
const LARGE: f64 = 1.5;

/// `+2.1 %` or `×9.3`.
pub(super) fn short(ratio: f64) -> String {
    if ratio < LARGE { format!("{} %", change(ratio)) } else { format!("×{ratio:.1}") }
}

/// `+2.1 ±0.9 %` or `×9.31 ±0.12`, from the ratio and the bounds of its interval.
pub(super) fn with_interval(ratio: f64, [low, high]: [f64; 2]) -> String {
    let half = (high - low) / 2.0;
    if ratio < LARGE && half > 1.0 {
        // more digits would only pretend that this says something
        format!("{} ±>100 %", change(ratio))
    } else if ratio < LARGE {
        format!("{} ±{:.1} %", change(ratio), 100.0 * half)
    } else {
        format!("×{ratio:.2} ±{half:.2}")
    }
}

/// `+1.2 to +3.4 %`, or what both ends have in common if there is no telling them apart.
pub(super) fn range(low: f64, high: f64) -> String {
    let (first, last) = (short(low), short(high));
    if first == last {
        first
    } else if high < LARGE {
        format!("{} to {last}", change(low))
    } else {
        format!("{first} to {last}")
    }
}

/// `1.2 %`, from a fraction.
pub(super) fn percent(fraction: f64) -> String {
    format!("{:.1} %", 100.0 * fraction)
}

/// Per cent above or below 1, with a sign unless it rounds to nothing.
fn change(ratio: f64) -> String {
    let size = format!("{:.1}", 100.0 * (ratio - 1.0).abs());
    match (size.as_str(), ratio < 1.0) {
        ("0.0", _) => size,
        (_, true) => format!("{MINUS}{size}"),
        (_, false) => format!("+{size}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ratios_are_per_cent_and_large_ones_factors() {
        assert_eq!([short(1.021), short(0.5), short(0.9999)], ["+2.1 %", "−50.0 %", "0.0 %"]);
        assert_eq!([short(1.499), short(1.5)], ["+49.9 %", "×1.5"]);
        assert_eq!(with_interval(1.021, [1.012, 1.03]), "+2.1 ±0.9 %");
        assert_eq!(with_interval(9.31, [9.19, 9.43]), "×9.31 ±0.12");
        assert_eq!(with_interval(1.2, [0.05, 14.4]), "+20.0 ±>100 %");
    }

    #[test]
    fn a_range_names_its_unit_once() {
        assert_eq!(range(1.012, 1.034), "+1.2 to +3.4 %");
        assert_eq!(range(0.99, 1.034), "−1.0 to +3.4 %");
        assert_eq!(range(1.4, 1.7), "+40.0 % to ×1.7");
        assert_eq!(range(9.3, 11.2), "×9.3 to ×11.2");
        assert_eq!(range(1.0121, 1.0122), "+1.2 %");
    }
}
