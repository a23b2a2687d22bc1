//! What is decided before the first sample: how an estimate is made and what it takes for a verdict.

use super::{Margin, interval};

/// The rules of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The smallest effect of interest.
    pub margin: Margin,
    /// Half the width that the interval of a ratio has at least, as a fraction.
    pub floor: f64,
    /// Confidence of the interval that decides whether there is a difference.
    pub confidence: f64,
}

impl Rules {
    /// For arms that share their parent.
    pub fn new(margin: Margin) -> Self {
        Self { margin, floor: interval::WALL_CLOCK_FLOOR, confidence: 0.95 }
    }

    /// For arms with parents of their own, whose layout of memory is a difference that no launch
    /// takes away entirely.
    pub fn of_own_parents(margin: Margin) -> Self {
        Self { floor: interval::OWN_PARENTS_FLOOR, ..Self::new(margin) }
    }

    /// The same at another confidence.
    #[must_use]
    pub fn at(self, confidence: f64) -> Self {
        Self { confidence, ..self }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::new(Margin::default())
    }
}

impl From<Margin> for Rules {
    fn from(margin: Margin) -> Self {
        Self::new(margin)
    }
}
