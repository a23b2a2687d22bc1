//! What happened in one scenario beside what one strategy reported, as trees.

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use tollgate_event::{Edge, Event, EventKind, Operation, Outcome};

use super::trees::{Line, side_by_side};
use crate::{
    span::{Name, Span, Trace},
    strategy::StrategyName,
};

/// Sets the spans of `truth` beside the events that `strategy` reported, thread by thread; `main` is the
/// first, the others follow in the order of their first events.
///
/// A report stands in the line of the span that it is about, indented as that span is, whether the
/// strategy could know the nesting or not. An ending is shown where it was reported.
pub fn beside(truth: &Trace, strategy: &StrategyName, events: &[Event], main: u64) -> String {
    let events = by_thread(events, main);
    let count = truth.threads.len().max(events.len());
    let (mut happened, mut reported) = (Vec::new(), Vec::new());
    for thread in 0..count {
        let mut own = Vec::new();
        for span in truth.threads.get(thread).into_iter().flatten() {
            span_lines(span, 0, &mut own);
        }
        let reports = reports(events.get(thread).into_iter().flatten().copied());
        let heading = (count > 1).then(|| heading(thread));
        reported.extend(heading.iter().cloned().chain(indented(&own, &reports)));
        happened.extend(heading.into_iter().chain(own));
    }
    side_by_side("what happened", &happened, strategy.as_str(), &reported)
}

/// The events of each thread, those of `main` first.
fn by_thread(events: &[Event], main: u64) -> Vec<Vec<&Event>> {
    let mut threads = vec![(main, Vec::new())];
    for event in events {
        match threads.iter_mut().find(|(thread, _)| *thread == event.thread) {
            Some((_, own)) => own.push(event),
            None => threads.push((event.thread, vec![event])),
        }
    }
    threads.into_iter().map(|(_, events)| events).collect()
}

/// The line above what happened in a thread, as in trace texts.
fn heading(thread: usize) -> Line {
    let text = match thread {
        0 => "thread main:".to_owned(),
        _ => format!("thread {}:", thread + 1),
    };
    Line { key: text.clone(), text }
}

/// What makes two lines speak of the same span.
type Subject = (Operation, String);

fn subject_key((operation, name): &Subject) -> String {
    format!("{operation} {name}")
}

/// The line of `span`, and those of the spans within it.
pub(super) fn span_lines(span: &Span, depth: usize, lines: &mut Vec<Line>) {
    lines.push(Line {
        key: subject_key(&(span.operation, span.name.clone())),
        text: format!("{:indent$}{span}", "", indent = 2 * depth),
    });
    span.children.iter().for_each(|child| span_lines(child, depth + 1, lines));
}

/// One reported span: its start, its end, or both.
pub(super) struct Reported {
    subject: Subject,
    pub(super) edges: BTreeSet<EventKind>,
    pub(super) outcome: Outcome,
    /// The number of the report whose start and end came around it.
    within: Option<usize>,
}

impl Reported {
    /// Whether one of its events is among these.
    pub(super) fn is_any_of(&self, events: &BTreeSet<(EventKind, String)>) -> bool {
        self.edges.iter().any(|edge| events.contains(&(*edge, self.subject.1.clone())))
    }
}

/// Joins starts and ends as far as they were reported: an end belongs to the last start of the same
/// operation and module that has none yet.
pub(super) fn reports<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<Reported> {
    let mut reports: Vec<Reported> = Vec::new();
    let mut edges: Vec<(Edge, usize)> = Vec::new();
    for event in events {
        let subject = (event.kind.operation, event.name.clone());
        let end = EventKind::end(event.kind.operation);
        let open = reports
            .iter_mut()
            .enumerate()
            .rfind(|(_, report)| report.subject == subject && !report.edges.contains(&end));
        if let Some((number, report)) = open.filter(|_| event.kind.edge == Edge::End) {
            report.edges.insert(end);
            report.outcome = event.outcome.clone();
            edges.push((Edge::End, number));
            continue;
        }
        edges.push((Edge::Start, reports.len()));
        reports.push(Reported {
            subject,
            edges: [event.kind].into(),
            outcome: event.outcome.clone(),
            within: None,
        });
    }
    nest(&mut reports, &edges);
    reports
}

/// Tells of each report which of the whole ones came around it. One whose end was not reported is around nothing.
fn nest(reports: &mut [Reported], edges: &[(Edge, usize)]) {
    let mut open: Vec<usize> = Vec::new();
    for (edge, number) in edges {
        if *edge == Edge::End {
            open.retain(|it| it != number);
            continue;
        }
        reports[*number].within = open.last().copied();
        let is_whole = reports[*number].edges.len() == 2;
        open.extend(is_whole.then_some(*number));
    }
}

/// Gives each report the indentation of the span that it stands beside; what stands beside none is as deep as the
/// reports around it make it.
pub(super) fn indented(happened: &[Line], reports: &[Reported]) -> Vec<Line> {
    let keys: Vec<_> = happened.iter().map(|line| line.key.clone()).collect();
    let own: Vec<_> = reports.iter().map(|report| subject_key(&report.subject)).collect();
    let mut beside = vec![None; own.len()];
    for operation in capture_diff_slices(Algorithm::Myers, &keys, &own) {
        if let DiffOp::Equal { old_index, new_index, len } = operation {
            for offset in 0..len {
                let text = &happened[old_index + offset].text;
                beside[new_index + offset] = Some(text.len() - text.trim_start().len());
            }
        }
    }
    let mut indents: Vec<usize> = Vec::with_capacity(own.len());
    for (report, beside) in reports.iter().zip(beside) {
        // what is around a report comes before it
        let around = report.within.map(|number| indents[number] + 2);
        indents.push(beside.or(around).unwrap_or_default());
    }
    let line = |(report, indent): (&Reported, usize)| Line {
        key: subject_key(&report.subject),
        text: format!("{:indent$}{}", "", told(report)),
    };
    reports.iter().zip(indents).map(line).collect()
}

fn told(report: &Reported) -> String {
    let (operation, name) = &report.subject;
    let edges = match (report.edges.first(), report.edges.len()) {
        (Some(only), 1) if only.edge == Edge::Start => " (start)",
        (Some(_), 1) => " (end)",
        _ => "",
    };
    let outcome = match &report.outcome {
        Outcome::Unstated | Outcome::Ok => String::new(),
        Outcome::NotFound => " ?".to_owned(),
        Outcome::Raised(exception) => format!(" !{}", Name(exception)),
    };
    format!("{operation} {}{outcome}{edges}", Name(name))
}
