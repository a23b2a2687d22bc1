//! `cargo xtask bless`: traces written from what the witnesses agree on.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use tollgate::{
    bless::{self, Blessing, Refusal},
    layout::Layout,
    matrix::{self, Matrix, Truth},
    scenario::Scenario,
    span::Trace,
    version::Version,
    worker::{Runner, Target},
};

use crate::{
    exit::Exit,
    isolation::Isolation,
    output, progress, selected,
    selection::{Pythons, Scenarios, Selection},
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Only scenarios whose name fits one of the patterns, such as `packages/*`; `--scenario` is the same.
    #[arg(value_name = "SCENARIO")]
    patterns: Vec<String>,
    #[command(flatten)]
    scenarios: Scenarios,
    #[command(flatten)]
    pythons: Pythons,
    /// Show what would be written, and write nothing.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    isolation: Isolation,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let scenarios = flags.scenarios.clone().and(&flags.patterns);
    let folder = scenarios.folder(&layout);
    let matrix = selected::matrix(&layout, &Selection::new(scenarios, flags.pythons.clone()))?;
    let runner = flags.isolation.runner()?;
    matrix::prepare(&matrix, &runner);
    let bar = progress::bar("bless", matrix.scenarios.len());
    let mut counts = Counts::default();
    for scenario in &matrix.scenarios {
        let path = folder.join(format!("{}.yaml", scenario.name));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let blessing = blessing(&matrix, &runner, scenario, &text);
        bar.suspend(|| counts.take(flags, (scenario, &path), (&text, blessing)))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let exit = if counts.is_sound(flags.check) { Exit::Done } else { Exit::Unsound };
    output::print(&format!(
        "{}\n{}",
        counts.told(flags.check),
        exit.line(counts.why(flags.check))
    ))?;
    Ok(exit)
}

/// Hears the witnesses of one scenario on every interpreter that it is for.
fn blessing(
    matrix: &Matrix,
    runner: &Runner,
    scenario: &Scenario,
    text: &str,
) -> Result<Blessing, String> {
    let on = |target: &Target, what: &dyn std::fmt::Display| {
        format!("on {}: {what}", target.interpreter.label())
    };
    let mut seen: Vec<(Version, Trace)> = Vec::new();
    for target in &matrix.targets {
        match matrix::hear(matrix, runner, target, scenario) {
            Ok(heard) => {
                let trace = bless::agreed(target, scenario, &heard);
                let trace = trace.map_err(|refusal: Refusal| on(target, &refusal))?;
                seen.push((target.interpreter.version, trace));
            }
            Err(Truth::NotApplicable(_)) => {}
            Err(Truth::Unknown(reason)) => return Err(on(target, &reason)),
            Err(truth) => return Err(on(target, &format!("{truth:?}"))),
        }
    }
    bless::bless(scenario, text, &seen).map_err(|refusal| refusal.to_string())
}

#[derive(Default)]
struct Counts {
    hold: usize,
    rewritten: usize,
    refused: usize,
}

impl Counts {
    /// Writes or shows what was decided on one scenario.
    fn take(
        &mut self,
        flags: &Flags,
        (scenario, path): (&Scenario, &Path),
        (text, blessing): (&str, Result<Blessing, String>),
    ) -> Result<()> {
        match blessing {
            Ok(Blessing::Holds) => self.hold += 1,
            Ok(Blessing::Rewritten(after)) => {
                self.rewritten += 1;
                if !flags.check {
                    fs::write(path, &after).with_context(|| path.display().to_string())?;
                }
                output::print(&bless::diff(&path.display().to_string(), text, &after))?;
            }
            Err(reason) => {
                self.refused += 1;
                crate::output::tell!("refused: {}, {}", scenario.name, reason.trim_end());
            }
        }
        Ok(())
    }

    fn told(&self, check: bool) -> String {
        let rewritten = if check { "would be written" } else { "written" };
        let Self { hold, rewritten: count, refused } = self;
        format!("Traces: {hold} hold, {count} {rewritten}, {refused} refused.")
    }

    /// Why it ends as it does.
    fn why(&self, check: bool) -> &'static str {
        match self {
            Self { refused: 1.., .. } => "the witnesses do not agree on every trace",
            Self { rewritten: 0, .. } => "every trace holds",
            _ if check => "not every trace is what the witnesses say",
            _ => "traces were written; read them before you keep them",
        }
    }

    fn is_sound(&self, check: bool) -> bool {
        self.refused == 0 && (self.rewritten == 0 || !check)
    }
}
