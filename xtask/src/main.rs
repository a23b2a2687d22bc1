//! Tollgate's command line: `cargo xtask <task>`.
//!
//! One file a task; each reads its flags and calls the library, which decides.

mod bench;
mod bless;
mod built;
mod check;
mod compose;
mod doctor;
mod evaluate;
mod exit;
mod fuzz;
mod gate;
mod interrupt;
mod isolation;
mod list;
mod mutants;
mod output;
mod progress;
mod report;
mod run;
mod schema;
mod selection;
mod session;
mod timed;
mod trace;
mod trial;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tollgate::scenario::LoadErrors;

/// Conformance and benchmark harness for Python import events.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = exit::TABLE)]
struct Flags {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every scenario under every strategy, time the strategies, and report.
    Bench(bench::Flags),
    /// Run every scenario under every strategy, without timing.
    Check(check::Flags),
    /// Hold candidates for gh-149466 against their contracts.
    Evaluate(evaluate::Flags),
    /// See whether the scenarios find out every proposal that is broken on purpose.
    Mutants(mutants::Flags),
    /// Compare the model with the interpreters on random programs.
    Fuzz(fuzz::Flags),
    /// List scenarios, strategies or interpreters.
    List(list::Flags),
    /// Show what happens in one scenario beside what one strategy reports.
    Trace(trace::Flags),
    /// Write the traces of scenarios from what all witnesses agree on, and show what changes.
    Bless(bless::Flags),
    /// Say which interpreters there are and what each can and cannot do here.
    Doctor(doctor::Flags),
    /// Write what a run recorded as a page, Markdown, JSON, `JUnit`, pyperf's JSON or a trace.
    Report(report::Flags),
    /// Write the JSON Schemas of scenario files and of reports.
    Schema,
}

fn main() -> ExitCode {
    let result = match Flags::parse().task {
        Task::Bench(flags) => bench::run(&flags),
        Task::Check(flags) => check::run(&flags),
        Task::Evaluate(flags) => evaluate::run(&flags),
        Task::Mutants(flags) => mutants::run(&flags),
        Task::Fuzz(flags) => fuzz::run(&flags),
        Task::List(flags) => list::run(&flags),
        Task::Trace(flags) => trace::run(&flags),
        Task::Bless(flags) => bless::run(&flags),
        Task::Doctor(flags) => doctor::run(&flags),
        Task::Report(flags) => report::run(&flags),
        Task::Schema => schema::run(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            // bad scenario files bring a whole listing of errors
            let prefix = if error.is::<LoadErrors>() { "" } else { "error: " };
            eprintln!("{prefix}{error:#}");
            exit::Exit::of(&error).into()
        }
    }
}
