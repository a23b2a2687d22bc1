//! Where truth meets observation: a merge over two ordered streams in which both leftovers count.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use tollgate_event::{Event, EventKind, Outcome};

use super::{Claims, Divergence};
use crate::span::{Point, Trace};

/// The outcome of holding one run's reports against what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Kinds of the events that were reported in their place, one entry an event.
    pub seen: Vec<EventKind>,
    /// Everything that differs, in the order of the threads and of the program.
    pub divergences: Vec<Divergence>,
}

/// Compares what a strategy reported with what happened, thread by thread.
///
/// Of `truth` only what `claims` holds is expected. Threads are told apart as [`Trace`] does it:
/// `main` is first, the others follow in the order of their first event.
pub fn compare(truth: &Trace, observed: &[Event], main: u64, claims: &Claims) -> Matched {
    let mut expected: Vec<Vec<Point>> = truth.points();
    for points in &mut expected {
        points.retain(|point| claims.contains(&point.kind));
    }
    let mut observed = by_thread(observed, main);
    let threads = expected.len().max(observed.len());
    expected.resize_with(threads, Vec::new);
    observed.resize_with(threads, Vec::new);
    let mut matched = Matched::default();
    for (expected, observed) in expected.iter().zip(&observed) {
        compare_thread(expected, observed, &mut matched);
    }
    matched
}

fn by_thread(events: &[Event], main: u64) -> Vec<Vec<Point>> {
    let mut numbers = HashMap::from([(main, 0)]);
    let mut threads = vec![Vec::new()];
    for event in events {
        let number = *numbers.entry(event.thread).or_insert(threads.len());
        if number == threads.len() {
            threads.push(Vec::new());
        }
        threads[number].push(Point::from(event));
    }
    threads
}

fn compare_thread(expected: &[Point], observed: &[Point], matched: &mut Matched) {
    let mut leftovers = Leftovers::default();
    for operation in align(expected, observed) {
        if let DiffOp::Equal { old_index, new_index, len } = operation {
            for offset in 0..len {
                let (truth, report) =
                    (&expected[old_index + offset], &observed[new_index + offset]);
                matched.seen.push(truth.kind);
                matched.divergences.extend(wrong_field(truth, report));
            }
        } else {
            leftovers.missing.extend(operation.old_range());
            leftovers.extra.extend(operation.new_range());
        }
    }
    leftovers.explain(expected, observed, &mut matched.divergences);
}

fn align(expected: &[Point], observed: &[Point]) -> Vec<DiffOp> {
    let edges = |points: &[Point]| -> Vec<(EventKind, String)> {
        points.iter().map(|point| (point.kind, point.name.clone())).collect()
    };
    capture_diff_slices(Algorithm::Myers, &edges(expected), &edges(observed))
}

fn wrong_field(truth: &Point, report: &Point) -> Option<Divergence> {
    let right = match &report.outcome {
        Outcome::Unstated => true,
        Outcome::NotFound => truth.not_found,
        stated => *stated == truth.outcome,
    };
    (!right)
        .then(|| Divergence::WrongField { point: truth.clone(), observed: report.outcome.clone() })
}

/// Positions in the two streams that have no counterpart at the same place of the other.
#[derive(Default)]
struct Leftovers {
    missing: Vec<usize>,
    extra: Vec<usize>,
}

impl Leftovers {
    /// Names each leftover: missing and extra ones of the same edge are one event out of order.
    fn explain(mut self, expected: &[Point], observed: &[Point], into: &mut Vec<Divergence>) {
        for index in self.missing {
            let point = &expected[index];
            let twin = self.extra.iter().position(|&extra| observed[extra].same_edge(point));
            into.push(match twin {
                None => Divergence::Missing(point.clone()),
                Some(position) => Divergence::OutOfOrder {
                    point: point.clone(),
                    expected_after: before(expected, index),
                    observed_after: before(observed, self.extra.remove(position)),
                },
            });
        }
        for index in self.extra {
            let point = observed[index].clone();
            let happened = expected.iter().any(|truth| truth.same_edge(&point));
            into.push(if happened {
                Divergence::Duplicated(point)
            } else {
                Divergence::Unexpected(point)
            });
        }
    }
}

fn before(points: &[Point], index: usize) -> Option<Point> {
    index.checked_sub(1).map(|previous| points[previous].clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `import.start a` or `import.end a ValueError`; threads by a leading number.
    fn events(text: &str) -> Vec<Event> {
        let event = |line: &str| {
            let mut words = line.split(' ');
            let thread = words.next().and_then(|word| word.parse().ok()).expect("a thread");
            let kind = words.next().and_then(|word| word.parse().ok()).expect("a kind");
            let name = words.next().expect("a name").to_owned();
            let outcome = match words.next() {
                None => Outcome::Unstated,
                Some("ok") => Outcome::Ok,
                Some("?") => Outcome::NotFound,
                Some(exception) => Outcome::Raised(exception.to_owned()),
            };
            Event { nanos: 0, thread, kind, name, outcome }
        };
        text.lines().map(event).collect()
    }

    fn check(truth: &str, claims: &str, observed: &str) -> String {
        let truth: Trace = truth.parse().expect("a trace");
        let claims = claims.split(' ').map(|word| word.parse().expect("a kind")).collect();
        let matched = compare(&truth, &events(observed), 1, &claims);
        let divergences: Vec<_> = matched.divergences.iter().map(ToString::to_string).collect();
        format!("{} seen\n{}", matched.seen.len(), divergences.join("\n"))
    }

    const NESTED: &str = "import a.b\n  import a\n    find a\n    load a\n  find a.b\n  load a.b\n";

    #[test]
    fn only_what_is_claimed_is_expected() {
        let reported = "1 import.start a.b\n1 import.start a";
        assert_eq!(check(NESTED, "import.start", reported), "2 seen\n");
    }

    #[test]
    fn both_leftovers_are_reported() {
        let reported = "1 import.start a\n1 import.start c\n1 import.start a";
        insta::assert_snapshot!(check(NESTED, "import.start", reported), @r"
        1 seen
        missed import.start a.b
        reported import.start c, which did not happen
        reported import.start a once too often
        ");
    }

    #[test]
    fn a_swapped_pair_is_out_of_order() {
        let reported = "1 import.start a\n1 import.start a.b";
        insta::assert_snapshot!(check(NESTED, "import.start", reported), @r"
        1 seen
        reported import.start a first instead of after import.start a.b
        ");
    }

    #[test]
    fn a_wrong_outcome_is_a_wrong_field() {
        let truth = "import a !ModuleNotFoundError\n  find a ?\nimport b !ValueError\n  load b !ValueError\n";
        let reported = "1 import.end a ?\n1 import.end b ?";
        insta::assert_snapshot!(check(truth, "import.end", reported), @r"
        2 seen
        reported import.end b as not found, which was raised ValueError
        ");
        assert_eq!(
            check(truth, "import.end", "1 import.end a\n1 import.end b ValueError"),
            "2 seen\n"
        );
    }

    #[test]
    fn threads_do_not_help_each_other_out() {
        let truth = "thread main:\nimport a\nthread 2:\nimport b\n";
        insta::assert_snapshot!(check(truth, "import.start", "1 import.start b\n9 import.start a"), @r"
        0 seen
        missed import.start a
        reported import.start b, which did not happen
        missed import.start b
        reported import.start a, which did not happen
        ");
        assert_eq!(check(truth, "import.start", "9 import.start b\n1 import.start a"), "2 seen\n");
    }
}
