//! One cell of a candidate, looked at on its own.

use super::{Entrant, cell::disturbed};
use crate::{
    conformance::{self, Flaw, judge, reported},
    look::{Look, Onlookers, see},
    scenario::Scenario,
    strategy::Strategy,
    worker::{Runner, Target},
};

/// Runs `scenario` under the candidate, beside what happens; `who` has its listener for a strategy. What is against
/// its contract comes with it, in the words of the contract; what of that a hook could show is among the divergences.
/// The error says whose child showed nothing, and why.
pub fn look(
    (runner, target): (&Runner, &Target),
    scenario: &Scenario,
    entrant: &Entrant,
    [recorder, baseline]: [&Strategy; 2],
) -> Result<(Look, Vec<Flaw>), String> {
    let who = Onlookers { recorder, baseline, strategy: &entrant.listener };
    let own = entrant.build.as_ref().unwrap_or(target);
    let (trace, alone, mut observed) = see(runner, [target, own], scenario, who)?;
    let told = observed
        .told
        .as_deref()
        .ok_or("the listener told nothing: the program ends its own process")?;
    let heard = conformance::read(told).map_err(|error| error.to_string())?;
    let contract = &entrant.candidate.contract;
    let mut judgement = judge(contract, &trace, (&heard, observed.main_thread));
    judgement.flaws.extend(disturbed(entrant, (target, &alone), &observed));
    judgement.put_causes_first();
    observed.events = reported(contract, &heard);
    let divergences = judgement.flaws.iter().filter_map(|flaw| match flaw {
        Flaw::Divergence { divergence, .. } => Some(divergence.clone()),
        _ => None,
    });
    let divergences = divergences.collect();
    Ok((Look { trace, alone, observed, divergences }, judgement.flaws))
}
