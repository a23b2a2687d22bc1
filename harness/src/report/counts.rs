//! Counts of events, added up over kinds or over cells.

use std::fmt;

use super::words::{MINUS, number};
use crate::record::CountRecord;

/// How many events were seen, missed and reported wrongly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    /// Whether any of them was claimed.
    pub(super) claimed: bool,
    /// How many of the claimed ones were reported in their place.
    pub(super) seen: usize,
    /// How many of the claimed ones were not.
    pub(super) missed: usize,
    /// How many reports were wrong, claimed or not.
    pub(super) wrong: usize,
    /// How many had another meaning.
    pub(super) other: usize,
}

impl Sum {
    /// Adds up counts.
    pub(super) fn of<'a>(counts: impl IntoIterator<Item = &'a CountRecord>) -> Self {
        counts.into_iter().fold(Self::default(), |sum, count| {
            let (truth, seen) = if count.claimed { (count.truth, count.seen) } else { (0, 0) };
            Self {
                claimed: sum.claimed || count.claimed,
                seen: sum.seen + seen,
                missed: sum.missed + truth.saturating_sub(seen),
                wrong: sum.wrong + count.wrong,
                other: sum.other + count.other,
            }
        })
    }

    /// Whether no claimed event happened and none was reported.
    pub(super) const fn is_nothing(&self) -> bool {
        self.seen + self.missed + self.wrong + self.other == 0
    }
}

/// `132 −4 +26 ~9`; without a claim only what was wrong, or had another meaning.
impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::range(std::slice::from_ref(self)))
    }
}

impl Sum {
    /// The least and the most of several: `132–140 −4 +0–26`.
    pub(super) fn range(sums: &[Self]) -> String {
        let range = |sign: &str, part: fn(&Self) -> usize| {
            let parts = || sums.iter().map(part);
            let [low, high] = [parts().min(), parts().max()].map(Option::unwrap_or_default);
            let told = if low == high {
                number(low)
            } else {
                format!("{}–{}", number(low), number(high))
            };
            (high > 0).then(|| format!("{sign}{told}"))
        };
        let claimed = sums.iter().any(|sum| sum.claimed);
        let seen = range("", |sum| sum.seen).unwrap_or_else(|| "0".to_owned());
        let minus = MINUS.to_string();
        let wrong = [
            range(&minus, |sum| sum.missed),
            range("+", |sum| sum.wrong),
            range("~", |sum| sum.other),
        ];
        let parts: Vec<_> =
            claimed.then_some(seen).into_iter().chain(wrong.into_iter().flatten()).collect();
        parts.join(" ")
    }
}
