//! Progress of long work, on standard error and only where that is a terminal.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};
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
    bar_after(work, steps, 0)
}

/// The same, of which some steps were `done` in an earlier run.
pub(crate) fn bar_after(work: &'static str, steps: usize, done: usize) -> ProgressBar {
    let (begun, done) = (Instant::now(), done as u64);
    let left = move |state: &ProgressState, text: &mut dyn Write| {
        let took = begun.elapsed();
        let work = Work { done: state.pos().saturating_sub(done), left: steps_left(state) };
        let left = work.time_left(took).map(|left| format!("{:#}", HumanDuration(left)));
        let _ = text.write_str(left.as_deref().unwrap_or("?"));
    };
    let bar = ProgressBar::new(steps.try_into().unwrap_or(u64::MAX));
    let bar = bar.with_style(style("{msg} [{wide_bar}] {pos}/{len} {elapsed} ({left} left)", left));
    bar.set_message(work);
    bar.set_position(done);
    bar
}

fn style(
    template: &str,
    left: impl Fn(&ProgressState, &mut dyn Write) + Clone + Send + Sync + 'static,
) -> ProgressStyle {
    let style = ProgressStyle::with_template(template);
    style.expect("the template is a constant that was tried out").with_key("left", left)
}

fn steps_left(state: &ProgressState) -> u64 {
    state.len().unwrap_or_default().saturating_sub(state.pos())
}

/// Steps of one run: what it did in an earlier one says nothing of how fast this one is.
struct Work {
    done: u64,
    left: u64,
}

impl Work {
    /// How long what is left takes if it goes on as it went; nothing before a step is done.
    fn time_left(&self, took: Duration) -> Option<Duration> {
        let done = u128::from(self.done);
        let milliseconds = took.as_millis().checked_mul(self.left.into())?.checked_div(done)?;
        milliseconds.try_into().ok().map(Duration::from_millis)
    }
}

/// A bar for timing: of launches, or where a time is given, of that.
pub(crate) struct Timing {
    bar: ProgressBar,
    begun: Instant,
    has_bound: bool,
}

/// A bar for so many launches at most, or for the time after which they end.
pub(crate) fn timing(launches: usize, bound: Option<Duration>) -> Timing {
    let begun = Instant::now();
    let bar = match bound {
        None => bar("costs", launches),
        Some(bound) => {
            let left = |state: &ProgressState, text: &mut dyn Write| {
                let left = Duration::from_secs(steps_left(state));
                let _ = write!(text, "at most {:#}", HumanDuration(left));
            };
            let bar = ProgressBar::new(bound.as_secs());
            bar.set_message("costs");
            bar.with_style(style("{msg} [{wide_bar}] {elapsed} ({left} left)", left))
        }
    };
    Timing { bar, begun, has_bound: bound.is_some() }
}

impl Timing {
    /// A parent was launched.
    pub(crate) fn launched(&self) {
        if self.has_bound {
            self.bar.set_position(self.begun.elapsed().as_secs());
        } else {
            self.bar.inc(1);
        }
    }

    /// A workload was timed, in fewer launches than it might have taken.
    pub(crate) fn workload_is_done(&self, launches: usize) {
        if !self.has_bound {
            self.bar.set_position(launches as u64);
        }
    }

    /// The bar itself, to write beside it.
    pub(crate) fn shown(&self) -> &ProgressBar {
        &self.bar
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A spinner for `work` of unknown length.
pub(crate) fn spinner(work: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(work);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// How fast findings came: a truth takes three children, a cell one.
pub(crate) fn tell_rate(findings: usize, interpreters: usize, took: Duration) {
    if findings > 0 {
        let on = match interpreters {
            1 => "one interpreter".to_owned(),
            many => format!("{many} interpreters"),
        };
        let milliseconds = took.as_millis().max(1);
        let rate = findings as u128 * 1000 / milliseconds;
        let seconds = took.as_secs_f64();
        crate::output::tell!(
            "conformance: {findings} findings on {on} in {seconds:.1} s, {rate} a second"
        );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_takes_as_long_as_what_was_done_in_this_run() {
        let seconds = Duration::from_secs;
        for (done, left, took, expected) in [
            (0, 10, 5, None),
            (10, 30, 5, Some(15)),
            (100, 0, 5, Some(0)),
            // a stall is no reason to expect more of them
            (1, 99, 3600, Some(99 * 3600)),
            (1, u64::MAX, u64::MAX, None),
        ] {
            let work = Work { done, left };
            assert_eq!(work.time_left(seconds(took)), expected.map(seconds), "{done} of {left}");
        }
    }
}
