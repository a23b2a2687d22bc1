//! Overlay and build of the same candidate, held against each other.

use crate::{
    record::{EvaluationRecord, TwinsRecord},
    report::words::{count, listed},
};

/// The most scenarios that are named.
const NAMED: usize = 8;

/// Whether what was heard of each candidate is the same from its overlay and from its build. Empty
/// where no candidate has both.
pub(in crate::report) fn builds(evaluation: &EvaluationRecord) -> Vec<String> {
    let line = |twins: &TwinsRecord| {
        let TwinsRecord { candidate, interpreter, scenarios, differing } = twins;
        let told = match differing.len() {
            0 => "heard the same".to_owned(),
            many => format!("did not hear the same in {many}: {}", listed(differing, NAMED)),
        };
        let scenarios = count(*scenarios, "scenario");
        format!("{candidate} on {interpreter}: overlay and build, {scenarios}, {told}.")
    };
    evaluation.twins.iter().map(line).collect()
}
