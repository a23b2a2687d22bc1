//! What one more hook of the same sort costs: many of them in one process, timed as any other.

use std::{io, path::PathBuf, time::Duration};

use super::COPIES;
use crate::{
    measure::{Estimate, trend},
    overhead::{Cost, Effort, Growth, Overhead, OverheadError, WorkloadKind, decades, measure},
    strategy::Strategy,
    worker::{Runner, Target},
};

/// What is timed.
pub const WORKLOAD: WorkloadKind = WorkloadKind::COLD;

/// Enough for effects of some per cent, and a copy costs a fortieth of what is seen.
const EFFORT: Effort = Effort {
    launches: 6,
    rounds: 4,
    budget: Some(Duration::from_mins(1)),
    confirms: false,
    ..Effort::FULL
};

/// How many copies there are when it is about the growth of their cost.
pub const COUNTS: [usize; 5] = [1, 5, 10, 20, COPIES];

/// `count` copies of each of `strategies` that any process can have, as one strategy each, named
/// `audit \u{d7}40`. The error is about copies of the probe.
pub fn crowds(
    runner: &Runner,
    target: &Target,
    strategies: &[Strategy],
    count: usize,
) -> io::Result<Vec<Strategy>> {
    let fits = |strategy: &&Strategy| {
        let description = runner.describe(target, strategy);
        !strategy.is_baseline() && description.is_ok_and(|it| it.fits_any_process())
    };
    let probes = runner.probe_copies(target, count - 1)?;
    Ok(strategies.iter().filter(fits).map(|strategy| crowd(strategy, &probes)).collect())
}

/// Times each of `crowds` importing 100 modules. The first cost is the A/A arm's.
pub fn costs(
    target: &Target,
    (baseline, crowds): (&Strategy, &[Strategy]),
    seed: u64,
) -> Result<Vec<Cost>, OverheadError> {
    let overhead = Overhead { baseline, strategies: crowds.iter().collect(), effort: EFFORT, seed };
    measure(&overhead, target, WORKLOAD, &|| {})
}

/// How the cost of each copy changes with how many there are, from [`COUNTS`] of them. `progress` is called after
/// each of these. There is no memory in it.
pub fn growth(
    runner: &Runner,
    target: &Target,
    (baseline, strategies): (&Strategy, &[Strategy]),
    seed: u64,
    progress: &dyn Fn(),
) -> Result<Vec<Growth>, OverheadError> {
    let mut grown: Vec<Growth> = Vec::new();
    for count in COUNTS {
        let crowds = crowds(runner, target, strategies, count)?;
        let costs = costs(target, (baseline, &crowds), seed)?;
        for (place, cost) in costs.iter().filter(|cost| cost.control.is_none()).enumerate() {
            if place == grown.len() {
                let strategy = cost.strategy.clone();
                grown.push(Growth { strategy, sizes: Vec::new(), trend: None, memory: None });
            }
            grown[place].sizes.extend(cost.estimate.map(|it| (count, share(it, count))));
        }
        progress();
    }
    for growth in &mut grown {
        let points = growth.sizes.iter().map(|(count, share)| (decades(*count), *share));
        growth.trend = trend(&points.collect::<Vec<_>>());
    }
    Ok(grown)
}

/// One copy's part of what `count` of them cost.
fn share(estimate: Estimate, count: usize) -> Estimate {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let part = |ratio: f64| 1.0 + (ratio - 1.0) / count;
    let Estimate { ratio, fast, low, high, .. } = estimate;
    let [ratio, fast, low, high] = [ratio, fast, low, high].map(part);
    Estimate { ratio, fast, low, high, ..estimate }
}

/// One strategy that is many.
fn crowd(strategy: &Strategy, probes: &[PathBuf]) -> Strategy {
    let count = probes.len() + 1;
    let probes: Vec<_> = probes.iter().map(|path| literal(&path.to_string_lossy())).collect();
    let (source, probes) = (literal(&strategy.source), probes.join(", "));
    let source = format!("SOURCE = {source}\nPROBES = [{probes}]\n{}", include_str!("crowd.py"));
    strategy.derived(format!("{} \u{d7}{}", strategy.name, count), source)
}

/// A text as JSON writes it, which Python reads as well.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
