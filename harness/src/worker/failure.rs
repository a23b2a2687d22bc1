//! What a child did instead of answering.

use std::io;

use super::frames::split;
use crate::{
    child::{Ended, Ending},
    signal,
};

/// Why a child's run shows nothing. Each is recorded, and none is a pass.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The host could not run the child at all.
    #[error("the child could not be run: {0}")]
    NotStarted(String),
    /// The child was stopped, crashed, or left before its answer was complete.
    #[error("the child's answer is not complete ({ending}){detail}")]
    Ended {
        /// How it ended.
        ending: Ending,
        /// What else is known, as the end of a sentence.
        detail: String,
    },
    /// The child's answer is not what the protocol says.
    #[error("the child's answer is broken: {0}")]
    Garbage(String),
    /// The scenario cannot be run on this interpreter, as it is installed.
    #[error("the scenario does not apply: {0}")]
    NotApplicable(String),
    /// The strategy's own code failed where nothing of the program had run yet, or at its removal.
    #[error("the strategy failed: {0}")]
    Strategy(String),
    /// The strategy's file could not be executed in what the scenario had set up, or its hook not be
    /// installed: nobody can say what it would have seen.
    #[error("the strategy failed: {0}")]
    NotPlaced(String),
    /// The scenario's code failed outside what is observed.
    #[error("the scenario failed: {0}")]
    Scenario(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::NotStarted(error.to_string())
    }
}

impl Failure {
    /// The failure of a child that ended as `ended` without a whole answer.
    pub(super) fn of(ended: &Ended) -> Self {
        let stderr = String::from_utf8_lossy(&ended.stderr);
        let last = stderr.lines().rfind(|line| !line.trim().is_empty());
        let detail = last.map(|line| format!("; its last words: {line}")).unwrap_or_default();
        Self::Ended { ending: ended.ending, detail }
    }

    /// The failure of a child that we have cut short; it may have said before what it waits for.
    pub(super) fn cut_short(ended: &Ended) -> Self {
        let frames = split(&ended.answer).unwrap_or_default();
        let waits = frames.iter().rfind(|frame| frame.key == "waits");
        let threads = waits.map(|frame| frame.lines().join(", ")).unwrap_or_default();
        if threads.is_empty() {
            return Self::of(ended);
        }
        let detail = format!(
            "; the program was over, and waited for threads that are no daemons: {threads}"
        );
        Self::Ended { ending: ended.ending, detail }
    }

    /// What a scenario can do about it, as the end of a sentence; empty if nothing is known.
    pub fn advice(&self) -> String {
        let status = match self {
            Self::Ended { ending: Ending::Exited(code), .. } => code.to_string(),
            Self::Ended { ending: Ending::Signalled(signal), .. } => {
                signal::name(*signal).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        };
        if status.is_empty() {
            return status;
        }
        format!("; if it is `run` that ends the process, the scenario says `exits: {status}`")
    }
}
