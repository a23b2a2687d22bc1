//! What builds with a candidate cost, as Markdown.

use super::table;
use crate::{measure::Estimate, overhead::Versus, report::ratio};

/// What one build costs in one workload.
#[derive(Clone, Debug)]
pub struct PatchCost {
    /// The candidate's name.
    pub candidate: String,
    /// The workload's name.
    pub workload: &'static str,
    /// Who listens, on the base as on the build: a strategy's name, or nobody.
    pub listener: String,
    /// What was measured; nothing if no sample was usable.
    pub versus: Option<Versus>,
}

/// The table of costs. Empty without one.
pub fn patch_costs(costs: &[PatchCost]) -> String {
    if costs.is_empty() {
        return String::new();
    }
    let header = [
        "candidate",
        "workload",
        "listening",
        "build over base",
        "verdict",
        "smallest effect that would show",
        "base over itself",
    ];
    let rows: Vec<_> = costs.iter().map(row).collect();
    format!("## Cost\n\n{}", table(&header, &rows))
}

fn row(cost: &PatchCost) -> Vec<String> {
    let told =
        |estimate: &Estimate| ratio::with_interval(estimate.ratio, [estimate.low, estimate.high]);
    let mut cells = vec![cost.candidate.clone(), cost.workload.to_owned(), cost.listener.clone()];
    cells.extend(match &cost.versus {
        None => ["no usable sample"; 4].map(str::to_owned),
        Some(Versus { estimate, again }) => [
            told(estimate),
            estimate.verdict.to_string(),
            estimate.detectable.map_or_else(|| "?".to_owned(), ratio::percent),
            told(again),
        ],
    });
    cells
}
