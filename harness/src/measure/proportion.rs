//! How sure a rate is that was counted.

use statrs::distribution::{ContinuousCDF, Normal};

/// Wilson's 95 % interval of the rate behind `found` of `of`; everything from 0 to 1 without any.
pub fn proportion(found: usize, of: usize) -> [f64; 2] {
    if of == 0 {
        return [0.0, 1.0];
    }
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let (rate, of) = (number(found) / number(of), number(of));
    let reach = Normal::standard().inverse_cdf(0.975);
    let square = reach * reach;
    let middle = (rate + square / (2.0 * of)) / (1.0 + square / of);
    let half =
        reach / (1.0 + square / of) * (rate * (1.0 - rate) / of + square / (4.0 * of * of)).sqrt();
    [(middle - half).max(0.0), (middle + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Brown and others, *Interval estimation for a binomial proportion*, 2001, and by hand.
    #[test]
    fn intervals_are_those_of_the_books() {
        for (found, of, [low, high]) in [
            (0, 10, [0.0, 0.2775]),
            (10, 10, [0.7225, 1.0]),
            (5, 10, [0.2366, 0.7634]),
            (0, 0, [0.0, 1.0]),
        ] {
            let [from, to] = proportion(found, of);
            assert!(
                (from - low).abs() < 5e-4 && (to - high).abs() < 5e-4,
                "{found}/{of}: {from} {to}"
            );
        }
    }
}
