//! Strategies of the user's own, tried before a run.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;
use tollgate::{
    layout::Layout,
    matrix::Matrix,
    strategy::Strategy,
    text,
    worker::{Problem, Runner, Target},
};

use crate::exit::UsageError;

/// Has each strategy of the user's own checked and installed once on every interpreter: a file that is
/// broken breaks all its cells. The error tells of everything that is wrong, each with its line.
pub(crate) fn try_out(layout: &Layout, matrix: &Matrix, runner: &Runner) -> Result<()> {
    let folder = layout.strategies();
    let own = matrix.strategies.iter().filter(|own| own.path.parent() != Some(&folder));
    let problems: Vec<_> = own.flat_map(|own| problems(runner, own, &matrix.targets)).collect();
    if problems.is_empty() {
        return Ok(());
    }
    let guide =
        "help: harness/strategies/WRITING.md says what a strategy has to be; nothing was run";
    Err(UsageError(format!("{}\n{guide}", problems.join("\n"))).into())
}

/// What is wrong with one, in a line each.
fn problems(runner: &Runner, strategy: &Strategy, targets: &[Target]) -> Vec<String> {
    let mut found: BTreeMap<Problem, Vec<String>> = BTreeMap::new();
    for target in targets {
        let problems = runner.try_out(target, strategy).err().unwrap_or_default();
        // one that hangs would hang on the others as long
        let hangs = problems.iter().any(|problem| problem.is_deadline);
        for problem in problems {
            found.entry(problem).or_default().push(target.interpreter.label());
        }
        if hangs {
            break;
        }
    }
    found.iter().map(|(problem, on)| told(&strategy.path, problem, on)).collect()
}

fn told(path: &Path, problem: &Problem, on: &[String]) -> String {
    let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
    let (file, message) = (path.to_string_lossy(), text::phrase(&problem.message));
    format!("error: --strategy {}{line}: on {}, {message}", text::phrase(&file), on.join(", "))
}
