//! Counts of events, added up over kinds or over cells.

use std::fmt;

use super::words::MINUS;
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
            }
        })
    }

    /// Whether no claimed event happened and none was reported.
    pub(super) const fn is_nothing(&self) -> bool {
        self.seen + self.missed + self.wrong == 0
    }
}

/// `132 −4 +26`; without a claim only what was wrong.
impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.claimed {
            parts.push(self.seen.to_string());
        }
        if self.missed > 0 {
            parts.push(format!("{MINUS}{}", self.missed));
        }
        if self.wrong > 0 {
            parts.push(format!("+{}", self.wrong));
        }
        f.write_str(&parts.join(" "))
    }
}
