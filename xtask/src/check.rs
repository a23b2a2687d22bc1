//! `cargo xtask check`: conformance alone.

use anyhow::Result;
use tollgate::record::{Measuring, Timing};

use crate::{exit::Exit, run};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    run: run::Request,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    run::run(&flags.run, Timing::None, Measuring::default())
}
