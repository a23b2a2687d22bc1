//! Exit codes, one place for all tasks.

use std::process::ExitCode;

use tollgate::{
    build::BuildError, interpreter::SelectError, record::ResumeError, scenario::LoadErrors,
};

use crate::interrupt::Signal;

/// Shown below `--help`; `harness/COMMANDS.md` has the same table.
pub(crate) const TABLE: &str = "\
Exit codes:
  0  done; what strategies got wrong is in the report, and was expected
  1  a trace does not hold, a cell shows nothing, the model is wrong, or `bless` refuses
  2  wrong usage, a bad scenario, strategy, candidate or patch, or a run that cannot go on; nothing was run
  3  a strategy diverges in what nobody expects, or no longer in what is expected of it; a candidate
     does not keep its contract; a mutant survives
  4  nothing to run: no usable interpreter, or no scenario, strategy or candidate fits the filters; nothing
     that `compare` could compare
  5  the surroundings failed: the probe or an interpreter does not build, or a file cannot be written
  6  the run is unfit to say what anything costs: its controls failed
  7  `compare --fail-on behaviour`: behaviour has changed (costs may have, too)
  8  `compare --fail-on cost`: something is slower
  9  `compare --fail-on`: nothing has changed that was shown, but not all was shown
  130, 143  ended early by Ctrl-C (SIGINT), by SIGTERM; what was recorded is intact";

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done.
    Done,
    /// A trace does not hold, a cell shows nothing, the model is wrong, or `bless` refuses.
    Unsound,
    /// A strategy diverges in what nobody expects, or no longer in what is expected of it; a candidate
    /// does not keep its contract; a mutant survives.
    Unexpected,
    /// Wrong usage, a bad scenario or strategy, or a run that cannot go on.
    Usage,
    /// Nothing to run.
    Nothing,
    /// The surroundings failed.
    Surroundings,
    /// The controls of a run failed: what it says of costs is not to be believed.
    Unfit,
    /// Behaviour has changed from one run to another.
    BehaviourChanged,
    /// Something is slower than in another run.
    Slower,
    /// Whether something has changed was not shown.
    Inconclusive,
    /// Ended early by a signal.
    Signalled(Signal),
}

impl Exit {
    /// The exit that an error stands for.
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        if error.is::<NothingSelected>() {
            return Self::Nothing;
        }
        match error.downcast_ref::<ResumeError>() {
            Some(ResumeError::Records(_)) => return Self::Surroundings,
            Some(_) => return Self::Usage,
            None => {}
        }
        match error.downcast_ref::<SelectError>() {
            Some(
                SelectError::BadPattern { .. }
                | SelectError::BadPath { .. }
                | SelectError::NoPython(_),
            ) => return Self::Usage,
            Some(SelectError::Host(_)) | None => {}
            Some(_) => return Self::Nothing,
        }
        if matches!(
            error.downcast_ref::<BuildError>(),
            Some(BuildError::NoSource { .. } | BuildError::Patch { .. })
        ) {
            return Self::Usage;
        }
        if error.is::<LoadErrors>() || error.is::<UsageError>() {
            return Self::Usage;
        }
        Self::Surroundings
    }
}

impl Exit {
    /// The number that the process ends with.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unsound => 1,
            Self::Usage => 2,
            Self::Unexpected => 3,
            Self::Nothing => 4,
            Self::Surroundings => 5,
            Self::Unfit => 6,
            Self::BehaviourChanged => 7,
            Self::Slower => 8,
            Self::Inconclusive => 9,
            Self::Signalled(signal) => signal.exit_code(),
        }
    }
}

impl Exit {
    /// The last line of what a task prints: why it ends as it does.
    pub(crate) fn line(self, why: &str) -> String {
        format!("exit code {}: {why}\n", self.code())
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Filters that fit nothing.
#[derive(Debug)]
pub(crate) struct NothingSelected(pub(crate) String);

impl std::fmt::Display for NothingSelected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NothingSelected {}

/// A flag's value that cannot be used.
#[derive(Debug)]
pub(crate) struct UsageError(pub(crate) String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
