//! `cargo xtask shrink`: the smallest scenario that still shows what a strategy gets wrong.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use tollgate::{
    command::Task,
    shrink::{self, Kept},
    verdict::Divergence,
};

use crate::{
    cell::{Cell, CellFlags},
    exit::{Exit, NothingSelected},
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    cell: CellFlags,
    /// Keep the first divergence whose text has this in it; the first of all, unless said.
    #[arg(long, value_name = "TEXT")]
    divergence: Option<String>,
    /// How many smaller programs are tried at most.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    rounds: usize,
    /// Write the scenario there; it is printed, unless said.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let cell = Cell::find(&flags.cell)?;
    let look = cell.look()?.look;
    let (strategy, scenario, label) = (&cell.strategy().name, &cell.scenario.name, cell.label());
    let wanted = flags.divergence.as_deref().unwrap_or_default();
    let divergence = look.divergences.iter().find(|it| it.to_string().contains(wanted));
    let Some(divergence) = divergence else {
        let told: Vec<_> = look.divergences.iter().map(Divergence::to_string).collect();
        let there = if told.is_empty() { "nothing".to_owned() } else { told.join("; ") };
        let message =
            format!("{strategy} does not do that in {scenario} on {label}; it does: {there}");
        return Err(NothingSelected(message).into());
    };
    crate::output::tell!("kept: {strategy} {divergence}");
    let kept = Kept::of(divergence, &look);
    let mut tried = 0_usize;
    let small = shrink::shrink(&cell.scenario, &kept, flags.rounds, |scenario| {
        tried += 1;
        Ok(cell.look_at(scenario)?.look)
    });
    let [before, after] = [&cell.scenario, &small].map(shrink::size);
    crate::output::tell!(
        "from {} files and {} lines to {} and {}, in {tried} tries",
        before.0,
        before.1,
        after.0,
        after.1
    );
    let seen = cell.look_at(&small).map_err(anyhow::Error::msg)?.look;
    let command = format!("`{}`", cell.command(Task::Shrink));
    let comment = format!("Made smaller by {command}: {strategy} {divergence}.");
    let Some(text) = shrink::file(&small, seen, &cell.target.interpreter, &comment) else {
        let message = format!("{scenario} cannot be written: it has a process of its own");
        return Err(NothingSelected(message).into());
    };
    match &flags.out {
        Some(file) => fs::write(file, text).with_context(|| file.display().to_string())?,
        None => output::print_data(&text)?,
    }
    Ok(Exit::Done)
}
