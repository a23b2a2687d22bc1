//! `cargo xtask mutants`: whether the scenarios find out every proposal that is broken on purpose.

use anyhow::Result;
use tollgate::{
    candidate::{self, CandidateError, Mutant, PROPOSAL},
    evaluation::Probe,
    layout::Layout,
    report,
};

use crate::{
    evaluate::{Asked, Work, entrants, matrix, try_out},
    exit::{Exit, NothingSelected, UsageError},
    interrupt::Interrupt,
    isolation::Isolation,
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Only mutants whose name contains this.
    #[arg(value_name = "NAME")]
    mutant: Option<String>,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    isolation: Isolation,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let interrupt = Interrupt::watch()?;
    let layout = Layout::of_this_checkout();
    let mutants = mutants(flags, &layout)?;
    let matrix = matrix(&layout, &flags.asked.selection().or_newest())?;
    let runner = flags.isolation.runner()?;
    let candidates = mutants.iter().map(|mutant| mutant.candidate.clone()).collect();
    let entrants = entrants(&layout, candidates)?;
    try_out(&matrix, &runner, &entrants)?;
    let work = Work { matrix: &matrix, entrants: &entrants, runner: &runner };
    let sum = work.run(&[Probe::Refusal], &interrupt);
    if let Some(signal) = interrupt.signal() {
        return Ok(Exit::Signalled(signal));
    }
    let survivors = (0..mutants.len()).filter(|mutant| sum.caught_by(*mutant).is_empty()).count();
    output::print(&report::mutants(&mutants, &sum))?;
    Ok(if survivors == 0 { Exit::Done } else { Exit::Unexpected })
}

fn mutants(flags: &Flags, layout: &Layout) -> Result<Vec<Mutant>> {
    let usage = |error: CandidateError| UsageError(error.to_string());
    let folder = layout.candidates().join(PROPOSAL);
    let proposal = candidate::read(&folder).map_err(usage)?;
    let mut mutants = candidate::mutants(&folder, &proposal).map_err(usage)?;
    if let Some(asked) = &flags.mutant {
        mutants.retain(|mutant| mutant.candidate.name.contains(asked));
        if mutants.is_empty() {
            return Err(NothingSelected(format!("no mutant has `{asked}` in its name")).into());
        }
    }
    Ok(mutants)
}
