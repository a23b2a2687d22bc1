//! What a run covers, and the book that it is recorded in.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::Result;
use indicatif::ProgressBar;
use tollgate::{
    command::Places,
    composition::PROGRAMS,
    footprint,
    layout::Layout,
    matrix::{self, Ledger, Matrix},
    overhead::{self, Cost, Effort, Overhead, WorkloadKind},
    record::{
        Asked, Book, CellKey, Earlier, EarlierRun, Key, Measuring, Plan, Provenance, RunFolder,
        Shard, Sources, Timing,
    },
    repro,
    stop::Stop,
    strategy::{BASELINE, ESTABLISHED},
    worker::{Runner, Target},
};

use crate::{
    compose::{self, Composition},
    exit::UsageError,
    gate::Gate,
    isolation::Isolation,
    progress::{self, Shown},
    selected::{among, matrix},
    selection::Selection,
    timed::{Timed, timed},
    trial::try_out,
};

/// What a quick run is about unless it is told otherwise: the parts of the import system in which hooks
/// differ most, a third of all scenarios.
const QUICK_SCENARIOS: [&str; 6] =
    ["calls/*", "find/*", "from/*", "kinds/*", "packages/*", "reload/*"];

/// Time of one core for a finding, about: a truth takes three children, a cell one. For what is said in advance alone.
const FINDING_FORKED: Duration = Duration::from_millis(6);
/// The same where each child is a fresh interpreter.
const FINDING_SPAWNED: Duration = Duration::from_millis(45);

/// What a run is told beside what it is about.
pub(crate) struct Told {
    pub(crate) timing: Timing,
    pub(crate) measuring: Measuring,
    pub(crate) seed: u64,
    pub(crate) shard: Option<Shard>,
    /// These cells alone; all if there is none.
    pub(crate) cells: BTreeSet<CellKey>,
}

/// One run in progress.
pub(crate) struct Session {
    matrix: Matrix,
    timing: Timing,
    measuring: Measuring,
    timed: Vec<Timed>,
    composition: Option<Composition>,
    gate: Gate,
    book: Book,
    runner: Runner,
    /// Whether children are forked.
    forks: bool,
}

impl Session {
    /// Reads everything that was selected, builds the probe, and opens a folder for the records.
    pub(crate) fn start(
        layout: &Layout,
        selection: &Selection,
        isolation: Isolation,
        told: Told,
        stop: Stop,
    ) -> Result<Self> {
        let Told { timing, measuring, seed, shard, cells } = told;
        let runner = isolation.runner()?;
        let selection = match timing {
            Timing::Quick => {
                selection.clone().or_strategies(&ESTABLISHED).or_scenarios(&QUICK_SCENARIOS)
            }
            Timing::Copies => selection.clone().or_scenarios(&PROGRAMS).or_newest(),
            Timing::None | Timing::Brief | Timing::Full => selection.clone(),
        };
        let matrix = among(matrix(layout, &selection)?, &cells);
        let is_undivided = shard.is_none() && cells.is_empty();
        let gate = Gate::of(&selection, is_undivided, &matrix.strategies)?;
        try_out(layout, &matrix, &runner)?;
        let composition = Composition::of(layout, &matrix, &runner, (timing, shard))?;
        let on = (timing, &measuring.time_on[..]);
        let timed = timed(&matrix, &runner, on, selection.names_strategies())?;
        let asked = Asked {
            children: isolation.asked(),
            measuring: measuring.clone(),
            shard,
            cells: cells.clone(),
            ..selection.asked()?
        };
        let places = Places::of(asked.scenarios.as_deref())
            .with_strategies(layout, &matrix.strategies)
            .with_interpreters(&asked.python, matrix.targets.iter().map(|it| &it.interpreter))
            .with_bound(repro::bound(&matrix.scenarios, &matrix.strategies));
        let inputs = compose::inputs(layout, &matrix, composition.as_ref())?;
        let plan = Plan::new(timing, asked, seed, inputs).with_places(places);
        let folder = RunFolder::create(layout, &plan)?;
        folder.write_sources(&Sources::of(&matrix.scenarios))?;
        match shard {
            Some(shard) => crate::output::tell!("run {} is part {shard}", folder.id()),
            None => crate::output::tell!("run {}", folder.id()),
        }
        let provenance = Provenance::of_run(layout, &folder.id().to_string(), seed);
        let book = Book::new(folder, provenance, Earlier::default(), stop);
        let book = book.of_part(shard).of_cells(cells);
        let forks = isolation.asked().forked;
        Ok(Self { matrix, timing, measuring, timed, composition, gate, book, runner, forks })
    }

    /// Opens the folder of an earlier run again, and reads everything that it was about.
    pub(crate) fn resume(
        layout: &Layout,
        request: &str,
        is_bench: bool,
        stop: Stop,
    ) -> Result<Self> {
        let run = EarlierRun::find(layout, request)?;
        let plan = run.plan().clone();
        if (plan.timing != Timing::None) != is_bench {
            let task = if is_bench { "check" } else { "bench" };
            let message = format!("--resume {request}: this is a `{task}`; go on with that task");
            return Err(UsageError(message).into());
        }
        let (measuring, shard) = (plan.asked.measuring.clone(), plan.asked.shard);
        let forks = plan.asked.children.forked;
        let cells = plan.asked.cells.clone();
        let runner = Isolation::from(plan.asked.children).runner()?;
        let selection = match plan.timing {
            Timing::Copies => Selection::from(plan.asked).or_newest(),
            _ => Selection::from(plan.asked),
        };
        let matrix = among(matrix(layout, &selection)?, &cells);
        let is_undivided = shard.is_none() && cells.is_empty();
        let gate = Gate::of(&selection, is_undivided, &matrix.strategies)?;
        let composition = Composition::of(layout, &matrix, &runner, (plan.timing, shard))?;
        let inputs = compose::inputs(layout, &matrix, composition.as_ref())?;
        let on = (plan.timing, &measuring.time_on[..]);
        let timed = timed(&matrix, &runner, on, selection.names_strategies())?;
        let (folder, earlier) = run.resume(layout, &inputs, &stop)?;
        if earlier.cut > 0 {
            let records = folder.records().display();
            let cut = earlier.cut;
            crate::output::tell!(
                "mended: cut off the last {cut} bytes of {records}, which were not complete"
            );
        }
        let provenance = Provenance::of_run(layout, &folder.id().to_string(), plan.seed);
        crate::output::tell!("run {} goes on after {} records", folder.id(), earlier.counts.all());
        let book = Book::new(folder, provenance, earlier, stop).of_part(shard).of_cells(cells);
        let timing = plan.timing;
        Ok(Self { matrix, timing, measuring, timed, composition, gate, book, runner, forks })
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
        let footprints = match self.timing {
            Timing::Quick | Timing::Copies => 0,
            Timing::None | Timing::Brief | Timing::Full => self.footprints_due(),
        };
        self.matrix.findings_due(&self.book) + footprints + self.costs_due()
    }

    fn footprints_due(&self) -> usize {
        let on = |target: &Target| {
            let interpreter = &target.interpreter.label();
            let names = self.matrix.strategies.iter().map(|strategy| strategy.name.as_str());
            let keys = names.map(|strategy| Key::Footprint { interpreter, strategy });
            keys.filter(|key| self.book.owns(*key)).count()
        };
        self.matrix.targets.iter().map(on).sum()
    }

    fn costs_due(&self) -> usize {
        let on = |timed: &Timed| {
            let interpreter = &timed.target.interpreter.label();
            let is_owned = |workload: &str| {
                self.book.owns(Key::Cost { interpreter, workload, strategy: BASELINE })
            };
            let workloads = self.workloads().into_iter().map(WorkloadKind::name);
            let owned = workloads.filter(|workload| is_owned(workload));
            owned
                .map(|workload| timed.strategies.len() + overhead::controls(workload))
                .sum::<usize>()
        };
        self.timed.iter().map(on).sum()
    }

    /// Says on standard error what is going to be done, and about how long it takes.
    pub(crate) fn announce(&self) {
        if self.composition.is_some() {
            return;
        }
        let cells = self.matrix.findings_due(&self.book);
        let places = self.matrix.targets.len();
        let seconds = self.seconds_of_conformance(cells);
        crate::output::tell!(
            "conformance: {cells} findings on {places} interpreters, about {seconds} s"
        );
        if let Some(bound) = self.bound_of_timing() {
            let names: Vec<_> = self.workloads().into_iter().map(WorkloadKind::name).collect();
            let on: Vec<_> = self.timed.iter().map(|it| it.target.interpreter.label()).collect();
            let (names, on) = (names.join(", "), on.join(", "));
            crate::output::tell!("then costs: {names} on {on}, at most {} s", bound.as_secs());
        }
    }

    /// About how long so many findings take here, in seconds.
    fn seconds_of_conformance(&self, findings: usize) -> u64 {
        let each = if self.forks { FINDING_FORKED } else { FINDING_SPAWNED };
        let findings = u32::try_from(findings).unwrap_or(u32::MAX);
        let cores = u32::try_from(rayon::current_num_threads()).unwrap_or(1);
        (each * findings / cores).as_secs() + 1
    }

    /// How long timing takes at most; nothing where there is no bound, or nothing is timed.
    fn bound_of_timing(&self) -> Option<Duration> {
        match self.timing {
            Timing::None | Timing::Copies => None,
            Timing::Quick => Effort::QUICK.budget,
            Timing::Brief => self.effort(Effort::BRIEF).budget,
            Timing::Full => self.effort(Effort::FULL).budget,
        }
    }

    /// Whether costs are measured after everything else.
    pub(crate) fn is_timed(&self) -> bool {
        !self.timed.is_empty()
    }

    /// Runs everything that is not recorded yet and is no timing, or as much as the book takes.
    pub(crate) fn observe(&self) {
        if let Some(composition) = &self.composition {
            composition.run(&self.matrix, &self.runner, &self.book);
            return;
        }
        self.conformance();
        if self.timing != Timing::Quick {
            self.footprints();
        }
    }

    /// Times what is not recorded yet, or as much as the book takes.
    pub(crate) fn time_all(&self) {
        match self.timing {
            Timing::None | Timing::Copies => {}
            Timing::Quick => self.overhead(Effort::QUICK),
            Timing::Brief => self.overhead(self.effort(Effort::BRIEF)),
            Timing::Full => self.overhead(self.effort(Effort::FULL)),
        }
    }

    /// The effort for the seconds that were asked for, or else `usual`.
    fn effort(&self, usual: Effort) -> Effort {
        let seconds = self.measuring.budget_s.map(Duration::from_secs);
        seconds.map_or(usual, Effort::within)
    }

    fn conformance(&self) {
        let bar = progress::bar("conformance", self.matrix.findings_due(&self.book));
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
                crate::output::tell!("note: {trouble}; its cells were run again");
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
            .flat_map(|timed| self.workloads().into_iter().map(move |workload| (timed, workload)))
            .collect();
        let all = pairs.len();
        let is_missing = |(timed, workload): &(&Timed, WorkloadKind)| {
            !self.book.has_costs(&timed.target, workload.name(), &timed.strategies)
        };
        let missing: Vec<_> = pairs.into_iter().filter(is_missing).collect();
        let effort = share(effort, missing.len(), all);
        let counts = self.can_count();
        let begun = Instant::now();
        let bar = progress::bar("overhead", missing.len() * effort.launches);
        for (index, (timed, workload)) in missing.iter().enumerate() {
            if self.book.is_closed() {
                break;
            }
            let spent = begun.elapsed();
            let left = effort.budget.map(|budget| budget.saturating_sub(spent));
            let effort = share(Effort { budget: left, ..effort }, 1, missing.len() - index);
            self.time(timed, *workload, (effort, counts), &bar);
            bar.set_position(((index + 1) * effort.launches) as u64);
        }
        bar.finish_and_clear();
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

    /// What is timed: only a full run has time for all.
    fn workloads(&self) -> Vec<WorkloadKind> {
        match self.timing {
            Timing::Quick | Timing::Brief => WorkloadKind::quick().collect(),
            Timing::None | Timing::Full | Timing::Copies => WorkloadKind::all().collect(),
        }
    }

    /// Times one workload on one interpreter.
    fn time(
        &self,
        timed: &Timed,
        workload: WorkloadKind,
        (effort, counts): (Effort, bool),
        bar: &ProgressBar,
    ) {
        let overhead = Overhead {
            baseline: &self.matrix.baseline,
            strategies: timed.strategies.iter().collect(),
            effort,
            seed: self.book.provenance().seed,
        };
        let target = &timed.target;
        match overhead::measure(&overhead, target, workload, &|| bar.inc(1)) {
            Ok(mut costs) => {
                if counts {
                    count(&overhead, target, workload, &mut costs, bar);
                }
                self.book.keep_costs(target, &costs);
            }
            // a parent that was killed because the run ends says nothing about the workload
            Err(_) if self.book.is_closed() => {}
            Err(error) => bar.suspend(|| {
                let label = target.interpreter.label();
                crate::output::tell!(
                    "skipped: {} on {label} was not timed: {error}",
                    workload.name()
                );
            }),
        }
    }
}

/// Counts the instructions of what was timed. What cannot be counted is said on standard error.
fn count(
    overhead: &Overhead<'_>,
    target: &Target,
    workload: WorkloadKind,
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

/// The effort for `part` of `whole` workloads: the budget is for all of them together.
fn share(effort: Effort, part: usize, whole: usize) -> Effort {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    let budget = effort.budget.map(|budget| budget * number(part) / number(whole.max(1)));
    Effort { budget, ..effort }
}
