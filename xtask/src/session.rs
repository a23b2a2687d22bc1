//! What a run covers, and the book that it is recorded in.

use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::ProgressBar;
use tollgate::{
    interpreter::Found,
    layout::Layout,
    matrix::{self, Finding, Ledger, Matrix},
    overhead::{self, Effort, Overhead, WORKLOADS, WorkloadKind},
    record::{Asked, Book, Earlier, EarlierRun, Inputs, Plan, Provenance, RunFolder, Timing},
    scenario::Scenario,
    stop::Stop,
    strategy::{self, Strategy},
    worker::{Runner, Target},
};

use crate::{
    exit::UsageError,
    isolation::Isolation,
    progress,
    selection::{Selection, baseline},
};

/// One run in progress.
pub(crate) struct Session {
    matrix: Matrix,
    timing: Timing,
    book: Book,
    runner: Runner,
}

impl Session {
    /// Reads everything that was selected, builds the probe, and opens a folder for the records.
    pub(crate) fn start(
        selection: &Selection,
        isolation: Isolation,
        (timing, seed): (Timing, u64),
        stop: Stop,
    ) -> Result<Self> {
        let layout = Layout::of_this_checkout();
        let runner = isolation.runner()?;
        let matrix = matrix(&layout, selection)?;
        let plan = Plan::new(
            timing,
            Asked { children: isolation.asked(), ..selection.asked()? },
            seed,
            Inputs::of(&layout, &matrix)?,
        );
        let folder = RunFolder::create(&layout, &plan)?;
        eprintln!("run {}", folder.id());
        let provenance = Provenance::of_run(&layout, &folder.id().to_string(), seed);
        let book = Book::new(folder, provenance, Earlier::default(), stop);
        Ok(Self { matrix, timing, book, runner })
    }

    /// Opens the folder of an earlier run again, and reads everything that it was about.
    pub(crate) fn resume(request: &str, is_bench: bool, stop: Stop) -> Result<Self> {
        let layout = Layout::of_this_checkout();
        let run = EarlierRun::find(&layout, request)?;
        let plan = run.plan().clone();
        if (plan.timing != Timing::None) != is_bench {
            let task = if is_bench { "check" } else { "bench" };
            let message = format!("--resume {request}: this is a `{task}`; go on with that task");
            return Err(UsageError(message).into());
        }
        let runner = Isolation::from(plan.asked.children).runner()?;
        let matrix = matrix(&layout, &plan.asked.into())?;
        let (folder, earlier) = run.resume(&layout, &Inputs::of(&layout, &matrix)?, &stop)?;
        if earlier.cut > 0 {
            let records = folder.records().display();
            let cut = earlier.cut;
            eprintln!("mended: cut off the last {cut} bytes of {records}, which were not complete");
        }
        let provenance = Provenance::of_run(&layout, &folder.id().to_string(), plan.seed);
        eprintln!("run {} goes on after {} records", folder.id(), earlier.counts.all());
        let book = Book::new(folder, provenance, earlier, stop);
        Ok(Self { matrix, timing: plan.timing, book, runner })
    }

    /// Where everything is kept.
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// How many records there are in the end, if every workload can be timed.
    pub(crate) fn records(&self) -> usize {
        let timed = match self.timing {
            Timing::None => 0,
            Timing::Quick | Timing::Full => self.matrix.targets.len() * WORKLOADS.len(),
        };
        // a workload has the A/A arm in the place of the baseline
        self.matrix.findings() + timed * self.matrix.strategies.len()
    }

    /// Runs everything that is not recorded yet, or as much as the book takes.
    pub(crate) fn run(&self) {
        self.conformance();
        match self.timing {
            Timing::None => {}
            Timing::Quick => self.overhead(Effort::QUICK),
            Timing::Full => self.overhead(Effort::FULL),
        }
    }

    fn conformance(&self) {
        let bar = progress::bar("conformance", self.matrix.findings());
        let done = self.book.counts().all().min(self.matrix.findings());
        bar.set_position(done as u64);
        bar.reset_eta();
        let begun = Instant::now();
        matrix::run_into(&self.matrix, &self.runner, &Shown { book: &self.book, bar: &bar });
        bar.finish_and_clear();
        tell_rate(self.book.counts().all().saturating_sub(done), begun.elapsed());
        // zygotes that died because the run ends are no news
        if !self.book.is_closed() {
            for trouble in self.runner.troubles() {
                eprintln!("note: {trouble}; its cells were run again");
            }
        }
    }

    /// Times every workload on every interpreter. What cannot be timed is said on standard error.
    fn overhead(&self, effort: Effort) {
        let pairs: Vec<_> = self
            .matrix
            .targets
            .iter()
            .flat_map(|target| WORKLOADS.map(|workload| (target, workload)))
            .collect();
        let all = pairs.len();
        let is_missing = |(target, workload): &(&Target, WorkloadKind)| {
            !self.book.has_costs(target, workload.name(), &self.matrix.strategies)
        };
        let missing: Vec<_> = pairs.into_iter().filter(is_missing).collect();
        let effort = share(effort, missing.len(), all);
        let begun = Instant::now();
        let bar = progress::bar("overhead", missing.len() * effort.launches);
        for (index, (target, workload)) in missing.iter().enumerate() {
            if self.book.is_closed() {
                break;
            }
            let spent = begun.elapsed();
            let left = effort.budget.map(|budget| budget.saturating_sub(spent));
            let effort = share(Effort { budget: left, ..effort }, 1, missing.len() - index);
            self.time(target, *workload, effort, &bar);
            bar.set_position(((index + 1) * effort.launches) as u64);
        }
        bar.finish_and_clear();
    }

    /// Times one workload on one interpreter.
    fn time(&self, target: &Target, workload: WorkloadKind, effort: Effort, bar: &ProgressBar) {
        let overhead = Overhead {
            baseline: &self.matrix.baseline,
            strategies: self.matrix.strategies.iter().collect(),
            effort,
            seed: self.book.provenance().seed,
        };
        match overhead::measure(&overhead, target, workload, &|| bar.inc(1)) {
            Ok(costs) => self.book.keep_costs(target, &costs),
            // a parent that was killed because the run ends says nothing about the workload
            Err(_) if self.book.is_closed() => {}
            Err(error) => bar.suspend(|| {
                let label = target.interpreter.label();
                eprintln!("skipped: {} on {label} was not timed: {error}", workload.name());
            }),
        }
    }
}

/// How fast findings came: a truth takes two children, a cell one.
fn tell_rate(findings: usize, took: Duration) {
    if findings > 0 {
        let milliseconds = took.as_millis().max(1);
        let rate = findings as u128 * 1000 / milliseconds;
        let seconds = took.as_secs_f64();
        eprintln!("conformance: {findings} findings in {seconds:.1} s, {rate} a second");
    }
}

/// The effort for `part` of `whole` workloads: the budget is for all of them together.
fn share(effort: Effort, part: usize, whole: usize) -> Effort {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    let budget = effort.budget.map(|budget| budget * number(part) / number(whole.max(1)));
    Effort { budget, ..effort }
}

/// A book with a progress bar beside it.
struct Shown<'a> {
    book: &'a Book,
    bar: &'a ProgressBar,
}

impl Ledger for Shown<'_> {
    fn has_truth(&self, target: &Target, scenario: &Scenario) -> bool {
        self.book.has_truth(target, scenario)
    }

    fn has_cell(&self, target: &Target, scenario: &Scenario, strategy: &Strategy) -> bool {
        self.book.has_cell(target, scenario, strategy)
    }

    fn keep(&self, finding: Finding<'_>) {
        self.book.keep(finding);
        self.bar.inc(1);
    }

    fn is_closed(&self) -> bool {
        self.book.is_closed()
    }
}

/// Everything that was selected.
fn matrix(layout: &Layout, selection: &Selection) -> Result<Matrix> {
    let scenarios = selection.scenarios(layout)?;
    let strategies = selection.strategies(layout)?;
    let targets = targets(layout, selection.interpreters()?)?;
    let baseline = baseline(&strategies)?;
    let recorder = strategy::read(&layout.recorder())?;
    Ok(Matrix { targets, strategies, baseline, recorder, scenarios })
}

/// The usable interpreters with their probes. What is passed over is said on standard error.
pub(crate) fn targets(layout: &Layout, found: Found) -> Result<Vec<Target>> {
    for skipped in &found.skipped {
        eprintln!("skipped: {skipped}");
    }
    let spinner = progress::spinner("building the probe");
    let ready = |interpreter| Target::new(layout, interpreter);
    let targets = found.usable.into_iter().map(ready).collect::<Result<_, _>>();
    spinner.finish_and_clear();
    Ok(targets?)
}
