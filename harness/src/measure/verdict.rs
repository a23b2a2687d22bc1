//! What may be said of a ratio, given the smallest effect that anyone would care for.

use std::fmt;

use super::{Rules, interval::Mean};

/// The smallest effect of interest, as a fraction of the baseline's time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margin(f64);

impl Margin {
    /// `None` unless `fraction` is more than 0 and less than 1.
    pub fn new(fraction: f64) -> Option<Self> {
        (fraction > 0.0 && fraction < 1.0).then_some(Self(fraction))
    }

    /// As a fraction: 0.01 is 1 %.
    pub fn fraction(self) -> f64 {
        self.0
    }
}

/// 1 %, about what a wall clock can show on a shared machine within a minute.
impl Default for Margin {
    fn default() -> Self {
        Self(0.01)
    }
}

/// What a comparison showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The 95 % interval lies above 1, and the ratio is at least the margin above it.
    Slower,
    /// The 95 % interval lies below 1, and the ratio is at least the margin below it.
    Faster,
    /// The 90 % interval lies within the margin around 1 (two one-sided tests at 5 %). There may be
    /// an effect, even a certain one, but it is smaller than anyone would care for.
    Equivalent,
    /// Neither was shown: more launches would be needed.
    Inconclusive,
    /// The clock and the count of instructions say opposite things: layout of memory, or page faults,
    /// and nothing to act on.
    Conflict,
    /// The controls of its group failed, so nothing is said.
    Unfit,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Slower => "slower",
            Self::Faster => "faster",
            Self::Equivalent => "equivalent",
            Self::Inconclusive => "inconclusive",
            Self::Conflict => "conflict",
            Self::Unfit => "unfit",
        })
    }
}

pub(super) fn judge(mean: &Mean, rules: &Rules) -> Verdict {
    let margin = rules.margin.fraction();
    let (least, most) = (1.0 - margin, 1.0 + margin);
    let difference = mean.interval(rules.confidence);
    // two one-sided tests, each at the error that the interval above has on both sides together
    let equivalence = mean.interval(2.0 * rules.confidence - 1.0);
    if difference.low > 1.0 && mean.ratio() >= most {
        Verdict::Slower
    } else if difference.high < 1.0 && mean.ratio() <= least {
        Verdict::Faster
    } else if equivalence.low > least && equivalence.high < most {
        Verdict::Equivalent
    } else {
        Verdict::Inconclusive
    }
}
