//! What happened in a cell and what was reported of it, line by line, with marks where they differ.
//!
//! All from records, so that a format that draws the two sides needs no rules of its own.

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use tollgate_event::{Event, EventKind, Outcome};

use super::{
    beside::{Reported, indented, reports, span_lines},
    trees::Line,
};
use crate::{
    record::{CountRecord, EventRecord},
    span::{Ending, Span, SpanEdge, Trace},
    verdict::Claims,
};

/// Two sides, and what stands on each row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Pairing {
    /// The lines of what happened, in order.
    pub(super) happened: String,
    /// The lines of what was reported, in order.
    pub(super) reported: String,
    /// A mark a row.
    ///
    /// - `=` both sides, and nothing to say against it
    /// - `!` both sides, but an edge is missing or the outcome is wrong
    /// - `<` happened, is claimed, and was not reported
    /// - `.` happened, and is not claimed
    /// - `>` reported only
    /// - `o` reported only, and of no import: another meaning
    /// - `:` the title of a thread, on both sides
    pub(super) rows: String,
}

/// Events by their kinds and modules.
pub(super) type Named = BTreeSet<(EventKind, String)>;

/// What the two sides are judged by.
pub(super) struct Rules {
    /// The kinds that are claimed.
    pub(super) claims: Claims,
    /// Reports that are of no import.
    pub(super) of_no_import: Named,
}

/// Sets the events beside `truth`, thread by thread.
pub(super) fn pairing(truth: &Trace, events: &[EventRecord], rules: &Rules) -> Pairing {
    let events: Vec<_> = events.iter().filter_map(event).collect();
    let reporting = events.iter().map(|event| event.thread).max().unwrap_or_default();
    let threads = truth.threads.len().max(usize::try_from(reporting).unwrap_or_default());
    let mut pairing = Pairing::default();
    for thread in 0..threads {
        if threads > 1 {
            pairing.title(thread + 1);
        }
        let spans = truth.threads.get(thread).map(Vec::as_slice).unwrap_or_default();
        let own = events.iter().filter(|event| event.thread == thread as u64 + 1);
        pairing.add(spans, &reports(own), rules);
    }
    pairing
}

/// The kinds that these counts say are claimed.
pub(super) fn claims(tally: &[CountRecord]) -> Claims {
    let claimed = tally.iter().filter(|count| count.claimed);
    claimed.filter_map(|count| count.event.parse().ok()).collect()
}

/// The event behind its record; nothing if it is of a kind that this version does not know.
pub(super) fn event(record: &EventRecord) -> Option<Event> {
    let outcome = match record.outcome.as_str() {
        "ok" => Outcome::Ok,
        "not found" => Outcome::NotFound,
        other => other
            .strip_prefix("raised ")
            .map_or(Outcome::Unstated, |exception| Outcome::Raised(exception.to_owned())),
    };
    Some(Event {
        nanos: record.nanos,
        thread: record.thread as u64,
        kind: record.event.parse().ok()?,
        name: record.module.clone(),
        outcome,
    })
}

impl Pairing {
    fn title(&mut self, thread: usize) {
        let title = if thread == 1 { "thread main:" } else { &format!("thread {thread}:") };
        self.row(':', Some(title), Some(title));
    }

    fn row(&mut self, mark: char, happened: Option<&str>, reported: Option<&str>) {
        self.rows.push(mark);
        for (side, line) in [(&mut self.happened, happened), (&mut self.reported, reported)] {
            if let Some(line) = line {
                // a name may hold anything, and a line is a line
                side.push_str(&super::words::plain(line));
                side.push('\n');
            }
        }
    }

    fn add(&mut self, spans: &[Span], reports: &[Reported], rules: &Rules) {
        let claims = &rules.claims;
        let (mut happened, mut flat) = (Vec::new(), Vec::new());
        for span in spans {
            span_lines(span, 0, &mut happened);
            flatten(span, &mut flat);
        }
        let reported = indented(&happened, reports);
        let keys = |lines: &[Line]| lines.iter().map(|line| line.key.clone()).collect::<Vec<_>>();
        for it in capture_diff_slices(Algorithm::Myers, &keys(&happened), &keys(&reported)) {
            if let DiffOp::Equal { old_index, new_index, len } = it {
                for offset in 0..len {
                    let (left, right) = (old_index + offset, new_index + offset);
                    let mark =
                        if is_right(flat[left], &reports[right], claims) { '=' } else { '!' };
                    self.row(mark, Some(&happened[left].text), Some(&reported[right].text));
                }
                continue;
            }
            for left in it.old_range() {
                let mark = if is_claimed(flat[left], claims) { '<' } else { '.' };
                self.row(mark, Some(&happened[left].text), None);
            }
            for right in it.new_range() {
                let is_import = !reports[right].is_any_of(&rules.of_no_import);
                let mark = if is_import { '>' } else { 'o' };
                self.row(mark, None, Some(&reported[right].text));
            }
        }
    }
}

fn flatten<'a>(span: &'a Span, flat: &mut Vec<&'a Span>) {
    flat.push(span);
    span.children.iter().for_each(|child| flatten(child, flat));
}

/// The edges of a span: two, unless the end of the program has cut it short.
fn edges(span: &Span) -> Vec<EventKind> {
    let end = (span.ending != Ending::Unended).then(|| EventKind::end(span.operation));
    [EventKind::start(span.operation)].into_iter().chain(end).collect()
}

fn is_claimed(span: &Span, claims: &Claims) -> bool {
    edges(span).iter().any(|edge| claims.contains(edge))
}

fn is_right(span: &Span, report: &Reported, claims: &Claims) -> bool {
    let edges = edges(span);
    let is_whole = edges.iter().all(|edge| !claims.contains(edge) || report.edges.contains(edge))
        && report.edges.iter().all(|edge| edges.contains(edge));
    let end = SpanEdge { kind: EventKind::end(span.operation), span };
    is_whole && end.is_told_by(&report.outcome)
}

#[cfg(test)]
mod tests {
    use tollgate_event::Operation;

    use super::*;

    const TRUTH: &str = "\
thread main:
import shop.cart !ValueError
  import shop
    find shop
  load shop.cart !ValueError
thread 2:
import late
";

    fn record(text: &str) -> EventRecord {
        let mut words = text.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let (thread, event, module) = (word().parse().expect("a thread"), word(), word());
        EventRecord { event, module, outcome: word(), thread, nanos: 0 }
    }

    fn check(claimed: &[&str], events: &[&str]) -> String {
        check_against(TRUTH, claimed, events)
    }

    fn check_against(truth: &str, claimed: &[&str], events: &[&str]) -> String {
        let truth: Trace = truth.parse().expect("a trace");
        let events: Vec<_> = events.iter().map(|it| record(it)).collect();
        let claims = claimed.iter().map(|kind| kind.parse().expect("a kind")).collect();
        let of_no_import = [(EventKind::start(Operation::Import), "cached".to_owned())].into();
        let pairing = pairing(&truth, &events, &Rules { claims, of_no_import });
        let (mut left, mut right) = (pairing.happened.lines(), pairing.reported.lines());
        let row = |mark| {
            let left = if ">o".contains(mark) { "" } else { left.next().expect("a line") };
            let right = if "<.".contains(mark) { "" } else { right.next().expect("a line") };
            format!("{left:<32}{mark} {right}").trim_end().to_owned()
        };
        let rows: Vec<_> = pairing.rows.chars().map(row).collect();
        rows.join("\n")
    }

    #[test]
    fn differences_are_marked_by_what_is_claimed() {
        let claimed = ["import.start", "import.end"];
        let events = [
            "1 import.start shop.cart unstated",
            "1 import.start shop unstated",
            "1 find.start shop unstated",
            "1 import.end shop raised KeyError",
            "1 import.start odd\nname unstated",
            "1 import.start cached unstated",
            "1 import.end shop.cart raised ValueError",
        ];
        insta::assert_snapshot!(check(&claimed, &events), @r#"
        thread main:                    : thread main:
        import shop.cart !ValueError    = import shop.cart !ValueError
          import shop                   !   import shop !KeyError
            find shop                   =     find shop (start)
          load shop.cart !ValueError    .
                                        >   import "odd\nname" (start)
                                        o   import cached (start)
        thread 2:                       : thread 2:
        import late                     <
        "#);
    }

    #[test]
    fn an_end_that_is_claimed_and_not_reported_is_marked() {
        let events = ["1 import.start shop unstated", "2 import.start late unstated"];
        let told = check(&["import.start", "import.end"], &events);
        assert!(told.ends_with("import late                     ! import late (start)"), "{told}");
        let told = check(&["import.start"], &events);
        assert!(told.ends_with("import late                     = import late (start)"), "{told}");
    }

    #[test]
    fn of_what_never_ended_only_a_start_is_right() {
        let claimed = ["load.start", "load.end"];
        let check = |events: &[&str], mark: char| {
            let told = check_against("load shop ...\n", &claimed, events);
            assert_eq!(told.chars().nth(32), Some(mark), "{told}");
        };
        check(&["1 load.start shop unstated"], '=');
        check(&["1 load.start shop unstated", "1 load.end shop ok"], '!');
        check(&["1 load.end shop ok"], '!');
        check(&[], '<');
    }
}
