//! `cargo xtask bench`: the main job.

use anyhow::Result;
use tollgate::record::{Measuring, Timing};

use crate::{exit::Exit, run, selection};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    run: run::Request,
    #[command(flatten)]
    kind: Kind,
    /// Seconds for timing: launches go on until everything is decided or the time is over, in shares for each
    /// workload and interpreter. What is too little for controls to hold is refused, with what would do.
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["quick", "compose", "resume"])]
    budget: Option<u64>,
    /// Time only on these of the interpreters: `3.13`, `3.1*`, or the path of an executable. All others are
    /// checked and not timed.
    #[arg(long, value_name = "VERSION|PATH", conflicts_with_all = ["compose", "resume"])]
    time_on: Vec<String>,
    /// Count instructions too, with valgrind where it is installed, and say where they and the clock
    /// disagree. Takes half a minute for each workload and interpreter.
    #[arg(long, conflicts_with_all = ["compose", "resume"])]
    counts: bool,
}

/// What is run, where it is not the usual: everything checked, and three workloads timed on the newest
/// interpreter.
#[derive(clap::Args)]
struct Kind {
    /// A first impression in half a minute: few samples, on the newest interpreter; a third of the
    /// scenarios, and `audit`, `bootstrap`, `dunder_import` and `meta_path` alone, unless `--scenario` and
    /// `--strategy` say otherwise.
    #[arg(long, conflicts_with = "resume")]
    quick: bool,
    /// Time all workloads on all interpreters, which takes an hour or more for each. Without it three
    /// workloads are timed on the newest interpreter, within two minutes.
    #[arg(long, conflicts_with_all = ["quick", "resume"])]
    full: bool,
    /// Set strategies beside each other and beside neighbours that behave badly, instead of running
    /// scenarios: on the newest interpreter and four programs, unless `--python` and `--scenario` say
    /// otherwise.
    #[arg(long, conflicts_with_all = ["quick", "full", "resume"])]
    compose: bool,
}

impl Kind {
    fn timing(&self) -> Timing {
        match self {
            Self { quick: true, .. } => Timing::Quick,
            Self { compose: true, .. } => Timing::Copies,
            Self { full: true, .. } => Timing::Full,
            _ => Timing::Brief,
        }
    }
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let time_on = selection::anywhere(&flags.time_on)?;
    let measuring = Measuring { time_on, budget_s: flags.budget, counts: flags.counts };
    run::run(&flags.run, flags.kind.timing(), measuring)
}
