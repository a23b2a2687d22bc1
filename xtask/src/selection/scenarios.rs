//! Which scenarios a task is about.

use std::path::{self, Path, PathBuf};

use anyhow::Result;
use tollgate::{
    command,
    layout::Layout,
    scenario::{self, Scenario},
};

use super::patterns::{self, Patterns, Sort};

/// The flags that say which scenarios. Each pattern has to fit one at least.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct Scenarios {
    #[command(flatten)]
    pub(super) folder: Folder,
    /// Only scenarios whose name fits the pattern, such as `packages/*`.
    #[arg(long, value_name = "GLOB")]
    pub(super) scenario: Vec<String>,
}

/// Whose scenarios.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct Folder {
    /// Take the scenarios of another folder.
    #[arg(long, value_name = "DIR")]
    pub(super) scenarios: Option<PathBuf>,
}

impl Scenarios {
    /// The scenarios that were asked for.
    pub(crate) fn read(&self, layout: &Layout) -> Result<Vec<Scenario>> {
        let (mut scenarios, lists) = (self.folder.read(layout)?, self.folder.lists());
        let sort = Sort { what: "scenario", lists: &lists };
        let patterns = Patterns::parse(sort, &self.scenario)?;
        patterns.check(sort, &names(&scenarios))?;
        scenarios.retain(|scenario| patterns.fit(scenario.name.as_str()));
        Ok(scenarios)
    }

    /// The same with more patterns.
    pub(crate) fn and(mut self, patterns: &[String]) -> Self {
        self.scenario.extend_from_slice(patterns);
        self
    }

    /// The folder that they are in.
    pub(crate) fn folder(&self, layout: &Layout) -> PathBuf {
        self.folder.path(layout)
    }
}

impl Folder {
    /// Where it is, if it is not Tollgate's own.
    pub(crate) fn given(&self) -> Option<&Path> {
        self.scenarios.as_deref()
    }

    fn path(&self, layout: &Layout) -> PathBuf {
        self.scenarios.clone().unwrap_or_else(|| layout.scenarios())
    }

    fn read(&self, layout: &Layout) -> Result<Vec<Scenario>> {
        Ok(scenario::load(&self.path(layout))?)
    }

    /// The command that names all of them.
    fn lists(&self) -> String {
        let folder = self.scenarios.as_ref().map(|it| path::absolute(it).unwrap_or(it.clone()));
        let folder = folder.map(|it| it.display().to_string());
        let flag = folder.iter().flat_map(|it| ["--scenarios", it.as_str()]);
        command::line(["list", "scenarios"].into_iter().chain(flag))
    }

    /// The scenario of this name.
    pub(crate) fn one(&self, layout: &Layout, name: &str) -> Result<Scenario> {
        let (mut scenarios, lists) = (self.read(layout)?, self.lists());
        let names = names(&scenarios);
        patterns::one(Sort { what: "scenario", lists: &lists }, name, &names)?;
        scenarios.retain(|scenario| scenario.name.as_str() == name);
        Ok(scenarios.remove(0))
    }
}

fn names(scenarios: &[Scenario]) -> Vec<String> {
    scenarios.iter().map(|scenario| scenario.name.to_string()).collect()
}
