//! Where findings go.

use super::Finding;
use crate::{scenario::Scenario, strategy::Strategy, worker::Target};

/// Where findings are kept, and what decides how much is run.
pub trait Ledger: Sync {
    /// Whether the truth of this scenario is kept already.
    fn has_truth(&self, target: &Target, scenario: &Scenario) -> bool;

    /// Whether this cell is kept already.
    fn has_cell(&self, target: &Target, scenario: &Scenario, strategy: &Strategy) -> bool;

    /// Whether this cell is part of this run at all: shards of a run leave cells to each other.
    fn is_due(&self, _: &Target, _: &Scenario, _: &Strategy) -> bool {
        true
    }

    /// Keeps a finding, before its cell is followed by another on the same core.
    fn keep(&self, finding: Finding<'_>);

    /// Is told once that a strategy has missed so many deadlines on an interpreter that it is not asked
    /// there any more. Its other cells are kept as inconclusive.
    fn give_up(&self, _: &Target, _: &Strategy) {}

    /// Whether the run has to end. It is asked before and after each cell.
    fn is_closed(&self) -> bool;
}

/// A ledger that has nothing and is never closed.
pub(super) struct Everything<'a>(pub(super) &'a (dyn Fn(Finding<'_>) + Sync));

impl Ledger for Everything<'_> {
    fn has_truth(&self, _: &Target, _: &Scenario) -> bool {
        false
    }

    fn has_cell(&self, _: &Target, _: &Scenario, _: &Strategy) -> bool {
        false
    }

    fn keep(&self, finding: Finding<'_>) {
        self.0(finding);
    }

    fn is_closed(&self) -> bool {
        false
    }
}
