//! Which strategies a run times.

use tollgate::{
    matrix::Matrix,
    record::Timing,
    strategy::{Strategy, TIMED},
    worker::{Runner, Target},
};

/// The strategies that are timed on one interpreter.
pub(crate) struct Timed {
    /// The interpreter.
    pub(crate) target: Target,
    /// The baseline, which is the A/A arm, and others.
    pub(crate) strategies: Vec<Strategy>,
}

/// What is timed: where none was asked for by name, the usual ones; never what needs a process that
/// is started for it, because arms share their parent. A quick run has time for the oldest interpreter
/// and the newest.
pub(crate) fn timed(
    matrix: &Matrix,
    runner: &Runner,
    timing: Timing,
    is_named: bool,
) -> Vec<Timed> {
    if matches!(timing, Timing::None | Timing::Copies) {
        return Vec::new();
    }
    let is_wanted = |strategy: &&Strategy| {
        is_named || strategy.is_baseline() || TIMED.contains(&strategy.name.as_str())
    };
    let on = |target: &Target| {
        // one that cannot even describe itself is told of by its cells
        let fits = |strategy: &&Strategy| {
            runner.describe(target, strategy).is_ok_and(|it| it.fits_any_process())
        };
        let strategies = matrix.strategies.iter().filter(is_wanted).filter(fits).cloned();
        Timed { target: target.clone(), strategies: strategies.collect() }
    };
    match &matrix.targets[..] {
        [oldest, _, .., newest] if timing == Timing::Quick => [oldest, newest].map(on).into(),
        targets => targets.iter().map(on).collect(),
    }
}
