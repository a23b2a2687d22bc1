//! What a strategy's file says of itself, and what it makes of an interpreter's own output.

use tollgate_event::decode;

use super::{
    Failure, Job, Observation, Runner, Start, Target, answer::Answer, cell_folder::CellFolder,
    frames::push, observe::claims,
};
use crate::{child::Ended, strategy::Strategy, verdict::Claims};

/// What a strategy's file says of itself on one interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The first line of its docstring.
    pub summary: String,
    /// The kinds of events that it claims.
    pub claims: Claims,
    /// Why it cannot be used on this interpreter; nothing if it can.
    pub not_applicable: Option<String>,
    /// The options that the interpreter must be started with.
    pub options: Vec<String>,
}

impl Description {
    /// Whether the strategy can be installed in a process that was started without it in mind.
    pub fn fits_any_process(&self) -> bool {
        self.not_applicable.is_none() && self.options.is_empty()
    }
}

/// Has `strategy` describe itself.
pub(super) fn describe(
    start: &dyn Start,
    target: &Target,
    strategy: &Strategy,
) -> Result<Description, Failure> {
    let question = Question { mode: "describe", frames: &[], options: &[] };
    description(&Answer::read(&ask(start, target, strategy, question)?)?)
}

/// What a child was told by the strategy's file.
pub(super) fn description(answer: &Answer<'_>) -> Result<Description, Failure> {
    let options = answer.optional("options");
    Ok(Description {
        summary: answer.frame("summary")?.text(),
        claims: claims(answer)?,
        not_applicable: answer.optional("not-applicable").map(|reason| reason.text()),
        options: options.map(|options| options.lines()).unwrap_or_default(),
    })
}

/// Has `strategy` read the standard error of the child that it asked for. What it makes of it are the
/// events; what it leaves is what the program wrote.
pub(super) fn read_stderr(
    runner: &Runner,
    target: &Target,
    strategy: &Strategy,
    mut observation: Observation,
) -> Result<Observation, Failure> {
    let stderr = [("stderr", observation.behaviour.stderr.as_str())];
    let question = Question { mode: "read", frames: &stderr, options: &[] };
    let ended = ask(runner.start.as_ref(), target, strategy, question)?;
    let answer = Answer::read(&ended)?;
    let garbage = |error: &dyn ToString| Failure::Garbage(error.to_string());
    let thread = answer.frame("thread")?.text();
    observation.main_thread = thread.parse().map_err(|error| garbage(&error))?;
    observation.events = decode(answer.frame("events")?.value).map_err(|error| garbage(&error))?;
    observation.behaviour.stderr = answer.frame("stderr")?.text();
    Ok(observation)
}

/// What a child is asked that runs no scenario.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) mode: &'a str,
    pub(super) frames: &'a [(&'a str, &'a str)],
    /// With which the interpreter has to be started.
    pub(super) options: &'a [String],
}

pub(super) fn ask(
    start: &dyn Start,
    target: &Target,
    strategy: &Strategy,
    Question { mode, frames, options }: Question<'_>,
) -> Result<Ended, Failure> {
    let folder = CellFolder::new()?;
    let mut request = Vec::new();
    push(&mut request, "mode", mode.as_bytes());
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push_strategy(&mut request, strategy);
    for (key, value) in frames {
        push(&mut request, key, value.as_bytes());
    }
    Ok(start.start(Job { options, ..Job::new(target, &request, folder.path()) })?)
}

pub(super) fn push_strategy(request: &mut Vec<u8>, strategy: &Strategy) {
    push(request, "strategy-path", strategy.path.as_os_str().as_encoded_bytes());
    push(request, "strategy-source", strategy.source.as_bytes());
}
