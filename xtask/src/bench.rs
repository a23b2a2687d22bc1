//! `cargo xtask bench`: the main job.

use anyhow::Result;
use tollgate::record::Timing;

use crate::{exit::Exit, run};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    run: run::Request,
    /// Sample less: a first impression in under a minute.
    #[arg(long)]
    quick: bool,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    run::run(&flags.run, if flags.quick { Timing::Quick } else { Timing::Full })
}
