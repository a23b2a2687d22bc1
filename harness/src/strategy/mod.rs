//! Strategies: Python files that hook imports in one way each.
//!
//! This module only finds and reads them. What a strategy claims is known when an interpreter has
//! executed it, because claims may depend on the version.

mod file;

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

pub use file::{namesake, read};

/// The strategy that hooks nothing, which the others are compared with.
pub const BASELINE: &str = "none";

/// The hooks that a tool has to choose from today, which the proposal is held against: what a quick
/// run is about.
pub const ESTABLISHED: [&str; 4] = ["audit", "bootstrap", "dunder_import", "meta_path"];

/// What a run times unless it is told which strategies to take: the established ones, their native
/// forms, and what the proposal would cost. Every other arm would make each a little less precise.
pub const TIMED: [&str; 7] = [
    "audit",
    "audit_native",
    "bootstrap",
    "dunder_import",
    "dunder_import_native",
    "meta_path",
    "proposal",
];

/// Name of a strategy: its file's name without `.py`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StrategyName(String);

impl StrategyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StrategyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One strategy as it is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Strategy {
    /// Its name.
    pub name: StrategyName,
    /// Where it is.
    pub path: PathBuf,
    /// Its Python source.
    pub source: String,
}

impl Strategy {
    /// The same in the namespace of `first`, whose source is executed before its own.
    #[must_use]
    pub fn behind(self, first: &Self) -> Self {
        Self { source: format!("{}\n{}", first.source, self.source), ..self }
    }
}

impl Strategy {
    /// The same under another name and with other code.
    pub(crate) fn derived(&self, name: String, source: String) -> Self {
        Self { name: StrategyName(name), path: self.path.clone(), source }
    }

    /// Whether this is the baseline.
    pub fn is_baseline(&self) -> bool {
        self.name.as_str() == BASELINE
    }
}

/// Reads every strategy of `folder`: the baseline first, then by name.
pub fn read_all(folder: &Path) -> io::Result<Vec<Strategy>> {
    let entries = fs::read_dir(folder).map_err(|error| {
        io::Error::new(error.kind(), format!("strategies in {}: {error}", folder.display()))
    })?;
    let mut strategies = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            strategies.push(read(&path)?);
        }
    }
    strategies.sort_by_key(|strategy| (!strategy.is_baseline(), strategy.name.clone()));
    Ok(strategies)
}
