//! Child processes: the only place of this project that starts any.
//!
//! Whatever the child does, [`run`] returns within its deadline with what was seen of it: an
//! endless loop, endless output, a crash and a grandchild that will not let go of a pipe are all
//! answers. A child runs in a process group of its own, which is killed whole when the child has
//! ended or has to.
//!
//! A [`Zygote`] is a program that forks children for us; they are under the same watch.
//!
//! [`run`] is for programs under observation: the environment is stated, everything is limited. Of
//! our descriptors they get those that are stated; those that whoever started us left inheritable reach them too.
//! [`run_tool`] is for tools that we trust, such as a compiler.

mod ending;
mod environment;
mod group;
#[cfg(target_os = "linux")]
mod lasting;
mod living;
mod pipe;
mod processes;
mod start;
#[cfg(test)]
mod tests;
mod watch;
#[cfg(target_os = "linux")]
mod zygote;

use std::{
    ffi::OsString,
    io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

pub use ending::{Ended, Ending, Stream};
pub use environment::inherited_environment;
use group::Group;
pub use living::end_all;
#[cfg(target_os = "linux")]
pub use zygote::Zygote;

const MIB: usize = 1 << 20;

/// A program to run, completely stated.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable. A bare name is looked up in the `PATH` of `environment`.
    pub executable: PathBuf,
    /// The arguments after the executable's name.
    pub arguments: Vec<OsString>,
    /// The whole environment; see [`inherited_environment`] for the usual one.
    pub environment: Vec<(OsString, OsString)>,
    /// The working directory. It must exist.
    pub directory: PathBuf,
    /// What the program reads from its standard input before the end of file. It is a file, so
    /// that a program that never reads it does not block us.
    pub input: Vec<u8>,
    /// Whether the program has a way to answer beside its output.
    pub answer: Answer,
    /// What it inherits as descriptors 4, 5 and so on.
    pub descriptors: Vec<Arc<OwnedFd>>,
}

impl Program {
    /// A program with [the usual environment](inherited_environment) in an existing `directory`, that reads nothing and
    /// answers nothing.
    pub fn new<A: Into<OsString>>(
        executable: &Path,
        arguments: impl IntoIterator<Item = A>,
        directory: &Path,
    ) -> Self {
        Self {
            executable: executable.to_owned(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: inherited_environment(directory),
            directory: directory.to_owned(),
            input: Vec::new(),
            answer: Answer::None,
            descriptors: Vec::new(),
        }
    }
}

/// How a program answers us, beside what it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Not at all.
    None,
    /// Its descriptor 3 is a pipe to us.
    Channel,
}

/// What a child may use before it is stopped.
///
/// A limit on a resource is lowered to the one that we ourselves are under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time from the start to the end. Default: 10 s.
    pub deadline: Duration,
    /// Bytes on standard output, and as many again on standard error. Default: 1 MiB.
    pub output_bytes: usize,
    /// Bytes on the answer channel. Default: 64 MiB.
    pub answer_bytes: usize,
    /// Address space, in bytes (`RLIMIT_AS`; macOS does not enforce it, so it is not set there).
    /// Default: 4 GiB, roomy for any import and small enough to fail before the machine swaps.
    pub memory_bytes: Option<u64>,
    /// Open descriptors (`RLIMIT_NOFILE`). Default: 256.
    pub open_files: u64,
    /// Processes in the child's group, itself included. They are counted every 10 ms, so a
    /// fork bomb may have a few hundred before it is killed. Default: 64. Nothing is counted where
    /// there is no `/proc`.
    pub processes: Option<usize>,
    /// Size of each file that is written, in bytes (`RLIMIT_FSIZE`). Default: 256 MiB.
    pub file_bytes: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            output_bytes: MIB,
            answer_bytes: 64 * MIB,
            memory_bytes: Some(4 << 30),
            open_files: 256,
            processes: Some(64),
            file_bytes: Some(256 << 20),
        }
    }
}

/// Runs a program to its end, or to the limit that it meets first.
///
/// Core dumps are always off. A grandchild that leaves the process group is out of reach: it is
/// not waited for, and it is not killed.
///
/// # Errors
///
/// Only if the process could not be started or the host failed; the message names the executable.
/// What the program did is in [`Ended::ending`], however bad.
pub fn run(program: &Program, limits: &Limits) -> io::Result<Ended> {
    start::program(program, limits)
        .and_then(|started| {
            watch::until_ended(&mut Group::new(started.child), started.streams, limits)
        })
        .map_err(|error| name_failure(&program.executable, &program.directory, &error))
}

/// Time that a tool has: a cold build on a slow machine takes minutes, a hang takes for ever.
const TOOL_DEADLINE: Duration = Duration::from_mins(30);
/// What a tool may print on each stream: far more than the log of any build that a person reads.
const TOOL_OUTPUT_BYTES: usize = 16 * MIB;

/// Runs a tool that we trust, such as `cargo build`, with our environment and no resource limits.
///
/// `environment` is added to ours. `PYO3_NO_PYTHON` is not passed on: it is meant for the build of
/// this workspace, and a tool may well build for one particular Python. Standard input is empty.
/// The deadline is 30 minutes, and 16 MiB are kept of each stream. [`Ended::error_tail`] is what to
/// show of a failure.
///
/// # Errors
///
/// As for [`run`].
pub fn run_tool(
    executable: &Path,
    arguments: &[OsString],
    directory: &Path,
    environment: &[(OsString, OsString)],
) -> io::Result<Ended> {
    // What a tool may use beside these is not limited: the other limits are set at the start.
    let limits = Limits {
        deadline: TOOL_DEADLINE,
        output_bytes: TOOL_OUTPUT_BYTES,
        processes: None,
        ..Limits::default()
    };
    start::tool(executable, arguments, directory, environment)
        .and_then(|started| {
            watch::until_ended(&mut Group::new(started.child), started.streams, &limits)
        })
        .map_err(|error| name_failure(executable, directory, &error))
}

/// The operating system reports a missing directory and a missing executable alike: name both.
fn name_failure(executable: &Path, directory: &Path, error: &io::Error) -> io::Error {
    let message =
        format!("cannot run `{}` in `{}`: {error}", executable.display(), directory.display());
    io::Error::new(error.kind(), message)
}
