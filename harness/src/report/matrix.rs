//! The matrix: what each strategy shows of each kind of event, whether the program notices, and
//! what it costs.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    counts::Sum,
    facts::CellFact,
    findings::{Findings, disturbances, event_order, is_judged},
    interpreters::{Place, merge},
    ratio, severity,
    table::Table,
    words::count,
};
use crate::{
    record::{OverheadRecord, VerdictWord},
    span::event_name_of,
};

/// The workload whose cost stands in the matrix.
const WORKLOAD: &str = "cold-100";

/// One line that says what is shown, the table, and how to read it. Empty without cells.
pub(super) fn matrix(findings: &Findings) -> String {
    let told = |table: Table| format!("{}\n{}", title(findings), table.text());
    matrix_table(findings).map(told).unwrap_or_default()
}

/// The table and how to read it. Nothing without cells.
pub(super) fn matrix_table(findings: &Findings) -> Option<Table> {
    let kinds = kinds(findings);
    let mut header = vec!["strategy", "interpreters"];
    header.extend(kinds.iter().map(|kind| event_name_of(kind)));
    header.extend(["program", "cost"]);
    let strategies = findings.strategies();
    let rows = strategies.iter().flat_map(|name| rows(findings, name, &kinds)).collect();
    Table::new(header, rows, legend())
}

/// What the run covers, in one line.
pub(super) fn title(findings: &Findings) -> String {
    let places = findings.interpreters.places();
    format!(
        "{} under {} on {} ({}).\n",
        count(findings.scenarios().len(), "scenario"),
        match findings.strategies().len() {
            1 => "1 strategy".to_owned(),
            many => format!("{many} strategies"),
        },
        count(places.len(), "interpreter"),
        findings.interpreters.words(places),
    )
}

fn legend() -> String {
    format!(
        "\
seen −missed +wrong ~other, added up over scenarios, the least to the most of the interpreters of a row;
– neither claimed nor reported; ? not judged; n/a not applicable.
wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
other: of a module that was asked or looked for where no import came of it: another meaning, and not wrong.
cost: time of workload {WORKLOAD} relative to `none`, lowest to highest of the interpreters;
`none` against itself shows the noise.
"
    )
}

/// Kinds of events that happened, were reported or are claimed anywhere, in the events' own order.
fn kinds(findings: &Findings) -> Vec<&str> {
    let counts = findings.cells.iter().flat_map(|cell| cell.tally.iter());
    let spoken = counts.filter(|count| count.truth + count.wrong > 0 || count.claimed);
    let kinds: BTreeSet<_> = spoken.map(|count| event_order(&count.event)).collect();
    kinds.into_iter().map(|(_, kind)| kind).collect()
}

fn rows(findings: &Findings, strategy: &str, kinds: &[&str]) -> Vec<Vec<String>> {
    let cells = findings.of_strategy(strategy);
    let judged = cells.iter().map(|(place, cells)| (*place, Judged::of(cells, kinds)));
    let row = |(group, judged): (Vec<Place>, Judged)| {
        let of_group: Vec<_> = group.iter().filter_map(|place| cells.get(place)).collect();
        let cost = cost(findings, strategy, &group);
        let mut row = vec![strategy.to_owned(), findings.interpreters.words(group)];
        row.extend(shown(&of_group, &judged, kinds));
        row.push(cost);
        row
    };
    merge(judged).into_iter().map(row).collect()
}

/// What a strategy came to on an interpreter: interpreters that differ in it have rows of their own. How many
/// scenarios apply to each makes no difference.
#[derive(PartialEq, Eq)]
enum Judged {
    NotApplicable,
    Inconclusive,
    /// One for each kind of event.
    As(Vec<Quality>),
}

impl Judged {
    fn of(cells: &[&CellFact], kinds: &[&str]) -> Self {
        let is_not_applicable = |cell: &&CellFact| cell.verdict == VerdictWord::NotApplicable;
        if cells.iter().any(|cell| is_judged(cell)) {
            Self::As(kinds.iter().map(|kind| Quality::of(sum(cells, kind))).collect())
        } else if cells.iter().all(is_not_applicable) {
            Self::NotApplicable
        } else {
            Self::Inconclusive
        }
    }
}

/// How good reports of a kind are.
#[derive(PartialEq, Eq)]
struct Quality {
    recall: Recall,
    is_wrong: bool,
}

/// How much is reported of what happened.
#[derive(PartialEq, Eq)]
enum Recall {
    NotClaimed,
    All,
    Part,
    Nothing,
}

impl Quality {
    const fn of(sum: Sum) -> Self {
        let recall = match (sum.claimed, sum.seen, sum.missed) {
            (false, ..) => Recall::NotClaimed,
            (true, _, 0) => Recall::All,
            (true, 0, _) => Recall::Nothing,
            (true, ..) => Recall::Part,
        };
        Self { recall, is_wrong: sum.wrong > 0 }
    }
}

fn sum(cells: &[&CellFact], kind: &str) -> Sum {
    let judged = cells.iter().filter(|cell| is_judged(cell));
    Sum::of(judged.flat_map(|cell| cell.tally.iter()).filter(|count| count.event == kind))
}

/// The cells of one strategy on interpreters that agree, as they stand in a row.
fn shown(on: &[&Vec<&CellFact>], judged: &Judged, kinds: &[&str]) -> Vec<String> {
    let told = match judged {
        Judged::NotApplicable => "n/a",
        Judged::Inconclusive => "?",
        Judged::As(_) => {
            let kind = |kind: &&str| {
                let sums: Vec<_> = on.iter().map(|cells| sum(cells, kind)).collect();
                let is_told = sums.iter().any(|sum| sum.claimed || sum.wrong > 0 || sum.other > 0);
                if is_told { Sum::range(&sums) } else { "–".to_owned() }
            };
            let cells = on.iter().flat_map(|cells| cells.iter().copied());
            let judged: Vec<_> = cells.filter(|cell| is_judged(cell)).collect();
            return kinds.iter().map(kind).chain([program(&judged)]).collect();
        }
    };
    vec![told.to_owned(); kinds.len() + 1]
}

/// `undisturbed`, or in how many scenarios the program behaved differently, and in what.
fn program(judged: &[&CellFact]) -> String {
    let mut scenarios = BTreeSet::new();
    let mut aspects: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for cell in judged {
        for disturbance in disturbances(cell) {
            scenarios.insert(&cell.scenario);
            aspects.entry(&disturbance.subject).or_default().insert(&cell.scenario);
        }
    }
    let mut aspects: Vec<_> = aspects.iter().map(|(aspect, of)| (of.len(), aspect)).collect();
    aspects.sort_by_key(|(_, aspect)| severity::of("disturbed", aspect, false));
    let told: Vec<_> =
        aspects.iter().map(|(number, aspect)| format!("{aspect} {number}")).collect();
    match scenarios.len() {
        0 => "undisturbed".to_owned(),
        number => format!("disturbed in {number}: {}", told.join(", ")),
    }
}

/// Whether the controls of [`WORKLOAD`] failed on an interpreter.
fn is_unfit(findings: &Findings, label: &str) -> bool {
    findings.overheads.iter().any(|timed| {
        timed.workload == WORKLOAD && timed.interpreter.label == label && timed.verdict == "unfit"
    })
}

/// What `strategy` costs in [`WORKLOAD`] on the interpreters of `group`. What a run is unfit to say is not said.
fn cost(findings: &Findings, strategy: &str, group: &[Place]) -> String {
    let timed: Vec<_> = findings
        .overheads
        .iter()
        .filter(|timed| timed.strategy == strategy && timed.workload == WORKLOAD)
        .filter(|timed| group.contains(&findings.place(&timed.interpreter.label)))
        .collect();
    // one interpreter's controls may have failed in a run that is fit as a whole
    let is_fit = |timed: &&&OverheadRecord| !is_unfit(findings, &timed.interpreter.label);
    let fit: Vec<_> = timed.iter().filter(is_fit).collect();
    if !timed.is_empty() && (findings.fitness().is_err() || fit.is_empty()) {
        return "unfit".to_owned();
    }
    let ratios: Vec<_> = fit.iter().filter_map(|timed| timed.ratio).collect();
    let Some(low) = ratios.iter().copied().reduce(f64::min) else {
        return if timed.is_empty() { "not timed" } else { "void" }.to_owned();
    };
    let range = ratio::range(low, ratios.iter().copied().fold(low, f64::max));
    let places = findings.places(timed.iter().map(|timed| timed.interpreter.label.as_str()));
    match group.len() - places.len() {
        0 => range,
        rest => format!("{range}, {rest} not timed"),
    }
}
