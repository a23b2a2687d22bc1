//! The history of a strategy's costs, in text.

use super::{
    ratio,
    words::{count, plain, table},
};
use crate::history::Series;

/// A row for each version and workload; below, where each changed.
pub fn history(strategy: &str, series: &[Series]) -> String {
    let header = ["python", "workload", "runs", "lowest", "highest", "now", "changes"];
    let row = |it: &Series| {
        let ratios = || it.nights.iter().map(|(_, ratio)| *ratio);
        let (low, high) = (ratios().fold(f64::INFINITY, f64::min), ratios().fold(0.0, f64::max));
        let now = it.stretches().last().map_or(1.0, |(_, ratio)| *ratio);
        vec![
            it.version.clone(),
            it.workload.clone(),
            it.nights.len().to_string(),
            ratio::short(low),
            ratio::short(high),
            ratio::short(now),
            it.changes.len().to_string(),
        ]
    };
    let rows: Vec<_> = series.iter().map(row).collect();
    let changes: String = series.iter().flat_map(changes).collect();
    let none = format!("No change in {}.\n", count(series.len(), "line"));
    let changes = if changes.is_empty() { none } else { changes };
    format!("What {} costs, run by run.\n\n{}\n{changes}", plain(strategy), table(&header, &rows))
}

fn changes(series: &Series) -> Vec<String> {
    let stretches = series.stretches();
    let change = |pair: &[(&str, f64)]| {
        let [(_, before), (run, after)] = pair else { unreachable!("windows of two") };
        let (before, after, factor) =
            (ratio::short(*before), ratio::short(*after), ratio::short(after / before));
        let (version, workload) = (&series.version, plain(&series.workload));
        format!(
            "{workload} on {version} changed with run {}: from {before} to {after} ({factor}).\n",
            plain(run)
        )
    };
    stretches.windows(2).map(change).collect()
}
