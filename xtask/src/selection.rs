//! Which scenarios, strategies and interpreters a task is about.

use std::{
    io,
    path::{self, MAIN_SEPARATOR, Path, PathBuf},
};

use anyhow::Result;
use globset::{Glob, GlobSet, GlobSetBuilder};
use tollgate::{
    interpreter::{self, Found},
    layout::Layout,
    record::Asked,
    scenario::{self, Scenario},
    strategy::{self, BASELINE, Strategy},
};

use crate::exit::{NothingSelected, UsageError};

/// The flags that narrow a task down. Each may be repeated; repeats add up.
#[derive(Clone, clap::Args)]
pub(crate) struct Selection {
    /// Take the scenarios of another folder.
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
    /// Only scenarios whose name fits the pattern, such as `packages/*`.
    #[arg(long, value_name = "GLOB")]
    scenario: Vec<String>,
    /// Only strategies whose name fits the pattern; or the path of a strategy's Python file.
    #[arg(long, value_name = "GLOB|FILE")]
    strategy: Vec<String>,
    /// Only these interpreters: `3.13`, `3.1*`, or the path of an executable.
    #[arg(long, value_name = "VERSION|PATH")]
    python: Vec<String>,
    /// Of these only the newest.
    #[arg(skip)]
    newest: bool,
}

impl Selection {
    /// The scenarios that were asked for.
    pub(crate) fn scenarios(&self, layout: &Layout) -> Result<Vec<Scenario>> {
        let folder = self.scenarios.clone().unwrap_or_else(|| layout.scenarios());
        let mut scenarios = scenario::load(&folder)?;
        let patterns = patterns("--scenario", &self.scenario)?;
        let all = names(scenarios.iter().map(|scenario| scenario.name.to_string()));
        scenarios.retain(|scenario| fits(&patterns, &scenario.name.to_string()));
        if scenarios.is_empty() {
            let asked = self.scenario.join(", ");
            let message = format!("no scenario fits `--scenario {asked}`; there are {all}");
            return Err(NothingSelected(message).into());
        }
        Ok(scenarios)
    }

    /// The strategies that were asked for; the baseline is always the first.
    pub(crate) fn strategies(&self, layout: &Layout) -> Result<Vec<Strategy>> {
        let (files, globs): (Vec<_>, Vec<_>) =
            self.strategy.iter().cloned().partition(|request| is_file(request));
        let mut strategies = strategy::read_all(&layout.strategies())?;
        let own = own_strategies(&files, &strategies)?;
        let patterns = patterns("--strategy", &globs)?;
        let all = names(strategies.iter().map(|strategy| strategy.name.to_string()));
        let keep = |name: &str| self.strategy.is_empty() || fits_some(&patterns, name);
        let kept = strategies.iter().filter(|strategy| keep(strategy.name.as_str())).count();
        if kept == 0 && files.is_empty() {
            let message = format!("no strategy fits `{}`; there are {all}", globs.join(", "));
            return Err(NothingSelected(message).into());
        }
        strategies.retain(|strategy| strategy.is_baseline() || keep(strategy.name.as_str()));
        strategies.extend(own);
        Ok(strategies)
    }

    /// Whether it says which strategies to take.
    pub(crate) fn names_strategies(&self) -> bool {
        !self.strategy.is_empty()
    }

    /// Whether it is about the scenarios that come with Tollgate; and whether about all of them.
    pub(crate) fn is_ours_and_whole(&self) -> (bool, bool) {
        let is_ours = self.scenarios.is_none();
        (is_ours, is_ours && self.scenario.is_empty())
    }

    /// The same, with these strategies unless it says which.
    pub(crate) fn or_strategies(mut self, names: &[&str]) -> Self {
        if !self.names_strategies() {
            self.strategy = names.iter().map(|&name| name.to_owned()).collect();
        }
        self
    }

    /// The same, with these scenarios unless it says which.
    pub(crate) fn or_scenarios(mut self, names: &[&str]) -> Self {
        if self.scenarios.is_none() && self.scenario.is_empty() {
            self.scenario = names.iter().map(|&name| name.to_owned()).collect();
        }
        self
    }

    /// What was asked for, in words that mean the same in every working directory.
    pub(crate) fn asked(&self) -> io::Result<Asked> {
        let strategies = self.strategy.iter().map(|request| absolute(request, is_file(request)));
        Ok(Asked {
            scenarios: self.scenarios.as_ref().map(path::absolute).transpose()?,
            scenario: self.scenario.clone(),
            strategy: strategies.collect::<io::Result<_>>()?,
            python: anywhere(&self.python)?,
            ..Asked::default()
        })
    }

    /// The interpreters that were asked for.
    pub(crate) fn interpreters(&self) -> Result<Found> {
        let mut found = interpreter::select(&self.python)?;
        if self.newest {
            let newest = found.usable.iter().max_by_key(|it| (it.version, it.gil_enabled)).cloned();
            found.usable = newest.into_iter().collect();
        }
        Ok(found)
    }

    /// The same, on one interpreter.
    pub(crate) fn on(mut self, python: &Path) -> Self {
        self.python = vec![python.display().to_string()];
        self
    }

    /// The same, with the newest interpreter unless it says which.
    pub(crate) fn or_newest(mut self) -> Self {
        self.newest = self.python.is_empty();
        self
    }
}

impl From<Asked> for Selection {
    fn from(asked: Asked) -> Self {
        let Asked { scenarios, scenario, strategy, python, .. } = asked;
        Self { scenarios, scenario, strategy, python, newest: false }
    }
}

/// Requests for interpreters, in words that mean the same in every working directory.
pub(crate) fn anywhere(pythons: &[String]) -> io::Result<Vec<String>> {
    pythons.iter().map(|request| absolute(request, request.contains(MAIN_SEPARATOR))).collect()
}

fn absolute(request: &str, is_path: bool) -> io::Result<String> {
    if !is_path {
        return Ok(request.to_owned());
    }
    Ok(path::absolute(request)?.display().to_string())
}

/// The strategies in files of the user's own. The error is everything that is wrong with them.
fn own_strategies(files: &[String], ours: &[Strategy]) -> Result<Vec<Strategy>> {
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
pub(crate) fn own_strategy<'a>(
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

fn patterns(flag: &str, texts: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for text in texts {
        let glob =
            Glob::new(text).map_err(|error| UsageError(format!("{flag} {text}: {error}")))?;
        set.add(glob);
    }
    Ok(set.build()?)
}

fn fits(patterns: &GlobSet, name: &str) -> bool {
    patterns.is_empty() || fits_some(patterns, name)
}

fn fits_some(patterns: &GlobSet, name: &str) -> bool {
    patterns.is_match(name)
}

fn names(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
