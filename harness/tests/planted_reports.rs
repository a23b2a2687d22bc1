//! Whether the verdict finds what is planted in a faultless report: something dropped, doubled, swapped,
//! renamed, moved to another thread, or said to have ended otherwise.

use proptest::{prelude::*, sample::Index};
use tollgate::{
    span::{Ending, Span, Trace},
    verdict::{Claims, Divergence, compare},
};
use tollgate_event::{Edge, Event, EventKind, Operation, Outcome};

/// The thread that ran the program.
const MAIN: u64 = 1;
/// A thread that no trace has.
const NEW: u64 = 99;

fn span() -> impl Strategy<Value = Span> {
    let names = prop::sample::select(&["a", "a.b", "a.b.c", "d"][..]);
    let operations = prop::sample::select(&Operation::ALL[..]);
    let endings = prop_oneof![
        3 => Just(Ending::Ok),
        1 => Just(Ending::Raised("ValueError".to_owned())),
    ];
    let leaf = (operations, names, endings).prop_map(|(operation, name, ending)| Span {
        operation,
        name: name.to_owned(),
        ending,
        children: Vec::new(),
    });
    leaf.prop_recursive(4, 24, 3, |inner| {
        (inner.clone(), prop::collection::vec(inner, 0..3))
            .prop_map(|(span, children)| Span { children, ..span })
    })
}

fn trace() -> impl Strategy<Value = Trace> {
    let thread = prop::collection::vec(span(), 1..4);
    prop::collection::vec(thread, 1..4).prop_map(|threads| Trace { threads })
}

/// What a strategy reports that misses nothing: each thread's events behind the other's.
fn report(trace: &Trace) -> Vec<Event> {
    let mut events = Vec::new();
    for (thread, points) in (MAIN..).zip(trace.points()) {
        events.extend(points.into_iter().map(|point| Event {
            nanos: 0,
            thread,
            kind: point.kind,
            name: point.name,
            outcome: point.outcome,
        }));
    }
    events
}

fn divergences(trace: &Trace, report: &[Event]) -> Vec<Divergence> {
    let claims: Claims = EventKind::ALL.into_iter().collect();
    compare(trace, report, MAIN, &claims).divergences
}

/// What the divergences are, and about which events, in words.
fn told(divergences: &[Divergence]) -> Vec<String> {
    let tell = |one: &Divergence| {
        let point = one.point().expect("it is about an event");
        format!("{} {} {}", one.word(), point.kind, point.name)
    };
    divergences.iter().map(tell).collect()
}

/// As [`told`], without outcomes: where an edge is too few or too many, one of its like may stand
/// for another that ended otherwise.
fn told_of_edges(divergences: &[Divergence]) -> Vec<String> {
    let mut told = told(divergences);
    told.retain(|one| !one.starts_with("wrong-field"));
    told
}

fn expected(word: &str, event: &Event) -> Vec<String> {
    vec![format!("{word} {} {}", event.kind, event.name)]
}

/// What each thread reports, threads by their first event: all that a trace knows of them.
fn by_thread(report: &[Event]) -> Vec<Vec<(EventKind, &str)>> {
    let mut threads: Vec<(u64, Vec<_>)> = vec![(MAIN, Vec::new())];
    for event in report {
        if threads.iter().all(|(thread, _)| *thread != event.thread) {
            threads.push((event.thread, Vec::new()));
        }
        let known = threads.iter_mut().find(|(thread, _)| *thread == event.thread);
        known.expect("it was added").1.push((event.kind, event.name.as_str()));
    }
    threads.into_iter().map(|(_, events)| events).collect()
}

proptest! {
    #[test]
    fn a_faultless_report_conforms(trace in trace()) {
        prop_assert_eq!(divergences(&trace, &report(&trace)), []);
    }

    #[test]
    fn what_was_dropped_is_missing(trace in trace(), index: Index) {
        let mut report = report(&trace);
        let dropped = report.remove(index.index(report.len()));
        prop_assert_eq!(told_of_edges(&divergences(&trace, &report)), expected("missing", &dropped));
    }

    #[test]
    fn what_was_doubled_is_duplicated(trace in trace(), index: Index, behind: Index) {
        let mut report = report(&trace);
        let doubled = report[index.index(report.len())].clone();
        let same_thread = |place: &usize| report[*place].thread == doubled.thread;
        let places: Vec<_> = (0..report.len()).filter(same_thread).collect();
        report.insert(behind.get(&places) + 1, doubled.clone());
        let found = told_of_edges(&divergences(&trace, &report));
        prop_assert_eq!(found, expected("duplicated", &doubled));
    }

    #[test]
    fn what_was_swapped_is_out_of_order(trace in trace(), index: Index) {
        let mut report = report(&trace);
        let edge = |event: &Event| (event.kind, event.name.clone());
        let differ = |pair: &[Event]| {
            pair[0].thread == pair[1].thread && edge(&pair[0]) != edge(&pair[1])
        };
        let places: Vec<_> =
            (1..report.len()).filter(|&place| differ(&report[place - 1..=place])).collect();
        let place = *index.get(&places);
        let pair = [report[place - 1].clone(), report[place].clone()];
        report.swap(place - 1, place);
        let found = told_of_edges(&divergences(&trace, &report));
        let either = pair.map(|event| expected("out-of-order", &event));
        prop_assert!(either.contains(&found), "{found:?}");
    }

    #[test]
    fn what_was_renamed_is_missing_and_unexpected(trace in trace(), index: Index) {
        let mut report = report(&trace);
        let place = index.index(report.len());
        let renamed = report[place].clone();
        report[place].name = "renamed".to_owned();
        let both = [expected("missing", &renamed), expected("unexpected", &report[place])];
        prop_assert_eq!(told_of_edges(&divergences(&trace, &report)), both.concat());
    }

    #[test]
    fn what_was_moved_to_another_thread_is_named(trace in trace(), index: Index, to: Index) {
        let mut report = report(&trace);
        let runs = by_thread(&report).len();
        let place = index.index(report.len());
        let others: Vec<u64> =
            (MAIN..).take(runs).chain([NEW]).filter(|&one| one != report[place].thread).collect();
        let before = report.clone();
        report[place].thread = *to.get(&others);
        // a thread under another number is the same thread
        prop_assume!(by_thread(&before) != by_thread(&report));
        let found = divergences(&trace, &report);
        prop_assert!(!told_of_edges(&found).is_empty(), "{found:?}");
    }

    #[test]
    fn what_is_said_to_have_ended_otherwise_is_a_wrong_field(trace in trace(), index: Index) {
        let mut report = report(&trace);
        let is_end = |place: &usize| report[*place].kind.edge == Edge::End;
        let ends: Vec<_> = (0..report.len()).filter(is_end).collect();
        let place = *index.get(&ends);
        let told_otherwise = report[place].clone();
        report[place].outcome = Outcome::Raised("OtherError".to_owned());
        let expected = expected("wrong-field", &told_otherwise);
        prop_assert_eq!(told(&divergences(&trace, &report)), expected);
    }
}
