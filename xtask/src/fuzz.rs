//! `cargo xtask fuzz`: random programs on which the model and the interpreters are compared.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tollgate::{
    fuzz::{self, Disagreement, Panel, Plan, Tally, scenario_file},
    layout::Layout,
    strategy,
};

use crate::{
    exit::Exit,
    interrupt::Interrupt,
    isolation::Isolation,
    output, progress,
    selected::targets,
    selection::{Pythons, baseline},
};

/// Disagreements that a person can look at before mending anything.
const MOST_DISAGREEMENTS: usize = 10;

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// How many programs are made at most.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    cases: u64,
    /// Make no more programs after so many seconds.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Seed of the first program; each further one has the next. Printed with every run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[command(flatten)]
    pythons: Pythons,
    /// Where the scenario files of disagreements go.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    isolation: Isolation,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let begun = Instant::now();
    let interrupt = Interrupt::watch()?;
    let layout = Layout::of_this_checkout();
    let targets = targets(&layout, flags.pythons.find()?)?;
    let recorder = strategy::read(&layout.recorder())?;
    let testimony = strategy::read(&layout.testimony())?;
    let baseline = baseline(&strategy::read_all(&layout.strategies())?)?;
    let panel = Panel {
        targets: &targets,
        recorder: &recorder,
        testimony: &testimony,
        baseline: &baseline,
        runner: &|| flags.isolation.runner().map_err(std::io::Error::other),
        fault: None,
    };
    let plan = Plan {
        // half of the range, so that the last has a number too
        seed: flags.seed.unwrap_or_else(|| rand::random::<u64>() >> 1),
        cases: flags.cases,
        most: MOST_DISAGREEMENTS,
        ends: flags.seconds.map(|seconds| begun + Duration::from_secs(seconds)),
        stop: interrupt.stop(),
    };
    crate::output::tell!("seed {}", plan.seed);
    let bar = progress::bar("programs", usize::try_from(plan.cases).unwrap_or(usize::MAX));
    let (tally, disagreements) =
        fuzz::run(&panel, &plan, &|tally| bar.set_position(tally.programs))?;
    bar.finish_and_clear();
    let mut lines = summary(&tally, targets.len(), begun.elapsed());
    let folder = flags.out.clone().unwrap_or_else(|| layout.root().join("target/tollgate/fuzz"));
    for disagreement in &disagreements {
        lines.extend(told(disagreement));
        lines.push(write(disagreement, &panel, &folder)?);
    }
    let (exit, why) = match interrupt.signal() {
        Some(signal) => (Exit::Signalled(signal), "ended early"),
        None if disagreements.is_empty() => (Exit::Done, "the model and the interpreters agree"),
        None => (Exit::Unsound, "the model and the interpreters disagree"),
    };
    lines.push(exit.line(why).trim_end().to_owned());
    output::print_lines(&lines)?;
    Ok(exit)
}

fn summary(tally: &Tally, interpreters: usize, took: Duration) -> Vec<String> {
    let Tally { programs, compared, cells, testified, spans, abstained } = tally;
    let mut lines = vec![
        format!("{programs} programs, {compared} of them compared on {interpreters} interpreters"),
        format!("{cells} comparisons of {spans} spans in {:.1} s", took.as_secs_f64()),
        format!("in {testified} of them the modules spoke too"),
    ];
    let left_alone: u64 = abstained.values().sum();
    if left_alone > 0 {
        lines.push(format!("the model left {left_alone} alone:"));
    }
    let mut reasons: Vec<_> = abstained.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    lines.extend(reasons.into_iter().map(|(reason, count)| format!("  {count:>6}  {reason}")));
    lines
}

fn told(disagreement: &Disagreement) -> Vec<String> {
    let Disagreement { seed, interpreter, difference, repeats, .. } = disagreement;
    let once = if *repeats { "" } else { " (not when it was run again)" };
    let head = format!("\nseed {seed} on {interpreter}{once}: {difference}");
    head.lines().map(ToOwned::to_owned).collect()
}

/// Writes the scenario file; returns the line that says where it is.
fn write(disagreement: &Disagreement, panel: &Panel<'_>, folder: &Path) -> Result<String> {
    let runner = (panel.runner)()?;
    let text = match scenario_file(disagreement, panel, &runner) {
        Ok(text) => text,
        Err(why) => return Ok(format!("no scenario file: {why}")),
    };
    let file = folder.join(format!("seed-{}.yaml", disagreement.seed));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, text))
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(format!("Scenario: {}", file.display()))
}
