//! Which scenarios, strategies and interpreters a task is about.

mod candidates;
mod patterns;
mod pythons;
mod scenarios;
mod strategies;

use std::{
    io,
    path::{self, Path},
};

use anyhow::Result;
pub(crate) use candidates::{all_candidates, candidates, is_folder, one_candidate};
pub(crate) use pythons::{Pythons, anywhere};
pub(crate) use scenarios::{Folder, Scenarios};
pub(crate) use strategies::{Strategies, baseline, is_file, one_strategy};
use tollgate::{
    interpreter::Found, layout::Layout, record::Asked, scenario::Scenario, strategy::Strategy,
};

/// The flags that narrow a task down. Each may be repeated; repeats add up.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    scenarios: Scenarios,
    #[command(flatten)]
    strategies: Strategies,
    #[command(flatten)]
    pythons: Pythons,
}

impl Selection {
    /// These scenarios on these interpreters, and all strategies.
    pub(crate) fn new(scenarios: Scenarios, pythons: Pythons) -> Self {
        Self { scenarios, strategies: Strategies::default(), pythons }
    }

    /// The scenarios that were asked for.
    pub(crate) fn scenarios(&self, layout: &Layout) -> Result<Vec<Scenario>> {
        self.scenarios.read(layout)
    }

    /// The strategies that were asked for; the baseline is always the first.
    pub(crate) fn strategies(&self, layout: &Layout) -> Result<Vec<Strategy>> {
        self.strategies.read(layout)
    }

    /// The interpreters that were asked for.
    pub(crate) fn interpreters(&self) -> Result<Found> {
        self.pythons.find()
    }

    /// Whether it says which strategies to take.
    pub(crate) fn names_strategies(&self) -> bool {
        !self.strategies.strategy.is_empty()
    }

    /// Whether it is about the scenarios that come with Tollgate; and whether about all of them.
    pub(crate) fn is_ours_and_whole(&self) -> (bool, bool) {
        let is_ours = self.scenarios.folder.given().is_none();
        (is_ours, is_ours && self.scenarios.scenario.is_empty())
    }

    /// The same, with these strategies unless it says which.
    pub(crate) fn or_strategies(mut self, names: &[&str]) -> Self {
        self.strategies = self.strategies.or(names);
        self
    }

    /// The same, with these scenarios unless it says which.
    pub(crate) fn or_scenarios(mut self, names: &[&str]) -> Self {
        if self.scenarios.folder.given().is_none() && self.scenarios.scenario.is_empty() {
            self.scenarios.scenario = names.iter().map(|&name| name.to_owned()).collect();
        }
        self
    }

    /// The same, with more patterns for scenarios.
    pub(crate) fn and_scenarios(self, patterns: &[String]) -> Self {
        Self { scenarios: self.scenarios.and(patterns), ..self }
    }

    /// The same, with more patterns for strategies.
    pub(crate) fn and_strategies(self, patterns: &[String]) -> Self {
        Self { strategies: self.strategies.and(patterns), ..self }
    }

    /// The same, with more patterns for interpreters.
    pub(crate) fn and_pythons(self, patterns: &[String]) -> Self {
        Self { pythons: self.pythons.and(patterns), ..self }
    }

    /// What was asked for, in words that mean the same in every working directory.
    pub(crate) fn asked(&self) -> io::Result<Asked> {
        let strategies = self.strategies.strategy.iter();
        let strategies = strategies.map(|request| absolute(request, is_file(request)));
        Ok(Asked {
            scenarios: self.scenarios.folder.given().map(path::absolute).transpose()?,
            scenario: self.scenarios.scenario.clone(),
            strategy: strategies.collect::<io::Result<_>>()?,
            python: anywhere(&self.pythons.python)?,
            ..Asked::default()
        })
    }

    /// The same, on one interpreter.
    pub(crate) fn on(mut self, python: &Path) -> Self {
        self.pythons.python = vec![python.display().to_string()];
        self
    }

    /// The same, with the newest interpreter unless it says which.
    pub(crate) fn or_newest(mut self) -> Self {
        self.pythons.newest = self.pythons.python.is_empty();
        self
    }
}

impl From<Asked> for Selection {
    fn from(asked: Asked) -> Self {
        let Asked { scenarios, scenario, strategy, python, .. } = asked;
        Self {
            scenarios: Scenarios { folder: Folder { scenarios }, scenario },
            strategies: Strategies { strategy },
            pythons: Pythons { python, newest: false },
        }
    }
}

fn absolute(request: &str, is_path: bool) -> io::Result<String> {
    if !is_path {
        return Ok(request.to_owned());
    }
    Ok(path::absolute(request)?.display().to_string())
}
