//! Timing whole processes: interpreters that start, install a strategy, and end.

use std::{
    ffi::OsString,
    path::Path,
    time::{Duration, Instant},
};

use super::{
    Arm, Failure, Launch, Measured, Plan, Sample, Spawn, Target, compile::compile, start::ISOLATED,
};
use crate::child::{self, Answer, Ended};

/// Follows the strategy's file.
const START_UP: &str = include_str!("../../worker/start_up.py");
/// Runs the code that comes over standard input. Both modules are there from the start.
const LOADER: &str = "import sys, marshal; exec(marshal.loads(sys.stdin.buffer.read()))";

/// Starts a process for each entry of the plan's order, one after the other.
///
/// A sample's time is from before the start of its process until after its end, as we see it. Page
/// faults and switches are not told.
pub fn launch_processes(
    start: &Spawn,
    target: &Target,
    folder: &Path,
    plan: &Plan<'_>,
) -> Result<Launch, Failure> {
    let sources: Vec<_> = plan.arms.iter().map(source).collect();
    let sources: Vec<_> = sources.iter().map(String::as_str).collect();
    let mut programs = Vec::new();
    for code in compile(start, target, &sources)? {
        let message = || Failure::Strategy("it cannot be compiled without a warning".to_owned());
        programs.push(program(start, target, folder, code.ok_or_else(message)?));
    }
    let mut launch = Launch::default();
    // what the baseline takes in this launch, of which planted costs are a part
    let mut usual = Duration::MAX;
    for (place, arm) in plan.order.iter().copied().enumerate() {
        let planted = plan.arms[arm].planted;
        let spin = if planted > 0.0 { usual.mul_f64(planted) } else { Duration::ZERO };
        let spin = spin.as_nanos().try_into().unwrap_or(u64::MAX);
        let mut program = programs[arm].clone();
        // of one length, because it lies on the stack
        program.arguments.push(format!("{spin:020}").into());
        let begun = Instant::now();
        let ended = child::run(&program, &start.limits)?;
        let took = begun.elapsed();
        if place < plan.warm_up {
            usual = usual.min(took);
        }
        let nanos = took.as_nanos().try_into().unwrap_or(u64::MAX);
        let measured = digest(&ended).map(|digest| Measured {
            laps: vec![nanos],
            digest,
            ..Measured::default()
        });
        if measured.is_none() {
            launch.complaint.get_or_insert_with(|| complaint(&ended));
        }
        launch.samples.push(Sample { arm, child: 0, measured });
    }
    Ok(launch)
}

fn source(arm: &Arm<'_>) -> String {
    format!("{}\n\n{START_UP}", arm.strategy.source)
}

fn program(start: &Spawn, target: &Target, folder: &Path, code: Vec<u8>) -> child::Program {
    let mut environment = child::inherited_environment(folder);
    let mut options = ISOLATED;
    start.extend(&mut environment, &mut options);
    let options = options.into_iter().chain(["-c", LOADER]).map(OsString::from);
    child::Program {
        executable: target.interpreter.path.clone(),
        arguments: options.chain([target.probe.clone().into_os_string()]).collect(),
        environment,
        directory: folder.to_owned(),
        input: code,
        answer: Answer::None,
        descriptors: Vec::new(),
    }
}

/// What a process says that did all it should.
fn digest(ended: &Ended) -> Option<u64> {
    let text = std::str::from_utf8(&ended.stdout).ok()?;
    if ended.ending.is_success() { text.parse().ok() } else { None }
}

fn complaint(ended: &Ended) -> String {
    let text = String::from_utf8_lossy(&ended.stderr);
    let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    format!("{}: {last}", ended.ending)
}
