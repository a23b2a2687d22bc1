//! `cargo xtask bench`: the main job.

use anyhow::Result;
use tollgate::record::Timing;

use crate::{exit::Exit, run};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    run: run::Request,
    /// A first impression in under a minute: fewer samples, and `audit`, `bootstrap`, `dunder_import`
    /// and `meta_path` alone, unless `--strategy` says otherwise.
    #[arg(long)]
    quick: bool,
    /// Set strategies beside each other and beside neighbours that behave badly, instead of running
    /// scenarios: on the newest interpreter and four programs, unless `--python` and `--scenario` say
    /// otherwise.
    #[arg(long, conflicts_with = "quick")]
    compose: bool,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let timing = match (flags.quick, flags.compose) {
        (true, _) => Timing::Quick,
        (_, true) => Timing::Copies,
        _ => Timing::Full,
    };
    run::run(&flags.run, timing)
}
