//! The part of a run that times: what, how long, and its progress.

use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::ProgressBar;
use tollgate::{
    matrix::{Ledger, Matrix},
    overhead::{self, Cost, Effort, Overhead, WorkloadKind},
    record::{Book, Key, Measuring, Timing},
    strategy::{BASELINE, Strategy},
    worker::{Runner, Target},
};

use crate::{
    needs::Needs,
    progress,
    timed::{Timed, timed},
};

/// What of a run is timed, and for how long.
pub(crate) struct Costs {
    timing: Timing,
    measuring: Measuring,
    timed: Vec<Timed>,
    needs: Needs,
}

impl Costs {
    /// What a run is to time that is told so. What strategies say of themselves is asked with `runner`.
    pub(crate) fn of(
        matrix: &Matrix,
        runner: &Runner,
        (timing, measuring): (Timing, &Measuring),
        names_strategies: bool,
    ) -> Result<Self> {
        let on = (timing, &measuring.time_on[..]);
        let timed = timed(matrix, runner, on, names_strategies)?;
        Ok(Self { timing, measuring: measuring.clone(), timed, needs: Needs::default() })
    }

    /// The same, if what it needs fits into the seconds that were asked for.
    pub(crate) fn that_fit(self, baseline: &Strategy, seed: u64) -> Result<Self> {
        let Some(seconds) = self.measuring.budget_s else { return Ok(self) };
        let Some(timed) = self.timed.last() else { return Ok(self) };
        let overhead = overhead(timed, (baseline, seed), self.usual_effort());
        let workloads: Vec<_> = self.workloads().collect();
        let needs = Needs::measured(&overhead, &timed.target, &workloads);
        needs.fit(self.timed.len(), seconds)?;
        Ok(Self { needs, ..self })
    }

    /// Whether there is nothing to time.
    pub(crate) fn is_empty(&self) -> bool {
        self.timed.is_empty()
    }

    /// How many records of costs a book is to have in the end.
    pub(crate) fn due(&self, book: &Book) -> usize {
        let on = |timed: &Timed| {
            let interpreter = &timed.target.interpreter.label();
            let is_owned = |workload: &&str| {
                book.owns(Key::Cost { interpreter, workload, strategy: BASELINE })
            };
            let owned = self.workloads().map(WorkloadKind::name).filter(is_owned);
            owned
                .map(|workload| timed.strategies.len() + overhead::controls(workload))
                .sum::<usize>()
        };
        self.timed.iter().map(on).sum()
    }

    /// Says on standard error what is going to be timed, if it is known how long that takes at most.
    pub(crate) fn announce(&self) {
        let bound = self.usual_effort().budget.filter(|_| !self.is_empty());
        let Some(bound) = bound else { return };
        let names: Vec<_> = self.workloads().map(WorkloadKind::name).collect();
        let on: Vec<_> = self.timed.iter().map(|it| it.target.interpreter.label()).collect();
        let (names, on) = (names.join(", "), on.join(", "));
        crate::output::tell!("then costs: {names} on {on}, at most {} s", bound.as_secs());
    }

    /// What is timed: only a full run has time for all.
    fn workloads(&self) -> impl Iterator<Item = WorkloadKind> {
        let all = matches!(self.timing, Timing::Full);
        let quick: Vec<_> = WorkloadKind::quick().collect();
        WorkloadKind::all().filter(move |kind| all || quick.contains(kind))
    }

    /// The effort for the seconds that were asked for, or else the usual one.
    fn usual_effort(&self) -> Effort {
        let seconds = self.measuring.budget_s.map(Duration::from_secs);
        match self.timing {
            Timing::Quick => Effort::QUICK,
            Timing::Brief => seconds.map_or(Effort::BRIEF, Effort::within),
            Timing::None | Timing::Copies | Timing::Full => {
                seconds.map_or(Effort::FULL, Effort::within)
            }
        }
    }

    /// Times what `book` does not have yet, or as much as it takes. What cannot be timed is said on standard error.
    pub(crate) fn run(&self, baseline: &Strategy, book: &Book) {
        let is_missing = |(timed, workload): &(&Timed, WorkloadKind)| {
            !book.has_costs(&timed.target, workload.name(), &timed.strategies)
        };
        let pairs: Vec<_> = self
            .timed
            .iter()
            .flat_map(|timed| self.workloads().map(move |workload| (timed, workload)))
            .collect();
        let all = pairs.len();
        let missing: Vec<_> = pairs.into_iter().filter(is_missing).collect();
        if missing.is_empty() {
            return;
        }
        let usual = self.usual_effort();
        // what was timed before has had its share
        let budget = usual.budget.map(|budget| part(budget, missing.len(), all));
        let bar = progress::timing(missing.len() * usual.launches, budget);
        let counts = self.can_count();
        let begun = Instant::now();
        for (index, (timed, workload)) in missing.iter().enumerate() {
            if book.is_closed() {
                break;
            }
            let left = budget.map(|budget| budget.saturating_sub(begun.elapsed()));
            let needs = missing[index..].iter().map(|(_, workload)| self.needs.of(*workload));
            let whole: f64 = needs.sum();
            let budget = left.map(|left| share(left, self.needs.of(*workload), whole));
            let effort = Effort { budget, ..usual };
            let overhead = overhead(timed, (baseline, book.provenance().seed), effort);
            time(&overhead, (&timed.target, *workload, counts), book, &bar);
            bar.workload_is_done((index + 1) * usual.launches);
        }
        bar.finish();
        if !book.is_closed() {
            let seconds = begun.elapsed().as_secs_f64();
            crate::output::tell!("costs: {} workloads in {seconds:.0} s", missing.len());
        }
    }

    /// Whether instructions are to be counted, and can be; why not is said on standard error.
    fn can_count(&self) -> bool {
        if !self.measuring.counts {
            return false;
        }
        match overhead::valgrind() {
            Ok(version) => {
                crate::output::tell!("counting instructions with {version}");
                true
            }
            Err(reason) => {
                crate::output::tell!("skipped: counts of instructions: {reason}");
                false
            }
        }
    }
}

/// Everything that is timed on one interpreter.
fn overhead<'a>(
    timed: &'a Timed,
    (baseline, seed): (&'a Strategy, u64),
    effort: Effort,
) -> Overhead<'a> {
    Overhead { baseline, strategies: timed.strategies.iter().collect(), effort, seed }
}

/// Times one workload on one interpreter, and counts its instructions if that is wanted.
fn time(
    overhead: &Overhead<'_>,
    (target, workload, counts): (&Target, WorkloadKind, bool),
    book: &Book,
    bar: &progress::Timing,
) {
    match overhead::measure(overhead, target, workload, &|| bar.launched()) {
        Ok(mut costs) => {
            if counts {
                count(overhead, (target, workload), &mut costs, bar.shown());
            }
            book.keep_costs(target, &costs);
        }
        // a parent that was killed because the run ends says nothing about the workload
        Err(_) if book.is_closed() => {}
        Err(error) => bar.shown().suspend(|| {
            let (name, label) = (workload.name(), target.interpreter.label());
            crate::output::tell!("skipped: {name} on {label} was not timed: {error}");
        }),
    }
}

/// Counts the instructions of what was timed. What cannot be counted is said on standard error.
fn count(
    overhead: &Overhead<'_>,
    (target, workload): (&Target, WorkloadKind),
    costs: &mut [Cost],
    bar: &ProgressBar,
) {
    match overhead::count(overhead, target, workload, &|| {}) {
        Ok(counts) => overhead::set_beside(costs, &counts),
        Err(error) => bar.suspend(|| {
            let (name, label) = (workload.name(), target.interpreter.label());
            crate::output::tell!(
                "skipped: the instructions of {name} on {label} were not counted: {error}"
            );
        }),
    }
}

/// So many of `all` equal parts of a time.
fn part(time: Duration, parts: usize, all: usize) -> Duration {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    time * number(parts) / number(all.max(1))
}

/// The share of a time for one that needs `part` where all need `whole`; all of it where nobody is known to need any.
fn share(time: Duration, part: f64, whole: f64) -> Duration {
    if whole > 0.0 { time.mul_f64((part / whole).clamp(0.0, 1.0)) } else { time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_of_what_is_needed() {
        let seconds = Duration::from_secs;
        // a workload that cannot be timed needs nothing
        for (part, whole, expected) in
            [(1.0, 4.0, 10), (4.0, 4.0, 40), (0.0, 4.0, 0), (0.0, 0.0, 40)]
        {
            assert_eq!(share(seconds(40), part, whole), seconds(expected), "{part} of {whole}");
        }
    }
}
