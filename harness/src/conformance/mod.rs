//! Whether a candidate keeps its contract: pure functions from what happened and what a hook heard
//! to flaws.
//!
//! Nothing here reads, writes or fails. Events are held against the truth by [`crate::verdict`], as
//! strategies' reports are; what is judged here besides is what only audit events have: their
//! arguments, the locks that are held meanwhile, and their place beside the event `import`.

mod arguments;
mod flaw;
mod heard;
mod judge;
mod promised;
mod settled;
#[cfg(test)]
mod tests;

pub use flaw::{Flaw, Rank};
pub use heard::{Binding, Heard, Locks, NotHeard, Relation, Value, read};
pub use judge::{Beside, Judgement, judge, reported};
pub use settled::settled;
