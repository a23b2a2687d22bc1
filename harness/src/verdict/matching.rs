//! Where truth meets observation: a merge over two ordered streams in which both leftovers count.

use std::collections::{HashMap, HashSet, VecDeque};

use tollgate_event::{Event, EventKind};

use super::{
    Claims, Divergence,
    alignment::{Stretch, align},
};
use crate::span::{Point, SpanEdge, Trace};

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
    let is_claimed = |edge: SpanEdge<'_>| claims.contains(&edge.kind);
    compare_where((truth, &is_claimed), (observed, main), &mut |_, _| {})
}

/// Compares what was reported with those edges of `truth` that are expected, and hands on each that
/// was reported in its place, with its report.
pub fn compare_where<'a>(
    (truth, is_expected): (&'a Trace, &dyn Fn(SpanEdge<'_>) -> bool),
    (observed, main): (&'a [Event], u64),
    in_place: &mut dyn FnMut(SpanEdge<'a>, &'a Event),
) -> Matched {
    let mut expected = truth.edges();
    for edges in &mut expected {
        edges.retain(|edge| is_expected(*edge));
    }
    let mut observed = by_thread(observed, main);
    let threads = expected.len().max(observed.len());
    expected.resize_with(threads, Vec::new);
    observed.resize_with(threads, Vec::new);
    let mut matched = Matched::default();
    for (expected, observed) in expected.iter().zip(&observed) {
        compare_thread(expected, observed, &mut matched, in_place);
    }
    matched
}

fn by_thread(events: &[Event], main: u64) -> Vec<Vec<&Event>> {
    let mut numbers = HashMap::from([(main, 0)]);
    let mut threads = vec![Vec::new()];
    for event in events {
        let number = *numbers.entry(event.thread).or_insert(threads.len());
        if number == threads.len() {
            threads.push(Vec::new());
        }
        threads[number].push(event);
    }
    threads
}

/// Edges of a thread that are compared at a time: as many as fit into a processor's caches with all that is
/// made of them, so that an edge costs the same however many there are.
const BLOCK: usize = 4096;
/// So many equal edges in a row are no coincidence: what comes after them is compared without what came before.
const SURE: usize = 32;

fn compare_thread<'a>(
    expected: &[SpanEdge<'a>],
    observed: &[&'a Event],
    matched: &mut Matched,
    in_place: &mut dyn FnMut(SpanEdge<'a>, &'a Event),
) {
    let mut leftovers = Leftovers { expected, observed, missing: Vec::new(), extra: Vec::new() };
    let (mut left, mut right, mut block) = (0, 0, BLOCK);
    while left < expected.len() || right < observed.len() {
        let ends = [expected.len().min(left + block), observed.len().min(right + block)];
        let is_rest = ends == [expected.len(), observed.len()];
        let numbers = Numbers::of(&expected[left..ends[0]], &observed[right..ends[1]]);
        let mut stretches = align(&numbers.expected, &numbers.observed, numbers.distinct);
        if !is_rest {
            let is_sure = |stretch: &Stretch| stretch.same && stretch.expected.len() >= SURE;
            let sure = stretches.iter().rposition(is_sure).map_or(0, |last| last + 1);
            stretches.truncate(sure);
        }
        let Some(last) = stretches.last() else {
            // too much differs for a block of this size
            block *= 4;
            continue;
        };
        let next = [left + last.expected.end, right + last.observed.end];
        for Stretch { expected: own, observed: told, same } in stretches {
            let own = left + own.start..left + own.end;
            let told = right + told.start..right + told.end;
            if !same {
                leftovers.missing.extend(own);
                leftovers.extra.extend(told);
                continue;
            }
            for (truth, report) in expected[own].iter().zip(&observed[told]) {
                matched.seen.push(truth.kind);
                in_place(*truth, report);
                if !truth.is_told_by(&report.outcome) {
                    let (point, observed) = (Point::from(*truth), report.outcome.clone());
                    matched.divergences.push(Divergence::WrongField { point, observed });
                }
            }
        }
        ([left, right], block) = (next, BLOCK);
    }
    leftovers.explain(&mut matched.divergences);
}

/// Both streams with a number in the place of each edge: equal edges have the same.
struct Numbers {
    expected: Vec<usize>,
    observed: Vec<usize>,
    /// How many numbers there are.
    distinct: usize,
}

impl Numbers {
    fn of(expected: &[SpanEdge<'_>], observed: &[&Event]) -> Self {
        let mut names = Names::default();
        let mut number = |kind: EventKind, name| {
            names.number(name) * EventKind::ALL.len() + usize::from(kind.code())
        };
        let expected =
            expected.iter().map(|edge| number(edge.kind, edge.span.name.as_str())).collect();
        let observed = observed.iter().map(|event| number(event.kind, &event.name)).collect();
        Self { expected, observed, distinct: names.known.len() * EventKind::ALL.len() }
    }
}

/// A number for each name. Most edges are of a name that was asked for just before, which needs no
/// look into a map that is too large for any cache.
#[derive(Default)]
struct Names<'a> {
    known: HashMap<&'a str, usize>,
    recent: [(&'a str, usize); RECENT],
    oldest: usize,
}

const RECENT: usize = 4;

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        // no module is called nothing, so what was never filled is never found
        let recent = self.recent.iter().find(|(known, _)| *known == name && !name.is_empty());
        if let Some((_, number)) = recent {
            return *number;
        }
        let next = self.known.len();
        let number = *self.known.entry(name).or_insert(next);
        self.recent[self.oldest] = (name, number);
        self.oldest = (self.oldest + 1) % RECENT;
        number
    }
}

/// Positions in the two streams that have no counterpart at the same place of the other.
struct Leftovers<'a, 'b> {
    expected: &'b [SpanEdge<'a>],
    observed: &'b [&'a Event],
    missing: Vec<usize>,
    extra: Vec<usize>,
}

/// What makes two edges the same.
type Key<'a> = (EventKind, &'a str);

impl<'a> Leftovers<'a, '_> {
    /// Names each leftover: missing and extra ones of the same edge are one event out of order.
    fn explain(&self, into: &mut Vec<Divergence>) {
        let mut extras: HashMap<Key<'a>, VecDeque<usize>> = HashMap::new();
        for &index in &self.extra {
            extras.entry(key_of_report(self.observed[index])).or_default().push_back(index);
        }
        for &index in &self.missing {
            let twins = extras.get_mut(&key(self.expected[index]));
            into.push(match twins.and_then(VecDeque::pop_front) {
                None => Divergence::Missing(self.happened(index)),
                Some(twin) => Divergence::OutOfOrder {
                    point: self.happened(index),
                    expected_after: index.checked_sub(1).map(|before| self.happened(before)),
                    observed_after: twin.checked_sub(1).map(|before| self.reported(before)),
                },
            });
        }
        let happened = self.happened_of(&extras);
        for &index in &self.extra {
            let key = key_of_report(self.observed[index]);
            // what was taken for out of order is gone from the front
            if extras.get(&key).and_then(VecDeque::front).is_none_or(|&left| index < left) {
                continue;
            }
            let point = self.reported(index);
            into.push(if happened.contains(&key) {
                Divergence::Duplicated(point)
            } else {
                Divergence::Unexpected(point)
            });
        }
    }

    /// Those of the extra edges that happened, if at another time.
    fn happened_of(&self, extras: &HashMap<Key<'a>, VecDeque<usize>>) -> HashSet<Key<'a>> {
        if extras.is_empty() {
            return HashSet::new();
        }
        let keys = self.expected.iter().map(|edge| key(*edge));
        keys.filter(|key| extras.contains_key(key)).collect()
    }

    fn happened(&self, index: usize) -> Point {
        Point::from(self.expected[index])
    }

    fn reported(&self, index: usize) -> Point {
        Point::from(self.observed[index])
    }
}

fn key(edge: SpanEdge<'_>) -> Key<'_> {
    (edge.kind, &edge.span.name)
}

fn key_of_report(event: &Event) -> Key<'_> {
    (event.kind, &event.name)
}

#[cfg(test)]
mod tests {
    use tollgate_event::Outcome;

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
