//! A strategy tried on one interpreter before a run: everything in which its file does not keep what
//! WRITING.md asks of it.

use std::fmt;

use tollgate_event::EventKind;

use super::{
    Description, Failure, Runner, Target,
    answer::Answer,
    describe::{Question, ask, description},
};
use crate::{
    child::Ending,
    scenario::{one_of, strategy_option_errors},
    strategy::Strategy,
};

/// Something that is wrong with a strategy's file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where in the file, from 1; nothing where that is not known.
    pub line: Option<usize>,
    /// What was found, and what was expected.
    pub message: String,
    /// Whether it did not come to its end. Other interpreters need not be asked.
    pub is_deadline: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let is_deadline = matches!(failure, Failure::Ended { ending: Ending::TimedOut, .. });
        match failure {
            Failure::Strategy(text) | Failure::NotPlaced(text) => placed(&text),
            failure => Self { line: None, message: failure.to_string(), is_deadline },
        }
    }
}

/// `line 3: what` with its line apart.
fn placed(text: &str) -> Problem {
    let parted = text.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
    let parted = parted.and_then(|(line, message)| Some((line.parse().ok()?, message)));
    let (line, message) = parted.map_or((None, text), |(line, message)| (Some(line), message));
    Problem { line, message: message.to_owned(), is_deadline: false }
}

/// Has `strategy` describe itself, and be installed and removed once; in an interpreter that is started
/// with its options, if it asks for some.
pub(super) fn try_out(
    runner: &Runner,
    target: &Target,
    strategy: &Strategy,
) -> Result<Description, Vec<Problem>> {
    let tried = described(runner, target, strategy, &[])?;
    if tried.not_applicable.is_some() || tried.options.is_empty() {
        return Ok(tried);
    }
    described(runner, target, strategy, &tried.options).map_err(|mut problems| {
        let options = tried.options.join(" ");
        for problem in &mut problems {
            problem.message = format!("{} (started with {options})", problem.message);
        }
        problems
    })
}

fn described(
    runner: &Runner,
    target: &Target,
    strategy: &Strategy,
    options: &[String],
) -> Result<Description, Vec<Problem>> {
    let one = |failure: Failure| vec![Problem::from(failure)];
    let mut frames = vec![("try", "")];
    if !options.is_empty() {
        frames.push(("options", ""));
    }
    let question = Question { mode: "describe", frames: &frames, options };
    let ended = ask(runner.start.as_ref(), target, strategy, question).map_err(one)?;
    let answer = Answer::read(&ended).map_err(one)?;
    let mut problems = told(&answer);
    problems.extend(claims_and_options(&answer));
    if !problems.is_empty() {
        problems.sort();
        return Err(problems);
    }
    description(&answer).map_err(one)
}

/// What the child has found.
fn told(answer: &Answer<'_>) -> Vec<Problem> {
    let own = answer.frames().iter().filter(|frame| frame.key == "problem");
    own.map(|frame| placed(&frame.text())).collect()
}

/// What only the harness knows: kinds of events, and options that leave the worker running.
fn claims_and_options(answer: &Answer<'_>) -> Vec<Problem> {
    let line = |key: &str| answer.optional(key).and_then(|line| line.text().parse().ok());
    let lines = |key: &str| answer.optional(key).map(|it| it.lines()).unwrap_or_default();
    let problem = |line, message| Problem { line, message, is_deadline: false };
    let kinds: Vec<_> = EventKind::ALL.iter().map(|kind| kind.word()).collect();
    let unknown = lines("claims").into_iter().filter(|word| word.parse::<EventKind>().is_err());
    let claims = unknown.map(|word| {
        let message = format!("CLAIMS: `{word}` is no kind of event; {}", one_of(&word, &kinds));
        problem(line("claims-line"), message)
    });
    let options = lines("options");
    let items: Vec<_> = options.iter().map(String::as_str).collect();
    let bad = strategy_option_errors(&items).into_iter().map(|(index, why)| {
        problem(line("options-line"), format!("OPTIONS: the option `{}` {why}", items[index]))
    });
    claims.chain(bad).collect()
}
