//! `cargo xtask list`: what there is.

use anyhow::Result;
use tollgate::{
    child::Limits,
    interpreter::Interpreter,
    layout::Layout,
    scenario::Scenario,
    strategy::Strategy,
    worker::{Runner, Spawn, Target},
};

use crate::{exit::Exit, output, selection::Selection, session::targets};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// What to list.
    what: What,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// Name and summary of each scenario.
    Scenarios,
    /// Name, summary and claims of each strategy, by interpreter where they differ.
    Strategies,
    /// Label and path of each usable interpreter.
    Interpreters,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let lines = match flags.what {
        What::Scenarios => scenarios(&layout, &flags.selection)?,
        What::Strategies => strategies(&layout, &flags.selection)?,
        What::Interpreters => interpreters(&flags.selection)?,
    };
    output::print_lines(&lines)?;
    Ok(Exit::Done)
}

fn interpreters(selection: &Selection) -> Result<Vec<String>> {
    let line = |interpreter: &Interpreter| {
        format!("{:<10} {}", interpreter.label(), interpreter.path.display())
    };
    Ok(selection.interpreters()?.usable.iter().map(line).collect())
}

fn scenarios(layout: &Layout, selection: &Selection) -> Result<Vec<String>> {
    let scenarios = selection.scenarios(layout)?;
    let names: Vec<_> = scenarios.iter().map(|scenario| scenario.name.to_string()).collect();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let line =
        |(name, scenario): (&String, &Scenario)| format!("{name:<width$}  {}", scenario.summary);
    Ok(names.iter().zip(&scenarios).map(line).collect())
}

/// Claims may depend on the version, so every interpreter is asked, and told where they differ.
fn strategies(layout: &Layout, selection: &Selection) -> Result<Vec<String>> {
    let strategies = selection.strategies(layout)?;
    let targets = targets(layout, selection.interpreters()?)?;
    let runner = Runner::new(Spawn::new(Limits::default()))?;
    Ok(strategies.iter().flat_map(|strategy| claims(&runner, strategy, &targets)).collect())
}

fn claims(runner: &Runner, strategy: &Strategy, targets: &[Target]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut told = Vec::new();
    for target in targets {
        let described = match runner.describe(target, strategy) {
            Ok((summary, claims)) => {
                let claims: Vec<_> = claims.iter().map(ToString::to_string).collect();
                let claims =
                    if claims.is_empty() { "nothing".to_owned() } else { claims.join(", ") };
                vec![format!("    {summary}"), format!("    claims {claims}")]
            }
            Err(failure) => vec![format!("    {failure}")],
        };
        if described != told {
            let label = target.interpreter.label();
            let from = if told.is_empty() { String::new() } else { format!(" (from {label} on)") };
            lines.push(format!("{}{from}", strategy.name));
            lines.extend(described.clone());
            told = described;
        }
    }
    lines
}
