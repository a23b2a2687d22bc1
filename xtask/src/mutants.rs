//! `cargo xtask mutants`: whether the scenarios find out every proposal that is broken on purpose.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    candidate::{self, Candidate, CandidateError, Mutant, PROPOSAL},
    evaluation::{Probe, Sum},
    layout::Layout,
    measure::Verdict,
    overhead::{Versus, WorkloadKind},
    report::{self, MutantCost},
    strategy::{self, BASELINE},
    worker::Target,
};

use crate::{
    evaluate::{Asked, Work, entrants, matrix, try_out},
    exit::{Exit, NothingSelected, UsageError},
    interrupt::Interrupt,
    isolation::Isolation,
    output,
    patch_costs::compare,
    progress,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Only mutants whose name contains this.
    #[arg(value_name = "NAME")]
    mutant: Option<String>,
    /// How long the mutants that are only slower are timed against the proposal.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u64,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    isolation: Isolation,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let interrupt = Interrupt::watch()?;
    let layout = Layout::of_this_checkout();
    let (proposal, mutants) = mutants(flags, &layout)?;
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
    let budget = Duration::from_secs(flags.seconds);
    let costs = match matrix.targets.last() {
        Some(target) => timed((&layout, target), &proposal, (&mutants, &sum), budget)?,
        None => Vec::new(),
    };
    output::print(&report::mutants(&mutants, &sum, &costs))?;
    Ok(exit(&mutants, &sum, &costs))
}

/// Times the mutants that only the clock can find out against the proposal, with nobody listening.
fn timed(
    (layout, target): (&Layout, &Target),
    proposal: &Candidate,
    (mutants, sum): (&[Mutant], &Sum),
    budget: Duration,
) -> Result<Vec<MutantCost>> {
    let is_left = |mutant: &usize| sum.caught_by(*mutant).is_empty();
    let left: Vec<_> =
        (0..mutants.len()).filter(|it| mutants[*it].only_slower).filter(is_left).collect();
    if left.is_empty() {
        return Ok(Vec::new());
    }
    let none = strategy::read(&layout.strategies().join(format!("{BASELINE}.py")))?;
    let below = |candidate: &Candidate| candidate.below(layout, &none);
    let over = left.iter().map(|mutant| below(&mutants[*mutant].candidate));
    let over: Vec<_> = over.collect::<Result<_, _>>()?;
    let spinner = progress::spinner("mutants that are only slower");
    let kind = WorkloadKind::COLD;
    let costs = compare(target, &below(proposal)?, &over, kind, (budget, rand::random()))?;
    spinner.finish_and_clear();
    let cost = |(mutant, (_, versus))| MutantCost { mutant, workload: kind.name(), versus };
    Ok(left.into_iter().zip(costs).map(cost).collect())
}

/// A survivor is one that nothing found out; if the clock could not tell, neither can we.
fn exit(mutants: &[Mutant], sum: &Sum, costs: &[MutantCost]) -> Exit {
    let survives =
        |(place, mutant): (usize, &Mutant)| !mutant.only_slower && sum.caught_by(place).is_empty();
    let verdict = |versus: &Versus| versus.estimate.verdict;
    let is = |cost: &MutantCost, verdicts: &[Verdict]| {
        cost.versus.as_ref().map(verdict).is_some_and(|it| verdicts.contains(&it))
    };
    let is_no_slower = |cost| is(cost, &[Verdict::Equivalent, Verdict::Faster]);
    if mutants.iter().enumerate().any(survives) || costs.iter().any(is_no_slower) {
        Exit::Unexpected
    } else if costs.iter().all(|cost| is(cost, &[Verdict::Slower])) {
        Exit::Done
    } else {
        Exit::Unfit
    }
}

/// The proposal, and its mutants.
fn mutants(flags: &Flags, layout: &Layout) -> Result<(Candidate, Vec<Mutant>)> {
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
    Ok((proposal, mutants))
}
