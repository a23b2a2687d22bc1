//! `cargo xtask check`: conformance alone.

use anyhow::Result;
use tollgate::record::{Measuring, Timing};

use crate::{
    exit::Exit,
    rerun::{Again, Which},
    run,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    run: run::Request,
    /// Run cells of an earlier run again, and no others: those that diverged in what nobody expects.
    #[arg(
        long,
        value_name = "WHICH",
        value_enum,
        conflicts_with_all = ["scenarios", "scenario", "strategy", "python", "shard", "resume"]
    )]
    rerun: Option<Which>,
    /// For `--rerun`, the earlier run: its name, its folder, or `latest`.
    #[arg(long, value_name = "RUN", requires = "rerun", default_value = "latest")]
    of: String,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let again = match flags.rerun {
        Some(Which::Diverged) => Some(Again::diverged(&flags.of, flags.run.out())?),
        None => None,
    };
    run::run_again(&flags.run, Timing::None, Measuring::default(), again)
}
