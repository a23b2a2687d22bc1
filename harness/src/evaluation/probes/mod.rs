//! Probes: small programs about what hooks do while an import goes on, and what becomes of it.
//!
//! They are no scenarios, because they are about the events of one contract: each is run for every
//! edge that the contract has an event for, and prints what it finds. All that it prints is held against what
//! `sys.audit()` and the contract promise (`judged`), unless the contract leaves it open.

mod judged;
mod program;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use judged::{Expectation, expectations};
pub use program::Probe;
use rayon::prelude::*;
use tollgate_event::EventKind;

use super::Entrant;
use crate::{
    matrix::Matrix,
    stop::Stop,
    worker::{Failure, Program, Runner, Target},
};

/// What a hook raises in these programs.
const REFUSED: &str = "PermissionError";
/// What it raises where that is to be no `Exception`.
const INTERRUPTED: &str = "KeyboardInterrupt";

/// What one probe found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which of the entrants, from 0.
    pub entrant: usize,
    /// The interpreter's label.
    pub python: String,
    /// What was tried.
    pub probe: Probe,
    /// At which edge; nothing where it is about all events.
    pub edge: Option<EventKind>,
    /// What it printed: values by their names.
    pub facts: Result<BTreeMap<String, String>, Unanswered>,
}

/// Why a probe printed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The program ended in another way.
    Ended(String),
    /// It could not be run, which says nothing about the candidate.
    NotJudged(String),
}

impl Answer {
    /// One of the facts; nothing if there is none.
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.as_ref().ok()?.get(name).map(String::as_str)
    }
}

/// Runs `probes` for every entrant and hands each answer to `sink`, in no particular order.
pub fn probe(
    matrix: &Matrix,
    entrants: &[Entrant],
    probes: &[Probe],
    (runner, stop): (&Runner, &Stop),
    sink: &(dyn Fn(Answer) + Sync),
) {
    let questions: Vec<_> = matrix
        .targets
        .iter()
        .flat_map(|target| {
            let applies = move |entrant: &&(usize, &Entrant)| {
                entrant.1.candidate.contract.python.contains(&target.interpreter.version)
            };
            let entrants: Vec<_> = entrants.iter().enumerate().collect();
            let fitting: Vec<_> = entrants.iter().filter(applies).copied().collect();
            fitting.into_iter().flat_map(move |(index, entrant)| {
                let asked = probes.iter().flat_map(|probe| probe.edges(entrant));
                asked.map(move |(probe, edge)| (target, index, entrant, probe, edge))
            })
        })
        .collect();
    questions.into_par_iter().for_each(|(target, index, entrant, probe, edge)| {
        if stop.is_asked() {
            return;
        }
        let facts = facts(runner, target, entrant, (probe, edge));
        if !stop.is_asked() {
            let python = target.interpreter.label();
            sink(Answer { entrant: index, python, probe, edge, facts });
        }
    });
}

fn facts(
    runner: &Runner,
    target: &Target,
    entrant: &Entrant,
    (probe, edge): (Probe, Option<EventKind>),
) -> Result<BTreeMap<String, String>, Unanswered> {
    let scenario = probe.scenario(&entrant.candidate, edge);
    let place = entrant.build.as_ref().unwrap_or(target);
    let program = Program { scenario: &scenario, strategy: &entrant.listener };
    let observed = runner.observe(place, program).map_err(|failure| match failure {
        Failure::Ended { ending, detail } => Unanswered::Ended(format!("{ending}{detail}")),
        failure => Unanswered::NotJudged(failure.to_string()),
    })?;
    let behaviour = observed.behaviour;
    if behaviour.end != crate::verdict::ProgramEnd::Returned {
        return Err(Unanswered::Ended(behaviour.end.to_string()));
    }
    let facts = behaviour.stdout.lines().filter_map(|line| line.split_once(": "));
    Ok(facts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
