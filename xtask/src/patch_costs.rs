//! What builds with a candidate cost: `evaluate --cost`.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    evaluation::Entrant,
    layout::Layout,
    overhead::{self, Effort, WorkloadKind},
    record::{PatchCostRecord, cost_record},
    strategy::{self, Strategy},
    worker::Target,
};

use crate::{interrupt::Interrupt, progress};

/// The programs that are timed: imports of modules that are new, are there, and are not to be found.
const WORKLOADS: [&str; 4] = ["cold-100", "cached", "cached-call", "optional"];

/// Who listens: nobody, a hook in Python, a native one.
const LISTENERS: [(&str, &str); 3] = [
    ("nobody", strategy::BASELINE),
    ("a hook in Python", "audit"),
    ("a native hook", "audit_native"),
];

/// Times every build against the base, each pair for `budget` at most, in an order of `seed`'s.
pub(crate) fn costs(
    layout: &Layout,
    (base, entrants): (&Target, &[Entrant]),
    (budget, seed): (Duration, u64),
    interrupt: &Interrupt,
) -> Result<Vec<PatchCostRecord>> {
    let strategies = strategy::read_all(&layout.strategies())?;
    let builds = entrants.iter().filter_map(|it| Some((it, it.build.as_ref()?)));
    let pairs: Vec<_> = builds
        .flat_map(|build| LISTENERS.map(|listener| (build, listener)))
        .flat_map(|(build, listener)| WORKLOADS.map(|workload| (build, listener, workload)))
        .collect();
    let bar = progress::bar("costs", pairs.len());
    let mut costs = Vec::new();
    for ((entrant, build), (listener, name), workload) in pairs {
        if interrupt.signal().is_some() {
            break;
        }
        let is_it = |strategy: &&Strategy| strategy.name.as_str() == name;
        let (Some(strategy), Some(kind)) =
            (strategies.iter().find(is_it), WorkloadKind::named(workload))
        else {
            continue;
        };
        let effort = (Effort { budget: Some(budget), ..Effort::VERSUS }, seed);
        let strategies = [strategy, strategy];
        let versus = overhead::versus((base, build), strategies, kind, effort, &|| {})?;
        costs.push(cost_record((&entrant.candidate.name, workload, listener), versus.as_ref()));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(costs)
}
