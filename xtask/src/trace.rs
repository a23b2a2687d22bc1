//! `cargo xtask trace`: one scenario, what happened beside what a strategy reported.

use anyhow::Result;
use tollgate::{report, text};

use crate::{
    cell::{Cell, CellFlags},
    exit::Exit,
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    cell: CellFlags,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let cell = Cell::find(&flags.cell)?;
    let seen = cell.look()?;
    let (scenario, strategy) = (&cell.scenario, &cell.strategy().name);
    let observed = &seen.look.observed;
    let mut lines = vec![
        format!("{}: {}", scenario.name, text::phrase(&scenario.summary)),
        format!("on {}, under `{strategy}`", cell.label()),
        String::new(),
        report::beside(&seen.look.trace, strategy, &observed.events, observed.main_thread),
    ];
    lines.extend(cell.told(&seen));
    output::print_lines(&lines)?;
    Ok(Exit::Done)
}
