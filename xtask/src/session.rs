//! What a run covers, and the book that it is recorded in.

use std::time::Instant;

use anyhow::Result;
use indicatif::ProgressBar;
use tollgate::{
    composition::PROGRAMS,
    footprint,
    interpreter::Found,
    layout::Layout,
    matrix::{self, Ledger, Matrix},
    overhead::{self, Effort, Overhead, WORKLOADS, WorkloadKind},
    record::{Asked, Book, Earlier, EarlierRun, Plan, Provenance, RunFolder, Sources, Timing},
    stop::Stop,
    strategy::{self, ESTABLISHED},
    worker::{Runner, Target},
};

use crate::{
    compose::{self, Composition},
    exit::UsageError,
    gate::Gate,
    isolation::Isolation,
    progress::{self, Shown},
    selection::{Selection, baseline},
    timed::{Timed, timed},
    trial::try_out,
};

/// One run in progress.
pub(crate) struct Session {
    matrix: Matrix,
    timing: Timing,
    timed: Vec<Timed>,
    composition: Option<Composition>,
    gate: Gate,
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
        let selection = match timing {
            Timing::Quick => selection.clone().or_strategies(&ESTABLISHED),
            Timing::Copies => selection.clone().or_scenarios(&PROGRAMS).or_newest(),
            Timing::None | Timing::Full => selection.clone(),
        };
        let matrix = matrix(&layout, &selection)?;
        let gate = Gate::of(&selection, &matrix.strategies)?;
        try_out(&layout, &matrix, &runner)?;
        let composition = Composition::of(&layout, &matrix, &runner, timing)?;
        let timed = timed(&matrix, &runner, timing, selection.names_strategies());
        let plan = Plan::new(
            timing,
            Asked { children: isolation.asked(), ..selection.asked()? },
            seed,
            compose::inputs(&layout, &matrix, composition.as_ref())?,
        );
        let folder = RunFolder::create(&layout, &plan)?;
        folder.write_sources(&Sources::of(&matrix.scenarios))?;
        eprintln!("run {}", folder.id());
        let provenance = Provenance::of_run(&layout, &folder.id().to_string(), seed);
        let book = Book::new(folder, provenance, Earlier::default(), stop);
        Ok(Self { matrix, timing, timed, composition, gate, book, runner })
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
        let selection = match plan.timing {
            Timing::Copies => Selection::from(plan.asked).or_newest(),
            _ => Selection::from(plan.asked),
        };
        let matrix = matrix(&layout, &selection)?;
        let gate = Gate::of(&selection, &matrix.strategies)?;
        let composition = Composition::of(&layout, &matrix, &runner, plan.timing)?;
        let inputs = compose::inputs(&layout, &matrix, composition.as_ref())?;
        let timed = timed(&matrix, &runner, plan.timing, selection.names_strategies());
        let (folder, earlier) = run.resume(&layout, &inputs, &stop)?;
        if earlier.cut > 0 {
            let records = folder.records().display();
            let cut = earlier.cut;
            eprintln!("mended: cut off the last {cut} bytes of {records}, which were not complete");
        }
        let provenance = Provenance::of_run(&layout, &folder.id().to_string(), plan.seed);
        eprintln!("run {} goes on after {} records", folder.id(), earlier.counts.all());
        let book = Book::new(folder, provenance, earlier, stop);
        Ok(Self { matrix, timing: plan.timing, timed, composition, gate, book, runner })
    }

    /// Where everything is kept.
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// What the run's findings are held against.
    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// How many records there are in the end, if every workload can be timed.
    pub(crate) fn records(&self) -> usize {
        if let Some(composition) = &self.composition {
            return composition.records();
        }
        let arms: usize = self.timed.iter().map(|timed| timed.strategies.len()).sum();
        let footprints = match self.timing {
            Timing::Quick | Timing::Copies => 0,
            Timing::None | Timing::Full => self.matrix.targets.len() * self.matrix.strategies.len(),
        };
        self.matrix.findings() + footprints + arms * WORKLOADS.len()
    }

    /// Runs everything that is not recorded yet, or as much as the book takes.
    pub(crate) fn run(&self) {
        if let Some(composition) = &self.composition {
            composition.run(&self.matrix, &self.runner, &self.book);
            return;
        }
        self.conformance();
        match self.timing {
            Timing::None | Timing::Copies => self.footprints(),
            Timing::Quick => self.overhead(Effort::QUICK),
            Timing::Full => {
                self.footprints();
                self.overhead(Effort::FULL);
            }
        }
    }

    fn conformance(&self) {
        let bar = progress::bar("conformance", self.matrix.findings());
        let done = self.book.counts().conformance();
        bar.set_position(done as u64);
        bar.reset_eta();
        let begun = Instant::now();
        matrix::run_into(&self.matrix, &self.runner, &Shown { book: &self.book, bar: &bar });
        bar.finish_and_clear();
        progress::tell_rate(self.book.counts().conformance().saturating_sub(done), begun.elapsed());
        // zygotes that died because the run ends are no news
        if !self.book.is_closed() {
            for trouble in self.runner.troubles() {
                eprintln!("note: {trouble}; its cells were run again");
            }
        }
    }

    fn footprints(&self) {
        let spinner = progress::spinner("footprints");
        footprint::run_into(&self.matrix, &self.runner, &self.book);
        spinner.finish_and_clear();
    }

    /// Times every workload on every interpreter. What cannot be timed is said on standard error.
    fn overhead(&self, effort: Effort) {
        let pairs: Vec<_> = self
            .timed
            .iter()
            .flat_map(|timed| WORKLOADS.map(|workload| (timed, workload)))
            .collect();
        let all = pairs.len();
        let is_missing = |(timed, workload): &(&Timed, WorkloadKind)| {
            !self.book.has_costs(&timed.target, workload.name(), &timed.strategies)
        };
        let missing: Vec<_> = pairs.into_iter().filter(is_missing).collect();
        let effort = share(effort, missing.len(), all);
        let begun = Instant::now();
        let bar = progress::bar("overhead", missing.len() * effort.launches);
        for (index, (timed, workload)) in missing.iter().enumerate() {
            if self.book.is_closed() {
                break;
            }
            let spent = begun.elapsed();
            let left = effort.budget.map(|budget| budget.saturating_sub(spent));
            let effort = share(Effort { budget: left, ..effort }, 1, missing.len() - index);
            self.time(timed, *workload, effort, &bar);
            bar.set_position(((index + 1) * effort.launches) as u64);
        }
        bar.finish_and_clear();
    }

    /// Times one workload on one interpreter.
    fn time(&self, timed: &Timed, workload: WorkloadKind, effort: Effort, bar: &ProgressBar) {
        let overhead = Overhead {
            baseline: &self.matrix.baseline,
            strategies: timed.strategies.iter().collect(),
            effort,
            seed: self.book.provenance().seed,
        };
        let target = &timed.target;
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

/// The effort for `part` of `whole` workloads: the budget is for all of them together.
fn share(effort: Effort, part: usize, whole: usize) -> Effort {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    let budget = effort.budget.map(|budget| budget * number(part) / number(whole.max(1)));
    Effort { budget, ..effort }
}

/// Everything that was selected.
pub(crate) fn matrix(layout: &Layout, selection: &Selection) -> Result<Matrix> {
    let scenarios = selection.scenarios(layout)?;
    let strategies = selection.strategies(layout)?;
    let targets = targets(layout, selection.interpreters()?)?;
    let baseline = baseline(&strategies)?;
    let recorder = strategy::read(&layout.recorder())?;
    let testimony = strategy::read(&layout.testimony())?;
    Ok(Matrix { targets, strategies, baseline, recorder, testimony, scenarios })
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
