//! Contracts: which audit events a change to CPython promises, and when.
//!
//! A contract is a file, `contract.yaml`, in the folder of its candidate;
//! `harness/candidates/README.md` describes the format. What is on disk (`wire`) is not what the
//! program uses ([`Contract`]), which holds only what was checked.

mod parse;
mod promises;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

pub use parse::parse;
pub use promises::{Promise, Topic};
use tollgate_event::{Edge, EventKind, Operation};

use crate::{scenario::ScenarioError, span::SpanEdge, version::VersionRange};

/// One thing that is wrong with a contract, told as of a scenario's file.
pub type ContractError = ScenarioError;

/// What a candidate promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// What it is, in one sentence.
    pub summary: String,
    /// Where it is proposed or described.
    pub link: String,
    /// The versions of Python that it can be laid over.
    pub python: VersionRange,
    /// Where the event `import`, which CPython has already, stands beside its `import.start`.
    pub import_event: ImportEvent,
    /// Its events, in the order of the file. No two mark the same edge.
    pub events: Vec<EventRule>,
    /// What is promised beside the events, by the edge and what it is about. What is not in here is
    /// left open.
    pub promises: BTreeMap<(EventKind, Topic), Promise>,
}

/// One audit event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRule {
    /// The name under which hooks hear it.
    pub name: String,
    /// What it marks.
    pub marks: Marks,
    /// Its arguments, in order.
    pub arguments: Vec<Argument>,
    /// Of which ends it speaks.
    pub fires: Fires,
    /// Why it may be missing where it should be; nothing if it may not.
    pub may_miss: Option<String>,
    /// Why it may come once too often; nothing if it may not.
    pub may_repeat: Option<String>,
    /// Why it may come where no witness sees what it is about; nothing if it may not.
    pub may_add: Option<String>,
}

/// Which edges of an operation an event marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// One.
    One(EventKind),
    /// The start and the end, told apart by the argument `end`.
    Both(Operation),
}

/// Of which ends an event speaks. Starts always speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fires {
    /// Of all.
    Always,
    /// Of those that did what they were asked for.
    OnSuccess,
    /// Of the others.
    OnFailure,
}

/// Where the event `import` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportEvent {
    /// Before the start of the same import.
    Before,
    /// After it.
    After,
    /// The contract does not say.
    Unspecified,
}

/// What an argument of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The absolute name of the module.
    Name,
    /// The spec of the module; at the end of a `find` that found nothing, `None`.
    Spec,
    /// The module that stands in `sys.modules`; `None` if there is none.
    Module,
    /// Whether it ended well.
    Success,
    /// The finder that knew the module; `None` if none did.
    Finder,
    /// Whether this is the end.
    End,
    /// The file of an extension module, or `None`.
    Filename,
    /// `sys.path`, or `None`.
    Path,
    /// `sys.meta_path`, or `None`.
    MetaPath,
    /// `sys.path_hooks`, or `None`.
    PathHooks,
}

impl Argument {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Spec,
        Self::Module,
        Self::Success,
        Self::Finder,
        Self::End,
        Self::Filename,
        Self::Path,
        Self::MetaPath,
        Self::PathHooks,
    ];

    /// The word that contracts use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Spec => "spec",
            Self::Module => "module",
            Self::Success => "success",
            Self::Finder => "finder",
            Self::End => "end",
            Self::Filename => "filename",
            Self::Path => "sys.path",
            Self::MetaPath => "sys.meta_path",
            Self::PathHooks => "sys.path_hooks",
        }
    }
}

impl Marks {
    /// Whether it marks this kind of edge.
    pub fn covers(self, kind: EventKind) -> bool {
        match self {
            Self::One(own) => own == kind,
            Self::Both(operation) => operation == kind.operation,
        }
    }

    /// The kinds of edges that it marks.
    pub fn kinds(self) -> Vec<EventKind> {
        match self {
            Self::One(kind) => vec![kind],
            Self::Both(operation) => vec![EventKind::start(operation), EventKind::end(operation)],
        }
    }
}

impl Fires {
    /// Whether the contract has an event for this edge of a span, as far as its outcome decides.
    pub fn speaks_of(self, edge: SpanEdge<'_>) -> bool {
        let is_well = edge.span.ending == crate::span::Ending::Ok;
        edge.kind.edge == Edge::Start
            || match self {
                Self::Always => true,
                Self::OnSuccess => is_well,
                Self::OnFailure => !is_well,
            }
    }
}

impl Contract {
    /// The rule for one kind of edge.
    pub fn rule(&self, kind: EventKind) -> Option<&EventRule> {
        self.events.iter().find(|rule| rule.marks.covers(kind))
    }

    /// The rules for events of this name: more than one where a name marks several operations.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &EventRule> {
        self.events.iter().filter(move |rule| rule.name == name)
    }

    /// The event that marks `kind`, as a hook would tell it from others.
    pub fn event_for(&self, kind: EventKind) -> String {
        match self.rule(kind) {
            Some(EventRule { name, marks: Marks::Both(_), .. }) => {
                let is_end = if kind.edge == Edge::End { "True" } else { "False" };
                format!("{name} (end={is_end})")
            }
            Some(rule) => rule.name.clone(),
            None => kind.word().to_owned(),
        }
    }

    /// Whether there is an event for this edge of a span.
    pub fn expects(&self, edge: SpanEdge<'_>) -> bool {
        self.rule(edge.kind).is_some_and(|rule| rule.fires.speaks_of(edge))
    }
}
