//! Progress of long work, on standard error and only where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tollgate::{
    composition::{self, Judged, Removal},
    matrix::{Finding, Ledger},
    record::Book,
    scenario::Scenario,
    strategy::Strategy,
    worker::Target,
};

/// A bar for `steps` steps of `work`.
pub(crate) fn bar(work: &'static str, steps: usize) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} [{wide_bar}] {pos}/{len} {elapsed} (eta {eta})")
            .expect("the template is a constant that was tried out");
    let bar = ProgressBar::new(steps.try_into().unwrap_or(u64::MAX)).with_style(style);
    bar.set_message(work);
    bar
}

/// A spinner for `work` of unknown length.
pub(crate) fn spinner(work: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(work);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// How fast findings came: a truth takes three children, a cell one.
pub(crate) fn tell_rate(findings: usize, took: Duration) {
    if findings > 0 {
        let milliseconds = took.as_millis().max(1);
        let rate = findings as u128 * 1000 / milliseconds;
        let seconds = took.as_secs_f64();
        crate::output::tell!("conformance: {findings} findings in {seconds:.1} s, {rate} a second");
    }
}

/// A book with a progress bar beside it.
pub(crate) struct Shown<'a> {
    /// The book.
    pub(crate) book: &'a Book,
    /// The bar.
    pub(crate) bar: &'a ProgressBar,
}

impl composition::Ledger for Shown<'_> {
    fn has(&self, target: &Target, scenario: &Scenario, company: &str, removal: Removal) -> bool {
        composition::Ledger::has(self.book, target, scenario, company, removal)
    }

    fn keep(&self, target: &Target, scenario: &Scenario, judged: &Judged) {
        composition::Ledger::keep(self.book, target, scenario, judged);
        self.bar.inc(1);
    }
}

impl Ledger for Shown<'_> {
    fn has_truth(&self, target: &Target, scenario: &Scenario) -> bool {
        self.book.has_truth(target, scenario)
    }

    fn has_cell(&self, target: &Target, scenario: &Scenario, strategy: &Strategy) -> bool {
        self.book.has_cell(target, scenario, strategy)
    }

    fn is_due(&self, target: &Target, scenario: &Scenario, strategy: &Strategy) -> bool {
        self.book.is_due(target, scenario, strategy)
    }

    fn give_up(&self, target: &Target, strategy: &Strategy) {
        let (name, label) = (&strategy.name, target.interpreter.label());
        self.bar.suspend(|| {
            crate::output::tell!(
                "note: {name} has missed its deadline three times on {label} and is not asked there any \
                 more; its other cells there are inconclusive"
            );
        });
    }

    fn keep(&self, finding: Finding<'_>) {
        self.book.keep(finding);
        self.bar.inc(1);
    }

    fn is_closed(&self) -> bool {
        self.book.is_closed()
    }
}
