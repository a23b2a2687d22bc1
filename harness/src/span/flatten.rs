//! A trace as the sequence of its starts and ends.

use std::fmt;

use tollgate_event::{Event, EventKind, Operation, Outcome};

use super::{Ending, Span, Trace};

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

impl Point {
    /// Whether both say the same edge of the same module, however it ended.
    pub fn same_edge(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name == other.name
    }
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

/// `import.end a.b (raised ValueError)`.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        match &self.outcome {
            Outcome::Unstated | Outcome::Ok => Ok(()),
            outcome => write!(f, " ({outcome})"),
        }
    }
}

impl Trace {
    /// The edges of all spans in order, for each thread.
    pub fn points(&self) -> Vec<Vec<Point>> {
        self.threads
            .iter()
            .map(|spans| {
                let mut points = Vec::new();
                for span in spans {
                    flatten(span, &mut points);
                }
                points
            })
            .collect()
    }
}

fn flatten(span: &Span, points: &mut Vec<Point>) {
    points.push(Point {
        kind: EventKind::start(span.operation),
        name: span.name.clone(),
        outcome: Outcome::Unstated,
        not_found: false,
    });
    span.children.iter().for_each(|child| flatten(child, points));
    points.push(Point {
        kind: EventKind::end(span.operation),
        name: span.name.clone(),
        outcome: span.ending.outcome(),
        not_found: span.not_found(),
    });
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
