//! What really happens in a scenario on one interpreter.
//!
//! The model predicts it; the recorder's child says what the import system did, the modules' child
//! which bodies ran; the baseline's child shows the program as it is without any hook. Verdicts on
//! strategies count only where all of them agree with each other and with the hand-written trace.

use super::{Asked, Matrix};
use crate::{
    agreement::{Dispute, Party, Statements, dispute},
    model::{self, Abstention, Prediction, Rules},
    scenario::Scenario,
    span::{Trace, Unbalanced},
    strategy::Strategy,
    verdict::ProgramEnd,
    worker::{Failure, Observation, Program, Runner, Target},
};

/// What is known about the truth of a scenario on one interpreter.
#[derive(Clone, Debug)]
pub enum Truth {
    /// All witnesses that speak agree, with each other and with the hand-written trace.
    Agreed,
    /// They do not.
    Disputed(Dispute),
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
    /// The witnesses that say nothing, and why.
    pub silent: Vec<(Party, String)>,
    /// Everything that the recorder saw, of the scenario's modules and of others.
    pub recorded: Trace,
    /// The program without a hook.
    pub baseline: Option<Observation>,
    /// Who asks for modules in it, beside what is imported.
    pub asked: Option<Asked>,
}

impl Witnessed {
    fn nothing(truth: Truth) -> Self {
        let (silent, recorded) = (Vec::new(), Trace::default());
        Self { truth, silent, recorded, baseline: None, asked: None }
    }
}

/// What the witnesses say of a scenario on one interpreter, before it is held against the
/// hand-written trace.
#[derive(Clone, Debug)]
pub struct Heard {
    /// What the model predicts.
    pub predicted: Result<Prediction, Abstention>,
    /// What the modules testify; the text says why they do not.
    pub testified: Result<Trace, String>,
    /// What the recorder saw.
    pub recorded: Trace,
    /// How the program ended under the recorder.
    recorded_end: ProgramEnd,
    /// The program without a hook.
    pub baseline: Observation,
}

impl Heard {
    /// Where the witnesses disagree with each other, or with `written`; nothing if they agree.
    pub fn dispute(
        &self,
        target: &Target,
        scenario: &Scenario,
        written: Option<&Trace>,
    ) -> Option<Dispute> {
        dispute(&Statements {
            scope: scenario.scope(),
            written,
            raises: scenario.raises_for(&target.interpreter.version),
            exits: scenario.exits_for(&target.interpreter.version),
            predicted: self.predicted.as_ref().ok(),
            testified: self.testified.as_ref().ok(),
            recorded: &self.recorded,
            recorded_end: &self.recorded_end,
            program: &self.baseline.behaviour,
        })
    }

    /// The witnesses that say nothing, and why.
    pub fn silent(&self) -> Vec<(Party, String)> {
        let model = self.predicted.as_ref().err().map(|why| (Party::Model, why.to_string()));
        let modules = self.testified.as_ref().err().map(|why| (Party::Modules, why.clone()));
        model.into_iter().chain(modules).collect()
    }
}

/// Asks every witness. Where nothing can be known, the error is that truth.
pub fn hear(
    matrix: &Matrix,
    runner: &Runner,
    target: &Target,
    scenario: &Scenario,
) -> Result<Heard, Truth> {
    let version = target.interpreter.version;
    if !scenario.applies_to(&version) {
        let reason = format!("the scenario is for Python {}", scenario.python);
        return Err(Truth::NotApplicable(reason));
    }
    let run = |strategy: &Strategy| runner.observe(target, Program { scenario, strategy });
    let unknown = |who: &str, failure: Failure| match failure {
        Failure::NotApplicable(reason) => Truth::NotApplicable(reason),
        failure => Truth::Unknown(format!("{who}: {failure}{}", failure.advice())),
    };
    let recorder = run(&matrix.recorder).map_err(|failure| unknown("recorder", failure))?;
    let baseline = run(&matrix.baseline).map_err(|failure| unknown("baseline", failure))?;
    let unbalanced = |error: Unbalanced| Truth::Unknown(format!("recorder: {error}"));
    Ok(Heard {
        predicted: model::predict(&model::Program::from(scenario), Rules::of(version)),
        testified: testimony(run(&matrix.testimony), &baseline),
        recorded: recorder.spans().map_err(unbalanced)?,
        recorded_end: recorder.behaviour.end,
        baseline,
    })
}

/// What the modules say, unless they were interrupted or the program noticed that they speak.
fn testimony(
    observed: Result<Observation, Failure>,
    baseline: &Observation,
) -> Result<Trace, String> {
    let observed = observed.map_err(|failure| match failure {
        Failure::Strategy(reason) | Failure::NotPlaced(reason) => reason,
        failure => failure.to_string(),
    })?;
    let (end, alone) = (&observed.behaviour.end, &baseline.behaviour.end);
    if end.sort() != alone.sort() {
        return Err(format!("the program noticed: {end}; without a hook: {alone}"));
    }
    observed.spans().map_err(|error| error.to_string())
}

/// Asks every witness, and holds what they say against each other and against what `scenario` says.
pub fn establish(
    matrix: &Matrix,
    runner: &Runner,
    target: &Target,
    scenario: &Scenario,
) -> Witnessed {
    let heard = match hear(matrix, runner, target, scenario) {
        Ok(heard) => heard,
        Err(truth) => return Witnessed::nothing(truth),
    };
    let version = &target.interpreter.version;
    let truth = match scenario.trace_for(version) {
        None => Truth::Unknown(format!("the scenario has no trace for Python {version}")),
        written => match heard.dispute(target, scenario, written) {
            None => Truth::Agreed,
            Some(dispute) => Truth::Disputed(dispute),
        },
    };
    let silent = heard.silent();
    let Heard { recorded, baseline, .. } = heard;
    let asked = Some(Asked::by(&matrix.requests));
    Witnessed { truth, silent, recorded, baseline: Some(baseline), asked }
}
