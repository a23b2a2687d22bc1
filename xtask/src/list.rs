//! `cargo xtask list`: what there is.

use anyhow::Result;
use tollgate::{
    child::Limits,
    interpreter::Interpreter,
    layout::Layout,
    model::{Program, Rules, predict},
    scenario::Scenario,
    strategy::Strategy,
    text,
    version::{SUPPORTED_MINORS, Version},
    worker::{Description, Runner, Spawn, Target},
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
    /// Name and summary of each scenario, and why the model predicts nothing where it does not.
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
    let width = names.iter().map(|name| text::width(name)).max().unwrap_or_default();
    let lines = names.iter().zip(&scenarios).flat_map(|(name, scenario)| {
        let line = format!("{}  {}", text::padded(name, width), text::phrase(&scenario.summary));
        let abstentions = abstentions(scenario).into_iter();
        std::iter::once(line).chain(abstentions.map(|why| format!("    {}", text::phrase(&why))))
    });
    Ok(lines.collect())
}

/// Why the model predicts nothing, by the versions of Python for which it does not.
fn abstentions(scenario: &Scenario) -> Vec<String> {
    let program = Program::from(scenario);
    let versions = SUPPORTED_MINORS.map(|minor| Version::new(3, minor, 0));
    let applies: Vec<_> = versions.filter(|version| scenario.applies_to(version)).collect();
    let mut reasons: Vec<(String, Vec<Version>)> = Vec::new();
    for version in &applies {
        let Err(abstention) = predict(&program, Rules::of(*version)) else { continue };
        let abstention = abstention.to_string();
        match reasons.iter_mut().find(|(known, _)| *known == abstention) {
            Some((_, versions)) => versions.push(*version),
            None => reasons.push((abstention, vec![*version])),
        }
    }
    let told = |(reason, versions): (String, Vec<Version>)| {
        let names: Vec<_> =
            versions.iter().map(|one| format!("{}.{}", one.major, one.minor)).collect();
        let on =
            if versions == applies { String::new() } else { format!(" on {}", names.join(", ")) };
        format!("the model abstains{on}: {reason}")
    };
    reasons.into_iter().map(told).collect()
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
    let mut before = Vec::new();
    for target in targets {
        let described = match runner.describe(target, strategy) {
            Ok(description) => told(&description),
            Err(failure) => vec![format!("    {}", text::phrase(&failure.to_string()))],
        };
        if described != before {
            let label = target.interpreter.label();
            let from =
                if before.is_empty() { String::new() } else { format!(" (from {label} on)") };
            lines.push(format!("{}{from}", strategy.name));
            lines.extend(described.clone());
            before = described;
        }
    }
    lines
}

fn told(description: &Description) -> Vec<String> {
    let Description { summary, claims, not_applicable, options } = description;
    let mut lines = vec![format!("    {}", text::phrase(summary))];
    if let Some(reason) = not_applicable {
        lines.push(format!("    not applicable: {}", text::phrase(reason)));
        return lines;
    }
    let claims: Vec<_> = claims.iter().map(ToString::to_string).collect();
    let claims = if claims.is_empty() { "nothing".to_owned() } else { claims.join(", ") };
    lines.push(format!("    claims {claims}"));
    if !options.is_empty() {
        lines.push(format!(
            "    has the interpreter started with {}",
            text::phrase(&options.join(" "))
        ));
    }
    lines
}
