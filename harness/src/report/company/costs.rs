//! What each hook of a crowd costs.

use super::fact::CompanyFact;
use crate::{
    record::OverheadRecord,
    report::{findings::Findings, ratio, table::Table},
};

const LEGEND: &str =
    "Its part of what they cost together when 100 modules are imported; one alone may cost less.\n";

/// The costs of crowds, divided by how many there are: one row a strategy. Nothing without any.
pub(in crate::report) fn costs(findings: &Findings) -> Option<Table> {
    let crowd = findings.companies.iter().map(|CompanyFact { copies, .. }| *copies).max();
    let crowd = crowd.filter(|copies| *copies > 1)?;
    let suffix = format!(" \u{d7}{crowd}");
    let of_crowds: Vec<(&str, &OverheadRecord)> = findings
        .overheads
        .iter()
        .filter_map(|cost| Some((cost.strategy.strip_suffix(&suffix)?, cost)))
        .collect();
    let places = findings.places(of_crowds.iter().map(|(_, cost)| cost.interpreter.label.as_str()));
    let mut strategies: Vec<_> = of_crowds.iter().map(|(strategy, _)| *strategy).collect();
    strategies.sort_unstable();
    strategies.dedup();
    let row = |strategy: &&str| {
        let on = |place: &usize| {
            let cost = of_crowds.iter().find(|(other, cost)| {
                other == strategy && findings.place(&cost.interpreter.label) == *place
            });
            cost.map(|(_, cost)| share(cost, crowd)).unwrap_or_default()
        };
        [(*strategy).to_owned()].into_iter().chain(places.iter().map(on)).collect()
    };
    let mut header = vec![format!("each of {crowd} costs")];
    header.extend(places.iter().map(|place| findings.interpreters.name(*place).to_owned()));
    let rows: Vec<Vec<String>> = strategies.iter().map(row).collect();
    Table::new(header, rows, LEGEND)
}

fn share(cost: &OverheadRecord, crowd: usize) -> String {
    let crowd = f64::from(u16::try_from(crowd).unwrap_or(u16::MAX));
    // what many cost is the ratio less one
    let share = |ratio: f64| 1.0 + (ratio - 1.0) / crowd;
    match (cost.ratio, cost.interval) {
        (Some(ratio), Some(bounds)) => ratio::with_interval(share(ratio), bounds.map(share)),
        (Some(ratio), None) => ratio::short(share(ratio)),
        (None, _) => "void".to_owned(),
    }
}
