//! What the screen says of costs: nothing that the run is not fit to say.

use super::super::{
    findings::Findings,
    ratio,
    words::{count, plain},
};
use crate::record::OverheadRecord;

/// The workload whose cost stands in each row.
const WORKLOAD: &str = "cold-100";

/// What a cold import costs under `strategy` on the newest interpreter that was timed; `–` if it was not timed, or if
/// the run's controls failed.
pub(super) fn cold_import(findings: &Findings, strategy: &str) -> String {
    let cost = findings.fitness().ok().and_then(|()| newest(findings, strategy));
    cost.and_then(|cost| cost.ratio).map_or_else(|| "–".to_owned(), ratio::short)
}

fn newest<'a>(findings: &'a Findings, strategy: &str) -> Option<&'a OverheadRecord> {
    let timed = findings.overheads.iter().filter(|cost| {
        cost.strategy == strategy && cost.workload == WORKLOAD && cost.control.is_none()
    });
    timed.max_by_key(|cost| findings.place(&cost.interpreter.label))
}

/// How far the costs may be trusted, in one line. Empty where nothing was timed.
pub(super) fn line(findings: &Findings) -> String {
    if findings.overheads.is_empty() {
        return String::new();
    }
    if findings.fitness().is_err() {
        let failed =
            findings.overheads.iter().filter(|it| it.control.as_ref().is_some_and(|it| !it.holds));
        let controls = findings.overheads.iter().filter(|cost| cost.control.is_some());
        return format!(
            "costs unfit: {} of {} failed, so none is shown\n",
            failed.count(),
            count(controls.count(), "control"),
        );
    }
    let strategies = findings.strategies();
    let shown: Vec<_> =
        strategies.iter().filter_map(|strategy| newest(findings, strategy)).collect();
    let halves =
        shown.iter().filter_map(|cost| cost.interval).map(|[low, high]| (high - low) / 2.0);
    let halves: Vec<f64> = halves.collect();
    let [least, most] =
        [f64::min, f64::max].map(|pick| halves.iter().copied().reduce(pick).map(ratio::percent));
    let (Some(least), Some(most), Some(cost)) = (least, most, shown.first()) else {
        return String::new();
    };
    let sure =
        if least == most { most } else { format!("{} to {most}", least.trim_end_matches(" %")) };
    let on = plain(&cost.interpreter.label).into_owned();
    format!("cost: of a cold import of 100 modules on {on}, against no hook, ±{sure}\n")
}
