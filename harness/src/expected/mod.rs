//! Expected divergences: what each strategy is known to get wrong, and why.
//!
//! They are written by people, one file a strategy (`harness/strategies/expected/<name>.yaml`), and
//! every entry has its reason. A run is held against them in both directions: a divergence that no
//! entry expects is new, and an entry that expects what no longer happens has had its day.

mod check;
mod draft;
mod parse;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fs, io, path::Path};

pub use check::{Check, Deviation, Expectation, Outcome};
pub use draft::draft;
use globset::GlobMatcher;

use crate::{strategy::Strategy, version::VersionRange};

/// What stands for a scenario where a strategy's footprint is meant.
pub const FOOTPRINT: &str = "footprint";

/// One entry of a file.
#[derive(Clone, Debug)]
struct Entry {
    /// The line that it begins in, from 1.
    line: u64,
    /// Why this is so. Never blank.
    reason: String,
    /// On which versions; on all if nothing is said.
    python: Option<VersionRange>,
    /// What diverges.
    clauses: Vec<Clause>,
    /// Where.
    scenarios: Vec<Scenarios>,
    /// Of which modules; of any if nothing is said.
    modules: Option<Vec<String>>,
}

/// One sort of divergence: its word in records, and the kind of event, or what was disturbed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Clause {
    word: &'static str,
    what: String,
}

/// A scenario by its name, or a pattern for several.
///
/// A name promises that the divergence happens there, a pattern that it happens in at least one of
/// those that fit.
#[derive(Clone, Debug)]
enum Scenarios {
    Name(String),
    Pattern(GlobMatcher),
}

impl Scenarios {
    fn fit(&self, scenario: &str) -> bool {
        match self {
            Self::Name(name) => name == scenario,
            // a footprint is no scenario, so no pattern means it
            Self::Pattern(pattern) => scenario != FOOTPRINT && pattern.is_match(scenario),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Pattern(pattern) => pattern.glob().glob(),
        }
    }
}

/// What is expected of all strategies of a run.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    entries: BTreeMap<String, Vec<Entry>>,
}

/// A file of expected divergences that cannot be used. The message names file and line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ExpectedError(String);

impl Expectations {
    /// Reads what stands in the folder `expected` beside each strategy's file. One without a file there is expected to
    /// diverge in nothing.
    pub fn read<'a>(
        strategies: impl IntoIterator<Item = &'a Strategy>,
    ) -> Result<Self, ExpectedError> {
        let mut entries = BTreeMap::new();
        for strategy in strategies {
            let folder = strategy.path.parent().unwrap_or(Path::new("")).join("expected");
            let file = folder.join(format!("{}.yaml", strategy.name));
            entries.insert(strategy.name.to_string(), read(&file)?);
        }
        Ok(Self { entries })
    }
}

fn read(file: &Path) -> Result<Vec<Entry>, ExpectedError> {
    match fs::read_to_string(file) {
        Ok(text) => parse::entries(&text)
            .map_err(|message| ExpectedError(format!("{}: {message}", file.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(ExpectedError(format!("{}: {error}", file.display()))),
    }
}
