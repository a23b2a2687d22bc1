//! What the strategies cost: a table for each run, and how far it may be trusted.

use std::collections::BTreeSet;

use super::{
    findings::{Findings, by_name},
    interpreters::Place,
    ratio,
    table::Table,
    words::{explained, listed, plain},
};
use crate::{record::OverheadRecord, strategy::BASELINE};

/// How many arms with void samples are named.
const NAMED: usize = 6;

const LEGEND: &str = "\
Time relative to `none`, sampled in turn in the same run, ± half the width of the 95 % interval;
s slower, f faster, = equivalent, ? inconclusive. The noise floor is the A/A row.
";

/// A table and its legend for each run, in the order of the records. Empty without records.
pub(super) fn overhead(findings: &Findings) -> String {
    let tables = overhead_tables(findings);
    let title = |run: &str| match tables.len() {
        1 => String::new(),
        _ => format!("Run {run}:\n"),
    };
    let told: Vec<_> =
        tables.iter().map(|(run, table)| title(run) + &table.clone().text()).collect();
    told.join("\n")
}

/// The runs in the order of the records, each with its table and how to read it.
pub(super) fn overhead_tables(findings: &Findings) -> Vec<(&str, Table)> {
    let runs = distinct(findings.overheads.iter().map(|cost| cost.provenance.run.as_str()));
    let one = |run| {
        let of_run = |cost: &&OverheadRecord| cost.provenance.run == run;
        let costs: Vec<_> = findings.overheads.iter().filter(of_run).collect();
        Some((run, one_run(findings, &costs)?))
    };
    runs.into_iter().filter_map(one).collect()
}

fn one_run(findings: &Findings, costs: &[&OverheadRecord]) -> Option<Table> {
    let places = findings.places(costs.iter().map(|cost| cost.interpreter.label.as_str()));
    let mut header = vec!["workload", "strategy"];
    header.extend(places.iter().map(|place| findings.interpreters.name(*place)));
    let legend = LEGEND.to_owned() + &detectable(costs) + &void(findings, costs);
    Table::new(header, rows(findings, costs, &places), legend)
}

fn rows(findings: &Findings, costs: &[&OverheadRecord], places: &[Place]) -> Vec<Vec<String>> {
    let strategies: BTreeSet<_> = costs.iter().map(|cost| by_name(&cost.strategy)).collect();
    let workloads = distinct(costs.iter().map(|cost| cost.workload.as_str()));
    let arms = workloads
        .iter()
        .flat_map(|workload| strategies.iter().map(move |(_, strategy)| (*workload, *strategy)));
    arms.filter_map(|(workload, strategy)| {
        let arm: Vec<_> = costs
            .iter()
            .filter(|cost| cost.workload == workload && cost.strategy == strategy)
            .collect();
        let on = |place: &Place| {
            let cost = arm.iter().find(|cost| findings.place(&cost.interpreter.label) == *place);
            cost.map_or_else(String::new, |cost| one(cost))
        };
        let titles = [workload.to_owned(), title(strategy).to_owned()];
        let row = titles.into_iter().chain(places.iter().map(on)).collect();
        (!arm.is_empty()).then_some(row)
    })
    .collect()
}

fn title(strategy: &str) -> &str {
    if strategy == BASELINE { "none again (A/A)" } else { strategy }
}

/// `+2.1 ±0.9 % s`; without an interval why there is none, and no verdict.
fn one(cost: &OverheadRecord) -> String {
    let Some(ratio) = cost.ratio else { return "void".to_owned() };
    match cost.interval {
        Some(bounds) => format!("{} {}", ratio::with_interval(ratio, bounds), mark(&cost.verdict)),
        None if cost.launches == 1 => format!("{}, one launch", ratio::short(ratio)),
        None => format!("{}, no interval", ratio::short(ratio)),
    }
}

fn mark(verdict: &str) -> &str {
    match verdict {
        "slower" => "s",
        "faster" => "f",
        "equivalent" => "=",
        "inconclusive" => "?",
        other => other,
    }
}

fn detectable(costs: &[&OverheadRecord]) -> String {
    let effects = || costs.iter().filter_map(|cost| cost.detectable);
    let Some(least) = effects().reduce(f64::min) else {
        return "This run cannot say how small an effect it could have seen.\n".to_owned();
    };
    let most = ratio::percent(effects().fold(least, f64::max));
    let least = ratio::percent(least);
    let range = if least == most { least } else { format!("{least} to {most}") };
    format!("This run could have seen effects of {range} (80 % power).\n")
}

/// How many samples do not count, of which arms, and what the first failed child said.
fn void(findings: &Findings, costs: &[&OverheadRecord]) -> String {
    let voided: Vec<_> = costs.iter().filter(|cost| cost.void > 0).collect();
    if voided.is_empty() {
        return String::new();
    }
    let samples: usize = voided.iter().map(|cost| cost.void).sum();
    let arms = voided.iter().map(|cost| {
        let place = findings.place(&cost.interpreter.label);
        let on = findings.interpreters.name(place);
        let (workload, strategy) = (plain(&cost.workload), plain(title(&cost.strategy)));
        format!("{} of {workload} under {strategy} on {on}", cost.void)
    });
    let told = format!("Void samples, which do not count: {samples} ({}).\n", listed(arms, NAMED));
    let complaint = voided.iter().find_map(|cost| cost.complaint.as_deref());
    let said = complaint.map(|text| explained("The first child that failed said:", text));
    told + &said.unwrap_or_default()
}

/// Each text once, in the order of first occurrence.
fn distinct<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(*text)).collect()
}
