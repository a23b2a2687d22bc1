//! How a child ended, and what it left behind.

use std::{fmt, os::unix::process::ExitStatusExt, process::ExitStatus};

use crate::signal;

/// A child that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub ending: Ending,
    /// Its standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// Its standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// What came over the answer channel, up to the limit. Empty without a channel.
    pub answer: Vec<u8>,
}

impl Ended {
    /// The last `lines` lines of standard error, or of standard output where the former is empty.
    pub fn error_tail(&self, lines: usize) -> String {
        let stderr = String::from_utf8_lossy(&self.stderr);
        let stdout = String::from_utf8_lossy(&self.stdout);
        let text = if stderr.trim().is_empty() { stdout } else { stderr };
        let all: Vec<&str> = text.trim_end().lines().collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal, which we did not send.
    Signalled(i32),
    /// It was killed because its time was up.
    TimedOut,
    /// It was killed, or would have been, because it wrote more than allowed.
    TooMuchOutput(Stream),
    /// It was killed because its group had more processes than allowed.
    TooManyProcesses,
    /// It was killed because the zygote that forked it had died.
    Orphaned,
}

impl Ending {
    /// Whether it ended by itself with exit code 0.
    pub fn is_success(self) -> bool {
        self == Self::Exited(0)
    }

    /// The ending in a status as `waitpid` gives it.
    pub(super) fn of_wait_status(status: i32) -> Self {
        ExitStatus::from_raw(status).into()
    }
}

impl From<ExitStatus> for Ending {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Exited(code),
            (None, signal) => Self::Signalled(signal.unwrap_or_default()),
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "exit code {code}"),
            Self::Signalled(signal) => match signal::name(*signal) {
                Some(name) => write!(f, "killed by signal {signal} ({name})"),
                None => write!(f, "killed by signal {signal}"),
            },
            Self::TimedOut => f.write_str("still running at its deadline"),
            Self::TooMuchOutput(stream) => write!(f, "wrote more than allowed on {stream}"),
            Self::TooManyProcesses => f.write_str("made more processes than allowed"),
            Self::Orphaned => f.write_str("its zygote died"),
        }
    }
}

/// A stream from a child to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// The answer channel.
    Answer,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
            Self::Answer => "the answer channel",
        })
    }
}
