//! Sources compiled ahead, once for each interpreter and by itself.
//!
//! Compiling ten lines in a forked child takes 2 ms, more than all the rest of a small cell: the
//! compiler's memory has to be copied page by page. A child that is handed byte code pays nothing.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Failure, Start, Target, compile::compile};

/// Marshalled code; nothing where a source has none, or where compiling it warns. Then the program
/// itself must be the one to compile it, so that the error or the warning is seen.
pub(super) type Code = Option<Arc<[u8]>>;

/// The largest tree whose code is kept here. That of a larger one would fill the memory.
const MOST_MODULES: usize = 1_000;

/// What was compiled so far.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// By the worker, of which each interpreter has its own.
    known: Mutex<HashMap<PathBuf, HashMap<String, Code>>>,
}

impl Codes {
    /// The code of a source, compiled now if it has to be.
    pub(super) fn get(&self, start: &dyn Start, target: &Target, source: &str) -> Code {
        if let Some(code) = self.lookup(target, source) {
            return code;
        }
        self.prepare(start, target, &[source]);
        self.lookup(target, source).flatten()
    }

    /// The code of each of the modules of a tree.
    pub(super) fn of_modules(
        &self,
        start: &dyn Start,
        target: &Target,
        sources: &[&str],
    ) -> Result<Vec<Option<Vec<u8>>>, Failure> {
        if sources.len() > MOST_MODULES {
            return compile(start, target, sources);
        }
        self.prepare(start, target, sources);
        let code = |source: &&str| Some(self.lookup(target, source)??.to_vec());
        Ok(sources.iter().map(code).collect())
    }

    /// Compiles those of `sources` that are not known yet, many in one child.
    ///
    /// If the child fails, they count as sources without code: each cell compiles its own.
    pub(super) fn prepare(&self, start: &dyn Start, target: &Target, sources: &[&str]) {
        let unknown = sources.iter().filter(|source| self.lookup(target, source).is_none());
        let unknown: BTreeSet<String> = unknown.map(|&source| source.to_owned()).collect();
        if unknown.is_empty() {
            return;
        }
        let texts: Vec<&str> = unknown.iter().map(String::as_str).collect();
        let codes = compile(start, target, &texts).unwrap_or_else(|_| vec![None; unknown.len()]);
        let codes = codes.into_iter().map(|code| code.map(Arc::from));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(target.worker.clone()).or_default();
        known.extend(unknown.into_iter().zip(codes));
    }

    fn lookup(&self, target: &Target, source: &str) -> Option<Code> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&target.worker)?.get(source).cloned()
    }
}
