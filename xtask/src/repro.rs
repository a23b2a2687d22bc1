//! `cargo xtask repro`: a cell as a script that shows the failure without Tollgate.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tollgate::{
    command::{self, Task},
    layout::Layout,
    repro::{self, Case, SCRIPT, TREE},
    tree,
};

use crate::{
    cell::{Cell, CellFlags},
    exit::{Exit, NothingSelected, UsageError},
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    cell: CellFlags,
    /// The folder to make; below `target/tollgate/repro`, unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let cell = Cell::find(&flags.cell)?;
    let (scenario, strategy) = (&cell.scenario, cell.strategy());
    let label = cell.label();
    if let Some(reason) = repro::unfit(scenario, strategy) {
        let message = format!("it takes Tollgate to show this: {reason}");
        return Err(UsageError(message).into());
    }
    let seen = cell.look()?;
    let told = cell.told(&seen);
    if seen.look.divergences.is_empty() {
        return Err(nothing(&cell, &told).into());
    }
    let case = Case {
        scenario,
        strategy,
        recorder: &cell.recorder,
        interpreter: &label,
        divergences: &seen.look.divergences,
    };
    let name = format!("{}-{}-{label}", strategy.name, scenario.name.to_string().replace('/', "-"));
    let usual = || Layout::of_this_checkout().repros().join(name);
    let folder = flags.out.clone().unwrap_or_else(usual);
    write(&case, &folder)?;
    let python = cell.own().interpreter.path.display().to_string();
    let script = folder.join(SCRIPT).display().to_string();
    let shown = format!("Shown by: {} {}", command::quoted(&python), command::quoted(&script));
    output::print_lines(&told)?;
    output::print_lines(&[shown])?;
    Ok(Exit::Done)
}

/// Why there is no script: nothing is wrong, or nothing that a hook alone could show.
fn nothing(cell: &Cell, told: &[String]) -> NothingSelected {
    let (name, scenario, label) = (&cell.strategy().name, &cell.scenario.name, cell.label());
    NothingSelected(match told {
        [] => format!("{name} gets nothing wrong in {scenario} on {label}"),
        told => format!(
            "it takes Tollgate to show what is against the contract in {scenario} on {label}: {}\nhelp: `{}`",
            told.join(" "),
            cell.command(Task::Trace),
        ),
    })
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
