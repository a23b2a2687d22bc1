//! When a comparison that may go on is looked at, and how much of its 5 % each look may spend.
//!
//! Whoever looks again and again and stops at the first difference finds one in the end. So the looks
//! are fixed beforehand, each has a share of the 5 %, and the shares add up to it: by Bonferroni's
//! inequality, which asks nothing of how the looks depend on each other. Early looks get little, because
//! what is seen early is seen with few launches.

/// After how many launches there is a look, and the confidence of its intervals.
pub const LOOKS: [(usize, f64); 5] =
    [(10, 0.9975), (20, 0.995), (40, 0.9875), (80, 0.985), (160, 0.985)];

/// Whether a comparison is looked at once, at its end, or whenever a look is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    /// Once, at 95 %.
    Once,
    /// At each of [`LOOKS`], until everything is decided or the time is over.
    Sequentially,
}

impl Looking {
    /// Confidence of what is said after `launches` launches.
    ///
    /// Where time ends a run between two looks, the share of the next one is spent: when that
    /// happens depends on the clock and not on what was seen.
    pub fn confidence(self, launches: usize) -> f64 {
        match self {
            Self::Once => 0.95,
            Self::Sequentially => {
                let next = LOOKS.iter().find(|(at, _)| launches <= *at);
                next.or(LOOKS.last()).map_or(0.95, |(_, confidence)| *confidence)
            }
        }
    }

    /// Whether there is a look after `launches` launches, at which a run may end.
    pub fn is_due(self, launches: usize) -> bool {
        self == Self::Sequentially && LOOKS.iter().any(|(at, _)| *at == launches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_looks_together_spend_five_percent() {
        let spent: f64 = LOOKS.iter().map(|(_, confidence)| 1.0 - confidence).sum();
        assert!((spent - 0.05).abs() < 1e-9, "{spent}");
    }

    #[test]
    fn a_run_that_ends_between_looks_spends_the_share_of_the_next() {
        let looking = Looking::Sequentially;
        for (launches, confidence) in [(2, 0.9975), (10, 0.9975), (11, 0.995), (400, 0.985)] {
            assert_eq!(looking.confidence(launches).to_bits(), f64::to_bits(confidence));
        }
        assert!(looking.is_due(20) && !looking.is_due(21) && !Looking::Once.is_due(20));
    }
}
