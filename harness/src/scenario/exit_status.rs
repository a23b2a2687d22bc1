//! How a process ends that its program ends itself.

use std::{fmt, str::FromStr};

use crate::signal;

/// What the system is left with when a program ends its own process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitStatus {
    /// A number, as of `os._exit(3)`.
    Code(u8),
    /// The number of a signal, as of `os.kill(os.getpid(), signal.SIGKILL)`.
    Signal(i32),
}

/// A text that names no exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a number from 0 to 255, as in `exits: 3`, or a signal's name, as in `exits: SIGKILL`"
)]
pub struct ExitStatusError;

/// As scenarios have it: `3`, or `SIGKILL`.
impl FromStr for ExitStatus {
    type Err = ExitStatusError;

    fn from_str(text: &str) -> Result<Self, ExitStatusError> {
        match text.parse() {
            // not `+3`
            Ok(code) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Self::Code(code)),
            _ => signal::number(text).map(Self::Signal).ok_or(ExitStatusError),
        }
    }
}

impl ExitStatus {
    /// As scenarios have it.
    pub fn word(&self) -> String {
        match self {
            Self::Code(code) => code.to_string(),
            Self::Signal(number) => {
                signal::name(*number).map_or_else(|| number.to_string(), ToOwned::to_owned)
            }
        }
    }
}

/// `exit status 3`, or `killed by SIGKILL`.
impl fmt::Display for ExitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = match self {
            Self::Code(_) => "exit status",
            Self::Signal(_) => "killed by",
        };
        write!(f, "{before} {}", self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_number_or_a_signal() {
        for (text, shown) in
            [("0", "exit status 0"), ("255", "exit status 255"), ("SIGABRT", "killed by SIGABRT")]
        {
            let status: ExitStatus = text.parse().expect(text);
            assert_eq!((status.to_string(), status.word()), (shown.to_owned(), text.to_owned()));
        }
        for text in ["", "256", "-1", "+3", "3.0", "KILL", "sigkill", "SIGFOO", "9 "] {
            assert_eq!(text.parse::<ExitStatus>(), Err(ExitStatusError), "{text}");
        }
    }
}
