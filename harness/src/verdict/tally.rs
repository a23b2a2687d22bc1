//! How many events of each kind happened, were seen, and were reported wrongly.

use std::collections::BTreeMap;

use tollgate_event::EventKind;

use super::{Claims, Matched};
use crate::span::Trace;

/// Counts of one kind of event in one cell or in many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many happened.
    pub truth: usize,
    /// How many of those the strategy reported in their place.
    pub seen: usize,
    /// How many reports were wrong: of what did not happen, once too often, or with a wrong outcome.
    pub wrong: usize,
    /// Whether the strategy claims to see this kind.
    pub claimed: bool,
}

/// Counts of every kind that happened, was reported or is claimed.
pub type Tally = BTreeMap<EventKind, Count>;

/// Counts what [`super::compare`] found.
pub fn tally(truth: &Trace, claims: &Claims, matched: &Matched) -> Tally {
    let mut tally = Tally::new();
    for &kind in claims {
        tally.entry(kind).or_default().claimed = true;
    }
    for point in truth.points().iter().flatten() {
        tally.entry(point.kind).or_default().truth += 1;
    }
    for &kind in &matched.seen {
        tally.entry(kind).or_default().seen += 1;
    }
    for divergence in &matched.divergences {
        if let (Some(point), true) = (divergence.point(), divergence.word() != "missing") {
            tally.entry(point.kind).or_default().wrong += 1;
        }
    }
    tally
}
