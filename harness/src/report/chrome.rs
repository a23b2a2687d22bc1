//! One cell as a Chrome trace, for Perfetto or `chrome://tracing`.
//!
//! What happened is one process, what was reported another. Reports have their times; of what
//! happened only the order is recorded, so its steps are a microsecond apart, and its name says so. The two
//! ends of an operation are one slice: readers pair separate ends by more than their names. What happened
//! and had no end is a slice that is left open.

use serde_json::{Value, json};
use tollgate_event::{Edge, Event};

use super::pairing::event;
use crate::{
    record::{CellRecord, TruthRecord},
    span::{Name, Point, Trace, TraceTextError},
};

const HAPPENED: u32 = 1;
const REPORTED: u32 = 2;

/// The trace of a cell; without `truth` only what was reported.
///
/// # Errors
///
/// If the record of the truth holds no trace.
pub fn chrome_trace(
    truth: Option<&TruthRecord>,
    cell: &CellRecord,
) -> Result<String, TraceTextError> {
    let mut events = Vec::new();
    if let Some(truth) = truth {
        let recorded: Trace = truth.recorded.parse()?;
        events.push(process(HAPPENED, "what happened (order only, 1 µs a step)"));
        events.extend(happened(&recorded));
    }
    events.push(process(REPORTED, &format!("reported by {}", cell.strategy)));
    events.extend(reported(cell));
    let trace = json!({
        "displayTimeUnit": "ns",
        "otherData": {
            "run": cell.provenance.run,
            "scenario": cell.scenario,
            "strategy": cell.strategy,
            "interpreter": cell.interpreter.label,
        },
        "traceEvents": events,
    });
    Ok(format!("{trace:#}\n"))
}

fn process(pid: u32, name: &str) -> Value {
    json!({ "ph": "M", "pid": pid, "tid": 0, "name": "process_name", "args": { "name": name } })
}

/// The edges of all spans, which nest by construction.
fn happened(trace: &Trace) -> Vec<Value> {
    let threads = trace.points().into_iter().zip(1..);
    let events: Vec<_> = threads.flat_map(|(points, tid)| steps(points, tid)).collect();
    shown(HAPPENED, &events, open_slice)
}

fn steps(points: Vec<Point>, thread: u64) -> impl Iterator<Item = Event> {
    points.into_iter().zip(0..).map(move |(point, step)| Event {
        nanos: 1000 * step,
        thread,
        kind: point.kind,
        name: point.name,
        outcome: point.outcome,
    })
}

fn reported(cell: &CellRecord) -> Vec<Value> {
    let events: Vec<Event> = cell.observed.iter().filter_map(event).collect();
    shown(REPORTED, &events, instant)
}

/// The events of a process; `alone` shows a start without an end.
fn shown(pid: u32, events: &[Event], alone: fn(u32, &Event) -> Value) -> Vec<Value> {
    let partners = partners(events);
    let shown = events.iter().zip(partners).filter_map(|(event, partner)| {
        match (partner, event.kind.edge) {
            (None, Edge::Start) => Some(alone(pid, event)),
            (None, Edge::End) => Some(instant(pid, event)),
            (Some(end), Edge::Start) => Some(slice(pid, event, &events[end])),
            // it is part of the slice that it ends
            (Some(_), Edge::End) => None,
        }
    });
    shown.collect()
}

/// For each event the other end of its operation, so that slices nest; the others are instants.
fn partners(events: &[Event]) -> Vec<Option<usize>> {
    let mut partners = vec![None; events.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, event) in events.iter().enumerate() {
        if event.kind.edge == Edge::Start {
            open.push(index);
            continue;
        }
        let is_start = |start: &usize| {
            let start = &events[*start];
            let same = (start.thread, start.kind.operation) == (event.thread, event.kind.operation);
            same && start.name == event.name
        };
        if let Some(position) = open.iter().rposition(is_start) {
            let start = open[position];
            (partners[start], partners[index]) = (Some(index), Some(start));
            // what began within it on this thread and has not ended never will
            open.retain(|it| *it < start || events[*it].thread != event.thread);
        }
    }
    partners
}

fn slice(pid: u32, start: &Event, end: &Event) -> Value {
    let name = format!("{} {}", start.kind.operation.word(), Name(&start.name));
    json!({
        "ph": "X", "pid": pid, "tid": start.thread, "cat": start.kind.operation.word(), "name": name,
        "ts": micros(start.nanos), "dur": micros(end.nanos.saturating_sub(start.nanos)),
        "args": { "outcome": end.outcome.to_string() },
    })
}

/// A slice that never ends, because the operation did not.
fn open_slice(pid: u32, start: &Event) -> Value {
    let (operation, name) = (start.kind.operation.word(), Name(&start.name));
    json!({
        "ph": "B", "pid": pid, "tid": start.thread, "cat": operation,
        "name": format!("{operation} {name}"), "ts": micros(start.nanos),
        "args": { "outcome": "did not end" },
    })
}

fn instant(pid: u32, event: &Event) -> Value {
    let (operation, name) = (event.kind.operation.word(), Name(&event.name));
    json!({
        "ph": "i", "pid": pid, "tid": event.thread, "cat": operation, "s": "t",
        "name": format!("{operation} {name} ({})", event.kind),
        "ts": micros(event.nanos), "args": { "outcome": event.outcome.to_string() },
    })
}

#[expect(clippy::cast_precision_loss, reason = "a cell takes less than 104 days")]
fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{EventRecord, Record, TruthWord},
        report::fixtures::{cell, truth},
    };

    fn record(nanos: u64, event: &str, module: &str) -> EventRecord {
        let (event, module) = (event.to_owned(), module.to_owned());
        EventRecord { event, module, outcome: "unstated".to_owned(), thread: 1, nanos }
    }

    #[test]
    fn what_has_no_partner_is_an_instant() {
        let Record::Truth(mut truth) = truth("a", "3.13.0", (TruthWord::Agreed, None)) else {
            unreachable!("it is a truth")
        };
        truth.recorded = "import a\n  find a\nimport \"b\\nc\" ...\n  find \"b\\nc\"\n".to_owned();
        let mut cell = cell("audit", "a", "3.13.0");
        cell.observed = vec![
            record(0, "import.start", "a"),
            record(1500, "find.start", "a"),
            record(2000, "import.end", "a"),
            record(2500, "import.end", "b"),
        ];
        let text = chrome_trace(Some(&truth), &cell).expect("a trace");
        let trace: Value = serde_json::from_str(&text).expect("JSON");
        let told: Vec<_> = trace["traceEvents"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| {
                let word = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
                format!("{} {} {} {} {}", it["pid"], word("ph"), it["ts"], it["dur"], word("name"))
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        1 M null null process_name
        1 X 0.0 3.0 import a
        1 X 1.0 1.0 find a
        1 B 4.0 null import "b\nc"
        1 X 5.0 1.0 find "b\nc"
        2 M null null process_name
        2 X 0.0 2.0 import a
        2 i 1.5 null find a (find.start)
        2 i 2.5 null import b (import.end)
        "#);
        assert!(chrome_trace(None, &cell).expect("a trace").len() < text.len());
    }
}
