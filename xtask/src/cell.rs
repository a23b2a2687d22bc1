//! The flags that name one cell, and what they mean.

use std::path::{self, Path, PathBuf};

use anyhow::Result;
use tollgate::{
    child::Limits,
    command::{self, Build, Command, Places, Task},
    conformance::Flaw,
    evaluation::{self, Entrant},
    interpreter,
    layout::Layout,
    look::{self, Look, Onlookers},
    scenario::Scenario,
    strategy::{self, Strategy},
    text,
    worker::{Runner, Spawn, Target},
};

use crate::{
    selected::targets,
    selection::{Folder, baseline, is_folder, one_candidate, one_strategy},
};

/// Which cell: `trace`, `repro` and `shrink` are told in the same words.
#[derive(clap::Args)]
pub(crate) struct CellFlags {
    /// Name of the scenario, such as `packages/nested`.
    scenario: String,
    #[command(flatten)]
    who: WhoFlags,
    /// The interpreter that was built with the candidate, over which nothing is laid then; `--python` is the
    /// one without it.
    #[arg(long, value_name = "PATH", requires = "candidate")]
    built: Option<PathBuf>,
    /// The interpreter; the newest that is found, unless said.
    #[arg(long, value_name = "VERSION|PATH")]
    python: Option<String>,
    #[command(flatten)]
    folder: Folder,
}

/// Whose cell.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct WhoFlags {
    /// Name of the strategy, or the path of its file.
    #[arg(value_name = "STRATEGY")]
    hook: Option<String>,
    /// The same, as a flag.
    #[arg(long, value_name = "NAME|FILE")]
    strategy: Option<String>,
    /// A candidate in the place of a strategy: its name, or the path of its folder.
    #[arg(long, value_name = "NAME|DIR")]
    candidate: Option<String>,
}

/// Whose cell it is.
enum Hook {
    Strategy(Strategy),
    /// With what reports its events as a strategy does.
    Candidate(Box<(Entrant, Strategy)>),
}

/// Everything that it takes to look at one cell.
pub(crate) struct Cell {
    pub(crate) scenario: Scenario,
    hook: Hook,
    pub(crate) recorder: Strategy,
    requests: Strategy,
    baseline: Strategy,
    pub(crate) target: Target,
    runner: Runner,
    places: Places,
}

/// What was seen of a cell.
pub(crate) struct Seen {
    pub(crate) look: Look,
    /// What is against a candidate's contract.
    flaws: Vec<Flaw>,
}

impl Cell {
    /// Finds what is named.
    pub(crate) fn find(flags: &CellFlags) -> Result<Self> {
        let layout = Layout::of_this_checkout();
        let scenario = flags.folder.one(&layout, &flags.scenario)?;
        let hook = Hook::find(&layout, flags)?;
        let target = target(&layout, flags.python.as_ref())?;
        let requests: Vec<_> = flags.python.iter().cloned().collect();
        let mut places =
            Places::of(flags.folder.given()).with_interpreters(&requests, [&target.interpreter]);
        match &hook {
            Hook::Strategy(own) => {
                places = places.with_strategies(&layout, std::slice::from_ref(own));
            }
            Hook::Candidate(own) => {
                let folder = flags.who.candidate.as_deref().filter(|asked| is_folder(asked));
                let name = &own.0.candidate.name;
                places = places.with_candidate(name, folder.map(Path::new));
                if let Some(build) = &own.0.build {
                    let python = build.interpreter.path.clone();
                    places = places.with_build(name, Build { candidate: name.clone(), python });
                }
            }
        }
        let recorder = strategy::read(&layout.recorder())?;
        Ok(Self {
            scenario,
            hook,
            requests: strategy::read(&layout.requests())?.behind(&recorder),
            recorder,
            baseline: baseline(&strategy::read_all(&layout.strategies())?)?,
            target,
            runner: Runner::new(Spawn::new(Limits::default()))?,
            places,
        })
    }

    /// The interpreter that what is looked at runs on.
    pub(crate) fn own(&self) -> &Target {
        match &self.hook {
            Hook::Candidate(own) => own.0.build.as_ref().unwrap_or(&self.target),
            Hook::Strategy(_) => &self.target,
        }
    }

    /// Label of the interpreter.
    pub(crate) fn label(&self) -> String {
        self.target.interpreter.label()
    }

    /// What is looked at, as a strategy.
    pub(crate) fn strategy(&self) -> &Strategy {
        match &self.hook {
            Hook::Strategy(strategy) => strategy,
            Hook::Candidate(own) => &own.1,
        }
    }

    /// The command that does something else with the same cell.
    pub(crate) fn command(&self, task: Task) -> String {
        let (name, label) = (self.strategy().name.as_str(), self.label());
        let who = match &self.hook {
            Hook::Strategy(_) => command::Who::Strategy(name),
            Hook::Candidate(own) if own.0.build.is_some() => command::Who::Build(name),
            Hook::Candidate(_) => command::Who::Candidate(name),
        };
        let (scenario, python, places) = (self.scenario.name.as_str(), &*label, &self.places);
        Command { task, scenario, who, python, places }.to_string()
    }

    /// Runs it.
    pub(crate) fn look(&self) -> Result<Seen> {
        self.look_at(&self.scenario).map_err(anyhow::Error::msg)
    }

    /// Runs another scenario in its place.
    pub(crate) fn look_at(&self, scenario: &Scenario) -> Result<Seen, String> {
        let (recorder, baseline) = (&self.recorder, &self.baseline);
        match &self.hook {
            Hook::Strategy(strategy) => {
                let who = Onlookers { recorder, baseline, strategy };
                let look = look::look(&self.runner, &self.target, scenario, (who, &self.requests))?;
                Ok(Seen { look, flaws: Vec::new() })
            }
            Hook::Candidate(own) => {
                let place = (&self.runner, &self.target);
                let (look, flaws) =
                    evaluation::look(place, scenario, &own.0, [recorder, baseline])?;
                Ok(Seen { look, flaws })
            }
        }
    }

    /// What it gets wrong, in sentences: a candidate in the words of its contract.
    pub(crate) fn told(&self, seen: &Seen) -> Vec<String> {
        let name = &self.strategy().name;
        match self.hook {
            Hook::Strategy(_) => {
                let divergences = seen.look.divergences.iter().map(ToString::to_string);
                divergences.map(|it| format!("{name} {}.", text::phrase(&it))).collect()
            }
            Hook::Candidate(_) => {
                let flaws = seen.flaws.iter().map(ToString::to_string);
                flaws.map(|it| format!("{name}: {}.", text::phrase(&it))).collect()
            }
        }
    }
}

impl Hook {
    fn find(layout: &Layout, CellFlags { who: flags, built, .. }: &CellFlags) -> Result<Self> {
        let Some(asked) = &flags.candidate else {
            let asked = flags.strategy.as_ref().or(flags.hook.as_ref());
            let asked = asked.expect("the flags ask for one of the three");
            return Ok(Self::Strategy(one_strategy(layout, asked)?));
        };
        let candidate = one_candidate(layout, asked)?;
        let (candidate, build) = match built {
            Some(python) => {
                let python = path::absolute(python)?.display().to_string();
                (candidate.built_in(), Some(target(layout, Some(&python))?))
            }
            None => (candidate, None),
        };
        let (listener, reporter) = (candidate.listener(layout)?, candidate.reporter(layout)?);
        Ok(Self::Candidate(Box::new((Entrant { candidate, listener, build }, reporter))))
    }
}

fn target(layout: &Layout, python: Option<&String>) -> Result<Target> {
    let mut found = interpreter::select(&python.into_iter().cloned().collect::<Vec<_>>())?;
    found.skipped.clear();
    let newest = found.usable.pop().into_iter().collect();
    found.usable = newest;
    // a selection without any interpreter is an error of its own
    targets(layout, found)?.pop().ok_or_else(|| anyhow::anyhow!("no interpreter"))
}
