//! The programs of the probes.

use tollgate_event::{Edge, EventKind, Operation};

use super::{Entrant, INTERRUPTED, REFUSED};
use crate::{
    candidate::{Candidate, literal},
    contract::{Argument, Contract, EventRule, Fires, Marks},
    scenario::{ByVersion, Isolation, Run, Scenario, SourceFile},
    span::Trace,
    version::VersionRange,
};

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// A hook raises, while a module is imported that has nothing wrong with it.
    Refusal,
    /// A hook raises `KeyboardInterrupt`, which is no `Exception`.
    Interrupt,
    /// Another thread imports the module after a hook has raised.
    Released,
    /// A hook raises at the end of what has failed already.
    Failing,
    /// The same with `KeyboardInterrupt`.
    FailingInterrupt,
    /// A hook imports another module.
    Reentrant,
    /// A hook imports what fails, and within that another module.
    Nested,
    /// A hook imports the module that is being imported.
    Same,
    /// A hook waits for another thread that imports the same module.
    Thread,
    /// A hook is added by the body of a module.
    Midway,
    /// A subinterpreter imports a module; one hook listens there, one outside.
    Subinterpreter,
    /// The same with a module that fails.
    SubinterpreterFails,
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
    pub const ALL: [Self; 12] = [
        Self::Refusal,
        Self::Interrupt,
        Self::Released,
        Self::Failing,
        Self::FailingInterrupt,
        Self::Reentrant,
        Self::Nested,
        Self::Same,
        Self::Thread,
        Self::Midway,
        Self::Subinterpreter,
        Self::SubinterpreterFails,
    ];

    /// The edges for which it is run.
    pub(super) fn edges(self, entrant: &Entrant) -> Vec<(Self, Option<EventKind>)> {
        let contract = &entrant.candidate.contract;
        match self {
            Self::Midway | Self::Subinterpreter | Self::SubinterpreterFails => vec![(self, None)],
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
            Self::Failing | Self::FailingInterrupt => {
                let fails = matches!(kind.operation, Operation::Import | Operation::Load);
                is_end && fails && rule.fires != Fires::OnSuccess
            }
            _ => !is_end || rule.fires != Fires::OnFailure,
        }
    }

    pub(super) fn source(self) -> &'static str {
        match self {
            Self::Refusal => include_str!("refusal.py"),
            Self::Interrupt => include_str!("interrupt.py"),
            Self::Released => include_str!("released.py"),
            Self::Failing | Self::FailingInterrupt => include_str!("failing.py"),
            Self::Reentrant => include_str!("reentrant.py"),
            Self::Nested => include_str!("nested.py"),
            Self::Same => include_str!("same.py"),
            Self::Thread => include_str!("thread.py"),
            Self::Midway => include_str!("midway.py"),
            Self::Subinterpreter | Self::SubinterpreterFails => include_str!("subinterpreter.py"),
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
            Self::Interrupt => "probe/interrupt",
            Self::Released => "probe/released",
            Self::Failing => "probe/failing",
            Self::FailingInterrupt => "probe/failing-interrupt",
            Self::Reentrant => "probe/reentrant",
            Self::Nested => "probe/nested",
            Self::Same => "probe/same",
            Self::Thread => "probe/thread",
            Self::Midway => "probe/midway",
            Self::Subinterpreter => "probe/subinterpreter",
            Self::SubinterpreterFails => "probe/subinterpreter-fails",
        }
    }

    /// What is done in it, in words; where it is about an event, `at` that follows.
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Refusal | Self::Failing => "a hook raises",
            Self::Interrupt | Self::FailingInterrupt => "a hook raises KeyboardInterrupt",
            Self::Released => "a thread imports the same module after a hook has raised",
            Self::Reentrant => "a hook imports another module",
            Self::Nested => "a hook imports what fails, and within that another module",
            Self::Same => "a hook imports the same module",
            Self::Thread => "a hook waits for a thread that imports the same module",
            Self::Midway => {
                "a hook that the body of `shop.installs` adds before it imports `shop.cart`"
            }
            Self::Subinterpreter => "a subinterpreter imports `shop.cart`",
            Self::SubinterpreterFails => "a subinterpreter imports `shop.broken`",
        }
    }

    /// The program, for one edge of a candidate's contract.
    pub(super) fn scenario(self, candidate: &Candidate, edge: Option<EventKind>) -> Scenario {
        let head = self.head(candidate, edge);
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

    /// What the program has to know: the events of the contract, and which of them it is about.
    fn head(self, candidate: &Candidate, edge: Option<EventKind>) -> String {
        let contract = &candidate.contract;
        let rule = edge.and_then(|edge| contract.rule(edge));
        let python = |place: Option<usize>| place.map_or("None".to_owned(), |it| it.to_string());
        let events = contract.events.iter().map(|rule| {
            let kinds = rule.marks.kinds();
            let (start, end) = (kinds.first(), kinds.last());
            let word = |kind: Option<&EventKind>| kind.map_or("", |kind| kind.word());
            let place = python(place_of_end(rule));
            format!("({}, {place}, {:?}, {:?}), ", literal(&rule.name), word(start), word(end))
        });
        let is_end = edge.is_some_and(|edge| edge.edge == Edge::End);
        let mut head = format!(
            "EVENT, PLACE, IS_END = {}, {}, {}\nEVENTS = [{}]\n",
            literal(rule.map_or("", |rule| rule.name.as_str())),
            python(rule.and_then(place_of_end)),
            if is_end { "True" } else { "False" },
            events.collect::<String>(),
        );
        let name = match self {
            Self::Failing | Self::FailingInterrupt => {
                let raised = if self == Self::Failing { REFUSED } else { INTERRUPTED };
                head.extend(["RAISED = ", raised, "\n"]);
                return head;
            }
            Self::Subinterpreter => "shop.cart",
            Self::SubinterpreterFails => "shop.broken",
            _ => return head,
        };
        // a subinterpreter has an importlib of its own
        let overlay = candidate.overlay.as_deref().map_or_else(|| "None".to_owned(), literal);
        let parts =
            ["OVERLAY, COMMON, NAME = ", &overlay, ", ", &literal(COMMON), ", ", &literal(name)];
        head.extend(parts.into_iter().chain(["\n"]));
        head
    }
}

/// Where the argument stands that tells an end from a start, if the event marks both.
fn place_of_end(rule: &EventRule) -> Option<usize> {
    let is_both = matches!(rule.marks, Marks::Both(_));
    rule.arguments.iter().position(|it| *it == Argument::End).filter(|_| is_both)
}
