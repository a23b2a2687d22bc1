//! One cell looked at on its own, outside any run: what happens, and what a strategy shows of it.

use crate::{
    matrix::Asked,
    scenario::Scenario,
    span::Trace,
    strategy::Strategy,
    verdict::{Divergence, compare, disturbances},
    worker::{Observation, Program, Runner, Target},
};

/// Who looks: the recorder sees what happens, the baseline how the program behaves without a hook.
#[derive(Clone, Copy, Debug)]
pub struct Onlookers<'a> {
    /// Sees spans.
    pub recorder: &'a Strategy,
    /// Hooks nothing.
    pub baseline: &'a Strategy,
    /// What is looked at.
    pub strategy: &'a Strategy,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Look {
    /// What happens.
    pub trace: Trace,
    /// The program without a hook.
    pub alone: Observation,
    /// The program under the strategy.
    pub observed: Observation,
    /// What the strategy gets wrong, or disturbs.
    pub divergences: Vec<Divergence>,
}

/// Runs `scenario` under each of `who`, and under `requests` where more is reported than happens: it tells which reports
/// are of something else than an import. The error says whose child showed nothing, and why.
///
/// Neither the other witnesses nor the trace that is written into the scenario are asked.
pub fn look(
    runner: &Runner,
    target: &Target,
    scenario: &Scenario,
    (who, requests): (Onlookers<'_>, &Strategy),
) -> Result<Look, String> {
    let (trace, alone, observed) = see(runner, [target; 2], scenario, who)?;
    let mut matched = compare(&trace, &observed.events, observed.main_thread, &observed.claims);
    Asked::by(requests).explain(runner, (target, scenario), &trace, (&mut matched, &observed));
    observed.behaviour.traces.executed.excuse(&mut matched);
    let disturbed = disturbances(&alone.behaviour, &observed.behaviour);
    let divergences = matched.divergences.into_iter().chain(disturbed).collect();
    Ok(Look { trace, alone, observed, divergences })
}

/// What happens, the program without a hook, and under the strategy, which has an interpreter of its own.
pub(crate) fn see(
    runner: &Runner,
    [target, own]: [&Target; 2],
    scenario: &Scenario,
    who: Onlookers<'_>,
) -> Result<(Trace, Observation, Observation), String> {
    let see = |target: &Target, strategy: &Strategy| {
        let seen = runner.observe(target, Program { scenario, strategy });
        seen.map_err(|failure| format!("{}: {failure}{}", strategy.name, failure.advice()))
    };
    let (recorded, observed) = (see(target, who.recorder)?, see(own, who.strategy)?);
    let alone = see(target, who.baseline)?;
    let trace = recorded.spans().map_err(|error| error.to_string())?;
    Ok((trace, alone, observed))
}
