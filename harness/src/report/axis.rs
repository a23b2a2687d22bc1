//! One axis of time for what was reported, which has times, and what happened, of which only the order is known.

use std::collections::BTreeMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use tollgate_event::{Event, EventKind};

use crate::span::Point;

/// Between two steps where nothing says how long they took.
const STEP: u64 = 1000;

/// Both sides with times on one axis, in nanoseconds from its start. What happened, a list for each thread, takes the
/// times of the reports of it; what was not reported is spread evenly between its neighbours.
pub(super) fn shared(happened: &[Vec<Point>], reported: &[Event]) -> (Vec<Event>, Vec<Event>) {
    let threads: Vec<_> = happened
        .iter()
        .zip(1..)
        .map(|(points, thread)| {
            let own = reported.iter().filter(|event| event.thread == thread);
            (points, thread, times(points, &own.collect::<Vec<_>>()))
        })
        .collect();
    // what happened before the first report has times too
    let all = threads.iter().flat_map(|(.., times)| times);
    let start = all.copied().min().unwrap_or_default().min(0);
    let on_axis = |time: i64| u64::try_from(time - start).unwrap_or_default();
    let event = |(point, time): (&Point, i64), thread| Event {
        nanos: on_axis(time),
        thread,
        kind: point.kind,
        name: point.name.clone(),
        outcome: point.outcome.clone(),
    };
    let happened = threads.into_iter().flat_map(|(points, thread, times)| {
        points.iter().zip(times).map(move |it| event(it, thread)).collect::<Vec<_>>()
    });
    let moved = |event: &Event| Event { nanos: on_axis(signed(event.nanos)), ..event.clone() };
    (happened.collect(), reported.iter().map(moved).collect())
}

/// A time for each point of one thread.
fn times(points: &[Point], reported: &[&Event]) -> Vec<i64> {
    let known = known(points, reported);
    let step = signed(STEP);
    let time = |index: usize| {
        let before = known.range(..=index).next_back();
        let after = known.range(index..).next();
        let steps = |one: usize, other: usize| i64::try_from(other - one).unwrap_or(i64::MAX);
        match (before, after) {
            (Some((left, start)), Some((right, end))) if left < right => {
                start + (end - start) * steps(*left, index) / steps(*left, *right)
            }
            (Some((left, start)), _) => start + step * steps(*left, index),
            (None, Some((right, end))) => end - step * steps(index, *right),
            (None, None) => step * steps(0, index),
        }
    };
    (0..points.len()).map(time).collect()
}

/// The times of the points that were reported in their order.
fn known(points: &[Point], reported: &[&Event]) -> BTreeMap<usize, i64> {
    let points: Vec<(EventKind, &str)> = points.iter().map(|it| (it.kind, &*it.name)).collect();
    let reports: Vec<(EventKind, &str)> = reported.iter().map(|it| (it.kind, &*it.name)).collect();
    let mut known = BTreeMap::new();
    for operation in capture_diff_slices(Algorithm::Myers, &points, &reports) {
        if let DiffOp::Equal { old_index, new_index, len } = operation {
            let both = (old_index..).zip(&reported[new_index..new_index + len]);
            known.extend(both.map(|(index, event)| (index, signed(event.nanos))));
        }
    }
    known
}

fn signed(nanos: u64) -> i64 {
    i64::try_from(nanos).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Trace;

    fn event(text: &str) -> Event {
        let words: Vec<_> = text.split(' ').collect();
        Event {
            nanos: words[0].parse().expect("a time"),
            thread: 1,
            kind: words[1].parse().expect("a kind"),
            name: words[2].to_owned(),
            outcome: tollgate_event::Outcome::Unstated,
        }
    }

    fn check(truth: &str, reports: &[&str]) -> (Vec<u64>, Vec<u64>) {
        let truth: Trace = truth.parse().expect("a trace");
        let reports: Vec<_> = reports.iter().map(|it| event(it)).collect();
        let (happened, reported) = shared(&truth.points(), &reports);
        let times = |events: Vec<Event>| events.iter().map(|it| it.nanos).collect();
        (times(happened), times(reported))
    }

    const TRUTH: &str = "import a\n  find a\n  load a\n";

    #[test]
    fn what_happened_stands_where_it_was_reported() {
        let reports = ["5000 import.start a", "10000 import.end a"];
        let (happened, reported) = check(TRUTH, &reports);
        assert_eq!(happened, [5000, 6000, 7000, 8000, 9000, 10000]);
        assert_eq!(reported, [5000, 10000]);
    }

    #[test]
    fn what_came_before_and_after_all_reports_has_its_place() {
        let (happened, reported) = check(TRUTH, &["0 load.start a", "10 load.start b"]);
        assert_eq!(happened, [0, 1000, 2000, 3000, 4000, 5000]);
        assert_eq!(reported, [3000, 3010]);
        assert_eq!(check(TRUTH, &[]).0, [0, 1000, 2000, 3000, 4000, 5000]);
    }
}
