//! How many events of each kind happened, were seen, and were reported wrongly.

use std::collections::BTreeMap;

use tollgate_event::EventKind;

use super::{Claims, Divergence, Matched};
use crate::span::Trace;

/// Counts of one kind of event in one cell or in many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many happened.
    pub truth: usize,
    /// How many of those the strategy reported in their place.
    pub seen: usize,
    /// How many reports were wrong: of what did not happen, once too often, out of place, or with a
    /// wrong outcome.
    pub wrong: usize,
    /// How many reports were of no import, and no lie: see [`Divergence::OtherMeaning`].
    pub other: usize,
    /// How many of the wrong ones were of what happened in another place.
    pub misplaced: usize,
    /// How many of those were in their place, and so seen, with a wrong outcome.
    pub misstated: usize,
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
    for edge in truth.edges().flatten() {
        tally.entry(edge.kind).or_default().truth += 1;
    }
    for kind in &matched.excused {
        if let Some(count) = tally.get_mut(kind) {
            count.truth = count.truth.saturating_sub(1);
        }
    }
    for &kind in &matched.seen {
        tally.entry(kind).or_default().seen += 1;
    }
    for divergence in &matched.divergences {
        if let (Some(point), true) = (divergence.point(), divergence.word() != "missing") {
            let count = tally.entry(point.kind).or_default();
            if matches!(divergence, Divergence::OtherMeaning { .. }) {
                count.other += 1;
                continue;
            }
            count.wrong += 1;
            match divergence {
                Divergence::OutOfOrder { .. } => count.misplaced += 1,
                Divergence::WrongField { .. } => count.misstated += 1,
                _ => {}
            }
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use tollgate_event::{Event, Outcome};

    use super::*;
    use crate::verdict::compare;

    #[test]
    fn errors_are_counted_by_their_sort() {
        let truth: Trace = "import a\nimport b\nimport c !ValueError\n".parse().expect("a trace");
        let event = |name: &str, outcome| Event {
            nanos: 0,
            thread: 1,
            kind: "import.end".parse().expect("a kind"),
            name: name.to_owned(),
            outcome,
        };
        let unstated = |name| event(name, Outcome::Unstated);
        let claims = Claims::from(["import.end".parse().expect("a kind")]);
        let check = |events: &[Event], expected: [usize; 4]| {
            let tally = tally(&truth, &claims, &compare(&truth, events, 1, &claims));
            let count = tally[&"import.end".parse().expect("a kind")];
            assert_eq!([count.seen, count.wrong, count.misplaced, count.misstated], expected);
        };
        check(&[unstated("a"), unstated("b"), unstated("c")], [3, 0, 0, 0]);
        check(&[unstated("b"), unstated("a"), unstated("c")], [2, 1, 1, 0]);
        check(&[unstated("a"), unstated("b"), event("c", Outcome::Ok)], [3, 1, 0, 1]);
        check(&[unstated("a"), unstated("b"), unstated("d")], [2, 1, 0, 0]);
    }
}
