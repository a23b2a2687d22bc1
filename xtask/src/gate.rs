//! What strategies are expected to get wrong, and what a run does about it.

use std::path::Path;

use anyhow::Result;
use tollgate::{
    expected::{Check, Expectations},
    layout::Layout,
    record::FoundRun,
    strategy::Strategy,
};

use crate::{
    exit::UsageError,
    selection::{Selection, is_file},
};

/// The expectations that a run's findings are held against.
pub(crate) struct Gate {
    expectations: Expectations,
    is_whole: bool,
}

impl Gate {
    /// What is expected of `strategies`. In scenarios of the user's own nobody knows what ours get wrong, so only the
    /// user's own are held against what is expected of them. A shard of a run has not all the cells in which a
    /// pattern may hold.
    pub(crate) fn of(
        selection: &Selection,
        is_undivided: bool,
        strategies: &[Strategy],
    ) -> Result<Self> {
        let (is_ours, is_whole) = selection.is_ours_and_whole();
        let is_whole = is_whole && is_undivided;
        let ours = Layout::of_this_checkout().strategies();
        let is_held =
            |strategy: &&Strategy| is_ours || strategy.path.parent() != Some(ours.as_path());
        let strategies = strategies.iter().filter(is_held);
        let expectations = Expectations::read(strategies);
        let expectations = expectations.map_err(|error| UsageError(error.to_string()))?;
        Ok(Self { expectations, is_whole })
    }

    /// What is expected of the strategies of an earlier run. Where one of their files is gone, nobody can say what is
    /// expected of it.
    pub(crate) fn of_run(layout: &Layout, run: &FoundRun) -> Result<Self> {
        let plan = run.plan()?;
        let is_undivided = plan.asked.shard.is_none();
        let mut asked = plan.asked;
        asked.strategy.retain(|request| !is_file(request) || Path::new(request).exists());
        let selection = Selection::from(asked);
        Self::of(&selection, is_undivided, &selection.strategies(layout)?)
    }

    /// The entries themselves.
    pub(crate) fn expectations(&self) -> &Expectations {
        &self.expectations
    }

    /// A check that has not seen any record yet.
    pub(crate) fn check(&self) -> Check<'_> {
        Check::new(&self.expectations, self.is_whole)
    }
}
