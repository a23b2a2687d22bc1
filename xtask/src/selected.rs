//! What was selected, read and made ready to run.

use std::collections::BTreeSet;

use anyhow::Result;
use tollgate::{
    interpreter::Found, layout::Layout, matrix::Matrix, record::CellKey, strategy, worker::Target,
};

use crate::{
    progress,
    selection::{Pythons, Selection, baseline},
};

/// Everything that was selected.
pub(crate) fn matrix(layout: &Layout, selection: &Selection) -> Result<Matrix> {
    let scenarios = selection.scenarios(layout)?;
    let strategies = selection.strategies(layout)?;
    let targets = targets(layout, selection.interpreters()?)?;
    let baseline = baseline(&strategies)?;
    let recorder = strategy::read(&layout.recorder())?;
    let testimony = strategy::read(&layout.testimony())?;
    let requests = strategy::read(&layout.requests())?.behind(&recorder);
    Ok(Matrix { targets, strategies, baseline, recorder, testimony, requests, scenarios })
}

/// What of a matrix these cells are in; all of it without a cell.
pub(crate) fn among(mut matrix: Matrix, cells: &BTreeSet<CellKey>) -> Matrix {
    if !cells.is_empty() {
        let is_in =
            |part: fn(&CellKey) -> &String, name: &str| cells.iter().any(|it| part(it) == name);
        matrix.targets.retain(|it| is_in(|cell| &cell.interpreter, &it.interpreter.label()));
        matrix.strategies.retain(|it| is_in(|cell| &cell.strategy, it.name.as_str()));
        matrix.scenarios.retain(|it| is_in(|cell| &cell.scenario, it.name.as_str()));
    }
    matrix
}

/// The newest of the interpreters that were asked for.
pub(crate) fn newest(layout: &Layout, pythons: &Pythons) -> Result<Target> {
    let mut targets = targets(layout, pythons.clone().newest().find()?)?;
    Ok(targets.pop().expect("the selection found one at least"))
}

/// The usable interpreters with their probes. What is passed over is said on standard error.
pub(crate) fn targets(layout: &Layout, found: Found) -> Result<Vec<Target>> {
    for skipped in found.worth_telling() {
        crate::output::tell!("skipped: {skipped}");
    }
    let spinner = progress::spinner("building the probe");
    let ready = |interpreter| Target::new(layout, interpreter);
    let targets = found.usable.into_iter().map(ready).collect::<Result<_, _>>();
    spinner.finish_and_clear();
    Ok(targets?)
}
