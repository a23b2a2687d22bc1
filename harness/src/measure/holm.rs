//! Many comparisons, each of which may be wrong in 5 %: Holm's correction.

/// The p values of a family, corrected: at most 5 % of families have any below 0.05 by chance.
///
/// Holm, *A simple sequentially rejective multiple test procedure*, 1979. Nothing is asked of how the
/// comparisons depend on each other; arms that share a baseline do.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut by_size: Vec<usize> = (0..p_values.len()).collect();
    by_size.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    let mut corrected = vec![1.0; p_values.len()];
    let (mut left, mut least) = (f64::from(u32::try_from(p_values.len()).unwrap_or(u32::MAX)), 0.0);
    for index in by_size {
        least = f64::max(least, (p_values[index] * left).min(1.0));
        corrected[index] = least;
        left -= 1.0;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first is R's `p.adjust(c(0.01, 0.02, 0.03, 0.04), "holm")`.
    #[test]
    fn corrections_are_those_of_the_books() {
        for (given, expected) in [
            (&[0.01, 0.02, 0.03, 0.04][..], &[0.04, 0.06, 0.06, 0.06][..]),
            (&[0.04, 0.001], &[0.04, 0.002]),
            (&[0.5, 0.9], &[1.0, 1.0]),
            (&[0.03], &[0.03]),
            (&[], &[]),
        ] {
            let corrected = holm(given);
            let differ = |(one, other): (&f64, &f64)| (one - other).abs() > 1e-12;
            assert_eq!(corrected.len(), expected.len());
            assert!(!corrected.iter().zip(expected).any(differ), "{corrected:?}");
        }
    }
}
