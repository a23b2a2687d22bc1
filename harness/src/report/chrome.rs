//! One cell as a Chrome trace, for Perfetto or `chrome://tracing`.
//!
//! What happened is one process, what was reported another. Reports have their times; of what
//! happened only the order is recorded, so its steps are a microsecond apart, and its name says so.

use serde_json::{Value, json};
use tollgate_event::{Edge, Event};

use super::pairing::event;
use crate::{
    record::{CellRecord, TruthRecord},
    span::{Point, Trace, TraceTextError},
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
    threads.flat_map(|(points, tid)| steps(points, tid)).collect()
}

fn steps(points: Vec<Point>, tid: usize) -> impl Iterator<Item = Value> {
    points.into_iter().enumerate().map(move |(step, point)| {
        let phase = if point.kind.edge == Edge::Start { "B" } else { "E" };
        one(
            (HAPPENED, tid),
            phase,
            &Event {
                nanos: 1000 * step as u64,
                thread: tid as u64,
                kind: point.kind,
                name: point.name,
                outcome: point.outcome,
            },
        )
    })
}

fn reported(cell: &CellRecord) -> Vec<Value> {
    let events: Vec<Event> = cell.observed.iter().filter_map(event).collect();
    let is_paired = paired(&events);
    let shown = events.iter().zip(is_paired).map(|(event, is_paired)| {
        let phase = match (is_paired, event.kind.edge) {
            (false, _) => "i",
            (true, Edge::Start) => "B",
            (true, Edge::End) => "E",
        };
        one((REPORTED, usize::try_from(event.thread).unwrap_or_default()), phase, event)
    });
    shown.collect()
}

/// Which events are the two ends of one operation, so that slices nest; the others are instants.
fn paired(events: &[Event]) -> Vec<bool> {
    let mut paired = vec![false; events.len()];
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
            (paired[start], paired[index]) = (true, true);
            // what began within it on this thread and has not ended never will
            let mut position = 0;
            open.retain(|it| {
                position += 1;
                *it < start || events[*it].thread != event.thread
            });
        }
    }
    paired
}

fn one((pid, tid): (u32, usize), phase: &str, event: &Event) -> Value {
    let (operation, name) = (event.kind.operation.word(), &event.name);
    let edge = if phase == "i" { format!(" ({})", event.kind) } else { String::new() };
    #[expect(clippy::cast_precision_loss, reason = "a cell takes less than 104 days")]
    let micros = event.nanos as f64 / 1000.0;
    let mut value = json!({
        "ph": phase, "pid": pid, "tid": tid, "ts": micros, "cat": operation,
        "name": format!("{operation} {name}{edge}"),
        "args": { "event": event.kind.word(), "outcome": event.outcome.to_string() },
    });
    if phase == "i" {
        value["s"] = "t".into();
    }
    value
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
        truth.recorded = "import a\n  find a\n".to_owned();
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
                format!("{} {} {} {}", it["pid"], word("ph"), it["ts"], word("name"))
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        1 M null process_name
        1 B 0.0 import a
        1 B 1.0 find a
        1 E 2.0 find a
        1 E 3.0 import a
        2 M null process_name
        2 B 0.0 import a
        2 i 1.5 find a (find.start)
        2 E 2.0 import a
        2 i 2.5 import b (import.end)
        ");
        assert!(chrome_trace(None, &cell).expect("a trace").len() < text.len());
    }
}
