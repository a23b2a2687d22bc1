//! What the strategies cost: a table for each run, and how far it may be trusted.

use std::collections::BTreeSet;

use super::{
    controls,
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
s slower, f faster, = equivalent, ? inconclusive, c clock and instructions disagree, ! unfit. The noise
floor is the A/A row; the sham is a hook that is built and not installed.
";

/// A table and its legend for each run, in the order of the records. Empty without records.
pub(super) fn overhead(findings: &Findings) -> String {
    let tables = overhead_tables(findings);
    let is_one_run = tables.windows(2).all(|two| two[0].0 == two[1].0);
    let title = |run: &str| if is_one_run { String::new() } else { format!("Run {run}:\n") };
    let told: Vec<_> =
        tables.iter().map(|(run, table)| title(run) + &table.clone().text()).collect();
    told.join("\n")
}

/// The runs in the order of the records, each with its table of times and how to read it, and the one
/// of instructions where these were counted.
pub(super) fn overhead_tables(findings: &Findings) -> Vec<(&str, Table)> {
    let runs = distinct(findings.overheads.iter().map(|cost| cost.provenance.run.as_str()));
    let one = |run| {
        let of_run = |cost: &&OverheadRecord| cost.provenance.run == run;
        let costs: Vec<_> = findings.overheads.iter().filter(of_run).collect();
        let tables = [one_run(findings, &costs), counts(findings, &costs)];
        tables.into_iter().flatten().map(move |table| (run, table))
    };
    runs.into_iter().flat_map(one).collect()
}

fn one_run(findings: &Findings, costs: &[&OverheadRecord]) -> Option<Table> {
    let places = findings.places(costs.iter().map(|cost| cost.interpreter.label.as_str()));
    let mut header = vec!["workload", "strategy"];
    header.extend(places.iter().map(|place| findings.interpreters.name(*place)));
    let is_fit = controls::fitness(costs).is_ok();
    let legend = LEGEND.to_owned()
        + &detectable(costs)
        + &controls::controls(findings, costs)
        + &controls::conditions(costs)
        + &tails(costs)
        + &void(findings, costs);
    Table::new(header, rows(findings, costs, &places, is_fit), legend)
}

fn rows(
    findings: &Findings,
    costs: &[&OverheadRecord],
    places: &[Place],
    is_fit: bool,
) -> Vec<Vec<String>> {
    // controls first
    let strategies: BTreeSet<_> =
        costs.iter().map(|cost| (cost.control.is_none(), by_name(&cost.strategy))).collect();
    let workloads = distinct(costs.iter().map(|cost| cost.workload.as_str()));
    let arms = workloads.iter().flat_map(|workload| {
        strategies.iter().map(move |(_, (_, strategy))| (*workload, *strategy))
    });
    arms.filter_map(|(workload, strategy)| {
        let arm: Vec<_> = costs
            .iter()
            .filter(|cost| cost.workload == workload && cost.strategy == strategy)
            .collect();
        let on = |place: &Place| {
            let cost = arm.iter().find(|cost| findings.place(&cost.interpreter.label) == *place);
            cost.map_or_else(String::new, |cost| one(cost, is_fit))
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
fn one(cost: &OverheadRecord, is_fit: bool) -> String {
    let Some(ratio) = cost.ratio else { return "void".to_owned() };
    let unfit = if is_fit { "" } else { " !" };
    match cost.interval {
        Some(bounds) => format!("{} {}", ratio::with_interval(ratio, bounds), mark(cost, is_fit)),
        None if cost.launches == 1 => format!("{}, one launch{unfit}", ratio::short(ratio)),
        None => format!("{}, no interval{unfit}", ratio::short(ratio)),
    }
}

fn mark(cost: &OverheadRecord, is_fit: bool) -> &str {
    if !is_fit && cost.control.is_none() {
        return "!";
    }
    match cost.verdict.as_str() {
        "slower" => "s",
        "faster" => "f",
        "equivalent" => "=",
        "inconclusive" => "?",
        "conflict" => "c",
        "unfit" => "!",
        other => other,
    }
}

/// What callgrind counted: one row a workload and strategy. Nothing where it was not asked.
fn counts(findings: &Findings, costs: &[&OverheadRecord]) -> Option<Table> {
    let counted: Vec<_> = costs.iter().filter(|cost| cost.counted.is_some()).copied().collect();
    let places = findings.places(costs.iter().map(|cost| cost.interpreter.label.as_str()));
    let mut header = vec!["instructions", "strategy"];
    header.extend(places.iter().map(|place| findings.interpreters.name(*place)));
    let mut arms: Vec<(&str, &str)> = Vec::new();
    for cost in &counted {
        let arm = (cost.workload.as_str(), cost.strategy.as_str());
        if !arms.contains(&arm) {
            arms.push(arm);
        }
    }
    let on = |place: &Place, (workload, strategy): (&str, &str)| {
        let of_arm = |cost: &&&OverheadRecord| {
            cost.workload == workload
                && cost.strategy == strategy
                && findings.place(&cost.interpreter.label) == *place
        };
        let counted = counted.iter().find(of_arm).and_then(|cost| cost.counted.as_ref());
        counted.map_or_else(String::new, |it| {
            format!("{:+.2} % ({:+.0})", 100.0 * (it.ratio - 1.0), it.added)
        })
    };
    let rows: Vec<Vec<String>> = arms
        .iter()
        .map(|arm| {
            let titles = [arm.0.to_owned(), title(arm.1).to_owned()];
            titles.into_iter().chain(places.iter().map(|place| on(place, *arm))).collect()
        })
        .collect();
    let repeats = counted.iter().filter_map(|cost| cost.counted.as_ref());
    let [made, differ] =
        repeats.fold([0, 0], |sum, it| [sum[0] + it.repeats[0], sum[1] + it.repeats[1]]);
    let told = format!(
        "Instructions relative to `none`, the mean over hash seeds, and how many are added to each import,\n\
         statement or event. Of {made} counts that were repeated {differ} came out differently.\n"
    );
    Table::new(header, rows, told)
}

/// Where the fastest samples say something else than all. Empty where they never do.
fn tails(costs: &[&OverheadRecord]) -> String {
    let differs = |cost: &&&OverheadRecord| {
        let (Some(fast), Some([low, high])) = (cost.fast, cost.interval) else { return false };
        let beyond = (low - fast).max(fast - high);
        cost.control.is_none() && beyond > (high - low).max(0.01)
    };
    let told: Vec<_> = costs
        .iter()
        .filter(differs)
        .map(|cost| {
            let fast = ratio::short(cost.fast.unwrap_or_default());
            let (strategy, workload) = (plain(&cost.strategy), plain(&cost.workload));
            format!("{strategy} in {workload} on {}: {fast}", cost.interpreter.label)
        })
        .collect();
    if told.is_empty() {
        return String::new();
    }
    format!(
        "The fastest samples say something else than all: {}.\n",
        listed(told.into_iter(), NAMED)
    )
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
