//! Spans: operations of the import system as they happened, nested.
//!
//! A [`Trace`] is what scenarios write by hand, what the recorder's events are built into, and what
//! strategies are judged against. This module knows no files, interpreters or strategies.

mod build;
mod flatten;
mod name;
mod scope;
mod text;
mod vocabulary;

pub use build::{CutShort, Unbalanced, build};
pub use flatten::{Edges, Point, SpanEdge};
pub(crate) use name::{Name, is_printable};
pub use scope::Scope;
pub use text::TraceTextError;
use tollgate_event::{Operation, Outcome};
pub use vocabulary::{event_name, event_name_of};

/// One operation as it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What the import system did.
    pub operation: Operation,
    /// Absolute name of the module, in its canonical form (see [`tollgate_event::canonical`]).
    pub name: String,
    /// How it ended.
    pub ending: Ending,
    /// What happened within it, in order.
    pub children: Vec<Span>,
}

/// How a span ended, if it did. Unlike an [`Outcome`], it is always known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// It did what it was asked for.
    Ok,
    /// No finder knew the module.
    NotFound,
    /// It raised; the text is the exception type's `__name__`, in canonical form.
    Raised(String),
    /// It did not: the program ended before. No event marks that.
    Unended,
}

impl Ending {
    /// The ending as an event would state it.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Unended => Outcome::Unstated,
            Self::Ok => Outcome::Ok,
            Self::NotFound => Outcome::NotFound,
            Self::Raised(exception) => Outcome::Raised(exception.clone()),
        }
    }

    /// Whether an event that states `outcome` states this.
    pub fn is(&self, outcome: &Outcome) -> bool {
        match (self, outcome) {
            (Self::Ok, Outcome::Ok) | (Self::NotFound, Outcome::NotFound) => true,
            (Self::Raised(exception), Outcome::Raised(stated)) => exception == stated,
            _ => false,
        }
    }
}

/// The span forest of one run: for each thread the spans that have no parent, in order.
///
/// The first thread is the one that ran the program; the others are numbered by their first event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// One forest per thread. Empty when nothing was imported at all.
    pub threads: Vec<Vec<Span>>,
}

impl Trace {
    /// Whether the end of the program cut a span short.
    pub fn is_cut_short(&self) -> bool {
        // what is within a span without an end comes last in it
        let last = |spans: &Vec<Span>| spans.last().is_some_and(|it| it.ending == Ending::Unended);
        self.threads.iter().any(last)
    }

    /// Whether no thread has a span.
    pub fn is_empty(&self) -> bool {
        self.threads.iter().all(Vec::is_empty)
    }

    /// The same with each module's name, and that of each exception's type, changed by `map`.
    #[must_use]
    pub fn with_names(&self, map: &dyn Fn(&str) -> String) -> Self {
        fn mapped(spans: &[Span], map: &dyn Fn(&str) -> String) -> Vec<Span> {
            let one = |span: &Span| Span {
                operation: span.operation,
                name: map(&span.name),
                ending: match &span.ending {
                    Ending::Raised(exception) => Ending::Raised(map(exception)),
                    other => other.clone(),
                },
                children: mapped(&span.children, map),
            };
            spans.iter().map(one).collect()
        }
        Self { threads: self.threads.iter().map(|spans| mapped(spans, map)).collect() }
    }

    /// How many spans there are.
    pub fn len(&self) -> usize {
        fn count(spans: &[Span]) -> usize {
            spans.iter().map(|span| 1 + count(&span.children)).sum()
        }
        self.threads.iter().map(|spans| count(spans)).sum()
    }
}
