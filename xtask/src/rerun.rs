//! Which cells of an earlier run are run again: `check --rerun`.

use std::{collections::BTreeSet, path::Path};

use anyhow::Result;
use tollgate::{
    expected::FOOTPRINT,
    layout::Layout,
    record::{self, CellKey, EarlierRun},
};

use crate::{exit::NothingSelected, gate::Gate, selection::Selection};

/// Which cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Which {
    /// Those that diverged in what no entry expects.
    Diverged,
}

/// What a run is about, where it may be part of an earlier one.
pub(crate) struct Again {
    pub(crate) selection: Selection,
    /// These cells alone; all if there is none.
    pub(crate) cells: BTreeSet<CellKey>,
}

impl Again {
    /// All that is selected.
    pub(crate) fn all(selection: &Selection) -> Self {
        Self { selection: selection.clone(), cells: BTreeSet::new() }
    }

    /// The cells of the run that `request` means which diverged in what nobody expects.
    /// It is looked for in `out`, where runs go, and then where they go usually.
    pub(crate) fn diverged(request: &str, out: Option<&Path>) -> Result<Self> {
        let layout = Layout::of_this_checkout();
        let elsewhere = layout.clone().with_out(out.map(Path::to_owned));
        let run = EarlierRun::find(&elsewhere, request)
            .or_else(|_| EarlierRun::find(&layout, request))?;
        let selection = Selection::from(run.plan().asked.clone());
        let gate = Gate::of(&selection, false, &selection.strategies(&layout)?)?;
        let mut check = gate.check();
        for record in record::read(&run.records())? {
            check.add(&record?);
        }
        let new = check.finish().new.into_iter().filter(|it| it.scenario != FOOTPRINT);
        let cells: BTreeSet<_> = new
            .map(|it| CellKey {
                interpreter: it.interpreter,
                strategy: it.strategy,
                scenario: it.scenario,
            })
            .collect();
        if cells.is_empty() {
            let message = format!("run {}: no cell diverged in what nobody expects", run.id());
            return Err(NothingSelected(message).into());
        }
        let plural = if cells.len() == 1 { "" } else { "s" };
        crate::output::tell!("{} cell{plural} of run {} again", cells.len(), run.id());
        Ok(Self { selection, cells })
    }
}
