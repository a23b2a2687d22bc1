//! One cell as a Chrome trace, for Perfetto or `chrome://tracing`.
//!
//! What happened is one process, what was reported another, on one axis of time. Reports have their times; of what
//! happened only the order is recorded, so it stands where it was reported, evenly spread in between, and its name says
//! so. The two ends of an operation are one slice: readers pair separate ends by more than their names. What happened
//! and had no end is a slice that is left open.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tollgate_event::{Edge, Event};

use super::{axis, pairing::event};
use crate::{
    record::{CellRecord, TruthRecord},
    span::{Name, Trace, TraceTextError, event_name},
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
    let reported: Vec<Event> = cell.observed.iter().filter_map(event).collect();
    let recorded: Option<Trace> = truth.map(|truth| truth.recorded.parse()).transpose()?;
    let (happened, reported) = match recorded {
        Some(recorded) => axis::shared(&recorded.points(), &reported),
        None => (Vec::new(), reported),
    };
    let mut events = Vec::new();
    if truth.is_some() {
        let name = "what happened (its order; times are those of reports, or between them)";
        events.extend(titles(HAPPENED, name, &happened));
        events.extend(shown(HAPPENED, &happened, open_slice));
    }
    events.extend(titles(REPORTED, &format!("reported by {}", cell.strategy), &reported));
    events.extend(shown(REPORTED, &reported, instant));
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

/// The names of a process and of its threads, which stand in this order.
fn titles(pid: u32, name: &str, events: &[Event]) -> Vec<Value> {
    let threads: BTreeSet<u64> = events.iter().map(|event| event.thread).collect();
    let about = |what: &str, tid: u64, key: &str, value: Value| {
        let mut args = serde_json::Map::new();
        args.insert(key.to_owned(), value);
        json!({ "ph": "M", "pid": pid, "tid": tid, "name": what, "args": args })
    };
    let mut titles = vec![
        about("process_name", 0, "name", name.into()),
        about("process_sort_index", 0, "sort_index", pid.into()),
    ];
    for thread in threads {
        let name = if thread == 1 { "main thread".to_owned() } else { format!("thread {thread}") };
        titles.push(about("thread_name", thread, "name", name.into()));
        titles.push(about("thread_sort_index", thread, "sort_index", thread.into()));
    }
    titles
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
        "name": format!("{operation} {name} ({})", event_name(event.kind)),
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
                if word("ph") == "M" {
                    return format!("{} {} {}: {}", it["pid"], it["tid"], word("name"), it["args"]);
                }
                format!("{} {} {} {} {}", it["pid"], word("ph"), it["ts"], it["dur"], word("name"))
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        1 0 process_name: {"name":"what happened (its order; times are those of reports, or between them)"}
        1 0 process_sort_index: {"sort_index":1}
        1 1 thread_name: {"name":"main thread"}
        1 1 thread_sort_index: {"sort_index":1}
        1 X 0.0 2.0 import a
        1 X 1.5 0.25 find a
        1 B 3.0 null import "b\nc"
        1 X 4.0 1.0 find "b\nc"
        2 0 process_name: {"name":"reported by audit"}
        2 0 process_sort_index: {"sort_index":2}
        2 1 thread_name: {"name":"main thread"}
        2 1 thread_sort_index: {"sort_index":1}
        2 X 0.0 2.0 import a
        2 i 1.5 null find a (search_started)
        2 i 2.5 null import b (import_ended)
        "#);
        assert!(chrome_trace(None, &cell).expect("a trace").len() < text.len());
    }
}
