//! A trace as the sequence of its starts and ends.

use std::{fmt, slice};

use tollgate_event::{Edge, Event, EventKind, Operation, Outcome};

use super::{Ending, Name, Span, Trace, event_name};

/// One edge of a span, without time and thread: what a strategy should have reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// Operation and edge.
    pub kind: EventKind,
    /// Absolute name of the module.
    pub name: String,
    /// How the operation ended; [`Outcome::Unstated`] at a start.
    pub outcome: Outcome,
    /// At the end of an `import` that raised: whether that was because the module was not found, and
    /// not because something failed inside. Decided by the spans within, never by the exception.
    pub not_found: bool,
}

impl From<&Event> for Point {
    fn from(event: &Event) -> Self {
        Self {
            kind: event.kind,
            name: event.name.clone(),
            outcome: event.outcome.clone(),
            not_found: event.outcome == Outcome::NotFound,
        }
    }
}

/// `import_ended a.b (raised ValueError)`.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", event_name(self.kind), Name(&self.name))?;
        match &self.outcome {
            Outcome::Unstated | Outcome::Ok => Ok(()),
            outcome => write!(f, " ({outcome})"),
        }
    }
}

/// One edge of a span, where it is.
#[derive(Clone, Copy, Debug)]
pub struct SpanEdge<'a> {
    /// Operation and edge.
    pub kind: EventKind,
    /// The span that starts or ends.
    pub span: &'a Span,
}

impl SpanEdge<'_> {
    /// Whether `outcome` is what there was to say: an end that says nothing is never wrong.
    pub fn is_told_by(&self, outcome: &Outcome) -> bool {
        match (self.kind.edge, outcome) {
            (_, Outcome::Unstated) => true,
            (Edge::Start, _) => false,
            (Edge::End, Outcome::NotFound) => self.span.not_found(),
            (Edge::End, stated) => self.span.ending.is(stated),
        }
    }
}

impl From<SpanEdge<'_>> for Point {
    fn from(SpanEdge { kind, span }: SpanEdge<'_>) -> Self {
        let (outcome, not_found) = match kind.edge {
            Edge::Start => (Outcome::Unstated, false),
            Edge::End => (span.ending.outcome(), span.not_found()),
        };
        Self { kind, name: span.name.clone(), outcome, not_found }
    }
}

/// The edges of spans, in order. A span without an end has a start alone.
#[derive(Clone, Debug)]
pub struct Edges<'a> {
    /// Spans that have started and not ended, with those of their children that are still to come.
    open: Vec<(&'a Span, slice::Iter<'a, Span>)>,
    rest: slice::Iter<'a, Span>,
}

impl<'a> Iterator for Edges<'a> {
    type Item = SpanEdge<'a>;

    fn next(&mut self) -> Option<SpanEdge<'a>> {
        let spans = self.open.last_mut().map_or(&mut self.rest, |(_, children)| children);
        if let Some(span) = spans.next() {
            self.open.push((span, span.children.iter()));
            return Some(SpanEdge { kind: EventKind::start(span.operation), span });
        }
        loop {
            let (span, _) = self.open.pop()?;
            if span.ending != Ending::Unended {
                return Some(SpanEdge { kind: EventKind::end(span.operation), span });
            }
            // nothing comes after what the end of the program has cut short
        }
    }
}

impl Trace {
    /// The edges of all spans of a thread in order; none if there is no such thread.
    pub fn edges_of(&self, thread: usize) -> Edges<'_> {
        let spans = self.threads.get(thread).map_or(&[][..], Vec::as_slice);
        Edges { open: Vec::new(), rest: spans.iter() }
    }

    /// The edges of all spans in order, for each thread.
    pub fn edges(&self) -> impl Iterator<Item = Edges<'_>> {
        (0..self.threads.len()).map(|thread| self.edges_of(thread))
    }

    /// The edges of all spans in order, for each thread, with what there is to say of each.
    pub fn points(&self) -> Vec<Vec<Point>> {
        self.edges().map(|edges| edges.map(Point::from).collect()).collect()
    }
}

impl Span {
    /// Whether no finder knew the module: a `find` that found nothing, or an `import` that raised
    /// although nothing within it did.
    fn not_found(&self) -> bool {
        let failed_inside = |child: &Self| matches!(child.ending, Ending::Raised(_));
        match (&self.ending, self.operation) {
            (Ending::NotFound, _) => true,
            (Ending::Raised(_), Operation::Import) => !self.children.iter().any(failed_inside),
            _ => false,
        }
    }
}
