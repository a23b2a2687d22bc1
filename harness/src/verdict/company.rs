//! What of a run is due to company: what differs when another hook is there, and not without it.

use tollgate_event::Event;

use super::Divergence;
use crate::span::Point;

/// What is among `together` and not among `alone`, as often as it is more often.
///
/// Where a report was out of order, what it should have followed depends on what else was reported,
/// so only the event is compared.
pub fn beyond(alone: &[Divergence], together: Vec<Divergence>) -> Vec<Divergence> {
    let mut known: Vec<_> = alone.iter().collect();
    let is_new = |divergence: &Divergence| {
        let twin = known.iter().position(|other| is_same(other, divergence));
        twin.map(|twin| known.swap_remove(twin)).is_none()
    };
    together.into_iter().filter(is_new).collect()
}

fn is_same(one: &Divergence, other: &Divergence) -> bool {
    match (one, other) {
        (Divergence::OutOfOrder { point, .. }, Divergence::OutOfOrder { point: twin, .. }) => {
            point == twin
        }
        _ => one == other,
    }
}

/// What was reported by a hook that is not installed any more, and not by the same hook alone.
pub fn after_removal(alone: &[Event], together: &[Event]) -> Vec<Point> {
    let mut known: Vec<_> = alone.iter().map(Point::from).collect();
    let is_new = |point: &Point| {
        let twin = known.iter().position(|other| other == point);
        twin.map(|twin| known.swap_remove(twin)).is_none()
    };
    together.iter().map(Point::from).filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use tollgate_event::Outcome;

    use super::*;

    fn event(name: &str) -> Event {
        let kind = "import.start".parse().expect("a kind");
        Event { nanos: 0, thread: 1, kind, name: name.to_owned(), outcome: Outcome::Unstated }
    }

    fn point(name: &str) -> Point {
        Point::from(&event(name))
    }

    fn out_of_order(name: &str, after: &str) -> Divergence {
        Divergence::OutOfOrder {
            point: point(name),
            expected_after: None,
            observed_after: Some(point(after)),
        }
    }

    #[test]
    fn what_happens_alone_too_is_nobody_elses_fault() {
        let missing = |name| Divergence::Missing(point(name));
        let check = |alone: &[Divergence], together: &[Divergence], expected: &[Divergence]| {
            assert_eq!(beyond(alone, together.to_vec()), expected);
        };
        check(&[], &[missing("a")], &[missing("a")]);
        check(&[missing("a")], &[missing("a")], &[]);
        check(&[missing("a")], &[missing("a"), missing("a")], &[missing("a")]);
        check(
            &[missing("a")],
            &[Divergence::Unexpected(point("a"))],
            &[Divergence::Unexpected(point("a"))],
        );
        check(&[missing("a")], &[], &[]);
        check(&[out_of_order("a", "b")], &[out_of_order("a", "c")], &[]);
        check(&[out_of_order("a", "b")], &[out_of_order("b", "b")], &[out_of_order("b", "b")]);
    }

    #[test]
    fn reports_after_removal_are_counted_beyond_those_alone() {
        let events = |names: &[&str]| names.iter().map(|name| event(name)).collect::<Vec<_>>();
        let check = |alone: &[&str], together: &[&str], expected: &[&str]| {
            let found = after_removal(&events(alone), &events(together));
            assert_eq!(found, expected.iter().map(|name| point(name)).collect::<Vec<_>>());
        };
        check(&[], &["a", "b"], &["a", "b"]);
        check(&["a"], &["a", "a"], &["a"]);
        check(&["a"], &[], &[]);
    }
}
