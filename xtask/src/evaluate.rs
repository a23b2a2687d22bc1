//! `cargo xtask evaluate`: candidates for gh-149466, held against their contracts.

use std::{
    path::{self, Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Result;
use tollgate::{
    candidate::{Candidate, PROPOSAL},
    command::{Build, Places},
    evaluation::{self, Entrant, Probe, Sum},
    layout::Layout,
    matrix::Matrix,
    overhead,
    record::{self, EvaluatedBy, EvaluationFolder, EvaluationRecord, Provenance},
    report::{self, Findings, Page},
    repro, strategy,
    worker::{Runner, Target},
};

use crate::{
    built::{Builds, Built},
    exit::{Exit, UsageError},
    interrupt::Interrupt,
    isolation::Isolation,
    output,
    patch_costs::{self, Measuring},
    progress,
    selected::targets,
    selection::{
        Pythons, Scenarios, Selection, all_candidates, baseline, is_folder, one_candidate,
    },
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// A candidate that comes with Tollgate, or the folder of one's own. Without it: the proposal.
    #[arg(value_name = "NAME|DIR", conflicts_with = "all")]
    candidate: Option<String>,
    /// All candidates, side by side.
    #[arg(long, conflicts_with_all = ["patch", "base"])]
    all: bool,
    #[command(flatten)]
    built: Built,
    /// Time candidates against the interpreter without them, each comparison for so many seconds at most.
    #[arg(long, value_name = "SECONDS")]
    cost: Option<u64>,
    /// Count the instructions of builds too, with valgrind.
    #[arg(long, requires = "cost")]
    counts: bool,
    /// Seed of the order in which candidates are timed.
    #[arg(long, value_name = "N", requires = "cost")]
    seed: Option<u64>,
    #[command(flatten)]
    asked: Asked,
    /// The folder in which the evaluation gets a folder of its own; it is `target/tollgate/evaluations`, unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    isolation: Isolation,
}

/// On which scenarios and interpreters.
#[derive(Clone, clap::Args)]
pub(crate) struct Asked {
    #[command(flatten)]
    scenarios: Scenarios,
    #[command(flatten)]
    pythons: Pythons,
}

impl Asked {
    /// The same, as what other tasks are asked.
    pub(crate) fn selection(&self) -> Selection {
        let Self { scenarios, pythons } = self.clone();
        Selection::new(scenarios, pythons)
    }
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let interrupt = Interrupt::watch()?;
    let out = flags.out.as_deref().map(path::absolute).transpose()?;
    let layout = Layout::of_this_checkout().with_out(out);
    let candidates = candidates(flags, &layout)?;
    let built = flags.built.prepare(&layout, &candidates, &flags.asked.pythons.python)?;
    let selection = flags.selection(built.as_ref());
    let matrix = matrix(&layout, &selection)?;
    let runner = flags.isolation.runner()?;
    let names: Vec<_> = candidates.iter().map(|candidate| candidate.name.clone()).collect();
    let places = flags.places(&selection.asked()?, &names, &matrix);
    let entrants = match built {
        Some(built) => built.entrants(&layout, &candidates)?,
        None => entrants(&layout, candidates)?,
    };
    try_out(&matrix, &runner, &entrants)?;
    let work = Work { matrix: &matrix, entrants: &entrants, runner: &runner };
    let sum = work.run(&Probe::ALL, &interrupt);
    if let Some(signal) = interrupt.signal() {
        return Ok(Exit::Signalled(signal));
    }
    let seed = flags.seed.unwrap_or_else(rand::random);
    let costs = match (flags.measuring(seed), matrix.targets.last()) {
        (Some(measuring), Some(base)) => {
            patch_costs::costs(&layout, (base, &entrants), measuring, &interrupt)?
        }
        _ => Vec::new(),
    };
    let (scenarios, targets) = (&matrix.scenarios, &matrix.targets);
    let by = EvaluatedBy { entrants: &entrants, sum: &sum, scenarios, targets };
    let folder = EvaluationFolder::create(&layout)?;
    let provenance = Provenance::of_run(&layout, &folder.id().to_string(), seed);
    let evaluation = record::evaluation_record(by, &output::command(), costs, provenance);
    conclude(&folder, evaluation.with_places(with_builds(places, &names, &entrants)))?;
    let exit = exit(&entrants, &sum);
    crate::output::tell!("{}", exit.line(why(exit)).trim_end());
    Ok(exit)
}

/// Writes the record, and from it the reports: the one that is printed, and the page.
fn conclude(folder: &EvaluationFolder, evaluation: EvaluationRecord) -> Result<()> {
    let record = folder.write(&evaluation)?;
    let text = report::evaluation(&evaluation);
    folder.write_report("report.md", &text)?;
    let findings = Findings::from_iter([]).with_evaluation(Some(evaluation));
    let page = folder.write_report("report.html", &Page::default().finish(&findings, None))?;
    output::print(&text)?;
    crate::output::tell!("Record: {}\nPage:   {}", record.display(), page.display());
    Ok(())
}

impl Flags {
    /// Where things are that commands have to name.
    fn places(&self, asked: &record::Asked, names: &[String], matrix: &Matrix) -> Places {
        let folder = self.candidate.as_deref().filter(|asked| is_folder(asked)).map(Path::new);
        let interpreters = matrix.targets.iter().map(|target| &target.interpreter);
        let places = Places::of(asked.scenarios.as_deref())
            .with_interpreters(&asked.python, interpreters)
            .with_bound(repro::bound(&matrix.scenarios, &[]));
        names.iter().fold(places, |places, name| places.with_candidate(name, folder))
    }

    /// What is run: on the base, where there is one.
    fn selection(&self, built: Option<&Builds>) -> Selection {
        let selection = self.asked.selection();
        match built {
            Some(built) => selection.on(&built.base),
            None => selection,
        }
    }

    /// What is to be measured; instructions only where they can be counted.
    fn measuring(&self, seed: u64) -> Option<Measuring> {
        let missing = if self.counts { overhead::valgrind().err() } else { None };
        if let Some(missing) = &missing {
            crate::output::tell!("skipped: --counts, because {missing}");
        }
        let counts = self.counts && missing.is_none();
        Some(Measuring { budget: Duration::from_secs(self.cost?), seed, counts })
    }
}

/// The candidates that were asked for.
fn candidates(flags: &Flags, layout: &Layout) -> Result<Vec<Candidate>> {
    if flags.all {
        return all_candidates(layout);
    }
    Ok(vec![one_candidate(layout, flags.candidate.as_deref().unwrap_or(PROPOSAL))?])
}

/// What is run, with the witnesses and no strategy.
pub(crate) fn matrix(layout: &Layout, selection: &Selection) -> Result<Matrix> {
    let strategies = strategy::read_all(&layout.strategies())?;
    let recorder = strategy::read(&layout.recorder())?;
    Ok(Matrix {
        scenarios: selection.scenarios(layout)?,
        targets: targets(layout, selection.interpreters()?)?,
        baseline: baseline(&strategies)?,
        strategies: Vec::new(),
        requests: strategy::read(&layout.requests())?.behind(&recorder),
        recorder,
        testimony: strategy::read(&layout.testimony())?,
    })
}

/// Candidates that are laid over the interpreters of the matrix.
pub(crate) fn entrants(layout: &Layout, candidates: Vec<Candidate>) -> Result<Vec<Entrant>> {
    let entrant = |candidate: Candidate| {
        let listener = candidate.listener(layout)?;
        Ok(Entrant { candidate, listener, build: None })
    };
    candidates.into_iter().map(entrant).collect()
}

/// Lays each candidate over each interpreter once: one that cannot be is broken in every cell.
pub(crate) fn try_out(matrix: &Matrix, runner: &Runner, entrants: &[Entrant]) -> Result<()> {
    for target in &matrix.targets {
        let fits = |entrant: &&Entrant| {
            entrant.candidate.contract.python.contains(&target.interpreter.version)
        };
        for entrant in entrants.iter().filter(fits) {
            let place: &Target = entrant.build.as_ref().unwrap_or(target);
            runner.try_out(place, &entrant.listener).map_err(|problems| {
                let failure =
                    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                let (name, label) = (&entrant.candidate.name, place.interpreter.label());
                let guide = "harness/candidates/README.md says what a candidate has to be";
                UsageError(format!("candidate {name}: on {label}, {failure}\nhelp: {guide}"))
            })?;
        }
    }
    Ok(())
}

/// What has to be run.
pub(crate) struct Work<'a> {
    pub(crate) matrix: &'a Matrix,
    pub(crate) entrants: &'a [Entrant],
    pub(crate) runner: &'a Runner,
}

impl Work<'_> {
    /// Runs all trials and `probes`, and adds up what came of them.
    pub(crate) fn run(&self, probes: &[Probe], interrupt: &Interrupt) -> Sum {
        let Self { matrix, entrants, runner } = self;
        let begun = Instant::now();
        let bar = progress::bar("trials", evaluation::trials(matrix, entrants));
        let (sum, stop) = (Mutex::new(Sum::default()), interrupt.stop());
        let locked = || sum.lock().unwrap_or_else(PoisonError::into_inner);
        evaluation::run(matrix, entrants, (runner, &stop), &|trial| {
            locked().add(trial);
            bar.inc(1);
        });
        let trials = bar.position();
        bar.finish_and_clear();
        let spinner = progress::spinner("probes");
        evaluation::probe(matrix, entrants, probes, (runner, &stop), &|answer| {
            let contract = &entrants[answer.entrant].candidate.contract;
            locked().add_answer(answer, contract);
        });
        spinner.finish_and_clear();
        crate::output::tell!("{trials} trials in {:.1} s", begun.elapsed().as_secs_f64());
        sum.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same places with the interpreters that were built with one of the candidates of these names.
fn with_builds(places: Places, names: &[String], entrants: &[Entrant]) -> Places {
    entrants.iter().fold(places, |places, entrant| {
        let own = &entrant.candidate.name;
        // beside a candidate's own name stands that of a diff
        let name = names.iter().find(|it| own == *it || own.starts_with(&format!("{it} (")));
        match (&entrant.build, name) {
            (Some(build), Some(name)) => {
                let python = build.interpreter.path.clone();
                places.with_build(own, Build { candidate: name.clone(), python })
            }
            _ => places,
        }
    })
}

fn why(exit: Exit) -> &'static str {
    match exit {
        Exit::Unsound => "some cells show nothing; the report names them",
        Exit::Unexpected => "not every contract is kept",
        _ => "every contract is kept",
    }
}

/// Unsound where a cell shows nothing, unexpected where a contract is not kept.
fn exit(entrants: &[Entrant], sum: &Sum) -> Exit {
    let all = || 0..entrants.len();
    let is_unclear = |entrant| sum.of(entrant).iter().any(|(_, it)| !it.inconclusive.is_empty());
    match (all().any(is_unclear), all().all(|entrant| sum.conforms(entrant))) {
        (true, _) => Exit::Unsound,
        (false, false) => Exit::Unexpected,
        (false, true) => Exit::Done,
    }
}
