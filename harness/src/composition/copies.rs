//! What one more hook of the same sort costs: many of them in one process, timed as any other.

use std::{io, path::PathBuf, time::Duration};

use super::COPIES;
use crate::{
    overhead::{Cost, Effort, Overhead, OverheadError, WorkloadKind, measure},
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

/// [`COPIES`] of each of `strategies` that any process can have, as one strategy each, named
/// `audit \u{d7}40`. The error is about copies of the probe.
pub fn crowds(
    runner: &Runner,
    target: &Target,
    strategies: &[Strategy],
) -> io::Result<Vec<Strategy>> {
    let fits = |strategy: &&Strategy| {
        let description = runner.describe(target, strategy);
        !strategy.is_baseline() && description.is_ok_and(|it| it.fits_any_process())
    };
    let probes = runner.probe_copies(target, COPIES - 1)?;
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

/// One strategy that is many.
fn crowd(strategy: &Strategy, probes: &[PathBuf]) -> Strategy {
    let probes: Vec<_> = probes.iter().map(|path| literal(&path.to_string_lossy())).collect();
    let (source, probes) = (literal(&strategy.source), probes.join(", "));
    let source = format!("SOURCE = {source}\nPROBES = [{probes}]\n{}", include_str!("crowd.py"));
    strategy.derived(format!("{} \u{d7}{COPIES}", strategy.name), source)
}

/// A text as JSON writes it, which Python reads as well.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
