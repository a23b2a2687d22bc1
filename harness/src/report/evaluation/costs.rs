//! What candidates cost, as Markdown.

use super::table;
use crate::{
    measure::Estimate,
    overhead::{Counted, Versus},
    report::ratio,
};

/// What one candidate costs in one workload.
#[derive(Clone, Debug)]
pub struct PatchCost {
    /// The candidate's name.
    pub candidate: String,
    /// `build`, or `overlay` where it was laid over the base.
    pub way: &'static str,
    /// The workload's name.
    pub workload: &'static str,
    /// Who listens, with and without the candidate: a strategy's name, or nobody.
    pub listener: String,
    /// What was measured; nothing if no sample was usable.
    pub versus: Option<Versus>,
    /// What callgrind counted, where it was asked.
    pub counted: Option<Counted>,
}

/// The table of costs, below `title`. Empty without one.
pub fn patch_costs(title: &str, costs: &[PatchCost]) -> String {
    if costs.is_empty() {
        return String::new();
    }
    let mut header = vec![
        "candidate",
        "as",
        "workload",
        "listening",
        "over the base",
        "verdict",
        "smallest effect that would show",
        "base over itself",
    ];
    let mut rows: Vec<_> = costs.iter().map(row).collect();
    if costs.iter().any(|cost| cost.counted.is_some()) {
        header.push("instructions");
        for (row, cost) in rows.iter_mut().zip(costs) {
            row.push(cost.counted.as_ref().map_or_else(|| "–".to_owned(), counted));
        }
    }
    format!("## {title}\n\n{}", table(&header, &rows))
}

fn row(cost: &PatchCost) -> Vec<String> {
    let told =
        |estimate: &Estimate| ratio::with_interval(estimate.ratio, [estimate.low, estimate.high]);
    let mut cells = vec![
        cost.candidate.clone(),
        cost.way.to_owned(),
        cost.workload.to_owned(),
        cost.listener.clone(),
    ];
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

/// `+0.31 %, 45 for each operation`.
fn counted(counted: &Counted) -> String {
    let percent = 100.0 * (counted.ratio - 1.0);
    format!("{percent:+.2} %, {:+.0} for each operation", counted.added)
}
