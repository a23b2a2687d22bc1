//! What one side has and the other has not, or not there.

use std::collections::{HashMap, HashSet, VecDeque};

use tollgate_event::{Event, EventKind};

use super::{Divergence, window::Placed};
use crate::span::{Point, SpanEdge};

/// What has no counterpart at the same place of the other stream, in order.
#[derive(Default)]
pub(super) struct Leftovers<'a> {
    pub(super) missing: Vec<Placed<SpanEdge<'a>>>,
    pub(super) extra: Vec<Placed<&'a Event>>,
}

/// What makes two edges the same.
type Key<'a> = (EventKind, &'a str);

impl<'a> Leftovers<'a> {
    /// Names each leftover: missing and extra ones of the same edge are one event out of order.
    /// `expected` is all that was expected.
    pub(super) fn explain(
        &self,
        expected: impl Iterator<Item = SpanEdge<'a>>,
        into: &mut Vec<Divergence>,
    ) {
        let mut extras: HashMap<Key<'a>, VecDeque<usize>> = HashMap::new();
        for (index, extra) in self.extra.iter().enumerate() {
            extras.entry(key_of_report(extra.item)).or_default().push_back(index);
        }
        for Placed { item, after } in &self.missing {
            let point = Point::from(*item);
            let twins = extras.get_mut(&key(*item));
            into.push(match twins.and_then(VecDeque::pop_front) {
                None => Divergence::Missing(point),
                Some(twin) => Divergence::OutOfOrder {
                    point,
                    expected_after: after.map(Point::from),
                    observed_after: self.extra[twin].after.map(Point::from),
                },
            });
        }
        let happened = happened_of(expected, &extras);
        for (index, extra) in self.extra.iter().enumerate() {
            let key = key_of_report(extra.item);
            // what was taken for out of order is gone from the front
            if extras.get(&key).and_then(VecDeque::front).is_none_or(|&left| index < left) {
                continue;
            }
            let point = Point::from(extra.item);
            into.push(if happened.contains(&key) {
                Divergence::Duplicated(point)
            } else {
                Divergence::Unexpected(point)
            });
        }
    }
}

/// Those of the extra edges that happened, if at another time.
fn happened_of<'a>(
    expected: impl Iterator<Item = SpanEdge<'a>>,
    extras: &HashMap<Key<'a>, VecDeque<usize>>,
) -> HashSet<Key<'a>> {
    if extras.is_empty() {
        return HashSet::new();
    }
    expected.map(key).filter(|key| extras.contains_key(key)).collect()
}

fn key(edge: SpanEdge<'_>) -> Key<'_> {
    (edge.kind, &edge.span.name)
}

fn key_of_report(event: &Event) -> Key<'_> {
    (event.kind, &event.name)
}
