//! Where truth meets observation: a merge over two ordered streams in which both leftovers count.

use std::collections::HashMap;

use tollgate_event::{Event, EventKind};

use super::{
    Claims, Divergence,
    alignment::{Stretch, align},
    leftovers::Leftovers,
    window::Window,
};
use crate::span::{Edges, Point, SpanEdge, Trace};

/// The outcome of holding one run's reports against what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Kinds of the events that were reported in their place, one entry an event.
    pub seen: Vec<EventKind>,
    /// Everything that differs, in the order of the threads and of the program.
    pub divergences: Vec<Divergence>,
    /// How many of them there are up to the end of each thread.
    pub(super) ends: Vec<usize>,
    /// Kinds of the events that happened in the program alone and could not under the strategy, one
    /// entry an event; see [`super::Executed::excuse`].
    pub excused: Vec<EventKind>,
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
///
/// Both are gone through once, a block at a time: what is looked at again was looked at just before.
pub fn compare_where<'a>(
    (truth, is_expected): (&'a Trace, &dyn Fn(SpanEdge<'_>) -> bool),
    (observed, main): (&'a [Event], u64),
    in_place: &mut dyn FnMut(SpanEdge<'a>, &'a Event),
) -> Matched {
    let mut matched = Matched::default();
    let mut others = Others::default();
    let of_main = observed.iter().filter(|event| {
        let is_of_main = event.thread == main;
        if !is_of_main {
            others.add(event);
        }
        is_of_main
    });
    compare_thread((truth.edges_of(0), is_expected), of_main, &mut matched, in_place);
    matched.ends.push(matched.divergences.len());
    for thread in 1..truth.threads.len().max(1 + others.events.len()) {
        let observed = others.events.get(thread - 1).into_iter().flatten().copied();
        compare_thread((truth.edges_of(thread), is_expected), observed, &mut matched, in_place);
        matched.ends.push(matched.divergences.len());
    }
    matched
}

/// The events of each thread, told apart as [`compare`] does it.
pub(super) fn threads(observed: &[Event], main: u64) -> Vec<Vec<&Event>> {
    let mut others = Others::default();
    let (of_main, rest): (Vec<_>, Vec<_>) = observed.iter().partition(|event| event.thread == main);
    for event in rest {
        others.add(event);
    }
    std::iter::once(of_main).chain(others.events).collect()
}

/// Events of the threads beside the main one, in the order of their first events.
#[derive(Default)]
struct Others<'a> {
    numbers: HashMap<u64, usize>,
    events: Vec<Vec<&'a Event>>,
}

impl<'a> Others<'a> {
    fn add(&mut self, event: &'a Event) {
        let number = *self.numbers.entry(event.thread).or_insert(self.events.len());
        if number == self.events.len() {
            self.events.push(Vec::new());
        }
        self.events[number].push(event);
    }
}

/// Edges of a thread that are compared at a time: as many as fit into a processor's nearest caches with all
/// that is made of them, so that an edge costs the same however many there are.
const BLOCK: usize = 1024;
/// So many equal edges in a row are no coincidence: what comes after them is compared without what came before.
const SURE: usize = 32;

fn compare_thread<'a>(
    (truth, is_expected): (Edges<'a>, &dyn Fn(SpanEdge<'_>) -> bool),
    observed: impl Iterator<Item = &'a Event>,
    matched: &mut Matched,
    in_place: &mut dyn FnMut(SpanEdge<'a>, &'a Event),
) {
    let expected = truth.filter(|edge| is_expected(*edge));
    let mut leftovers = Leftovers::default();
    let (mut left, mut right, mut block) =
        (Window::new(expected.clone()), Window::new(observed), BLOCK);
    loop {
        let ends = [left.widen(block), right.widen(block)];
        if left.items().is_empty() && right.items().is_empty() {
            break;
        }
        let Some(stretches) = align_block(left.items(), right.items(), ends == [true, true]) else {
            // too much differs for a block of this size
            block *= 4;
            continue;
        };
        let mut passed = [0, 0];
        for Stretch { expected: own, observed: told, same } in stretches {
            passed = [own.end, told.end];
            if !same {
                leftovers.missing.extend(left.placed(own));
                leftovers.extra.extend(right.placed(told));
                continue;
            }
            for (truth, report) in left.items()[own].iter().zip(&right.items()[told]) {
                matched.seen.push(truth.kind);
                in_place(*truth, report);
                if !truth.is_told_by(&report.outcome) {
                    let (point, observed) = (Point::from(*truth), report.outcome.clone());
                    matched.divergences.push(Divergence::WrongField { point, observed });
                }
            }
        }
        left.pass(passed[0]);
        right.pass(passed[1]);
        block = BLOCK;
    }
    leftovers.explain(expected, &mut matched.divergences);
}

/// Aligns two blocks: whole if they are the last ones, and else up to where they agree beyond doubt.
/// Nothing if they do so nowhere.
fn align_block(
    expected: &[SpanEdge<'_>],
    observed: &[&Event],
    is_last: bool,
) -> Option<Vec<Stretch>> {
    let numbers = Numbers::of(expected, observed);
    let mut stretches = align(&numbers.expected, &numbers.observed, numbers.distinct);
    if !is_last {
        let is_sure = |stretch: &Stretch| stretch.same && stretch.expected.len() >= SURE;
        let sure = stretches.iter().rposition(is_sure)?;
        stretches.truncate(sure + 1);
    }
    Some(stretches)
}

/// Both streams with a number in the place of each edge: equal edges have the same.
struct Numbers {
    expected: Vec<u32>,
    observed: Vec<u32>,
    /// How many numbers there are.
    distinct: usize,
}

impl Numbers {
    fn of(expected: &[SpanEdge<'_>], observed: &[&Event]) -> Self {
        let mut names = Names::default();
        let mut number =
            |kind: EventKind, name| names.number(name) * KINDS + u32::from(kind.code());
        let expected =
            expected.iter().map(|edge| number(edge.kind, edge.span.name.as_str())).collect();
        let observed = observed.iter().map(|event| number(event.kind, &event.name)).collect();
        Self { expected, observed, distinct: names.known.len() * KINDS as usize }
    }
}

/// A number for each name. Most edges are of a name that was asked for just before, which needs no
/// look into a map that is too large for any cache.
#[derive(Default)]
struct Names<'a> {
    known: HashMap<&'a str, u32>,
    recent: [(&'a str, u32); RECENT],
    oldest: usize,
}

const RECENT: usize = 4;

#[expect(clippy::cast_possible_truncation, reason = "there are a handful of kinds")]
const KINDS: u32 = EventKind::ALL.len() as u32;

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> u32 {
        // no module is called nothing, so what was never filled is never found
        let recent = self.recent.iter().find(|(known, _)| *known == name && !name.is_empty());
        if let Some((_, number)) = recent {
            return *number;
        }
        let next = u32::try_from(self.known.len()).expect("a block has fewer names than 2^32");
        let number = *self.known.entry(name).or_insert(next);
        self.recent[self.oldest] = (name, number);
        self.oldest = (self.oldest + 1) % RECENT;
        number
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

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
        missed import_started a.b
        reported import_started c, which did not happen
        reported import_started a once too often
        ");
    }

    #[test]
    fn a_swapped_pair_is_out_of_order() {
        let reported = "1 import.start a\n1 import.start a.b";
        insta::assert_snapshot!(check(NESTED, "import.start", reported), @r"
        1 seen
        reported import_started a first instead of after import_started a.b
        ");
    }

    #[test]
    fn a_wrong_outcome_is_a_wrong_field() {
        let truth = "import a !ModuleNotFoundError\n  find a ?\nimport b !ValueError\n  load b !ValueError\n";
        let reported = "1 import.end a ?\n1 import.end b ?";
        insta::assert_snapshot!(check(truth, "import.end", reported), @r"
        2 seen
        reported import_ended b as not found, which was raised ValueError
        ");
        assert_eq!(
            check(truth, "import.end", "1 import.end a\n1 import.end b ValueError"),
            "2 seen\n"
        );
    }

    #[test]
    fn what_never_ended_has_a_start_alone() {
        let truth = "thread main:\nthread 2:\nimport a ...\n  find a\n  load a ...\n";
        let claims = "import.start import.end load.start load.end";
        let starts = "2 import.start a\n2 load.start a";
        assert_eq!(check(truth, claims, starts), "2 seen\n");
        let ended = format!("{starts}\n2 load.end a\n2 import.end a ValueError");
        insta::assert_snapshot!(check(truth, claims, &ended), @r"
        2 seen
        reported module_loaded a, which did not happen
        reported import_ended a (raised ValueError), which did not happen
        ");
    }

    /// Imports of modules with these numbers, as a trace and as starts that are reported.
    fn imports(numbers: &Range<usize>) -> (String, Vec<String>) {
        let lines = |start: &str| -> Vec<_> {
            numbers.clone().map(|number| format!("{start} m{number}")).collect()
        };
        (lines("import").join("\n") + "\n", lines("1 import.start"))
    }

    #[test]
    fn what_differs_is_the_same_wherever_blocks_begin() {
        let (long, reported) = imports(&(0..3 * BLOCK));
        for place in BLOCK - SURE - 8..BLOCK + 8 {
            let (near, near_reported) = imports(&(place - 5..place + 5));
            let disturb = |mut lines: Vec<String>, at: usize| {
                lines.swap(at, at + 1);
                lines.remove(at + 3);
                lines.join("\n")
            };
            let whole = check(&long, "import.start", &disturb(reported.clone(), place));
            let part = check(&near, "import.start", &disturb(near_reported, 5));
            let divergences = |told: &str| told.split_once('\n').map(|(_, rest)| rest.to_owned());
            assert_eq!(divergences(&whole), divergences(&part), "at {place}");
            assert_eq!(part.lines().count(), 3, "{part}");
        }
    }

    #[test]
    fn threads_do_not_help_each_other_out() {
        let truth = "thread main:\nimport a\nthread 2:\nimport b\n";
        insta::assert_snapshot!(check(truth, "import.start", "1 import.start b\n9 import.start a"), @r"
        0 seen
        missed import_started a
        reported import_started b, which did not happen
        missed import_started b
        reported import_started a, which did not happen
        ");
        assert_eq!(check(truth, "import.start", "9 import.start b\n1 import.start a"), "2 seen\n");
    }
}
