//! What candidates cost: `evaluate --cost`.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    candidate::Candidate,
    evaluation::Entrant,
    layout::Layout,
    measure::Control,
    overhead::{self, Counted, Effort, Overhead, Versus, WorkloadKind},
    record::{CostOf, PatchCostRecord, cost_record},
    strategy::{self, Strategy},
    worker::Target,
};

use crate::{interrupt::Interrupt, progress};

/// The programs that are timed: imports of modules that are new, are there, and are not to be found; and a
/// whole process.
const WORKLOADS: [&str; 5] = ["cold-100", "cached", "cached-call", "optional", "start-up"];

/// Who listens: nobody, a hook in Python, a native one.
const LISTENERS: [(&str, &str); 3] = [
    ("nobody", strategy::BASELINE),
    ("a hook in Python", "audit"),
    ("a native hook", "audit_native"),
];

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Measuring {
    /// The most that each comparison may take.
    pub(crate) budget: Duration,
    /// Seed of the order of samples and of the layout of parents.
    pub(crate) seed: u64,
    /// Whether instructions of builds are counted too.
    pub(crate) counts: bool,
}

/// Compares everything with `base`: builds with parents of their own, candidates that are laid over it in one
/// parent for all.
pub(crate) fn costs(
    layout: &Layout,
    (base, entrants): (&Target, &[Entrant]),
    measuring: Measuring,
    interrupt: &Interrupt,
) -> Result<Vec<PatchCostRecord>> {
    let builds: Vec<_> =
        entrants.iter().filter_map(|it| Some((&it.candidate, it.build.as_ref()?))).collect();
    let laid_over: Vec<_> = entrants
        .iter()
        .filter(|it| it.build.is_none() && it.candidate.overlay.is_some())
        .map(|it| &it.candidate)
        .collect();
    let strategies = strategy::read_all(&layout.strategies())?;
    let rows = usize::from(!laid_over.is_empty()) + builds.len();
    let bar = progress::bar("costs", rows * LISTENERS.len() * WORKLOADS.len());
    let mut costs = Vec::new();
    for (listener, name) in LISTENERS {
        let Some(strategy) = strategies.iter().find(|it| it.name.as_str() == name) else {
            continue;
        };
        for kind in WORKLOADS.into_iter().filter_map(WorkloadKind::named) {
            if !laid_over.is_empty() && interrupt.signal().is_none() {
                let pair = (layout, base);
                let of_candidates = overlays(pair, &laid_over, strategy, kind, measuring)?;
                costs.extend(of_candidates.into_iter().map(|(name, versus)| {
                    let of = CostOf { candidate: &name, way: "overlay", base, kind, listener };
                    cost_record(of, versus.as_ref(), None)
                }));
                bar.inc(1);
            }
            for (candidate, build) in &builds {
                if interrupt.signal().is_some() {
                    break;
                }
                let (versus, counted) = built((base, build), strategy, kind, measuring)?;
                let of = CostOf { candidate: &candidate.name, way: "build", base, kind, listener };
                costs.push(cost_record(of, versus.as_ref(), counted.as_ref()));
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    Ok(costs)
}

fn built(
    pair: (&Target, &Target),
    strategy: &Strategy,
    kind: WorkloadKind,
    measuring: Measuring,
) -> Result<(Option<Versus>, Option<Counted>)> {
    let effort = Effort { budget: Some(measuring.budget), ..Effort::VERSUS };
    let effort = (effort, measuring.seed);
    let versus = overhead::versus(pair, [strategy, strategy], kind, effort, &|| {})?;
    let counted = if measuring.counts { counted(pair, strategy, kind) } else { None };
    Ok((versus, counted))
}

/// The instructions of both. An interpreter that fails under valgrind alone takes no other figure with it.
fn counted(pair: (&Target, &Target), strategy: &Strategy, kind: WorkloadKind) -> Option<Counted> {
    let counted = overhead::count_versus(pair, strategy, kind, &|| {});
    counted.unwrap_or_else(|error| {
        let (workload, build) = (kind.name(), pair.1.interpreter.path.display());
        crate::output::tell!(
            "skipped: the instructions of {workload} on {build} were not counted: {error}"
        );
        None
    })
}

/// What each candidate costs, by its name, where `strategy` listens with and without it.
fn overlays(
    (layout, target): (&Layout, &Target),
    candidates: &[&Candidate],
    strategy: &Strategy,
    kind: WorkloadKind,
    measuring: Measuring,
) -> Result<Vec<(String, Option<Versus>)>> {
    let below = |candidate: &&Candidate| candidate.below(layout, strategy);
    let over: Vec<Strategy> = candidates.iter().map(below).collect::<Result<_, _>>()?;
    compare(target, strategy, &over, kind, (measuring.budget, measuring.seed))
}

/// What each of `strategies` costs beyond `baseline`, by its name.
pub(crate) fn compare(
    target: &Target,
    baseline: &Strategy,
    strategies: &[Strategy],
    kind: WorkloadKind,
    (budget, seed): (Duration, u64),
) -> Result<Vec<(String, Option<Versus>)>> {
    let overhead = Overhead {
        baseline,
        strategies: strategies.iter().collect(),
        effort: Effort::within(budget),
        seed,
    };
    let costs = overhead::measure(&overhead, target, kind, &|| {})?;
    let again = costs.iter().find(|cost| cost.control == Some(Control::Again));
    let again = again.and_then(|cost| cost.estimate);
    let asked = costs.into_iter().filter(|cost| cost.control.is_none());
    Ok(asked
        .map(|cost| {
            let versus = cost.estimate.zip(again);
            let versus = versus.map(|(estimate, again)| Versus { estimate, again });
            (cost.strategy.to_string(), versus)
        })
        .collect())
}
