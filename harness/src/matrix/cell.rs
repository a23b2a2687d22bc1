//! One cell: a scenario on an interpreter under a strategy, judged.

use std::time::{Duration, Instant};

use tollgate_event::Event;

use super::{Patience, Truth, Witnessed};
use crate::{
    child::Ending,
    scenario::Scenario,
    strategy::{Strategy, StrategyName},
    verdict::{Claims, Matched, Tally, Verdict, compare, disturbances, tally},
    worker::{Failure, Observation, Program, Runner, Target},
};

/// What one strategy showed of one scenario on one interpreter.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The strategy.
    pub strategy: StrategyName,
    /// What it comes to.
    pub verdict: Verdict,
    /// What the strategy claims on this interpreter; empty where that is not known.
    pub claims: Claims,
    /// Counts by kind of event; empty where nothing could be judged.
    pub tally: Tally,
    /// What the strategy reported.
    pub events: Vec<Event>,
    /// The thread that ran the program, as events name it.
    pub main_thread: u64,
    /// How long its child took.
    pub took: Duration,
}

impl Cell {
    fn without(strategy: &Strategy, verdict: Verdict) -> Self {
        Self {
            strategy: strategy.name.clone(),
            verdict,
            claims: Claims::new(),
            tally: Tally::new(),
            events: Vec::new(),
            main_thread: 0,
            took: Duration::ZERO,
        }
    }
}

/// Runs `scenario` under `strategy` and judges what came of it by what is `witnessed`.
pub fn judge(
    runner: &Runner,
    target: &Target,
    scenario: &Scenario,
    strategy: &Strategy,
    witnessed: &Witnessed,
) -> Cell {
    judge_patiently((runner, &Patience::default()), target, scenario, strategy, witnessed).0
}

/// The same, unless `patience` with the strategy is at its end; and whether it missed its deadline.
pub(super) fn judge_patiently(
    (runner, patience): (&Runner, &Patience),
    target: &Target,
    scenario: &Scenario,
    strategy: &Strategy,
    witnessed: &Witnessed,
) -> (Cell, bool) {
    let inconclusive =
        |reason: String| (Cell::without(strategy, Verdict::Inconclusive(reason)), false);
    let not_applicable =
        |reason: String| (Cell::without(strategy, Verdict::NotApplicable(reason)), false);
    let baseline = match (&witnessed.truth, &witnessed.baseline) {
        (Truth::Agreed, Some(baseline)) => baseline,
        (Truth::NotApplicable(reason), _) => {
            return not_applicable(reason.clone());
        }
        (Truth::Unknown(reason), _) => return inconclusive(format!("no truth: {reason}")),
        _ => return inconclusive("the witnesses disagree".to_owned()),
    };
    if let Some(reason) = patience.end(target, strategy.name.as_str()) {
        return inconclusive(reason);
    }
    let begun = Instant::now();
    let observed = runner.observe(target, Program { scenario, strategy });
    let took = begun.elapsed();
    let (cell, hung) = match observed {
        Ok(observation) => {
            let matched = matched(runner, (target, scenario), witnessed, &observation);
            (verdict(strategy, witnessed, baseline, (observation, matched)), false)
        }
        Err(Failure::NotApplicable(reason)) => not_applicable(reason),
        Err(Failure::NotPlaced(reason)) => {
            let file = strategy.path.file_name().unwrap_or_default().to_string_lossy();
            not_applicable(format!("the hook cannot be put in place here: {file}, {reason}"))
        }
        Err(failure @ Failure::Ended { ending: Ending::TimedOut, .. }) => {
            (inconclusive(failure.to_string()).0, true)
        }
        Err(failure) => inconclusive(failure.to_string()),
    };
    (Cell { took, ..cell }, hung)
}

/// Holds what was reported against what happened, and where more was reported, against what the program asked for.
fn matched(
    runner: &Runner,
    place: (&Target, &Scenario),
    witnessed: &Witnessed,
    observed: &Observation,
) -> Matched {
    let (truth, main) = (&witnessed.recorded, observed.main_thread);
    let mut matched = compare(truth, &observed.events, main, &observed.claims);
    if let Some(asked) = &witnessed.asked {
        asked.explain(runner, place, truth, (&mut matched, observed));
    }
    observed.behaviour.traces.executed.excuse(&mut matched);
    matched
}

fn verdict(
    strategy: &Strategy,
    witnessed: &Witnessed,
    baseline: &Observation,
    (observed, matched): (Observation, Matched),
) -> Cell {
    let (main, claims) = (observed.main_thread, observed.claims);
    let tally = tally(&witnessed.recorded, &claims, &matched);
    let mut divergences = matched.divergences;
    divergences.extend(disturbances(&baseline.behaviour, &observed.behaviour));
    let verdict =
        if divergences.is_empty() { Verdict::Conforms } else { Verdict::Diverges(divergences) };
    let (events, took) = (observed.events, Duration::ZERO);
    let strategy = strategy.name.clone();
    Cell { strategy, verdict, claims, tally, events, main_thread: main, took }
}
