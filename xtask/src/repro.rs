//! `cargo xtask repro`: a cell as a script that shows the failure without Tollgate.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tollgate::{
    layout::Layout,
    repro::{self, Case, SCRIPT, TREE},
    text, tree,
};

use crate::{
    cell::{Cell, Where},
    exit::{Exit, NothingSelected, UsageError},
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Name of the scenario, such as `packages/nested`.
    scenario: String,
    /// Name of the strategy, or the path of its file.
    strategy: String,
    #[command(flatten)]
    place: Where,
    /// The folder to make; below `target/tollgate/repro`, unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let cell = Cell::find(&flags.scenario, &flags.strategy, &flags.place)?;
    let (scenario, strategy) = (&cell.scenario, &cell.strategy);
    let label = cell.label();
    if let Some(reason) = repro::unfit(scenario, strategy) {
        let message = format!("it takes Tollgate to show this: {reason}");
        return Err(UsageError(message).into());
    }
    let look = cell.look()?;
    if look.divergences.is_empty() {
        let message =
            format!("{} gets nothing wrong in {} on {label}", strategy.name, scenario.name);
        return Err(NothingSelected(message).into());
    }
    let case = Case {
        scenario,
        strategy,
        recorder: &cell.recorder,
        interpreter: &label,
        divergences: &look.divergences,
    };
    let name = format!("{}-{}-{label}", strategy.name, scenario.name.to_string().replace('/', "-"));
    let usual = || Layout::of_this_checkout().repros().join(name);
    let folder = flags.out.clone().unwrap_or_else(usual);
    write(&case, &folder)?;
    let python = cell.target.interpreter.path.display();
    let divergences = look.divergences.iter().map(ToString::to_string);
    let lines: Vec<_> =
        divergences.map(|it| format!("{} {}.", strategy.name, text::phrase(&it))).collect();
    output::print_lines(&lines)?;
    let script = folder.join(SCRIPT);
    output::print_lines(&[format!("Shown by: {python} {}", script.display())])?;
    Ok(Exit::Done)
}

/// Makes the folder anew. One that has other things in it than an earlier script is left alone.
fn write(case: &Case<'_>, folder: &Path) -> Result<()> {
    let about = || format!("{} cannot be written", folder.display());
    if folder.join(SCRIPT).is_file() {
        fs::remove_dir_all(folder).with_context(about)?;
    }
    let is_empty = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut it| it.next().is_none());
    if folder.exists() && !is_empty(folder) {
        let message = format!("--out {}: there is something in it already", folder.display());
        return Err(UsageError(message).into());
    }
    fs::create_dir_all(folder.join(TREE)).with_context(about)?;
    tree::write(&folder.join(TREE), case.scenario.sources()).with_context(about)?;
    for (name, text) in repro::files(case) {
        fs::write(folder.join(name), text).with_context(about)?;
    }
    Ok(())
}
