//! `cargo xtask trace`: one scenario, what happened beside what a strategy reported.

use anyhow::Result;
use tollgate::{report, text};

use crate::{
    cell::{Cell, Where},
    exit::Exit,
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Name of the scenario, such as `packages/nested`.
    scenario: String,
    /// Name of the strategy.
    #[arg(long, value_name = "NAME")]
    strategy: String,
    #[command(flatten)]
    place: Where,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let cell = Cell::find(&flags.scenario, &flags.strategy, &flags.place)?;
    let look = cell.look()?;
    let (scenario, strategy) = (&cell.scenario, &cell.strategy.name);
    let observed = &look.observed;
    let mut lines = vec![
        format!("{}: {}", scenario.name, text::phrase(&scenario.summary)),
        format!("on {}, under `{strategy}`", cell.label()),
        String::new(),
        report::beside(&look.trace, strategy, &observed.events, observed.main_thread),
    ];
    let divergences = look.divergences.iter().map(ToString::to_string);
    lines.extend(divergences.map(|text| format!("{strategy} {}.", text::phrase(&text))));
    output::print_lines(&lines)?;
    Ok(Exit::Done)
}
