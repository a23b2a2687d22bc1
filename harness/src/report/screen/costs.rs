//! What the screen says of costs: nothing that the run is not fit to say.

use super::{
    super::{
        findings::Findings,
        ratio,
        words::{count, number, plain},
    },
    row::Over,
};
use crate::record::OverheadRecord;

/// A workload whose cost may stand in each row, and what it does.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Headline {
    /// Its name.
    pub(in crate::report) workload: &'static str,
    told: &'static str,
}

/// Those that cost what a program pays at its start, the one that is preferred first.
const HEADLINES: [Headline; 2] = [
    Headline { workload: "cold-100", told: "a cold import of 100 modules" },
    Headline { workload: "chain-50", told: "a chain of 50 cold imports" },
];

/// The workload whose cost stands in each row: the first one that the run is fit to tell of.
pub(in crate::report) fn headline(findings: &Findings) -> Headline {
    let is_fit = |headline: &&Headline| {
        let mut costs = findings.overheads.iter().filter(|it| it.workload == headline.workload);
        costs.any(|cost| cost.control.is_none() && cost.verdict != UNFIT)
    };
    *HEADLINES.iter().find(is_fit).unwrap_or(&HEADLINES[0])
}

/// The verdict on costs beside which a control failed.
const UNFIT: &str = "unfit";

/// What a cold import costs under a strategy on one interpreter.
#[derive(Clone, Debug)]
pub(in crate::report) struct ColdImport {
    /// Time with the hook over time without.
    pub(in crate::report) ratio: f64,
    /// Bounds of its interval of confidence.
    pub(in crate::report) interval: Option<[f64; 2]>,
    /// Label of the interpreter.
    pub(in crate::report) interpreter: String,
}

/// What a cold import costs under `strategy` on the newest of these interpreters that was timed; nothing if it was not
/// timed, or if the run's controls failed.
pub(super) fn cold_import(findings: &Findings, strategy: &str, over: Over) -> Option<ColdImport> {
    findings.fitness().ok()?;
    let cost = newest(findings, strategy, over)?;
    let (ratio, interval) = (cost.ratio?, cost.interval);
    Some(ColdImport { ratio, interval, interpreter: cost.interpreter.label.clone() })
}

fn newest<'a>(findings: &'a Findings, strategy: &str, over: Over) -> Option<&'a OverheadRecord> {
    let is_meant = |cost: &OverheadRecord| match over {
        Over::All => true,
        Over::One(place) => findings.place(&cost.interpreter.label) == place,
    };
    let workload = headline(findings).workload;
    let timed = findings.overheads.iter().filter(|cost| {
        cost.strategy == strategy && cost.workload == workload && cost.control.is_none()
    });
    // a group may be unfit in a run that is not
    let fit = timed.filter(|cost| is_meant(cost) && cost.verdict != UNFIT);
    fit.max_by_key(|cost| findings.place(&cost.interpreter.label))
}

/// What stands in the place of all costs where the controls failed.
pub(in crate::report) fn unfit(findings: &Findings) -> String {
    let controls = || findings.overheads.iter().filter_map(|cost| cost.control.as_ref());
    let failed = controls().filter(|control| !control.holds).count();
    let controls = count(controls().count(), "control");
    format!("costs unfit: {} of {controls} failed, none shown\n", number(failed))
}

/// How far the costs may be trusted, in one line. Empty where nothing was timed.
pub(in crate::report) fn line(findings: &Findings) -> String {
    if findings.overheads.is_empty() {
        return String::new();
    }
    if findings.fitness().is_err() {
        return unfit(findings);
    }
    let strategies = findings.strategies();
    let shown: Vec<_> =
        strategies.iter().filter_map(|it| cold_import(findings, it, Over::All)).collect();
    let halves =
        shown.iter().filter_map(|cost| cost.interval).map(|[low, high]| (high - low) / 2.0);
    let halves: Vec<f64> = halves.collect();
    let [least, most] =
        [f64::min, f64::max].map(|pick| halves.iter().copied().reduce(pick).map(ratio::percent));
    let (Some(least), Some(most), Some(cost)) = (least, most, shown.first()) else {
        let workload = headline(findings).workload;
        let is_unfit = |cost: &OverheadRecord| cost.workload == workload && cost.verdict == UNFIT;
        let is_any = findings.overheads.iter().any(is_unfit);
        return if is_any {
            format!("costs of {workload} unfit, none shown\n")
        } else {
            String::new()
        };
    };
    let sure =
        if least == most { most } else { format!("{} to {most}", least.trim_end_matches(" %")) };
    let on = plain(&cost.interpreter).into_owned();
    let told = headline(findings).told;
    format!("cost: of {told} on {on}, against no hook, ±{sure}\n")
}
