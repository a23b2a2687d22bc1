//! `cargo xtask history`: what runs came to, night by night.

use std::path::PathBuf;

use anyhow::Result;
use tollgate::{
    history::{self, Night},
    layout::Layout,
    nearest,
    record::{self, EarlierRun},
    report,
};

use crate::{
    exit::{Exit, NothingSelected, UsageError},
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// The strategy, or the candidate, whose line is shown.
    #[arg(required_unless_present = "append")]
    strategy: Option<String>,
    /// Append what this run came to: its name, its folder, or `latest`. One that is there is not
    /// appended again.
    #[arg(long, value_name = "RUN")]
    append: Option<String>,
    /// The history; `reports/history.jsonl`, unless said.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let file = flags.file.clone().unwrap_or_else(|| layout.reports().join("history.jsonl"));
    if let Some(request) = &flags.append {
        let run = EarlierRun::find(&layout, request)?;
        let night = Night::of(run.id(), run.plan(), record::read(&run.records())?)?;
        if night.cells.is_empty() && night.costs.is_empty() {
            return Err(UsageError(format!("run {} has neither cells nor costs", run.id())).into());
        }
        let words = if history::append(&file, &night)? { "is now" } else { "was already" };
        crate::output::tell!("run {} {words} in {}", night.run, file.display());
    }
    let Some(strategy) = &flags.strategy else { return Ok(Exit::Done) };
    let nights = history::read(&file)?;
    let series = history::series(&nights, strategy);
    if series.is_empty() {
        let names: Vec<_> = history::strategies(&nights).into_iter().collect();
        let there = nearest::instead(strategy, names.iter().map(|it| &**it), None);
        let message = format!("{} has no cost of `{strategy}`{there}", file.display());
        return Err(NothingSelected(message).into());
    }
    output::print(&report::history(strategy, &series))?;
    Ok(Exit::Done)
}
