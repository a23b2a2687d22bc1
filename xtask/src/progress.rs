//! Progress of long work, on standard error and only where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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
