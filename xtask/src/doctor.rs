//! `cargo xtask doctor`: which interpreters there are, and what each can and cannot do here.

use std::path::PathBuf;

use anyhow::Result;
use tollgate::{
    child::Limits,
    interpreter::{Interpreter, Libpython, ProbeKind, SelectError, Skipped, select},
    layout::Layout,
    strategy,
    worker::{Runner, Spawn, Target},
};

use crate::{doctor_measures, exit::Exit, output, progress};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Only these interpreters: `3.13`, `3.1*`, or the path of an executable.
    #[arg(long, value_name = "VERSION|PATH")]
    python: Vec<String>,
    /// Measure what timing can show here, on the newest of them: half a minute, or a minute with valgrind.
    #[arg(long)]
    measure: bool,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let found = match select(&flags.python) {
        Err(SelectError::NoneUsable(skipped)) => {
            output::print_lines(&passed_over(&skipped))?;
            return Err(SelectError::NoneUsable(skipped).into());
        }
        found => found?,
    };
    let spinner = progress::spinner("building the probe and asking every interpreter");
    let told: Vec<_> = found.usable.iter().map(|interpreter| tell(&layout, interpreter)).collect();
    spinner.finish_and_clear();
    let mut lines = Vec::new();
    for (interpreter, abilities) in found.usable.iter().zip(told) {
        lines.push(format!("{:<10} {}", interpreter.label(), interpreter.path.display()));
        let about = [build(interpreter)].into_iter().chain(abilities);
        lines.extend(about.map(|line| format!("           {line}")));
    }
    lines.extend(passed_over(&found.skipped));
    if flags.measure
        && let Some(newest) = found.usable.iter().max_by_key(|it| it.version)
    {
        let spinner = progress::spinner("measuring");
        let target = Target::new(&layout, newest.clone())?;
        let baseline = strategy::read(&baseline_file(&layout))?;
        lines.extend(doctor_measures::lines(&target, &baseline)?);
        spinner.finish_and_clear();
    }
    output::print_lines(&lines)?;
    Ok(Exit::Done)
}

fn baseline_file(layout: &Layout) -> PathBuf {
    layout.strategies().join(format!("{}.py", strategy::BASELINE))
}

fn passed_over(skipped: &[Skipped]) -> Vec<String> {
    skipped.iter().map(|skipped| format!("skipped    {skipped}")).collect()
}

/// What it is: version, platform, and what of its build matters here.
fn build(interpreter: &Interpreter) -> String {
    let libpython = match interpreter.libpython {
        Libpython::Shared => "shared libpython",
        Libpython::Static => "static libpython",
    };
    let gil = match (interpreter.probe, interpreter.gil_enabled) {
        (ProbeKind::StableAbi, _) => "GIL",
        (ProbeKind::FreeThreaded, true) => "free-threaded, GIL switched on",
        (ProbeKind::FreeThreaded, false) => "free-threaded",
    };
    let mut words = vec![
        format!("{} {}", interpreter.implementation, interpreter.version),
        interpreter.platform.clone(),
        gil.to_owned(),
        libpython.to_owned(),
    ];
    words.extend(interpreter.debug.then(|| "debug build".to_owned()));
    words.extend(interpreter.build_flags.iter().cloned());
    words.join(", ")
}

/// What it can do here, tried out.
fn tell(layout: &Layout, interpreter: &Interpreter) -> Vec<String> {
    let target = match Target::new(layout, interpreter.clone()) {
        Ok(target) => target,
        Err(error) => return vec![format!("cannot run anything: {error}")],
    };
    vec![conformance(layout, &target), timing(interpreter)]
}

/// Whether a worker answers: it loads nothing but the probe and the baseline.
fn conformance(layout: &Layout, target: &Target) -> String {
    let baseline = baseline_file(layout);
    let runner = Runner::new(Spawn::new(Limits::default())).map_err(|error| error.to_string());
    let none = strategy::read(&baseline).map_err(|error| error.to_string());
    let answered = runner.and_then(|runner| Ok((runner, none?))).and_then(|(runner, none)| {
        runner.describe(target, &none).map_err(|failure| failure.to_string())
    });
    let abi = match target.interpreter.probe {
        ProbeKind::StableAbi => "the probe's build for the stable ABI",
        ProbeKind::FreeThreaded => "a build of the probe of its own",
    };
    match answered {
        Ok(_) => format!("conformance: yes, with {abi}"),
        Err(reason) => format!("conformance: no: {reason}"),
    }
}

fn timing(interpreter: &Interpreter) -> String {
    if interpreter.can_fork {
        "overhead: yes, by forking".to_owned()
    } else {
        "overhead: no: it cannot fork, and a fresh process for each sample is too noisy".to_owned()
    }
}
