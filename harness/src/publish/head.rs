//! What stands above each page: where it comes from, and what was timed.

use super::{WRITTEN, no_costs};
use crate::{
    command,
    compare::family,
    record::{Plan, Provenance, Record, Timing},
    version::Version,
};

/// The release in an interpreter's label, which other marks may follow.
pub(super) fn release(label: &str) -> Option<Version> {
    let end = label.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(label.len());
    label[..end].parse().ok()
}

pub(super) fn version(label: &str) -> String {
    let (version, marks) = family(label);
    version + &marks
}

pub(super) fn head(title: &str, plan: &Plan, provenance: &Provenance, timed: &str) -> String {
    let Provenance { run, tollgate, revision, host, .. } = provenance;
    let command = command(plan);
    let revision = revision.as_deref().unwrap_or("none");
    let machine = plan.machine.as_ref().map_or_else(|| host.clone(), ToString::to_string);
    let inputs = plan.inputs.contents();
    format!(
        "{WRITTEN}{run}`; do not edit. inputs: {inputs} -->\n# {title}\n\nFrom `{command}`, run {run}, Tollgate \
         {tollgate}, revision {revision}, on {machine}. {timed}\n\n"
    )
}

/// Those that a page is about: of one version of Python, or all.
pub(super) fn interpreters(plan: &Plan, python: Option<&str>) -> String {
    let all = plan.inputs.interpreters.iter();
    let mut own: Vec<_> =
        all.filter(|(label, _)| python.is_none_or(|it| version(label) == it)).collect();
    own.sort_by_key(|(label, _)| release(label));
    let lines: Vec<_> = own.iter().map(|(_, it)| format!("- CPython {}\n", it.version)).collect();
    lines.concat() + "\n"
}

/// Which workloads were timed, and where, in a sentence; or why no costs are shown.
pub(super) fn timed(records: &[Record]) -> String {
    if let Some(why) = no_costs(records) {
        return format!("It is published without costs: {why}.");
    }
    let costs = || {
        records.iter().filter_map(|record| match record {
            Record::Overhead(cost) => Some(cost),
            _ => None,
        })
    };
    let mut labels: Vec<_> = costs().map(|cost| cost.interpreter.label.as_str()).collect();
    labels.sort_by_key(|label| release(label));
    labels.dedup();
    let mut workloads: Vec<_> = costs().map(|cost| cost.workload.as_str()).collect();
    workloads.sort_unstable();
    workloads.dedup();
    format!("Timed on {}: {}.", labels.join(", "), workloads.join(", "))
}

/// What was called, as far as results depend on it; which interpreters took part is listed below it.
fn command(plan: &Plan) -> String {
    let measuring = &plan.asked.measuring;
    let time_on = measuring.time_on.iter().map(|it| format!(" --time-on {}", command::quoted(it)));
    let budget = measuring.budget_s.map(|seconds| format!(" --budget {seconds}"));
    let counts = if measuring.counts { " --counts" } else { "" };
    let budget = budget.unwrap_or_default();
    let full = if plan.timing == Timing::Full { " --full" } else { "" };
    format!(
        "cargo xtask bench{full} --seed {}{budget}{}{counts}",
        plan.seed,
        time_on.collect::<String>()
    )
}
