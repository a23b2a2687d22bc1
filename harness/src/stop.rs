//! Asking a run to end early.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A request to end a run before all is done. Clones share it, and it cannot be taken back.
///
/// Whoever runs children looks at it before each; the children that run are not touched by it, see
/// [`crate::child::end_all`].
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks for the end.
    pub fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the end was asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
