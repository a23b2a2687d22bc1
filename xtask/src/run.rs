//! One run from its start to its end, however it ends.

use std::{
    num::NonZero,
    path::{self, Path, PathBuf},
    time::Instant,
};

use anyhow::{Result, anyhow};
use indicatif::HumanCount;
use tollgate::{
    command,
    expected::{self, Outcome},
    layout::Layout,
    matrix::Ledger,
    record::{self, Measuring, RunFolder, Shard, Sources, Timing},
    report::{self, Findings, Page},
    text::printable,
};

use crate::{
    exit::Exit,
    gate::Gate,
    interrupt::{Interrupt, Signal},
    isolation::Isolation,
    output,
    rerun::Again,
    selection::Selection,
    session::{Session, Told},
    shard,
};

/// What both `check` and `bench` are told.
#[derive(clap::Args)]
pub(crate) struct Request {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    isolation: Isolation,
    /// Seed of all that is random; printed with every run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Run one of N parts, which `cargo xtask merge` puts together again: K/N, or `auto` to take K and
    /// N from the variables of a job array or a CI matrix. All parts need the same `--seed`.
    #[arg(long, value_name = "K/N|auto", requires = "seed", value_parser = shard::parse)]
    shard: Option<Shard>,
    /// Go on with a run that was ended early, with what it was told: its name, its folder, or
    /// `latest`.
    #[arg(long, value_name = "RUN", conflicts_with_all = OF_A_NEW_RUN)]
    resume: Option<String>,
    /// The folder in which the run gets a folder of its own, for its records and reports; it is
    /// `target/tollgate/runs`, unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How many cells run at once; as many as there are processors, unless said. Nothing else runs while
    /// something is timed.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Print the whole report too, which is kept as `report.txt` in any case.
    #[arg(long)]
    details: bool,
}

impl Request {
    /// Where runs go, if not where they go usually.
    pub(crate) fn out(&self) -> Option<&Path> {
        self.out.as_deref()
    }
}

/// What only a new run can be told.
const OF_A_NEW_RUN: [&str; 10] = [
    "scenarios",
    "scenario",
    "strategy",
    "python",
    "mode",
    "timeout",
    "memory",
    "seed",
    "shard",
    "out",
];

/// Starts a run, or goes on with one, and runs it to its end.
pub(crate) fn run(flags: &Request, timing: Timing, measuring: Measuring) -> Result<Exit> {
    run_again(flags, timing, measuring, None)
}

/// The same; of an earlier run, some cells may be all that is run again.
pub(crate) fn run_again(
    flags: &Request,
    timing: Timing,
    measuring: Measuring,
    again: Option<Again>,
) -> Result<Exit> {
    let begun = Instant::now();
    let interrupt = Interrupt::watch()?;
    let is_bench = timing != Timing::None;
    let out = flags.out.as_deref().map(path::absolute).transpose()?;
    let layout = Layout::of_this_checkout().with_out(out);
    if let Some(jobs) = flags.jobs {
        rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global()?;
    }
    let opened = if let Some(request) = &flags.resume {
        Session::resume(&layout, request, is_bench, interrupt.stop())
    } else {
        let seed = flags.seed.unwrap_or_else(rand::random);
        let Again { selection, cells } = again.unwrap_or_else(|| Again::all(&flags.selection));
        let told = Told { timing, measuring, seed, shard: flags.shard, cells };
        Session::start(&layout, &selection, flags.isolation, told, interrupt.stop())
    };
    // children that were killed for the signal make errors of their own
    if let (Err(_), Some(signal)) = (&opened, interrupt.signal()) {
        crate::output::tell!("ended by {signal} before anything was run");
        return Ok(Exit::Signalled(signal));
    }
    let session = opened?;
    session.announce();
    let show = || Ok(output::print_screen(["", &so_far(&session)?, ""])?);
    session.observe(&show)?;
    if session.is_timed() && !session.book().is_closed() {
        show()?;
    }
    session.time_all();
    let again = go_on(flags.out(), is_bench, session.book().folder());
    if let Some(error) = session.book().take_failure() {
        return Err(anyhow!(
            "{error}\n{}\nhelp: make room and go on with `{again}`",
            kept(&session)
        ));
    }
    if let Some(signal) = interrupt.signal() {
        return Ok(stopped(&session, signal, &again));
    }
    interrupt.let_go();
    finish(&session, begun, flags.details)
}

/// The command that goes on with a run. One that is not where runs usually are is named by its folder.
fn go_on(out: Option<&Path>, is_bench: bool, folder: &RunFolder) -> String {
    let task = if is_bench { "bench" } else { "check" };
    let run = match out {
        Some(_) => folder.path().display().to_string(),
        None => folder.id().to_string(),
    };
    command::line([task, "--resume", &run])
}

/// What the run has shown by now, on one screen.
fn so_far(session: &Session) -> Result<String> {
    let records = record::read(session.book().folder().records())?;
    let findings = records.collect::<Result<Findings, _>>()?;
    let findings = findings.with_places(session.book().folder().places()?);
    Ok(report::screen(&findings, output::look()) + "\n")
}

/// How much of the run there is.
fn kept(session: &Session) -> String {
    let (kept, all) = (session.book().counts().all(), session.records());
    let place = session.book().folder().records().display();
    format!("{kept} of {all} records were written and are intact: {place}")
}

fn stopped(session: &Session, signal: Signal, again: &str) -> Exit {
    crate::output::tell!("ended by {signal}: {}", kept(session));
    crate::output::tell!("{}", session.book().counts());
    crate::output::tell!("help: go on with `{again}`");
    Exit::Signalled(signal)
}

/// Prints the report, says where everything is, and judges the run.
fn finish(session: &Session, begun: Instant, details: bool) -> Result<Exit> {
    let seed = session.book().provenance().seed;
    crate::output::tell!("took {:.1} s, seed {seed}", begun.elapsed().as_secs_f64());
    conclude(session.book().folder(), session.gate(), details)
}

/// Prints what is in `folder` on one screen, with `details` the whole report above it, says where everything is,
/// and judges it: the last line says why the exit code is what it is.
pub(crate) fn conclude(folder: &RunFolder, gate: &Gate, details: bool) -> Result<Exit> {
    folder.sync()?;
    let (mut check, mut page) = (gate.check(), Page::explained(gate.expectations()));
    let records = record::read(folder.records())?;
    let checked = records.inspect(|record| {
        if let Ok(record) = record {
            check.add(record);
            page.add(record);
        }
    });
    let places = folder.places()?;
    let findings = checked.collect::<Result<Findings, _>>()?.with_places(places.clone());
    let outcome = check.finish();
    let deviations = report::deviations(&outcome, &places);
    let text = report::text(&findings) + &deviations;
    let text = printable(&text);
    let report = folder.write_report("report.txt", &text)?;
    let sources = Sources::read(folder.path())?;
    let page = folder.write_report("report.html", &page.finish(&findings, sources.as_ref()))?;
    if !outcome.new.is_empty() {
        let draft = folder.write_report("unexpected.yaml", &expected::draft(&outcome.new))?;
        crate::output::tell!(
            "help: {} has entries to paste, once each has its reason",
            draft.display()
        );
    }
    let exit = judged(&findings, &outcome);
    let screen = report::screen(&findings, output::look());
    // companies have no screen of their own
    let above = if details || screen.is_empty() { text.into_owned() + "\n" } else { String::new() };
    let room = SCREEN.saturating_sub(screen.lines().count() + PLACES);
    let why = match exit {
        Exit::Unsound => head(&report::doubts(&findings), room),
        Exit::Unexpected => head(&deviations, room),
        _ => String::new(),
    };
    let (report, page, records) = (report.display(), page.display(), folder.records().display());
    let places = format!("Report:  {report}\nPage:    {page}\nRecords: {records}\n");
    let last = format!("exit code {}: {}\n", exit.code(), reason(exit, &findings, &outcome));
    output::print_screen([&above, &screen, &[why, places, last].concat()])?;
    Ok(exit)
}

/// Lines of a screen.
const SCREEN: usize = 32;
/// Of these, the lines that say where everything is, and the last one.
const PLACES: usize = 4;
/// However long the table is, why the run ends as it does is begun.
const LEAST: usize = 4;

/// The first lines of a text as they fit on a screen with `room` for so many, and how many more the report has.
/// A command is printed whole: it is there to be pasted.
fn head(text: &str, room: usize) -> String {
    let (count, width) = (text.lines().count(), output::look().width);
    let shown = if count <= room { count } else { room.max(LEAST) - 1 };
    let lines = text.lines().take(shown);
    let is_command = |line: &str| line.trim_start().starts_with("cargo xtask ");
    let fitting = |line| match line {
        command if is_command(command) => command.into(),
        other => console::truncate_str(other, width, "…"),
    };
    let line = |line| [fitting(line), "\n".into()];
    let mut head: String = lines.flat_map(line).collect();
    if count > shown {
        head.extend([format!("… {} more lines in the report\n", count - shown)]);
    }
    head
}

fn judged(findings: &Findings, outcome: &Outcome) -> Exit {
    if !findings.counts().is_sound() {
        Exit::Unsound
    } else if !outcome.is_as_expected() {
        Exit::Unexpected
    } else if findings.fitness().is_err() {
        Exit::Unfit
    } else {
        Exit::Done
    }
}

fn divergences(count: usize) -> String {
    number(count, "divergence")
}

/// `2,000 divergences`
fn number(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", HumanCount(count as u64))
}

/// Why a run ends with this exit code, in one line without its end.
fn reason(exit: Exit, findings: &Findings, outcome: &Outcome) -> String {
    let (new, gone) = (outcome.new.len(), outcome.gone.len());
    match exit {
        Exit::Done if outcome.not_held > 0 => format!(
            "{}, held against nothing in scenarios of your own",
            divergences(outcome.not_held)
        ),
        Exit::Done if outcome.expected == 0 => "no strategy diverges".to_owned(),
        Exit::Done => format!("{}, all expected, with reasons", divergences(outcome.expected)),
        Exit::Unexpected => format!(
            "{} that no entry expects, {} gone",
            divergences(new),
            number(gone, "expected one")
        ),
        Exit::Unfit => {
            "verdicts hold, but the controls of the timing failed: no cost is shown".to_owned()
        }
        _ => format!("not everything could be judged: {}", findings.counts().doubts()),
    }
}
