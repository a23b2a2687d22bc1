//! A child's answer, checked: whole, of our version, and without a fault.

use super::{
    Failure,
    frames::{Broken, Frame, split},
};
use crate::{
    child::{Ended, Ending},
    scenario::ExitStatus,
};

/// The version of the protocol that this side speaks.
const VERSION: &str = "1";

/// With this code an interpreter ends that could not flush its streams: the program has put something in their place.
/// A forked child does not show it.
const UNFLUSHED: i32 = 120;

/// What a worker says before it runs anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Names in `sys.modules` before the worker did anything, in order and in canonical form.
    pub preloaded: Vec<String>,
}

/// The frames of a whole answer.
pub(super) struct Answer<'a> {
    frames: Vec<Frame<'a>>,
}

impl<'a> Answer<'a> {
    /// Checks the answer of a child that has ended.
    pub(super) fn read(ended: &'a Ended) -> Result<Self, Failure> {
        Self::begun(ended)?.whole(ended)
    }

    /// Checks the answer of a child whose program may have ended the process itself: then what there is
    /// of it is all that there will be, and is told with what is left of the process.
    pub(super) fn read_of_program(ended: &'a Ended) -> Result<(Self, Option<ExitStatus>), Failure> {
        let answer = Self::begun(ended)?;
        let is_running = answer.optional("runs").is_some() && answer.optional("ran").is_none();
        match exit_status(ended.ending).filter(|_| is_running) {
            Some(status) => Ok((answer, Some(status))),
            None => Ok((answer.whole(ended)?, None)),
        }
    }

    /// Checks that an answer is one, as far as it goes.
    fn begun(ended: &'a Ended) -> Result<Self, Failure> {
        // What we cut short ourselves is no garbage of the child's.
        if matches!(ended.ending, Ending::TimedOut | Ending::TooMuchOutput(_)) {
            return Err(Failure::cut_short(ended));
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
        answer.check_only()?;
        answer.check_fault()?;
        Ok(answer)
    }

    /// Checks that nothing is missing.
    fn whole(self, ended: &Ended) -> Result<Self, Failure> {
        let answer = self;
        if answer.frames.last().is_none_or(|frame| frame.key != "end") {
            return Err(Failure::of(ended));
        }
        match ended.ending {
            Ending::Exited(0 | UNFLUSHED) => Ok(answer),
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

    /// An answer begins and ends once. What comes beside that is from somebody who was not asked, and
    /// then nobody can tell which of it is right.
    fn check_only(&self) -> Result<(), Failure> {
        let second = |key: &str| self.frames.iter().filter(|frame| frame.key == key).nth(1);
        let message = if second("hello").is_some() || second("end").is_some() {
            "it holds more than one answer"
        } else if self.frames.iter().rev().skip(1).any(|frame| frame.key == "end") {
            "it goes on after its end"
        } else {
            return Ok(());
        };
        Err(Failure::Garbage(message.to_owned()))
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
        let mut frames = self.frames.iter().filter(|frame| frame.key == key);
        match (frames.next(), frames.next()) {
            (Some(frame), None) => Ok(*frame),
            (Some(_), Some(_)) => Err(Failure::Garbage(format!("it has two frames `{key}`"))),
            (None, _) => Err(Failure::Garbage(format!("it has no frame `{key}`"))),
        }
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
        Ok(Header { preloaded: self.frame("preloaded")?.names() })
    }
}

/// What is left of a process that was not stopped by us.
fn exit_status(ending: Ending) -> Option<ExitStatus> {
    match ending {
        Ending::Exited(code) => u8::try_from(code).ok().map(ExitStatus::Code),
        Ending::Signalled(signal) => Some(ExitStatus::Signal(signal)),
        Ending::TimedOut
        | Ending::TooMuchOutput(_)
        | Ending::TooManyProcesses
        | Ending::Orphaned => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::frames::push;

    fn ended(keys: &[&str], cut: usize, ending: Ending) -> Ended {
        let mut answer = Vec::new();
        push(&mut answer, "hello", b"tollgate-worker 1 3.13.0");
        for key in keys {
            push(&mut answer, key, b"");
        }
        answer.truncate(answer.len() - cut);
        Ended { ending, stdout: Vec::new(), stderr: Vec::new(), answer }
    }

    #[test]
    fn a_process_that_its_program_ends_has_answered_as_far_as_it_went() {
        let killed = Ending::Signalled(9);
        for (keys, cut, ending, expected) in [
            (&["runs"][..], 0, Ending::Exited(3), Some(Some(ExitStatus::Code(3)))),
            (&["runs", "event", "waits"], 0, Ending::Exited(0), Some(Some(ExitStatus::Code(0)))),
            (&["runs", "event"], 0, killed, Some(Some(ExitStatus::Signal(9)))),
            (&["runs", "event", "ran", "end"], 0, Ending::Exited(0), Some(None)),
            // the hook did it, or the setup
            (&["runs", "event", "ran"], 0, Ending::Exited(3), None),
            (&[], 0, Ending::Exited(3), None),
            // what is cut, or stopped by us, shows nothing
            (&["runs", "event"], 1, killed, None),
            (&["runs", "event"], 0, Ending::TimedOut, None),
            (&["runs", "event"], 0, Ending::TooManyProcesses, None),
            (&["runs", "event", "ran", "end"], 0, killed, None),
        ] {
            let ended = ended(keys, cut, ending);
            let found = Answer::read_of_program(&ended).ok().map(|(_, status)| status);
            assert_eq!(found, expected, "{keys:?} {ending}");
            let strict = Answer::read(&ended).is_ok();
            assert_eq!(strict, expected == Some(None), "{keys:?} {ending}");
        }
    }
}
