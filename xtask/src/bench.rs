//! `cargo xtask bench`: the main job.

use std::time::Instant;

use anyhow::Result;
use tollgate::overhead::Effort;

use crate::{check, exit::Exit, isolation::Isolation, selection::Selection, session::Session};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    isolation: Isolation,
    /// Sample less: a first impression in under a minute.
    #[arg(long)]
    quick: bool,
    /// Seed of all that is random; printed with every run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let begun = Instant::now();
    let seed = check::seed(flags.seed);
    let runner = flags.isolation.runner()?;
    let session = Session::open(&flags.selection, seed)?;
    session.conformance(&runner);
    session.overhead(if flags.quick { Effort::QUICK } else { Effort::FULL });
    check::finish(session, seed, begun)
}
