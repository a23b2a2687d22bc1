//! Which strategies a task is about: those that come with Tollgate, and files of the user's own.

use std::path::Path;

use anyhow::Result;
use tollgate::{
    layout::Layout,
    strategy::{self, BASELINE, Strategy},
};

use super::patterns::{self, Patterns, Sort};
use crate::exit::UsageError;

const SORT: Sort<'_> = Sort { what: "strategy", lists: "cargo xtask list strategies" };

/// The flag that says which strategies. Each pattern has to fit one at least.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct Strategies {
    /// Only strategies whose name fits the pattern; or the path of a strategy's Python file.
    #[arg(long, value_name = "GLOB|FILE")]
    pub(super) strategy: Vec<String>,
}

impl Strategies {
    /// The strategies that were asked for; the baseline is always the first.
    pub(crate) fn read(&self, layout: &Layout) -> Result<Vec<Strategy>> {
        let (files, globs): (Vec<_>, Vec<_>) =
            self.strategy.iter().partition(|request| is_file(request));
        let mut strategies = strategy::read_all(&layout.strategies())?;
        let own = own_strategies(&files, &strategies)?;
        let patterns = Patterns::parse(SORT, globs)?;
        patterns.check(SORT, &names(&strategies))?;
        let keep = |name: &str| self.strategy.is_empty() || patterns.fits_one(name);
        strategies.retain(|strategy| strategy.is_baseline() || keep(strategy.name.as_str()));
        strategies.extend(own);
        Ok(strategies)
    }

    /// The same with more patterns.
    pub(crate) fn and(mut self, patterns: &[String]) -> Self {
        self.strategy.extend_from_slice(patterns);
        self
    }

    /// The same, with these unless it says which.
    pub(crate) fn or(mut self, names: &[&str]) -> Self {
        if self.strategy.is_empty() {
            self.strategy = names.iter().map(|&name| name.to_owned()).collect();
        }
        self
    }
}

/// The strategies in files of the user's own. The error is everything that is wrong with them.
fn own_strategies(files: &[&String], ours: &[Strategy]) -> Result<Vec<Strategy>> {
    let (mut own, mut errors): (Vec<Strategy>, Vec<String>) = (Vec::new(), Vec::new());
    for file in files {
        let known = ours.iter().chain(&own);
        match own_strategy(Path::new(file), known) {
            Ok(strategy) => own.push(strategy),
            Err(error) => errors.push(format!("error: {error}")),
        }
    }
    if errors.is_empty() { Ok(own) } else { Err(UsageError(errors.join("\n")).into()) }
}

/// The strategy in a file of the user's own. Reports name it by its file's name, so none of `known` may
/// have that.
fn own_strategy<'a>(
    file: &Path,
    known: impl IntoIterator<Item = &'a Strategy>,
) -> Result<Strategy, UsageError> {
    let strategy = strategy::read(file).map_err(|error| UsageError(error.to_string()))?;
    let Some(other) = strategy::namesake(known, &strategy) else { return Ok(strategy) };
    Err(UsageError(format!(
        "--strategy {}: {} is called `{}` already, and reports know strategies by their names; rename the \
         file, to my_{} for one",
        file.display(),
        other.path.display(),
        other.name,
        file.file_name().unwrap_or_default().to_string_lossy(),
    )))
}

/// The strategy of this name, or in this file.
pub(crate) fn one_strategy(layout: &Layout, name: &str) -> Result<Strategy> {
    let mut strategies = strategy::read_all(&layout.strategies())?;
    if is_file(name) {
        let file = Path::new(name);
        // the path of one of ours is another way to name it
        let ours = strategies.iter().filter(|ours| !is_same_file(&ours.path, file));
        return Ok(own_strategy(file, ours)?);
    }
    let names = names(&strategies);
    patterns::one(SORT, name, &names)?;
    strategies.retain(|strategy| strategy.name.as_str() == name);
    Ok(strategies.remove(0))
}

fn names(strategies: &[Strategy]) -> Vec<String> {
    strategies.iter().map(|strategy| strategy.name.to_string()).collect()
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// The baseline among `strategies`.
pub(crate) fn baseline(strategies: &[Strategy]) -> Result<Strategy> {
    let found = strategies.iter().find(|strategy| strategy.is_baseline()).cloned();
    found.ok_or_else(|| anyhow::anyhow!("the strategy `{BASELINE}` is missing"))
}

/// Whether a `--strategy` names a file and not a strategy that comes with Tollgate.
pub(crate) fn is_file(request: &str) -> bool {
    let path = Path::new(request);
    path.components().count() > 1 || path.extension().is_some_and(|extension| extension == "py")
}
