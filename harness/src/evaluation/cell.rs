//! One trial: a candidate in a scenario on an interpreter, judged.

use std::{collections::HashMap, path::Path};

use super::Entrant;
use crate::{
    child::Ending,
    conformance::{self, Flaw, Heard, Judgement, Value, judge, settled},
    matrix::{Patience, Truth, Witnessed},
    scenario::Scenario,
    verdict::{Behaviour, ProgramEnd, disturbances},
    worker::{Failure, Observation, Program, Runner, Target},
};

/// What one candidate showed of one scenario on one interpreter.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Which of the entrants, from 0.
    pub entrant: usize,
    /// The interpreter of the truth, by its label.
    pub python: String,
    /// The scenario's name.
    pub scenario: String,
    /// What it comes to.
    pub outcome: Outcome,
    /// What was heard, main thread first, without what differs from run to run.
    pub heard: Vec<Heard>,
}

/// What a trial comes to.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was held against the truth.
    Judged(Judgement),
    /// The scenario or the candidate says nothing about this interpreter; the text says why.
    NotApplicable(String),
    /// It shows nothing; the text says why. Neither a pass nor the candidate's fault.
    Inconclusive(String),
}

/// Runs one entrant.
pub(super) fn trial(
    (runner, patience): (&Runner, &Patience),
    (index, entrant): (usize, &Entrant),
    (target, scenario): (&Target, &Scenario),
    witnessed: &Witnessed,
) -> Trial {
    let mut heard = Vec::new();
    let outcome = outcome((runner, patience), entrant, (target, scenario), witnessed, &mut heard);
    Trial {
        entrant: index,
        python: target.interpreter.label(),
        scenario: scenario.name.to_string(),
        outcome,
        heard,
    }
}

fn outcome(
    (runner, patience): (&Runner, &Patience),
    entrant: &Entrant,
    (target, scenario): (&Target, &Scenario),
    witnessed: &Witnessed,
    told: &mut Vec<Heard>,
) -> Outcome {
    let python = &entrant.candidate.contract.python;
    if !python.contains(&target.interpreter.version) {
        return Outcome::NotApplicable(format!("the candidate is for Python {python}"));
    }
    let baseline = match (&witnessed.truth, &witnessed.baseline) {
        (Truth::Agreed, Some(baseline)) => baseline,
        (Truth::NotApplicable(reason), _) => return Outcome::NotApplicable(reason.clone()),
        (Truth::Unknown(reason), _) => {
            return Outcome::Inconclusive(format!("no truth: {reason}"));
        }
        _ => return Outcome::Inconclusive("the witnesses disagree".to_owned()),
    };
    let place = entrant.build.as_ref().unwrap_or(target);
    let name = &entrant.candidate.name;
    if let Some(reason) = patience.end(place, name) {
        return Outcome::Inconclusive(reason);
    }
    let observed = match runner.observe(place, Program { scenario, strategy: &entrant.listener }) {
        Ok(observed) => observed,
        Err(Failure::NotApplicable(reason)) => return Outcome::NotApplicable(reason),
        // as it does without the candidate, or there would be no truth
        Err(Failure::Ended { ending, detail }) => {
            if ending == Ending::TimedOut {
                patience.miss(place, name);
            }
            let flaws = vec![Flaw::NotEnded(format!("{ending}{detail}"))];
            return Outcome::Judged(Judgement { flaws, ..Judgement::default() });
        }
        Err(failure) => return Outcome::Inconclusive(failure.to_string()),
    };
    let heard = match observed.told.as_deref().map(conformance::read) {
        Some(Ok(heard)) => heard,
        Some(Err(error)) => return Outcome::Inconclusive(error.to_string()),
        None => return silent(&baseline.behaviour.end, &observed.behaviour.end),
    };
    let contract = &entrant.candidate.contract;
    let main = observed.main_thread;
    let mut judgement = judge(contract, &witnessed.recorded, (&heard, main));
    judgement.flaws.extend(disturbed(entrant, (target, baseline), &observed));
    judgement.put_causes_first();
    *told = comparable(heard, main);
    Outcome::Judged(judgement)
}

/// What it means that a listener told nothing: it tells at the end, which some programs do not await.
fn silent(alone: &ProgramEnd, observed: &ProgramEnd) -> Outcome {
    match (alone, observed) {
        (ProgramEnd::Exited(status), ProgramEnd::Exited(other)) if status == other => {
            let why = "the program ends its own process, and what the listener has heard with it";
            Outcome::NotApplicable(why.to_owned())
        }
        (ProgramEnd::Exited(status), other) => {
            let flaws = vec![Flaw::NotEnded(format!("{other} in place of {status}"))];
            Outcome::Judged(Judgement { flaws, ..Judgement::default() })
        }
        _ => Outcome::Inconclusive("the listener told nothing".to_owned()),
    }
}

/// In what the program behaved differently, apart from where the interpreter lies.
pub(super) fn disturbed(
    entrant: &Entrant,
    (target, baseline): (&Target, &Observation),
    observed: &Observation,
) -> Vec<Flaw> {
    let own = |target: &Target, behaviour: &Behaviour| {
        let folder = target.interpreter.real_path.parent().unwrap_or(Path::new("/")).to_owned();
        settled(&behaviour.map_texts(&|text| elsewhere(text, &folder)))
    };
    let (before, after) = match &entrant.build {
        Some(build) => (own(target, &baseline.behaviour), own(build, &observed.behaviour)),
        None => (settled(&baseline.behaviour), settled(&observed.behaviour)),
    };
    let divergences = disturbances(&before, &after);
    let contract = &entrant.candidate.contract;
    divergences.into_iter().map(|divergence| Flaw::of(divergence, contract)).collect()
}

/// `text` without the place where an interpreter was built.
fn elsewhere(text: &str, folder: &Path) -> String {
    text.replace(folder.to_string_lossy().as_ref(), "<python>")
}

/// What was heard, thread by thread, the main one first, without what differs from run to run and from
/// place to place: numbers of threads and objects, folders of files.
fn comparable(mut heard: Vec<Heard>, main: u64) -> Vec<Heard> {
    let mut threads = vec![main];
    for event in &heard {
        if !threads.contains(&event.thread) {
            threads.push(event.thread);
        }
    }
    for event in &mut heard {
        let number = threads.iter().position(|thread| *thread == event.thread);
        event.thread = number.unwrap_or_default() as u64;
    }
    heard.sort_by_key(|event| event.thread);
    let mut numbers = HashMap::new();
    for value in heard.iter_mut().flat_map(|event| event.values.iter_mut().skip(1)) {
        match value {
            Value::Spec(number, ..) | Value::Module(number, _) | Value::Object(number, ..) => {
                let next = numbers.len();
                *number = *numbers.entry(*number).or_insert(next);
            }
            Value::Text(text) => {
                let file =
                    Path::new(text).file_name().map(|name| name.to_string_lossy().into_owned());
                *text = file.unwrap_or_default();
            }
            Value::None | Value::Bool(_) | Value::Of(_) => {}
        }
    }
    heard
}
