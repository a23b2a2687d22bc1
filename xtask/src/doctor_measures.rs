//! What `doctor --measure` finds out about timing on this machine.

use std::time::{Duration, Instant};

use anyhow::Result;
use tollgate::{
    overhead::{self, Course, Effort, Known, Overhead, Series, WorkloadKind, series},
    strategy::Strategy,
    worker::{Settling, Target},
};

/// How long each of the two series takes.
const TIME: Duration = Duration::from_secs(12);

/// The lines to show.
pub(crate) fn lines(target: &Target, baseline: &Strategy) -> Result<Vec<String>> {
    let mut lines = vec![
        format!("measured on {}, importing 100 modules:", target.interpreter.label()),
        format!("  timer: steps of {} ns", timer()),
    ];
    let take = |settling| {
        let course = Course { time: TIME, rounds: 18, settling, seed: rand::random() };
        let arms = [Known::Planted(0.0), Known::Planted(0.0), Known::Sham];
        series(target, baseline, &arms, (WorkloadKind::COLD, course), &|| {})
    };
    let usual = take(Course::USUAL)?;
    lines.extend(faults(&usual, &take(Settling::Nothing)?));
    lines.extend(noise(&usual));
    lines.push(valgrind(target, baseline));
    Ok(lines)
}

/// The smallest step of the clock that was seen.
fn timer() -> u128 {
    let step = || {
        let begun = Instant::now();
        loop {
            let passed = begun.elapsed().as_nanos();
            if passed > 0 {
                return passed;
            }
        }
    };
    (0..1000).map(|_| step()).min().unwrap_or_default()
}

/// What a fork and a page fault cost.
fn faults(usual: &Series, naive: &Series) -> Vec<String> {
    let (Some(fast), Some(slow)) = (usual.fastest(), naive.fastest()) else { return Vec::new() };
    let nanos = |nanos: u64| Duration::from_nanos(nanos).as_secs_f64() * 1e9;
    let more = naive.faults() - usual.faults();
    let fault = (nanos(slow) - nanos(fast)) / more.max(1.0);
    let around = usual.each() - nanos(fast);
    vec![
        format!(
            "  page faults: {:.0} in a naive sample, {:.0} in ours; {fault:.0} ns each, {:.0} % of a naive sample",
            naive.faults(),
            usual.faults(),
            100.0 * (nanos(slow) - nanos(fast)) / nanos(slow)
        ),
        format!("  fork and set-up: {:.1} times what is timed", around / nanos(fast)),
    ]
}

/// What none shows against itself, and what a run could see.
fn noise(usual: &Series) -> Vec<String> {
    let mut lines = Vec::new();
    for (arm, name) in [(1, "none again"), (2, "the sham")] {
        if let Some(whole) = usual.whole(0, arm) {
            let half = 50.0 * (whole.high - whole.low);
            lines.push(format!("  {name}: {:+.2} ±{half:.2} %", 100.0 * (whole.ratio - 1.0)));
        }
    }
    let could = |seconds: u64| {
        let effect = usual.detectable_in(1, Duration::from_secs(seconds))?;
        Some(format!("{:.1} % in {seconds} s", 100.0 * effect))
    };
    let told: Vec<_> = [30, 60, 300].into_iter().filter_map(could).collect();
    lines.push(format!("  two arms could show effects of {} (80 % power)", told.join(", ")));
    lines
}

/// Whether counts are the same each time.
fn valgrind(target: &Target, baseline: &Strategy) -> String {
    let version = match overhead::valgrind() {
        Ok(version) => version,
        Err(reason) => return format!("  instructions: skipped: {reason}"),
    };
    let asked = Overhead { baseline, strategies: Vec::new(), effort: Effort::FULL, seed: 1 };
    let counted = overhead::count(&asked, target, WorkloadKind::COLD, &|| {});
    match counted.as_deref() {
        Ok([(_, counted), ..]) => {
            let [made, differ] = counted.repeats;
            format!(
                "  instructions: {version}; of {made} repeated counts {differ} came out differently"
            )
        }
        Ok([]) => format!("  instructions: {version} counted nothing"),
        Err(error) => format!("  instructions: {version}, and no count: {error}"),
    }
}
