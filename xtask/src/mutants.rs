//! `cargo xtask mutants`: whether the scenarios find out every proposal that is broken on purpose.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    candidate::{self, Candidate, CandidateError, Mutant, PROPOSAL},
    evaluation::{Probe, Sum},
    layout::Layout,
    measure::Verdict,
    nearest,
    overhead::{self, Counted, Effort, Overhead, WorkloadKind},
    report::{self, MutantCost},
    strategy::{self, BASELINE, Strategy},
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
    let sum = work.run(&Probe::ALL, &interrupt);
    if let Some(signal) = interrupt.signal() {
        return Ok(Exit::Signalled(signal));
    }
    let budget = Duration::from_secs(flags.seconds);
    let costs = match matrix.targets.last() {
        Some(target) => timed((&layout, target), &proposal, (&mutants, &sum), budget)?,
        None => Vec::new(),
    };
    let exit = exit(&mutants, &sum, &costs);
    let why = match exit {
        Exit::Done => "every mutant was found out",
        Exit::Unfit => "whether a mutant is slower could not be told",
        _ => "a mutant survives",
    };
    output::print(&(report::mutants(&mutants, &sum, &costs) + &exit.line(why)))?;
    Ok(exit)
}

/// Times the mutants that only their cost can give away against the proposal, with nobody listening; where the clock
/// cannot tell, their instructions are counted.
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
    let cost =
        |(mutant, (_, versus))| MutantCost { mutant, workload: kind.name(), versus, counted: None };
    let mut costs: Vec<_> = left.into_iter().zip(costs).map(cost).collect();
    if !costs.iter().all(MutantCost::is_decided) {
        let counts = counted(target, &below(proposal)?, &over);
        for (cost, counted) in costs.iter_mut().zip(counts) {
            cost.counted = counted;
        }
    }
    Ok(costs)
}

/// The instructions of each mutant beside the proposal's. Where none can be counted, that is said on standard error.
fn counted(target: &Target, proposal: &Strategy, over: &[Strategy]) -> Vec<Option<Counted>> {
    let overhead = Overhead {
        baseline: proposal,
        strategies: over.iter().collect(),
        effort: Effort::QUICK,
        seed: 0,
    };
    let counted = overhead::valgrind().and_then(|_| {
        let spinner = progress::spinner("instructions of mutants that are only slower");
        let counted = overhead::count(&overhead, target, WorkloadKind::COLD, &|| {});
        spinner.finish_and_clear();
        counted.map_err(|error| error.to_string())
    });
    match counted {
        Ok(counts) => {
            let of = |mutant: &Strategy| counts.iter().find(|(name, _)| *name == mutant.name);
            over.iter().map(|mutant| of(mutant).map(|(_, counted)| counted.clone())).collect()
        }
        Err(reason) => {
            crate::output::tell!("skipped: counts of instructions: {reason}");
            Vec::new()
        }
    }
}

/// A survivor is one that nothing found out; if neither clock nor count could tell, neither can we.
fn exit(mutants: &[Mutant], sum: &Sum, costs: &[MutantCost]) -> Exit {
    let survives =
        |(place, mutant): (usize, &Mutant)| !mutant.only_slower && sum.caught_by(place).is_empty();
    let is_slower = |cost: &MutantCost| cost.verdict() == Some(Verdict::Slower);
    let is_no_slower = |cost: &MutantCost| cost.is_decided() && !is_slower(cost);
    if mutants.iter().enumerate().any(survives) || costs.iter().any(is_no_slower) {
        Exit::Unexpected
    } else if costs.iter().all(is_slower) {
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
        let names: Vec<_> = mutants.iter().map(|mutant| mutant.candidate.name.clone()).collect();
        mutants.retain(|mutant| mutant.candidate.name.contains(asked));
        if mutants.is_empty() {
            let meant = nearest::instead(asked, names.iter().map(String::as_str), None);
            let message = format!("no mutant has `{asked}` in its name{meant}");
            return Err(NothingSelected(message).into());
        }
    }
    Ok((proposal, mutants))
}
