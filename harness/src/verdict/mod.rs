//! What a cell showed: pure functions from what happened and what was reported to a verdict.
//!
//! Nothing here reads, writes or fails. Truth and observation are held against each other in both
//! directions: what happened and was not reported is one finding, what was reported and did not
//! happen another, and no finding hides the next.

mod alignment;
mod aspect;
mod company;
mod disturbance;
mod executed;
mod footprint;
mod leftovers;
mod matching;
mod meaning;
mod tally;
mod traces;
mod window;

use std::{collections::BTreeSet, fmt};

pub use aspect::Aspect;
pub use company::{after_removal, beyond};
pub use disturbance::{Behaviour, EndSort, ProgramEnd, disturbances};
pub use executed::Executed;
pub use footprint::{Footprint, footprint_differences};
pub use matching::{Matched, compare, compare_where};
pub use meaning::{LooksLike, Meaning, Occasions};
pub use tally::{Count, Tally, tally};
use tollgate_event::{EventKind, Outcome};
pub use traces::Traces;

use crate::span::{Name, Point, event_name};

/// The kinds of events that a strategy says it sees.
pub type Claims = BTreeSet<EventKind>;

/// What a cell showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every claimed event was reported, in order, and nothing else; the program did not notice.
    Conforms,
    /// At least one difference between what happened and what was reported, or in the program.
    Diverges(Vec<Divergence>),
    /// The scenario says nothing about this interpreter; the text says why.
    NotApplicable(String),
    /// The cell shows nothing; the text says why. Never the strategy's fault, and never a pass.
    Inconclusive(String),
}

/// One difference between what happened and what a strategy reported or left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Divergence {
    /// It happened and is claimed, and was not reported.
    Missing(Point),
    /// It was reported and did not happen.
    Unexpected(Point),
    /// It happened and was reported more often than that.
    Duplicated(Point),
    /// It happened and was reported, but in another place of its thread's order.
    OutOfOrder {
        /// What was reported out of order.
        point: Point,
        /// What it should have followed; nothing if it should have been first.
        expected_after: Option<Point>,
        /// What it was reported after; nothing if it was first.
        observed_after: Option<Point>,
    },
    /// It was reported where the program asked or looked for the module, and no import came of that: no lie, but
    /// another meaning.
    OtherMeaning {
        /// What was reported.
        point: Point,
        /// What it was reported for.
        meaning: Meaning,
        /// What it looks like to who takes it for an import.
        looks_like: LooksLike,
    },
    /// It was reported in its place, with a wrong outcome.
    WrongField {
        /// The event with its true outcome.
        point: Point,
        /// The outcome that was reported.
        observed: Outcome,
    },
    /// The program behaved differently under the strategy than without it.
    Disturbed {
        /// What of its behaviour differs.
        aspect: Aspect,
        /// Without a hook.
        before: String,
        /// Under the strategy.
        after: String,
    },
}

impl Divergence {
    /// The word that stands for this sort of divergence in records.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Unexpected(_) => "unexpected",
            Self::Duplicated(_) => "duplicated",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::OtherMeaning { looks_like, .. } => match looks_like {
                LooksLike::Unexpected => "unexpected",
                LooksLike::Duplicated => "duplicated",
                LooksLike::OutOfOrder => "out-of-order",
            },
            Self::WrongField { .. } => "wrong-field",
            Self::Disturbed { .. } => "disturbed",
        }
    }

    /// The event it is about; nothing for a disturbance.
    pub const fn point(&self) -> Option<&Point> {
        match self {
            Self::Missing(point)
            | Self::Unexpected(point)
            | Self::Duplicated(point)
            | Self::OutOfOrder { point, .. }
            | Self::OtherMeaning { point, .. }
            | Self::WrongField { point, .. } => Some(point),
            Self::Disturbed { .. } => None,
        }
    }
}

/// A clause that completes “the strategy …”.
impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(point) => write!(f, "missed {point}"),
            Self::Unexpected(point) => write!(f, "reported {point}, which did not happen"),
            Self::Duplicated(point) => write!(f, "reported {point} once too often"),
            Self::OutOfOrder { point, expected_after, observed_after } => {
                let [expected, observed] =
                    [expected_after, observed_after].map(|it| Place(it).to_string());
                if expected == observed {
                    return write!(
                        f,
                        "reported {point} {observed}, but not the one that it follows"
                    );
                }
                write!(f, "reported {point} {observed} instead of {expected}")
            }
            Self::OtherMeaning { point, meaning, looks_like: LooksLike::OutOfOrder } => {
                write!(f, "missed {point}, and reported it for {}", meaning.words())
            }
            Self::OtherMeaning { point, meaning, .. } => {
                write!(f, "reported {point} for {}", meaning.words())
            }
            Self::WrongField { point, observed } => {
                write!(
                    f,
                    "reported {} {} as {observed}",
                    event_name(point.kind),
                    Name(&point.name)
                )?;
                write!(f, ", which was {}", point.outcome)
            }
            Self::Disturbed { aspect, before, after } => {
                write!(f, "changed the program's {aspect} from {before} to {after}")
            }
        }
    }
}

struct Place<'a>(&'a Option<Point>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(point) => write!(f, "after {point}"),
            None => f.write_str("first"),
        }
    }
}
