//! Tollgate's command line: `cargo xtask <task>`.
//!
//! One file a task; each reads its flags and calls the library, which decides.

mod bench;
mod bless;
mod built;
mod calibrate;
mod cell;
mod check;
mod compare;
mod compose;
mod costs;
mod doctor;
mod doctor_measures;
mod evaluate;
mod exit;
mod fuzz;
mod gate;
mod growth;
mod history;
mod interrupt;
mod isolation;
mod list;
mod merge;
mod mutants;
mod needs;
mod output;
mod patch_costs;
mod progress;
mod publish;
mod report;
mod repro;
mod rerun;
mod rivals;
mod run;
mod schema;
mod selected;
mod selection;
mod session;
mod shard;
mod shrink;
mod timed;
mod trace;
mod trial;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tollgate::scenario::LoadErrors;

/// The C library's allocator takes a quarter of the model's time, and more of it the more there is in memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Conformance and benchmark harness for Python import events.
#[derive(Parser)]
#[command(name = "tollgate", bin_name = "cargo xtask", version, after_help = exit::TABLE)]
struct Flags {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every scenario under every strategy, time what matters most, and report.
    #[command(
        after_help = "Example: cargo xtask bench --python 3.13 --strategy audit --scenario 'calls/*'"
    )]
    Bench(bench::Flags),
    /// Run every scenario under every strategy, without timing.
    #[command(
        after_help = "Example: cargo xtask check --strategy ./my_hook.py --scenario 'packages/*'"
    )]
    Check(check::Flags),
    /// Hold two runs against each other: what behaves differently, what costs more.
    #[command(
        after_help = "Example: cargo xtask compare 20261201T022753Z latest --fail-on behaviour,cost"
    )]
    Compare(compare::Flags),
    /// Show what a strategy cost, run by run, and where that changed.
    #[command(after_help = "Example: cargo xtask history audit --append latest")]
    History(history::Flags),
    /// Publish the results of a full run in `reports/` and the README.
    #[command(after_help = "Example: cargo xtask publish latest")]
    Publish(publish::Flags),
    /// Put the parts of a run together (`--shard`), as if one machine had run all of it.
    #[command(after_help = "Example: cargo xtask merge part-1 part-2 --out runs")]
    Merge(merge::Flags),
    /// Hold candidates for gh-149466 against their contracts.
    #[command(
        after_help = "Example: cargo xtask evaluate ./my-candidate --python 3.13 --scenario 'packages/*'"
    )]
    Evaluate(evaluate::Flags),
    /// See whether the scenarios find out every proposal that is broken on purpose.
    #[command(after_help = "Example: cargo xtask mutants doubled --scenario 'packages/*'")]
    Mutants(mutants::Flags),
    /// Compare the model with the interpreters on random programs.
    #[command(after_help = "Example: cargo xtask fuzz --cases 2000 --seed 7 --python 3.13")]
    Fuzz(fuzz::Flags),
    /// List scenarios, strategies, candidates or interpreters.
    #[command(after_help = "Example: cargo xtask list scenarios 'calls/*' --format json")]
    List(list::Flags),
    /// Show what happens in one scenario beside what a strategy or a candidate reports.
    #[command(after_help = "Example: cargo xtask trace packages/nested audit --python 3.13")]
    #[command(override_usage = "cargo xtask trace [OPTIONS] <SCENARIO> <STRATEGY>")]
    Trace(trace::Flags),
    /// Write a plain Python script that shows what a strategy or a candidate gets wrong in a scenario.
    #[command(after_help = "Example: cargo xtask repro calls/import-module audit --python 3.13")]
    #[command(override_usage = "cargo xtask repro [OPTIONS] <SCENARIO> <STRATEGY>")]
    Repro(repro::Flags),
    /// Make a scenario smaller while what a strategy gets wrong in it stays.
    #[command(
        after_help = "Example: cargo xtask shrink failures/cascade bootstrap --divergence traceback"
    )]
    #[command(override_usage = "cargo xtask shrink [OPTIONS] <SCENARIO> <STRATEGY>")]
    Shrink(shrink::Flags),
    /// Write the traces of scenarios from what all witnesses agree on, and show what changes.
    #[command(after_help = "Example: cargo xtask bless 'packages/*' --check")]
    Bless(bless::Flags),
    /// Count how often the measurement of costs is right here: false alarms, detection, bias.
    #[command(
        after_help = "Example: cargo xtask calibrate --part alarms --seconds 60 --python 3.13"
    )]
    Calibrate(calibrate::Flags),
    /// Say how what strategies cost grows with the number of modules.
    #[command(after_help = "Example: cargo xtask growth --strategy audit --most 1000")]
    Growth(growth::Flags),
    /// Say which interpreters there are and what each can and cannot do here.
    #[command(after_help = "Example: cargo xtask doctor --python 3.13 --measure")]
    Doctor(doctor::Flags),
    /// Write what a run recorded as a page, Markdown, JSON, `JUnit`, pyperf's JSON or a trace.
    #[command(after_help = "Example: cargo xtask report latest --format markdown")]
    Report(report::Flags),
    /// Write the JSON Schemas of scenario files, of reports and of evaluations.
    #[command(after_help = "Example: cargo xtask schema")]
    Schema,
}

fn main() -> ExitCode {
    let result = match Flags::parse().task {
        Task::Bench(flags) => bench::run(&flags),
        Task::Check(flags) => check::run(&flags),
        Task::Compare(flags) => compare::run(&flags),
        Task::History(flags) => history::run(&flags),
        Task::Publish(flags) => publish::run(&flags),
        Task::Merge(flags) => merge::run(&flags),
        Task::Evaluate(flags) => evaluate::run(&flags),
        Task::Mutants(flags) => mutants::run(&flags),
        Task::Fuzz(flags) => fuzz::run(&flags),
        Task::List(flags) => list::run(&flags),
        Task::Trace(flags) => trace::run(&flags),
        Task::Repro(flags) => repro::run(&flags),
        Task::Shrink(flags) => shrink::run(&flags),
        Task::Bless(flags) => bless::run(&flags),
        Task::Calibrate(flags) => calibrate::run(&flags),
        Task::Growth(flags) => growth::run(&flags),
        Task::Doctor(flags) => doctor::run(&flags),
        Task::Report(flags) => report::run(&flags),
        Task::Schema => schema::run(),
    };
    for left in tollgate::tree::left_behind() {
        output::tell!("note: {left}; the next run tries again");
    }
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            let text = format!("{error:#}");
            // bad files bring a whole listing of errors
            let prefix = if text.starts_with("error: ") || error.is::<LoadErrors>() {
                ""
            } else {
                "error: "
            };
            output::tell!("{prefix}{text}");
            exit::Exit::of(&error).into()
        }
    }
}
