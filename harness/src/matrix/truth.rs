//! What really happens in a scenario on one interpreter.
//!
//! The recorder's child says what happened, the hand-written trace what should have; the baseline's
//! child shows the program as it is without any hook. Verdicts on strategies count only where these
//! agree.

use super::Matrix;
use crate::{
    scenario::Scenario,
    span::{Trace, build},
    strategy::Strategy,
    verdict::{Behaviour, ProgramEnd},
    worker::{Failure, Observation, Program, Runner, Target},
};

/// What is known about the truth of a scenario on one interpreter.
#[derive(Clone, Debug)]
pub enum Truth {
    /// The recorder and the hand-written trace agree.
    Agreed,
    /// They do not, or the program ends in another way than the scenario says; the text tells.
    Disputed(String),
    /// The scenario says nothing about this interpreter; the text says why.
    NotApplicable(String),
    /// A child failed, so nothing is known; the text says how.
    Unknown(String),
}

/// A truth with what it rests on.
#[derive(Clone, Debug)]
pub struct Witnessed {
    /// Whether the witnesses agree.
    pub truth: Truth,
    /// Everything that the recorder saw, of the scenario's modules and of others.
    pub recorded: Trace,
    /// The program without a hook.
    pub baseline: Option<Observation>,
}

impl Witnessed {
    fn nothing(truth: Truth) -> Self {
        Self { truth, recorded: Trace::default(), baseline: None }
    }
}

/// Runs the recorder and the baseline and holds them against what `scenario` says.
pub fn establish(
    matrix: &Matrix,
    runner: &Runner,
    target: &Target,
    scenario: &Scenario,
) -> Witnessed {
    let version = &target.interpreter.version;
    if !scenario.applies_to(version) {
        let reason = format!("the scenario is for Python {}", scenario.python);
        return Witnessed::nothing(Truth::NotApplicable(reason));
    }
    let run = |strategy: &Strategy| runner.observe(target, Program { scenario, strategy });
    let unknown = |who: &str, failure: &Failure| {
        Witnessed::nothing(match failure {
            Failure::NotApplicable(reason) => Truth::NotApplicable(reason.clone()),
            failure => Truth::Unknown(format!("{who}: {failure}")),
        })
    };
    let recorder = match run(&matrix.recorder) {
        Ok(recorder) => recorder,
        Err(failure) => return unknown("recorder", &failure),
    };
    let baseline = match run(&matrix.baseline) {
        Ok(baseline) => baseline,
        Err(failure) => return unknown("baseline", &failure),
    };
    let spans = match build(&recorder.events, recorder.main_thread) {
        Ok(spans) => spans,
        Err(unbalanced) => return Witnessed::nothing(Truth::Unknown(unbalanced.to_string())),
    };
    let dispute = trace_dispute(target, scenario, &spans)
        .or_else(|| end_dispute(target, scenario, &baseline.behaviour))
        .or_else(|| recorder_dispute(&recorder.behaviour, &baseline.behaviour));
    let truth = dispute.map_or(Truth::Agreed, Truth::Disputed);
    Witnessed { truth, recorded: spans, baseline: Some(baseline) }
}

fn trace_dispute(target: &Target, scenario: &Scenario, recorded: &Trace) -> Option<String> {
    let version = &target.interpreter.version;
    let Some(written) = scenario.trace_for(version) else {
        return Some(format!("the scenario has no trace for Python {version}"));
    };
    let narrowed = scenario.scope().narrow(recorded);
    let same = narrowed == *written || (narrowed.is_empty() && written.is_empty());
    (!same).then(|| format!("the scenario's trace is\n{written}but the recorder saw\n{narrowed}"))
}

fn end_dispute(target: &Target, scenario: &Scenario, behaviour: &Behaviour) -> Option<String> {
    let expected = scenario.raises_for(&target.interpreter.version);
    let ended = exception(&behaviour.end);
    (expected != ended).then(|| {
        let expected = expected.map_or("return".to_owned(), |name| format!("raise {name}"));
        format!("the program should {expected}, but: {}", behaviour.end)
    })
}

/// A recorder that changes how the program ends is no witness.
fn recorder_dispute(recorder: &Behaviour, baseline: &Behaviour) -> Option<String> {
    let same = exception(&recorder.end) == exception(&baseline.end);
    (!same)
        .then(|| format!("under the recorder: {}; without a hook: {}", recorder.end, baseline.end))
}

fn exception(end: &ProgramEnd) -> Option<&str> {
    match end {
        ProgramEnd::Returned => None,
        ProgramEnd::Raised { exception, .. } => Some(exception),
    }
}
