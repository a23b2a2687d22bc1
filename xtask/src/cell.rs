//! The flags that name one cell, and what they mean.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tollgate::{
    child::Limits,
    interpreter,
    layout::Layout,
    look::{self, Look, Onlookers},
    scenario::{self, Scenario},
    strategy::{self, Strategy},
    worker::{Runner, Spawn, Target},
};

use crate::{
    exit::NothingSelected,
    selection::{baseline, is_file, own_strategy},
    session::targets,
};

/// Which interpreter, and whose scenarios.
#[derive(clap::Args)]
pub(crate) struct Where {
    /// The interpreter; the newest that is found, unless said.
    #[arg(long, value_name = "VERSION|PATH")]
    python: Option<String>,
    /// Take the scenarios of another folder.
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

/// Everything that it takes to look at one cell.
pub(crate) struct Cell {
    pub(crate) scenario: Scenario,
    pub(crate) strategy: Strategy,
    pub(crate) recorder: Strategy,
    baseline: Strategy,
    pub(crate) target: Target,
    runner: Runner,
}

impl Cell {
    /// Finds what is named.
    pub(crate) fn find(scenario: &str, strategy: &str, place: &Where) -> Result<Self> {
        let layout = Layout::of_this_checkout();
        Ok(Self {
            scenario: one_scenario(&layout, scenario, place)?,
            strategy: one_strategy(&layout, strategy)?,
            recorder: strategy::read(&layout.recorder())?,
            baseline: baseline(&strategy::read_all(&layout.strategies())?)?,
            target: target(&layout, place)?,
            runner: Runner::new(Spawn::new(Limits::default()))?,
        })
    }

    /// Label of the interpreter.
    pub(crate) fn label(&self) -> String {
        self.target.interpreter.label()
    }

    /// Runs it.
    pub(crate) fn look(&self) -> Result<Look> {
        self.look_at(&self.scenario).map_err(anyhow::Error::msg)
    }

    /// Runs another scenario in its place.
    pub(crate) fn look_at(&self, scenario: &Scenario) -> Result<Look, String> {
        let who = Onlookers {
            recorder: &self.recorder,
            baseline: &self.baseline,
            strategy: &self.strategy,
        };
        look::look(&self.runner, &self.target, scenario, who)
    }
}

fn one_scenario(layout: &Layout, name: &str, place: &Where) -> Result<Scenario> {
    let folder = place.scenarios.clone().unwrap_or_else(|| layout.scenarios());
    let scenarios = scenario::load(&folder)?;
    let found = scenarios.into_iter().find(|scenario| scenario.name.to_string() == name);
    found.ok_or_else(|| {
        let message =
            format!("there is no scenario `{name}`; `cargo xtask list scenarios` names all");
        NothingSelected(message).into()
    })
}

fn one_strategy(layout: &Layout, name: &str) -> Result<Strategy> {
    let strategies = strategy::read_all(&layout.strategies())?;
    if is_file(name) {
        let file = Path::new(name);
        // the path of one of ours is another way to name it
        let ours = strategies.iter().filter(|ours| !is_same_file(&ours.path, file));
        return Ok(own_strategy(file, ours)?);
    }
    let found = strategies.into_iter().find(|strategy| strategy.name.as_str() == name);
    found.ok_or_else(|| {
        let message =
            format!("there is no strategy `{name}`; `cargo xtask list strategies` names all");
        NothingSelected(message).into()
    })
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

fn target(layout: &Layout, place: &Where) -> Result<Target> {
    let mut found = interpreter::select(&place.python.iter().cloned().collect::<Vec<_>>())?;
    found.skipped.clear();
    let newest = found.usable.pop().into_iter().collect();
    found.usable = newest;
    // a selection without any interpreter is an error of its own
    targets(layout, found)?.pop().ok_or_else(|| anyhow::anyhow!("no interpreter"))
}
