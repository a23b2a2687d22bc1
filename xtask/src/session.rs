//! What a run covers, and the book that it is recorded in.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::Result;
use tollgate::{
    command::Places,
    composition::PROGRAMS,
    footprint,
    layout::Layout,
    matrix::{self, Ledger, Matrix},
    record::{
        Asked, Book, CellKey, Earlier, EarlierRun, Key, Measuring, Plan, Provenance, RunFolder,
        Shard, Sources, Timing,
    },
    repro,
    stop::Stop,
    strategy::ESTABLISHED,
    worker::{Runner, Target},
};

use crate::{
    compose::{self, Composition},
    costs::Costs,
    exit::UsageError,
    gate::Gate,
    isolation::Isolation,
    progress::{self, Shown},
    selected::{among, matrix},
    selection::Selection,
    trial::try_out,
};

/// What a quick run is about unless it is told otherwise: the parts of the import system in which hooks
/// differ most, a third of all scenarios.
const QUICK_SCENARIOS: [&str; 6] =
    ["calls/*", "find/*", "from/*", "kinds/*", "packages/*", "reload/*"];

/// Time of one core for a finding, about: a truth takes three children, a cell one. For what is said in advance alone.
const FINDING_FORKED: Duration = Duration::from_millis(9);
/// The same where each child is a fresh interpreter.
const FINDING_SPAWNED: Duration = Duration::from_millis(45);

/// How long somebody waits for a first result.
const PATIENCE: Duration = Duration::from_mins(1);

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
    costs: Costs,
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
        let names_strategies = selection.names_strategies();
        let costs = Costs::of(&matrix, &runner, (timing, &measuring), names_strategies)?
            .that_fit(&matrix.baseline, seed)?;
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
        Ok(Self { matrix, timing, costs, composition, gate, book, runner, forks })
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
        let names_strategies = selection.names_strategies();
        let costs = Costs::of(&matrix, &runner, (plan.timing, &measuring), names_strategies)?;
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
        Ok(Self { matrix, timing, costs, composition, gate, book, runner, forks })
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
        self.matrix.findings_due(&self.book) + footprints + self.costs.due(&self.book)
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
        self.costs.announce();
    }

    /// About how long so many findings take here, in seconds.
    fn seconds_of_conformance(&self, findings: usize) -> u64 {
        let each = if self.forks { FINDING_FORKED } else { FINDING_SPAWNED };
        let findings = u32::try_from(findings).unwrap_or(u32::MAX);
        let cores = u32::try_from(rayon::current_num_threads()).unwrap_or(1);
        (each * findings / cores).as_secs() + 1
    }

    /// Whether costs are measured after everything else.
    pub(crate) fn is_timed(&self) -> bool {
        !self.costs.is_empty()
    }

    /// Runs everything that is not recorded yet and is no timing, or as much as the book takes. Where that takes longer
    /// than somebody waits for a first result, the newest interpreter comes first, and `first` is called when it is done.
    pub(crate) fn observe(&self, first: &dyn Fn() -> Result<()>) -> Result<()> {
        if let Some(composition) = &self.composition {
            composition.run(&self.matrix, &self.runner, &self.book);
            return Ok(());
        }
        match &self.matrix.targets[..] {
            [others @ .., newest] if !others.is_empty() && self.takes_long() => {
                self.conformance(std::slice::from_ref(newest));
                if !self.book.is_closed() {
                    first()?;
                }
                self.conformance(others);
            }
            all => self.conformance(all),
        }
        if self.timing != Timing::Quick {
            self.footprints();
        }
        Ok(())
    }

    /// Whether what is left of conformance takes longer than somebody waits for a first result.
    fn takes_long(&self) -> bool {
        let due = self.matrix.findings_due(&self.book);
        let left = due.saturating_sub(self.book.counts().conformance());
        self.seconds_of_conformance(left) > PATIENCE.as_secs()
    }

    /// Times what is not recorded yet, or as much as the book takes.
    pub(crate) fn time_all(&self) {
        self.costs.run(&self.matrix.baseline, &self.book);
    }

    fn conformance(&self, targets: &[Target]) {
        let done = self.book.counts().conformance();
        let bar = progress::bar_after("conformance", self.matrix.findings_due(&self.book), done);
        let begun = Instant::now();
        let shown = Shown { book: &self.book, bar: &bar };
        matrix::run_on(&self.matrix, targets, &self.runner, &shown);
        bar.finish_and_clear();
        let found = self.book.counts().conformance().saturating_sub(done);
        progress::tell_rate(found, targets.len(), begun.elapsed());
        // zygotes that died because the run ends are no news
        if !self.book.is_closed() {
            for trouble in self.runner.troubles() {
                crate::output::tell!("note: {trouble}; its cells were run again");
            }
        }
    }

    fn footprints(&self) {
        let due = self.footprints_due();
        let spinner = progress::spinner("footprints");
        let begun = Instant::now();
        footprint::run_into(&self.matrix, &self.runner, &self.book);
        spinner.finish_and_clear();
        if due > 0 && !self.book.is_closed() {
            let seconds = begun.elapsed().as_secs_f64();
            crate::output::tell!("footprints: {due} in {seconds:.1} s");
        }
    }
}
