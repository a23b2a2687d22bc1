//! `cargo xtask trace`: one scenario, what happened beside what a strategy reported.

use anyhow::Result;
use tollgate::{
    child::Limits,
    interpreter,
    layout::Layout,
    report,
    scenario::{self, Scenario},
    span::build,
    strategy::{self, Strategy},
    verdict::{compare, disturbances},
    worker::{Observation, Program, Runner, Spawn, Target},
};

use crate::{
    exit::{Exit, NothingSelected, UsageError},
    output,
    selection::baseline,
    session::targets,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Name of the scenario, such as `packages/nested`.
    scenario: String,
    /// Name of the strategy.
    #[arg(long, value_name = "NAME")]
    strategy: String,
    /// The interpreter; the newest that is found, unless said.
    #[arg(long, value_name = "VERSION|PATH")]
    python: Option<String>,
    /// Take the scenarios of another folder.
    #[arg(long, value_name = "DIR")]
    scenarios: Option<std::path::PathBuf>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let scenario = scenario(flags, &layout)?;
    let strategy = strategy(flags, &layout)?;
    let target = target(flags, &layout)?;
    let runner = Runner::new(Spawn::new(Limits::default()))?;
    let recorder = strategy::read(&layout.recorder())?;
    let see = |strategy: &Strategy| -> Result<Observation> {
        let program = Program { scenario: &scenario, strategy };
        runner
            .observe(&target, program)
            .map_err(|failure| anyhow::anyhow!("{}: {failure}", strategy.name))
    };
    let (truth, observed) = (see(&recorder)?, see(&strategy)?);
    let baseline = see(&baseline(&strategy::read_all(&layout.strategies())?)?)?;
    let label = target.interpreter.label();
    let spans = build(&truth.events, truth.main_thread)?;
    let matched = compare(&spans, &observed.events, observed.main_thread, &observed.claims);
    let disturbed = disturbances(&baseline.behaviour, &observed.behaviour);
    let mut lines = vec![
        format!("{}: {}", scenario.name, scenario.summary),
        format!("on {label}, under `{}`", strategy.name),
        String::new(),
        report::beside(&spans, &strategy.name, &observed.events, observed.main_thread),
    ];
    let divergences = matched.divergences.iter().chain(&disturbed);
    lines.extend(divergences.map(|divergence| format!("{} {divergence}.", strategy.name)));
    output::print_lines(&lines)?;
    Ok(Exit::Done)
}

fn scenario(flags: &Flags, layout: &Layout) -> Result<Scenario> {
    let folder = flags.scenarios.clone().unwrap_or_else(|| layout.scenarios());
    let scenarios = scenario::load(&folder)?;
    let found = scenarios.into_iter().find(|scenario| scenario.name.to_string() == flags.scenario);
    found.ok_or_else(|| {
        let message = format!(
            "there is no scenario `{}`; `cargo xtask list scenarios` names all",
            flags.scenario
        );
        NothingSelected(message).into()
    })
}

fn strategy(flags: &Flags, layout: &Layout) -> Result<Strategy> {
    if crate::selection::is_file(&flags.strategy) {
        let path = std::path::Path::new(&flags.strategy);
        return strategy::read(path).map_err(|error| UsageError(error.to_string()).into());
    }
    let strategies = strategy::read_all(&layout.strategies())?;
    let found = strategies.into_iter().find(|strategy| strategy.name.as_str() == flags.strategy);
    found.ok_or_else(|| {
        let message = format!(
            "there is no strategy `{}`; `cargo xtask list strategies` names all",
            flags.strategy
        );
        NothingSelected(message).into()
    })
}

fn target(flags: &Flags, layout: &Layout) -> Result<Target> {
    let mut found = interpreter::select(&flags.python.iter().cloned().collect::<Vec<_>>())?;
    found.skipped.clear();
    let newest = found.usable.pop().into_iter().collect();
    found.usable = newest;
    // a selection without any interpreter is an error of its own
    targets(layout, found)?.pop().ok_or_else(|| anyhow::anyhow!("no interpreter"))
}
