//! The programs of the probes.

use tollgate_event::{Edge, EventKind, Operation};

use super::Entrant;
use crate::{
    contract::{Argument, Contract, Fires, Marks},
    scenario::{ByVersion, Isolation, Run, Scenario, SourceFile},
    span::Trace,
    version::VersionRange,
};

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// A hook raises, while a module is imported that has nothing wrong with it.
    Refusal,
    /// A hook raises at the end of what has failed already.
    Failing,
    /// A hook imports another module.
    Reentrant,
    /// A hook imports the module that is being imported.
    Same,
    /// A hook waits for another thread that imports the same module.
    Thread,
    /// A hook is added by the body of a module.
    Midway,
    /// A subinterpreter imports a module; one hook listens there, one outside.
    Subinterpreter,
}

/// What all programs begin with.
const COMMON: &str = include_str!("common.py");

/// The project that they are about.
const FILES: [(&str, &str); 5] = [
    ("shop/__init__.py", ""),
    ("shop/cart.py", "import sys\nsys.bodies = getattr(sys, 'bodies', 0) + 1\n"),
    ("shop/broken.py", "raise ValueError('broken')\n"),
    ("shop/installs.py", "import sys\nsys.install()\nimport shop.cart\n"),
    ("helper.py", ""),
];

impl Probe {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Refusal,
        Self::Failing,
        Self::Reentrant,
        Self::Same,
        Self::Thread,
        Self::Midway,
        Self::Subinterpreter,
    ];

    /// The edges for which it is run.
    pub(super) fn edges(self, entrant: &Entrant) -> Vec<(Self, Option<EventKind>)> {
        let contract = &entrant.candidate.contract;
        // an overlay is laid over one interpreter, and a subinterpreter is another
        let is_built = entrant.build.is_some() || entrant.candidate.overlay.is_none();
        match self {
            Self::Midway => vec![(self, None)],
            Self::Subinterpreter if is_built => vec![(self, None)],
            Self::Subinterpreter => Vec::new(),
            _ => {
                let kinds = EventKind::ALL.into_iter();
                kinds
                    .filter(|kind| self.is_about(contract, *kind))
                    .map(|it| (self, Some(it)))
                    .collect()
            }
        }
    }

    /// Whether there is an event for this edge in the program, and something to find out.
    fn is_about(self, contract: &Contract, kind: EventKind) -> bool {
        let Some(rule) = contract.rule(kind) else { return false };
        let is_end = kind.edge == Edge::End;
        match self {
            // no module of the program is reloaded
            _ if kind.operation == Operation::Exec => false,
            Self::Failing => {
                let fails = matches!(kind.operation, Operation::Import | Operation::Load);
                is_end && fails && rule.fires != Fires::OnSuccess
            }
            _ => !is_end || rule.fires != Fires::OnFailure,
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Refusal => include_str!("refusal.py"),
            Self::Failing => include_str!("failing.py"),
            Self::Reentrant => include_str!("reentrant.py"),
            Self::Same => include_str!("same.py"),
            Self::Thread => include_str!("thread.py"),
            Self::Midway => include_str!("midway.py"),
            Self::Subinterpreter => include_str!("subinterpreter.py"),
        }
    }

    /// The probe of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|probe| probe.name() == name)
    }

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refusal => "probe/refusal",
            Self::Failing => "probe/failing",
            Self::Reentrant => "probe/reentrant",
            Self::Same => "probe/same",
            Self::Thread => "probe/thread",
            Self::Midway => "probe/midway",
            Self::Subinterpreter => "probe/subinterpreter",
        }
    }

    /// The program, for one edge of a contract.
    pub(super) fn scenario(self, contract: &Contract, edge: Option<EventKind>) -> Scenario {
        let rule = edge.and_then(|edge| contract.rule(edge));
        let place = rule
            .filter(|rule| matches!(rule.marks, Marks::Both(_)))
            .and_then(|rule| rule.arguments.iter().position(|it| *it == Argument::End));
        let python = |place: Option<usize>| place.map_or("None".to_owned(), |it| it.to_string());
        let events: Vec<_> = contract.events.iter().map(|rule| &rule.name).collect();
        let head = format!(
            "EVENT, PLACE, IS_END = {:?}, {}, {}\nEVENTS = {events:?}\n",
            rule.map_or("", |rule| rule.name.as_str()),
            python(place),
            if edge.is_some_and(|edge| edge.edge == Edge::End) { "True" } else { "False" },
        );
        let file = |(path, body): (&str, &str)| SourceFile {
            path: path.parse().expect("the paths are constants that were tried out"),
            body: body.to_owned(),
        };
        Scenario {
            name: self.name().parse().expect("the names are constants that were tried out"),
            summary: String::new(),
            see: Vec::new(),
            python: VersionRange::from_minimum(),
            files: FILES.map(file).into(),
            generate: None,
            setup: None,
            run: Run::Code(format!("{head}{COMMON}{}", self.source())),
            isolation: Isolation::Any,
            raises: ByVersion::Always(None),
            exits: ByVersion::Always(None),
            trace: ByVersion::Always(Trace::default()),
            digest: String::new(),
        }
    }
}
