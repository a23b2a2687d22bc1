//! What strategies ask of the interpreter that they run in, remembered for a run.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use super::Target;
use crate::strategy::Strategy;

/// The options that strategies have asked for, so that each has to be asked once for an interpreter and not in
/// every cell: the first child of a cell that wants options is thrown away.
#[derive(Debug, Default)]
pub(super) struct KnownOptions {
    known: Mutex<HashMap<Key, Vec<String>>>,
}

/// A strategy's file, as it stands, on one interpreter.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Of which each interpreter has its own.
    worker: PathBuf,
    source: String,
}

impl Key {
    fn of(target: &Target, strategy: &Strategy) -> Self {
        Self { worker: target.worker.clone(), source: strategy.source.clone() }
    }
}

impl KnownOptions {
    /// What `strategy` has asked for; empty if it has not, or was never run there.
    pub(super) fn of(&self, target: &Target, strategy: &Strategy) -> Vec<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&Key::of(target, strategy)).cloned().unwrap_or_default()
    }

    /// Takes note of what `strategy` asks for.
    pub(super) fn remember(&self, target: &Target, strategy: &Strategy, options: &[String]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(Key::of(target, strategy), options.to_vec());
    }
}
