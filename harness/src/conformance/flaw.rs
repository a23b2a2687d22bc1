//! One thing in which a candidate does not keep its contract.

use std::fmt;

use tollgate_event::EventKind;

use super::Value;
use crate::{
    contract::{Argument, Contract, Promise},
    verdict::{Aspect, Divergence},
};

/// One thing in which a candidate does not keep its contract, or disturbs the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// An event is missing, wrong, or out of place; or the program behaved differently.
    Divergence {
        /// What differs.
        divergence: Divergence,
        /// The contract's name for the event.
        event: String,
    },
    /// An argument is not what the contract says.
    WrongArgument {
        /// The event's name.
        event: String,
        /// The module's.
        name: String,
        /// Which argument.
        argument: Argument,
        /// What it is.
        observed: Value,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An event has more or fewer arguments than the contract says.
    ArgumentCount {
        /// The event's name.
        event: String,
        /// How many there should be.
        expected: usize,
        /// How many there are.
        observed: usize,
    },
    /// An event of the import system that is in no contract.
    Foreign {
        /// Its name.
        event: String,
    },
    /// The event `import` stands on the other side.
    WrongSide {
        /// The start that it should stand beside.
        event: String,
        /// The module's name.
        name: String,
    },
    /// The import system's own lock is held while hooks run, so that no thread can import.
    Locked {
        /// The event's name.
        event: String,
        /// The module's.
        name: String,
    },
    /// A start without its end, or an end without its start, where no truth is to be had.
    Unpaired {
        /// The event's name.
        event: String,
        /// The module's.
        name: String,
    },
    /// What a hook raised did not end the import.
    Ignored {
        /// Where the hook raised.
        edge: EventKind,
        /// What it raised.
        raised: String,
        /// How the import ended instead.
        ending: String,
    },
    /// The lock of the module, or the child's place in its package, is not as promised.
    Unkept {
        /// The event's name.
        event: String,
        /// The module's.
        name: String,
        /// What was promised.
        promise: Promise,
    },
    /// What comes of something that a hook does is not what was promised.
    Hook {
        /// What the hook does, and at which event.
        doing: String,
        /// What was looked at.
        fact: &'static str,
        /// What it should be.
        expected: String,
        /// What it is; nothing if the program did not say.
        observed: Option<String>,
    },
    /// The program did not come to its end, as it does without the candidate.
    NotEnded(String),
}

/// How near a flaw is to its cause. One of a lower rank may explain those of higher ones, and is told first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The program ends in another way.
    #[default]
    End,
    /// An event comes with something else than it should.
    Argument,
    /// There is an event too few or too many.
    Event,
    /// Events come in another order.
    Order,
    /// Whatever else a program or a hook could notice.
    Else,
}

impl Flaw {
    /// How near it is to its cause.
    pub fn rank(&self) -> Rank {
        match self {
            Self::NotEnded(_) => Rank::End,
            Self::WrongArgument { .. } | Self::ArgumentCount { .. } => Rank::Argument,
            Self::Foreign { .. } | Self::Unpaired { .. } => Rank::Event,
            Self::WrongSide { .. } => Rank::Order,
            // a hook that never heard of the event could not raise either
            Self::Ignored { .. }
            | Self::Locked { .. }
            | Self::Unkept { .. }
            | Self::Hook { .. } => Rank::Else,
            Self::Divergence { divergence, .. } => match divergence {
                Divergence::Disturbed { aspect: Aspect::End | Aspect::Context, .. } => Rank::End,
                Divergence::Disturbed { .. } => Rank::Else,
                Divergence::OutOfOrder { .. } => Rank::Order,
                _ => Rank::Event,
            },
        }
    }

    /// Whether another run of the same program shows it: no probe, and the program comes to its end.
    pub fn is_of_cell(&self) -> bool {
        !matches!(self, Self::NotEnded(_) | Self::Ignored { .. } | Self::Hook { .. })
    }

    /// Whether a hook that only reports which events came shows it.
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Divergence { .. })
    }

    /// A divergence, in the words of `contract`.
    pub fn of(divergence: Divergence, contract: &Contract) -> Self {
        let point = divergence.point();
        let event = point.map_or_else(String::new, |point| contract.event_for(point.kind));
        Self::Divergence { divergence, event }
    }

    /// What it is about, without the module: what can be told of many scenarios at once.
    pub fn sort(&self) -> String {
        match self {
            Self::Divergence { divergence, event } => match divergence {
                Divergence::Disturbed { aspect, .. } => format!("the program's {aspect} changed"),
                other => format!("{event}: {}", other.word()),
            },
            Self::WrongArgument { event, argument, reason, .. } => {
                format!("{event}: its {} {reason}", argument.word())
            }
            Self::ArgumentCount { event, .. } => format!("{event}: number of arguments"),
            Self::Foreign { event } => format!("{event}: not in the contract"),
            Self::WrongSide { event, .. } => format!("{event}: on the wrong side of `import`"),
            Self::Locked { event, .. } => format!("{event}: the import lock is held"),
            Self::Unpaired { event, .. } => format!("{event}: not paired"),
            Self::Ignored { edge, .. } => format!("{edge}: a hook's exception is ignored"),
            Self::Unkept { event, promise, .. } => {
                format!("{event}: {}", unkept(*promise))
            }
            Self::Hook { doing, fact, .. } => format!("{doing}: {fact}"),
            Self::NotEnded(_) => "the program does not come to its end".to_owned(),
        }
    }
}

/// What is the case where a promise is not kept.
fn unkept(promise: Promise) -> &'static str {
    match promise {
        Promise::Free => "the lock of the module is held",
        Promise::Held => "the lock of the module is not held",
        Promise::Bound => "the child is not yet bound to its package",
        Promise::Unbound => "the child is bound to its package already",
        _ => "it is not as promised",
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Divergence { divergence, event } => match divergence {
                Divergence::Missing(point) => write!(f, "{event} of {} is missing", point.name),
                Divergence::Unexpected(point) => {
                    write!(f, "{event} of {}, which did not happen", point.name)
                }
                Divergence::Duplicated(point) => {
                    write!(f, "{event} of {} comes once too often", point.name)
                }
                Divergence::OutOfOrder { point, .. } => {
                    write!(f, "{event} of {} comes out of order", point.name)
                }
                other => write!(f, "it {other}"),
            },
            Self::WrongArgument { event, name, argument, observed, reason } => {
                write!(f, "{event} of {name}: its {} {reason}: {observed}", argument.word())
            }
            Self::ArgumentCount { event, expected, observed } => {
                write!(f, "{event} has {observed} arguments instead of {expected}")
            }
            Self::Foreign { event } => write!(f, "{event} is not in the contract"),
            Self::WrongSide { event, name } => {
                write!(f, "{event} of {name} stands on the other side of `import`")
            }
            Self::Locked { event, name } => {
                write!(f, "the import lock is held at {event} of {name}")
            }
            Self::Unpaired { event, name } => write!(f, "{event} of {name} is not paired"),
            Self::Ignored { edge, raised, ending } => {
                write!(f, "a hook raises {raised} at {edge}, and the import ends: {ending}")
            }
            Self::Unkept { event, name, promise } => {
                write!(f, "{} at {event} of {name}", unkept(*promise))
            }
            Self::Hook { doing, fact, expected, observed } => {
                let observed = observed.as_deref().unwrap_or("not told");
                write!(f, "{doing}, and {fact}: {observed} instead of {expected}")
            }
            Self::NotEnded(how) => write!(f, "the program does not come to its end: {how}"),
        }
    }
}
