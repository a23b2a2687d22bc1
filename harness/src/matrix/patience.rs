//! How often a hook may miss its deadline before it is not asked any more.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::worker::Target;

/// How many deadlines a hook may miss on one interpreter. A deadline is ten seconds, a cell takes
/// milliseconds: with a hook that hangs everywhere, a run would take hours.
const MISSES: usize = 3;

/// What is remembered of hooks that hang, by interpreter: one may hang on one version and not on
/// another.
#[derive(Debug, Default)]
pub struct Patience {
    missed: Mutex<HashMap<(String, String), usize>>,
}

impl Patience {
    /// Why the hook `name` is not asked on this interpreter any more; nothing while it is.
    pub fn end(&self, target: &Target, name: &str) -> Option<String> {
        let label = target.interpreter.label();
        let missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        let count = missed.get(&(label.clone(), name.to_owned())).copied().unwrap_or_default();
        (count >= MISSES).then(|| {
            format!("not asked: it had missed its deadline {MISSES} times on {label} by then")
        })
    }

    /// Takes note that the hook `name` has missed a deadline. True if that was once too often, and
    /// for the first time.
    pub fn miss(&self, target: &Target, name: &str) -> bool {
        let key = (target.interpreter.label(), name.to_owned());
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        let count = missed.entry(key).or_default();
        *count += 1;
        *count == MISSES
    }
}
