//! A child's answer, checked: whole, of our version, and without a fault.

use super::{
    Failure,
    frames::{Broken, Frame, split},
};
use crate::child::{Ended, Ending};

/// The version of the protocol that this side speaks.
const VERSION: &str = "1";

/// What a worker says before it runs anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Names in `sys.modules` before the worker did anything, in order.
    pub preloaded: Vec<String>,
}

/// The frames of a whole answer.
pub(super) struct Answer<'a> {
    frames: Vec<Frame<'a>>,
}

impl<'a> Answer<'a> {
    /// Checks the answer of a child that has ended.
    pub(super) fn read(ended: &'a Ended) -> Result<Self, Failure> {
        // What we cut short ourselves is no garbage of the child's.
        if matches!(ended.ending, Ending::TimedOut | Ending::TooMuchOutput(_)) {
            return Err(Failure::of(ended));
        }
        let frames = match split(&ended.answer) {
            Ok(frames) => frames,
            Err(Broken::Cut) => return Err(Failure::of(ended)),
            Err(Broken::Garbage(offset)) => {
                let message = format!("byte {offset} of {} is no frame", ended.answer.len());
                return Err(Failure::Garbage(message));
            }
        };
        let answer = Self { frames };
        answer.check_hello()?;
        answer.check_fault()?;
        if answer.frames.last().is_none_or(|frame| frame.key != "end") {
            return Err(Failure::of(ended));
        }
        match ended.ending {
            Ending::Exited(0) => Ok(answer),
            _ => Err(Failure::of(ended)),
        }
    }

    fn check_hello(&self) -> Result<(), Failure> {
        let Some(hello) = self.frames.first() else { return Ok(()) };
        let text = hello.text();
        let version = text.strip_prefix("tollgate-worker ").and_then(|rest| rest.split(' ').next());
        if hello.key == "hello" && version == Some(VERSION) {
            return Ok(());
        }
        let message = format!("it starts with `{} {text}`, not with version {VERSION}", hello.key);
        Err(Failure::Garbage(message))
    }

    fn check_fault(&self) -> Result<(), Failure> {
        let Some(fault) = self.optional("fault") else { return Ok(()) };
        let text = fault.text();
        let (whose, message) = text.split_once('\n').unwrap_or(("strategy", &text));
        Err(match whose {
            "scenario" => Failure::Scenario(message.to_owned()),
            "unplaced" => Failure::NotPlaced(message.to_owned()),
            _ => Failure::Strategy(message.to_owned()),
        })
    }

    /// The only frame with this key, which the protocol promises.
    pub(super) fn frame(&self, key: &str) -> Result<Frame<'a>, Failure> {
        self.optional(key).ok_or_else(|| Failure::Garbage(format!("it has no frame `{key}`")))
    }

    /// The first frame with this key, if there is one.
    pub(super) fn optional(&self, key: &str) -> Option<Frame<'a>> {
        self.frames.iter().find(|frame| frame.key == key).copied()
    }

    /// All frames, in order.
    pub(super) fn frames(&self) -> &[Frame<'a>] {
        &self.frames
    }

    /// The parts that begin with a frame of this key, which is none of their own; what comes before
    /// the first is in none of them.
    pub(super) fn parts(&self, key: &str) -> Vec<Answer<'a>> {
        let parts = self.frames.split(|frame| frame.key == key).skip(1);
        parts.map(|frames| Answer { frames: frames.to_vec() }).collect()
    }

    pub(super) fn header(&self) -> Result<Header, Failure> {
        Ok(Header { preloaded: self.frame("preloaded")?.lines() })
    }
}
