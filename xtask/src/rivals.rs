//! The same comparison by tools that people use, in the same time, where they are installed.

use std::{
    ffi::OsString,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde_json::Value;
use tollgate::{
    child,
    measure::Looking,
    overhead::{Effort, Overhead, WorkloadKind, measure, write_program},
    strategy::Strategy,
    worker::Target,
};

/// Compares the cold import of 100 modules with a finder and without: by us, by hyperfine, by pyperf.
pub(crate) fn compare(
    target: &Target,
    baseline: &Strategy,
    strategy: &Strategy,
    (time, seed): (Duration, u64),
) -> Result<String> {
    let (name, seconds) = (&strategy.name, time.as_secs());
    let mut lines = vec![format!("The same comparison ({name} and none), {seconds} s each:")];
    let effort = Effort {
        launches: usize::MAX,
        budget: Some(time),
        looking: Looking::Once,
        confirms: false,
        ..Effort::FULL
    };
    let overhead = Overhead { baseline, strategies: vec![strategy], effort, seed };
    let begun = Instant::now();
    let costs = measure(&overhead, target, WorkloadKind::COLD, &|| {})?;
    let taken = begun.elapsed().as_secs_f64();
    if let Some(estimate) = costs.last().and_then(|cost| cost.estimate) {
        lines.push(line(
            "Tollgate, five arms",
            estimate.ratio,
            estimate.high - estimate.low,
            taken,
        ));
    }
    let folder = tempfile::tempdir()?;
    let programs = write_program(folder.path(), [baseline, strategy])?;
    let python = target.interpreter.path.as_os_str().to_owned();
    let commands = programs
        .map(|program| [python.clone(), "-I".into(), "-S".into(), program.into_os_string()]);
    for (name, tool) in [("hyperfine", hyperfine as Tool), ("pyperf", pyperf as Tool)] {
        let begun = Instant::now();
        lines.push(match tool(&commands, folder.path(), time) {
            Ok([one, other]) => {
                let (ratio, width) = ratio(&one, &other);
                line(
                    &format!("{name}, whole processes"),
                    ratio,
                    width,
                    begun.elapsed().as_secs_f64(),
                )
            }
            Err(reason) => format!("  skipped: {name}: {reason:#}"),
        });
    }
    Ok(lines.join("\n") + "\n")
}

/// A count as a number to reckon with.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn line(name: &str, ratio: f64, width: f64, seconds: f64) -> String {
    format!("  {name}: {:+.2} ±{:.2} % in {seconds:.0} s", 100.0 * (ratio - 1.0), 50.0 * width)
}

type Command = [OsString; 4];
type Tool = fn(&[Command; 2], &Path, Duration) -> Result<[Vec<f64>; 2]>;

/// The ratio of means, and the width of its 95 % interval as these tools' own errors give it.
fn ratio(one: &[f64], other: &[f64]) -> (f64, f64) {
    let of = |samples: &[f64]| {
        let count = number(samples.len());
        let mean = samples.iter().sum::<f64>() / count;
        let spread = samples.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, spread / count / (mean * mean))
    };
    let ((first, first_error), (second, second_error)) = (of(one), of(other));
    let ratio = second / first;
    (ratio, 2.0 * 1.96 * ratio * (first_error + second_error).sqrt())
}

fn run(arguments: &[OsString], folder: &Path) -> Result<String> {
    let (program, rest) = arguments.split_first().context("a command is not empty")?;
    let ended = child::run_tool(Path::new(program), rest, folder, &[])?;
    if !ended.ending.is_success() {
        anyhow::bail!("{}: {}", ended.ending, ended.error_tail(3));
    }
    Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
}

fn json(path: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// How many runs of a command fit into half of the time.
fn runs(command: &Command, folder: &Path, time: Duration) -> Result<u32> {
    let begun = Instant::now();
    for _ in 0..5 {
        run(command, folder)?;
    }
    let each = begun.elapsed().as_secs_f64() / 5.0;
    let fitting = Duration::from_secs_f64(time.as_secs_f64() / 2.0 / each).as_secs();
    Ok(u32::try_from(fitting).unwrap_or(u32::MAX).max(20))
}

fn hyperfine(commands: &[Command; 2], folder: &Path, time: Duration) -> Result<[Vec<f64>; 2]> {
    run(&["hyperfine".into(), "--version".into()], folder).context("not installed")?;
    let file = folder.join("hyperfine.json");
    let runs = runs(&commands[0], folder, time)?.to_string();
    let line = |command: &Command| -> OsString {
        let words: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ").into()
    };
    let mut arguments: Vec<OsString> =
        ["hyperfine", "-N", "--warmup", "3", "--runs", &runs, "--export-json"]
            .map(Into::into)
            .into();
    arguments.push(file.clone().into());
    arguments.extend(commands.iter().map(line));
    run(&arguments, folder)?;
    let results = json(&file)?;
    Ok([0, 1].map(|index| numbers(&results["results"][index]["times"])))
}

fn pyperf(commands: &[Command; 2], folder: &Path, time: Duration) -> Result<[Vec<f64>; 2]> {
    let python = std::env::var_os("TOLLGATE_PYPERF").unwrap_or_else(|| "python3".into());
    run(&[python.clone(), "-m".into(), "pyperf".into(), "--help".into()], folder)
        .context("not installed for `python3`, nor for the interpreter in TOLLGATE_PYPERF")?;
    // three values and a warm-up in each of its processes
    let processes = (runs(&commands[0], folder, time)? / 4).max(2).to_string();
    let sample = |index: usize| -> Result<Vec<f64>> {
        let file = folder.join(format!("pyperf-{index}.json"));
        let options = ["-m", "pyperf", "command", "--processes", &processes, "--loops", "1", "-o"];
        let mut arguments = vec![python.clone()];
        arguments.extend(options.map(Into::into));
        arguments.extend([file.clone().into(), "--".into()]);
        arguments.extend(commands[index].iter().cloned());
        run(&arguments, folder)?;
        let results = json(&file)?;
        let runs = results["benchmarks"][0]["runs"].as_array().cloned().unwrap_or_default();
        Ok(runs.iter().flat_map(|run| numbers(&run["values"])).collect())
    };
    Ok([sample(0)?, sample(1)?])
}
