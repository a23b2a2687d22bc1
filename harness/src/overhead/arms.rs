//! The arms of a run: what is compared with what, and the controls.

use super::Overhead;
use crate::{
    measure::Control,
    strategy::{Strategy, StrategyName},
    worker::Arm,
};

/// The baseline's place.
pub(super) const BASELINE: usize = 0;

/// The sham: see `harness/controls/sham.py`.
const SHAM: &str = include_str!("../../controls/sham.py");

/// One arm, and what it is for.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) strategy: Strategy,
    pub(super) planted: f64,
    /// Nothing for the strategies that are asked about.
    pub(super) control: Option<Control>,
    pub(super) name: StrategyName,
}

impl Entry {
    fn of(strategy: &Strategy, control: Option<Control>) -> Self {
        let name = strategy.name.clone();
        Self { strategy: strategy.clone(), planted: 0.0, control, name }
    }

    /// The baseline with a cost of known size, under a name that says so.
    pub(super) fn planted(baseline: &Strategy, size: f64) -> Self {
        let name = format!("none +{} %", 100.0 * size);
        let name = baseline.derived(name, String::new()).name;
        let planted = Self::of(baseline, Some(Control::Planted));
        Self { planted: size, name, ..planted }
    }

    /// The ratio that was planted, if any was.
    pub(super) fn known(&self) -> Option<f64> {
        (self.planted > 0.0).then_some(1.0 + self.planted)
    }

    pub(super) fn arm(&self) -> Arm<'_> {
        Arm { strategy: &self.strategy, planted: self.planted }
    }
}

/// A hook that is built and not installed.
pub(super) fn sham(baseline: &Strategy) -> Entry {
    let sham = baseline.derived("none, sham".to_owned(), SHAM.to_owned());
    Entry::of(&sham, Some(Control::Sham))
}

/// The baseline, the controls, and the strategies. What the sham does more than the baseline it does before the clock
/// starts; where setting up is what the clock is about, it would be no control, and is left out.
pub(super) fn entries(overhead: &Overhead<'_>, has_sham: bool) -> Vec<Entry> {
    let baseline = overhead.baseline;
    let strategies = overhead.strategies.iter().filter(|strategy| !strategy.is_baseline());
    let mut entries = vec![
        Entry::of(baseline, None),
        Entry::of(baseline, Some(Control::Again)),
        Entry::planted(baseline, overhead.effort.planted),
    ];
    if has_sham {
        entries.insert(2, sham(baseline));
    }
    entries.extend(strategies.map(|strategy| Entry::of(strategy, None)));
    entries
}
