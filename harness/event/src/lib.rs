//! The vocabulary of import events and the bytes in which they travel; and the few words in which
//! the harness asks a zygote for a child.
//!
//! The probe encodes events inside the interpreter, the harness decodes them outside; both use this
//! crate and nothing else of each other. It has no dependencies, because all of it ends up in the
//! extension module that is loaded into the program under test.

mod codec;
mod fork;
mod kind;
mod name;
mod outcome;

pub use codec::{DecodeError, HEADER_BYTES, decode, encode};
pub use fork::{Descriptor, ForkRequest, Notice};
pub use kind::{Edge, EventKind, Operation, UnknownKind};
pub use name::{canonical, canonical_with_surrogates};
pub use outcome::{Outcome, OutcomeRef};

/// The start or the end of an operation of the import system, as some hook reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in nanoseconds of the interpreter host's monotonic clock (no fixed zero).
    pub nanos: u64,
    /// The thread that reported it: a number of the probe's own, from 1 on, that no later thread of the process has.
    pub thread: u64,
    /// Which operation, and which of its two edges.
    pub kind: EventKind,
    /// Absolute name of the module, in its [canonical form](canonical).
    pub name: String,
    /// How the operation ended; [`Outcome::Unstated`] at a start.
    pub outcome: Outcome,
}
