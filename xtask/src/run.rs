//! One run from its start to its end, however it ends.

use std::time::Instant;

use anyhow::{Result, anyhow};
use tollgate::{
    expected,
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
    selection::Selection,
    session::Session,
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
    #[arg(long, value_name = "RUN", exclusive = true)]
    resume: Option<String>,
}

/// Starts a run, or goes on with one, and runs it to its end.
pub(crate) fn run(flags: &Request, timing: Timing, measuring: Measuring) -> Result<Exit> {
    let begun = Instant::now();
    let interrupt = Interrupt::watch()?;
    let is_bench = timing != Timing::None;
    let opened = if let Some(request) = &flags.resume {
        Session::resume(request, is_bench, interrupt.stop())
    } else {
        let seed = flags.seed.unwrap_or_else(rand::random);
        let told = (timing, measuring, seed, flags.shard);
        Session::start(&flags.selection, flags.isolation, told, interrupt.stop())
    };
    // children that were killed for the signal make errors of their own
    if let (Err(_), Some(signal)) = (&opened, interrupt.signal()) {
        crate::output::tell!("ended by {signal} before anything was run");
        return Ok(Exit::Signalled(signal));
    }
    let session = opened?;
    session.run();
    let again = format!(
        "cargo xtask {} --resume {}",
        if is_bench { "bench" } else { "check" },
        session.book().folder().id()
    );
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
    finish(&session, begun)
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
fn finish(session: &Session, begun: Instant) -> Result<Exit> {
    let exit = conclude(session.book().folder(), session.gate())?;
    let seed = session.book().provenance().seed;
    crate::output::tell!("took {:.1} s, seed {seed}", begun.elapsed().as_secs_f64());
    Ok(exit)
}

/// Prints the report on what is in `folder`, says where everything is, and judges it.
pub(crate) fn conclude(folder: &RunFolder, gate: &Gate) -> Result<Exit> {
    folder.sync()?;
    let (mut check, mut page) = (gate.check(), Page::default());
    let records = record::read(folder.records())?;
    let checked = records.inspect(|record| {
        if let Ok(record) = record {
            check.add(record);
            page.add(record);
        }
    });
    let findings: Findings = checked.collect::<Result<_, _>>()?;
    let outcome = check.finish();
    let text = report::text(&findings) + &report::deviations(&outcome);
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
    let (report, page, records) = (report.display(), page.display(), folder.records().display());
    let places = format!("Report:  {report}\nPage:    {page}\nRecords: {records}\n");
    output::print(&format!("{text}{places}"))?;
    Ok(if !findings.counts().is_sound() {
        Exit::Unsound
    } else if !outcome.is_as_expected() {
        Exit::Unexpected
    } else if findings.fitness().is_err() {
        Exit::Unfit
    } else {
        Exit::Done
    })
}
