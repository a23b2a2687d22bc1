//! Which strategies a run times.

use anyhow::{Context, Result};
use tollgate::{
    interpreter,
    matrix::Matrix,
    record::Timing,
    strategy::{Strategy, TIMED},
    worker::{Runner, Target},
};

use crate::exit::NothingSelected;

/// The strategies that are timed on one interpreter.
pub(crate) struct Timed {
    /// The interpreter.
    pub(crate) target: Target,
    /// The baseline, which is the A/A arm, and others.
    pub(crate) strategies: Vec<Strategy>,
}

/// What is timed: where none was asked for by name, the usual ones, and in a brief run all; never what needs a
/// process that is started for it, because arms share their parent. It is timed on the interpreters that `time_on`
/// asks for; without that on all in a full run, and on the newest in any other.
pub(crate) fn timed(
    matrix: &Matrix,
    runner: &Runner,
    (timing, time_on): (Timing, &[String]),
    is_named: bool,
) -> Result<Vec<Timed>> {
    if matches!(timing, Timing::None | Timing::Copies) {
        return Ok(Vec::new());
    }
    let is_wanted = |strategy: &&Strategy| {
        let is_brief = timing == Timing::Brief;
        is_named || is_brief || strategy.is_baseline() || TIMED.contains(&strategy.name.as_str())
    };
    let on = |target: &Target| {
        // one that cannot even describe itself is told of by its cells
        let fits = |strategy: &&Strategy| {
            runner.describe(target, strategy).is_ok_and(|it| it.fits_any_process())
        };
        let strategies = matrix.strategies.iter().filter(is_wanted).filter(fits).cloned();
        Timed { target: target.clone(), strategies: strategies.collect() }
    };
    if !time_on.is_empty() {
        return Ok(chosen(&matrix.targets, time_on)?.map(on).collect());
    }
    Ok(match &matrix.targets[..] {
        [.., newest] if timing != Timing::Full => vec![on(newest)],
        targets => targets.iter().map(on).collect(),
    })
}

/// The targets that `requests` ask for; at least one.
fn chosen<'a>(
    targets: &'a [Target],
    requests: &[String],
) -> Result<impl Iterator<Item = &'a Target>> {
    let asked = interpreter::select(requests).context("`--time-on`")?.usable;
    let is_asked = move |target: &&Target| {
        asked.iter().any(|other| other.real_path == target.interpreter.real_path)
    };
    let mut chosen = targets.iter().filter(is_asked).peekable();
    if chosen.peek().is_none() {
        let (asked, all) = (requests.join(", "), targets.iter().map(|it| it.interpreter.label()));
        let all = all.collect::<Vec<_>>().join(", ");
        let message =
            format!("`--time-on {asked}` is none of the interpreters that are checked: {all}");
        return Err(NothingSelected(message).into());
    }
    Ok(chosen)
}
