//! From the events of a witness that misses nothing to the spans they are the edges of.

use tollgate_event::{Edge, Event, Outcome};

use super::{Ending, Name, Span, Trace};

/// Events that are not the edges of a span forest: the witness, not a strategy, is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {index}, {event}: {reason}")]
pub struct Unbalanced {
    /// Which event, from 0.
    pub index: usize,
    /// The event, in words.
    pub event: String,
    /// What does not fit.
    pub reason: &'static str,
}

/// Which threads the end of the program may have cut short, so that they are still inside spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutShort {
    /// Those that nobody waits for: the main thread has come to its end.
    Others,
    /// All of them: something ended the whole process.
    All,
}

/// Builds the span forest of `events`, whose starts and ends must pair up within each thread. A span
/// that is open in the end has none; `cut` says whether the main thread may have such spans.
///
/// `main` is the thread that ran the program; it comes first, even where it did nothing.
pub fn build(events: &[Event], main: u64, cut: CutShort) -> Result<Trace, Unbalanced> {
    let mut threads = vec![Thread { id: main, spans: Vec::new(), open: Vec::new() }];
    for (index, event) in events.iter().enumerate() {
        thread(&mut threads, event.thread).take(event).map_err(|reason| Unbalanced {
            index,
            event: format!("{} {}", event.kind, Name(&event.name)),
            reason,
        })?;
    }
    if let (CutShort::Others, Some(open)) = (cut, threads[0].open.last()) {
        return Err(Unbalanced {
            index: events.len(),
            event: format!("{} {}", open.operation, Name(&open.name)),
            reason: "its end is missing",
        });
    }
    Ok(Trace { threads: threads.into_iter().map(Thread::finish).collect() })
}

struct Thread {
    id: u64,
    spans: Vec<Span>,
    open: Vec<Span>,
}

fn thread(threads: &mut Vec<Thread>, id: u64) -> &mut Thread {
    let position = threads.iter().position(|thread| thread.id == id).unwrap_or_else(|| {
        threads.push(Thread { id, spans: Vec::new(), open: Vec::new() });
        threads.len() - 1
    });
    &mut threads[position]
}

impl Thread {
    fn take(&mut self, event: &Event) -> Result<(), &'static str> {
        match event.kind.edge {
            Edge::Start => {
                self.open.push(Span {
                    operation: event.kind.operation,
                    name: event.name.clone(),
                    ending: Ending::Unended,
                    children: Vec::new(),
                });
                Ok(())
            }
            Edge::End => self.end(event),
        }
    }

    fn end(&mut self, event: &Event) -> Result<(), &'static str> {
        let mut span = self.open.pop().ok_or("it ends what never started")?;
        if span.operation != event.kind.operation || span.name != event.name {
            return Err("it ends another span than the one that started last");
        }
        span.ending = ending(&event.outcome).ok_or("its outcome is not stated")?;
        self.close(span);
        Ok(())
    }

    fn close(&mut self, span: Span) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(span),
            None => self.spans.push(span),
        }
    }

    /// The spans, those that are still open among them.
    fn finish(mut self) -> Vec<Span> {
        while let Some(span) = self.open.pop() {
            self.close(span);
        }
        self.spans
    }
}

fn ending(outcome: &Outcome) -> Option<Ending> {
    match outcome {
        Outcome::Unstated => None,
        Outcome::Ok => Some(Ending::Ok),
        Outcome::NotFound => Some(Ending::NotFound),
        Outcome::Raised(exception) => Some(Ending::Raised(exception.clone())),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_event::{EventKind, Operation};

    use super::*;

    fn event(thread: u64, kind: &str, name: &str, outcome: Outcome) -> Event {
        let kind: EventKind = kind.parse().expect("a kind");
        Event { nanos: 0, thread, kind, name: name.to_owned(), outcome }
    }

    #[test]
    fn threads_are_kept_apart() {
        let events = [
            event(7, "import.start", "a", Outcome::Unstated),
            event(9, "import.start", "b", Outcome::Unstated),
            event(7, "find.start", "a", Outcome::Unstated),
            event(9, "import.end", "b", Outcome::Ok),
            event(7, "find.end", "a", Outcome::NotFound),
            event(7, "import.end", "a", Outcome::Raised("ModuleNotFoundError".to_owned())),
        ];
        let expected =
            "thread main:\nimport a !ModuleNotFoundError\n  find a ?\nthread 2:\nimport b\n";
        assert_eq!(build(&events, 7, CutShort::Others).expect("balanced").to_string(), expected);
    }

    #[test]
    fn what_does_not_pair_up_is_refused() {
        let start = event(1, "import.start", "a", Outcome::Unstated);
        let other = event(1, "import.end", "b", Outcome::Ok);
        let unstated = event(1, "import.end", "a", Outcome::Unstated);
        let refused = |events: &[Event], cut| assert!(build(events, 1, cut).is_err(), "{events:?}");
        for cut in [CutShort::Others, CutShort::All] {
            refused(std::slice::from_ref(&other), cut);
            refused(&[start.clone(), other.clone()], cut);
            refused(&[start.clone(), unstated.clone()], cut);
        }
        refused(&[start], CutShort::Others);
        assert_eq!(EventKind::start(Operation::Import).word(), "import.start");
    }

    #[test]
    fn what_the_end_of_the_program_cuts_short_has_no_end() {
        let events = [
            event(1, "import.start", "a", Outcome::Unstated),
            event(1, "find.start", "a", Outcome::Unstated),
            event(1, "find.end", "a", Outcome::Ok),
            event(2, "import.start", "b", Outcome::Unstated),
            event(1, "load.start", "a", Outcome::Unstated),
        ];
        let expected =
            "thread main:\nimport a ...\n  find a\n  load a ...\nthread 2:\nimport b ...\n";
        assert_eq!(build(&events, 1, CutShort::All).expect("spans").to_string(), expected);
        let other = "thread main:\nthread 2:\nimport b ...\n";
        let trace = build(&events[3..4], 1, CutShort::Others).expect("spans");
        assert_eq!(trace.to_string(), other);
        assert!(trace.is_cut_short());
        let edges: Vec<_> = trace.edges_of(1).map(|edge| edge.kind.word()).collect();
        assert_eq!(edges, ["import.start"]);
    }
}
