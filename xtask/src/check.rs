//! `cargo xtask check`: conformance alone.

use std::time::Instant;

use anyhow::Result;
use tollgate::{
    record::{Record, TruthWord, VerdictWord},
    report,
};

use crate::{exit::Exit, isolation::Isolation, output, selection::Selection, session::Session};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    isolation: Isolation,
    /// Seed of all that is random; printed with every run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let begun = Instant::now();
    let seed = seed(flags.seed);
    let runner = flags.isolation.runner()?;
    let session = Session::open(&flags.selection, seed)?;
    session.conformance(&runner);
    finish(session, seed, begun)
}

/// The seed that was asked for, or a new one.
pub(crate) fn seed(asked: Option<u64>) -> u64 {
    asked.unwrap_or_else(rand::random)
}

/// Prints the report, says where everything is, and judges the run.
pub(crate) fn finish(session: Session, seed: u64, begun: Instant) -> Result<Exit> {
    let (records, folder) = session.close()?;
    let text = report::text(&records);
    let report = folder.write_report("report.txt", &text)?;
    let places =
        format!("Report:  {}\nRecords: {}\n", report.display(), folder.records().display());
    output::print(&format!("{text}{places}"))?;
    eprintln!("took {:.1} s, seed {seed}", begun.elapsed().as_secs_f64());
    Ok(if records.iter().all(is_sound) { Exit::Done } else { Exit::Unsound })
}

fn is_sound(record: &Record) -> bool {
    match record {
        Record::Truth(truth) => !matches!(truth.truth, TruthWord::Disputed | TruthWord::Unknown),
        Record::Cell(cell) => cell.verdict != VerdictWord::Inconclusive,
        Record::Overhead(_) => true,
    }
}
