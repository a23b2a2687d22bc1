//! Starting a process: its streams, its limits, its process group.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, PipeReader, PipeWriter, Seek, Write},
    os::{fd::OwnedFd, unix::process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    sync::LazyLock,
};

use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, setsid};

#[cfg(target_os = "linux")]
use super::lasting;
use super::{Answer, Limits, Program, processes::threads_of_user};

/// The number under which a program finds its answer channel.
const ANSWER_DESCRIPTOR: i32 = 3;

/// Our ends of a child's pipes.
pub(super) struct Streams {
    pub(super) stdout: PipeReader,
    pub(super) stderr: PipeReader,
    pub(super) answer: Option<PipeReader>,
}

/// A process that runs, and our ends of its pipes.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) streams: Streams,
}

/// Starts a program under observation.
pub(super) fn program(program: &Program, limits: &Limits) -> io::Result<Started> {
    LazyLock::force(&RESERVED);
    #[cfg(target_os = "linux")]
    LazyLock::force(&REAPER);
    let mut command = command(&program.executable, &program.arguments, &program.directory);
    command.env_clear().envs(program.environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::from(input_file(&program.input)?));
    let (answer, theirs) = match program.answer {
        Answer::None => (None, None),
        Answer::Channel => io::pipe().map(|(ours, theirs)| (Some(ours), Some(theirs.into())))?,
    };
    let passed: io::Result<Vec<_>> = program.descriptors.iter().map(|it| it.try_clone()).collect();
    map_descriptors(&mut command, theirs, passed?)?;
    prepare(&mut command, resource_limits(limits));
    spawn(command, answer)
}

/// Starts a program that serves requests on its descriptor 3, which is `control`, for as long as we
/// live. What it says on standard error goes to `errors`.
///
/// It has no limits but on core dumps: what it forks sets its own.
#[cfg(target_os = "linux")]
pub(super) fn server(program: &Program, control: OwnedFd, errors: Stdio) -> io::Result<Child> {
    LazyLock::force(&RESERVED);
    let mut command = command(&program.executable, &program.arguments, &program.directory);
    command.env_clear().envs(program.environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::from(input_file(&program.input)?)).stdout(Stdio::null()).stderr(errors);
    map_descriptors(&mut command, Some(control), Vec::new())?;
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    prepare(&mut command, vec![(Resource::Core, none)]);
    lasting::run(move || command.spawn())
}

/// Starts a tool that we trust.
pub(super) fn tool(
    executable: &Path,
    arguments: &[OsString],
    directory: &Path,
    environment: &[(OsString, OsString)],
) -> io::Result<Started> {
    let mut command = command(executable, arguments, directory);
    command.env_remove("PYO3_NO_PYTHON");
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null());
    prepare(&mut command, Vec::new());
    spawn(command, None)
}

#[expect(clippy::disallowed_methods, reason = "this is the place that starts processes")]
fn command(executable: &Path, arguments: &[OsString], directory: &Path) -> Command {
    let mut command = Command::new(executable);
    command.args(arguments).current_dir(directory);
    command
}

fn spawn(mut command: Command, answer: Option<PipeReader>) -> io::Result<Started> {
    let (stdout, child_stdout) = io::pipe()?;
    let (stderr, child_stderr) = io::pipe()?;
    command.stdout(child_stdout).stderr(child_stderr);
    let child = command.spawn()?;
    // The command owns the child's ends of the pipes: while it lives, none ever comes to its end.
    drop(command);
    Ok(Started { child, streams: Streams { stdout, stderr, answer } })
}

/// A file without a name with `input` in it, at its start.
pub(super) fn input_file(input: &[u8]) -> io::Result<File> {
    let mut file = nameless_file()?;
    file.write_all(input)?;
    file.rewind()?;
    Ok(file)
}

#[cfg(target_os = "linux")]
fn nameless_file() -> io::Result<File> {
    use rustix::fs::{MemfdFlags, memfd_create};
    Ok(memfd_create("tollgate-request", MemfdFlags::CLOEXEC)?.into())
}

#[cfg(not(target_os = "linux"))]
fn nameless_file() -> io::Result<File> {
    tempfile::tempfile()
}

/// Has the child find its end of the answer channel, and what it inherits beside that.
fn map_descriptors(
    command: &mut Command,
    answer: Option<OwnedFd>,
    others: Vec<OwnedFd>,
) -> io::Result<()> {
    let numbered = (ANSWER_DESCRIPTOR + 1..).zip(others);
    let all = answer.map(|it| (ANSWER_DESCRIPTOR, it)).into_iter().chain(numbered);
    let mappings = all.map(|(child_fd, parent_fd)| FdMapping { parent_fd, child_fd }).collect();
    command.fd_mappings(mappings).map_err(io::Error::other)?;
    Ok(())
}

/// Keeps descriptors 3 to 5 taken in this process, if they were free when the first child was started.
///
/// The standard library has a pipe of its own through which the forked process reports that it
/// could not execute the program. Were that pipe number 3, the answer channel would take its
/// place, and a failed start would look like a program that answered nonsense.
static RESERVED: LazyLock<io::Result<[(PipeReader, PipeWriter); 2]>> =
    LazyLock::new(|| Ok([io::pipe()?, io::pipe()?]));

/// Makes us the parent of processes that a child leaves behind, so that we can reap those that are
/// killed with its group: whoever is process 1 in a container may not do it, or not soon.
#[cfg(target_os = "linux")]
static REAPER: LazyLock<rustix::io::Result<()>> =
    LazyLock::new(|| rustix::process::set_child_subreaper(Some(rustix::process::getpid())));

/// What each limit comes to here: never more than what we ourselves may have.
fn resource_limits(limits: &Limits) -> Vec<(Resource, Rlimit)> {
    let memory = if cfg!(target_vendor = "apple") { None } else { limits.memory_bytes };
    let wanted = [
        (Resource::Core, Some(0)),
        (Resource::Nofile, Some(limits.open_files)),
        (Resource::As, memory),
        (Resource::Fsize, limits.file_bytes),
        (Resource::Nproc, limits.processes.and_then(threads_of_user)),
    ];
    let lowered = |resource, wanted: u64| {
        let value = Some(getrlimit(resource).maximum.map_or(wanted, |most| most.min(wanted)));
        (resource, Rlimit { current: value, maximum: value })
    };
    wanted.into_iter().filter_map(|(resource, value)| Some(lowered(resource, value?))).collect()
}

/// Between fork and exec: makes a session of the child, sets the limits, and on Linux has the kernel
/// kill the child with us.
///
/// A session is a group that no terminal belongs to; and where the kernel shares the cores out by
/// session, a bomb of processes has one share.
#[expect(unsafe_code, reason = "`pre_exec` is the only way to set limits for the child alone")]
fn prepare(command: &mut Command, limits: Vec<(Resource, Rlimit)>) {
    let set_up = move || -> io::Result<()> {
        die_with_parent()?;
        setsid()?;
        limits.iter().try_for_each(|(resource, limit)| Ok(setrlimit(*resource, *limit)?))
    };
    // SAFETY: the closure runs in the forked process, where only async-signal-safe calls are
    // allowed. It makes system calls only: it neither allocates nor takes a lock, and its errors
    // are plain error numbers.
    unsafe {
        command.pre_exec(set_up);
    }
}

/// A child in a process group of its own is not reached by Ctrl-C at the terminal: without this,
/// one that loops would outlive a harness that was interrupted.
///
/// The kernel sends the signal when the *thread* that forked ends: that is the one that waits for
/// the child, or one that lasts as long as we do.
#[cfg(target_os = "linux")]
fn die_with_parent() -> io::Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Linux")]
fn die_with_parent() -> io::Result<()> {
    Ok(())
}
