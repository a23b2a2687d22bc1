//! Strategies of the user's own, tried before a run.

use anyhow::Result;
use tollgate::{layout::Layout, matrix::Matrix, worker::Runner};

use crate::exit::UsageError;

/// Installs strategies of the user's own once: a file that is broken breaks all its cells.
pub(crate) fn try_out(layout: &Layout, matrix: &Matrix, runner: &Runner) -> Result<()> {
    let folder = layout.strategies();
    let own = matrix.strategies.iter().filter(|own| own.path.parent() != Some(&folder));
    for strategy in own {
        for target in &matrix.targets {
            runner.try_out(target, strategy).map_err(|failure| {
                let (file, label) = (strategy.path.display(), target.interpreter.label());
                let guide = "harness/strategies/WRITING.md says what a strategy has to be";
                UsageError(format!("--strategy {file}: on {label}, {failure}\nhelp: {guide}"))
            })?;
        }
    }
    Ok(())
}
