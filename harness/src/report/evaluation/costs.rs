//! What builds with a candidate cost.

use crate::{
    record::{EvaluationRecord, PatchCostRecord, RatioRecord},
    report::{Table, ratio},
};

/// The table of costs; nothing without one.
pub(in crate::report) fn patch_costs(evaluation: &EvaluationRecord) -> Option<Table> {
    let header = [
        "candidate",
        "workload",
        "listening",
        "build over base",
        "verdict",
        "smallest effect that would show",
        "base over itself",
    ];
    Table::new(header, evaluation.costs.iter().map(row).collect(), "")
}

fn row(cost: &PatchCostRecord) -> Vec<String> {
    let told = |it: &RatioRecord| {
        // one launch says nothing about the spread
        ratio::with_interval(it.ratio, it.interval.unwrap_or([0.0, f64::INFINITY]))
    };
    let mut cells = vec![cost.candidate.clone(), cost.workload.clone(), cost.listener.clone()];
    cells.extend(match (&cost.build, &cost.again) {
        (Some(build), Some(again)) => [
            told(build),
            build.verdict.clone(),
            build.detectable.map_or_else(|| "?".to_owned(), ratio::percent),
            told(again),
        ],
        _ => ["no usable sample"; 4].map(str::to_owned),
    });
    cells
}
