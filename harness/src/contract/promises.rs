//! What a contract promises of the moment at which an edge is announced, beside the event itself.

use tollgate_event::{Edge, EventKind, Operation};

use super::{Contract, Fires};

/// What a promise is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Whether the thread holds the lock of the module.
    ModuleLock,
    /// Whether another thread that imports the module waits.
    OtherThreads,
    /// Whether the child is bound to its package.
    Child,
    /// What a hook that raises there leaves of the import.
    RefusalLeaves,
    /// What becomes of the program's exception when a hook raises at the end of what has failed.
    OverFailure,
    /// Whether imports that a hook makes there are announced.
    HookImports,
    /// How often the body runs if a hook imports the same module there.
    SameModule,
}

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// The lock of the module is held.
    Held,
    /// It is free.
    Free,
    /// They wait until the hook has returned.
    Wait,
    /// They do not wait for the hook.
    GoOn,
    /// The child is bound to its package.
    Bound,
    /// It is not yet.
    Unbound,
    /// The body has not run, and the module is not in `sys.modules`.
    Nothing,
    /// The module is there, executed and bound.
    Module,
    /// The module is there and executed; it is not bound, and never will be.
    UnboundModule,
    /// The program's exception is the context of the hook's.
    Chained,
    /// The program's exception is lost.
    Lost,
    /// They are announced as any import is.
    Announced,
    /// They are not.
    Silent,
    /// The body runs once.
    Once,
    /// The body runs twice.
    Twice,
}

/// Says in a contract that it promises nothing there.
pub(super) const OPEN: &str = "open";

impl Topic {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ModuleLock,
        Self::OtherThreads,
        Self::Child,
        Self::RefusalLeaves,
        Self::OverFailure,
        Self::HookImports,
        Self::SameModule,
    ];

    /// The key in contracts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ModuleLock => "module-lock",
            Self::OtherThreads => "other-threads",
            Self::Child => "child",
            Self::RefusalLeaves => "refusal-leaves",
            Self::OverFailure => "over-failure",
            Self::HookImports => "hook-imports",
            Self::SameModule => "same-module",
        }
    }

    /// What may be promised.
    pub const fn choices(self) -> &'static [Promise] {
        match self {
            Self::ModuleLock => &[Promise::Held, Promise::Free],
            Self::OtherThreads => &[Promise::Wait, Promise::GoOn],
            Self::Child => &[Promise::Bound, Promise::Unbound],
            Self::RefusalLeaves => &[Promise::Nothing, Promise::Module, Promise::UnboundModule],
            Self::OverFailure => &[Promise::Chained, Promise::Lost],
            Self::HookImports => &[Promise::Announced, Promise::Silent],
            Self::SameModule => &[Promise::Once, Promise::Twice],
        }
    }

    /// Whether there is something to promise at this edge, if an event marks it that speaks of such ends.
    pub fn applies_to(self, kind: EventKind, fires: Fires) -> bool {
        let is_end = kind.edge == Edge::End;
        match (self, kind.operation) {
            // of calls and bodies on their own no witness says where they begin
            (_, Operation::Call | Operation::Exec) => false,
            (Self::Child, operation) => {
                is_end && operation == Operation::Import && fires != Fires::OnFailure
            }
            // a search that fails finds nothing, and raises nothing
            (Self::OverFailure, operation) => {
                is_end && operation != Operation::Find && fires != Fires::OnSuccess
            }
            _ => !is_end || fires != Fires::OnFailure,
        }
    }
}

impl Promise {
    /// The word in contracts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Free => "free",
            Self::Wait => "wait",
            Self::GoOn => "go on",
            Self::Bound => "bound",
            Self::Unbound => "unbound",
            Self::Nothing => "nothing",
            Self::Module => "module",
            Self::UnboundModule => "unbound module",
            Self::Chained => "chained",
            Self::Lost => "lost",
            Self::Announced => "announced",
            Self::Silent => "silent",
            Self::Once => "once",
            Self::Twice => "twice",
        }
    }
}

impl Contract {
    /// What is promised at an edge; nothing where the contract leaves it open.
    pub fn promise(&self, kind: EventKind, topic: Topic) -> Option<Promise> {
        self.promises.get(&(kind, topic)).copied()
    }

    /// Everything that could be promised at the edges that have an event, with what is.
    pub fn topics(&self) -> Vec<(EventKind, Topic, Option<Promise>)> {
        let marked = EventKind::ALL.into_iter().filter_map(|kind| Some((kind, self.rule(kind)?)));
        let all = marked.flat_map(|(kind, rule)| {
            let fitting = Topic::ALL.into_iter();
            fitting
                .filter(move |topic| topic.applies_to(kind, rule.fires))
                .map(move |topic| (kind, topic, self.promise(kind, topic)))
        });
        all.collect()
    }
}
