//! What candidates cost.

use crate::{
    record::{CountedRecord, EvaluationRecord, PatchCostRecord, RatioRecord},
    report::{Table, ratio},
};

/// The table of costs; nothing without one.
pub(in crate::report) fn patch_costs(evaluation: &EvaluationRecord) -> Option<Table> {
    let mut header = vec![
        "candidate",
        "as",
        "on",
        "workload",
        "listening",
        "over the base",
        "verdict",
        "smallest effect that would show",
        "base over itself",
    ];
    let costs = &evaluation.costs;
    let mut rows: Vec<_> = costs.iter().map(row).collect();
    if costs.iter().any(|cost| cost.counted.is_some()) {
        header.push("instructions");
        for (row, cost) in rows.iter_mut().zip(costs) {
            row.push(cost.counted.as_ref().map_or_else(|| "–".to_owned(), counted));
        }
    }
    Table::new(header, rows, "")
}

fn row(cost: &PatchCostRecord) -> Vec<String> {
    let told = |it: &RatioRecord| {
        // one launch says nothing about the spread
        ratio::with_interval(it.ratio, it.interval.unwrap_or([0.0, f64::INFINITY]))
    };
    let PatchCostRecord { candidate, way, interpreter, workload, listener, .. } = cost;
    let mut cells = [candidate, way, interpreter, workload, listener].map(String::clone).to_vec();
    cells.extend(match (&cost.changed, &cost.again) {
        (Some(changed), Some(again)) => [
            told(changed),
            changed.verdict.clone(),
            changed.detectable.map_or_else(|| "?".to_owned(), detectable),
            told(again),
        ],
        _ => ["no usable sample"; 4].map(str::to_owned),
    });
    cells
}

/// Two launches hardly say anything, and the figure would look as if they did.
fn detectable(effect: f64) -> String {
    if effect > 1.0 { ">100 %".to_owned() } else { ratio::percent(effect) }
}

/// `+0.31 %, +45 for each operation`.
fn counted(counted: &CountedRecord) -> String {
    let percent = 100.0 * (counted.ratio - 1.0);
    format!("{percent:+.2} %, {:+.0} for each operation", counted.added)
}
