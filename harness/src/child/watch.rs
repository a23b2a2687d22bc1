//! Waiting for a child: its output, its end, its deadline, in one thread.

use std::{
    io,
    os::fd::BorrowedFd,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::Pid,
};

use super::{
    Ended, Ending, Limits, Stream,
    pipe::{Filled, Pipe},
    processes::{Census, settle},
    start::Streams,
};

/// Longest wait between two looks at whether the child has ended and how many processes it has. Its
/// end usually wakes us at once; this is for when a grandchild holds the pipes open.
const TICK: Duration = Duration::from_millis(10);
/// The same once all pipes are closed. The end of the process is then moments away.
const LAST_TICK: Duration = Duration::from_millis(1);

/// A child that is watched, whoever its parent is.
pub(super) trait Process {
    /// What becomes readable when the child has ended, if there is such a thing.
    fn wake(&self) -> Option<BorrowedFd<'_>>;

    /// The process group, once it is known.
    fn group(&self) -> Option<Pid>;

    /// Whether the child has ended.
    fn has_ended(&mut self) -> io::Result<bool>;

    /// Kills all that is left of the child and its group; says how the child ended.
    fn end(&mut self) -> io::Result<Ending>;
}

/// Waits until the child has ended by itself or was stopped for what it used.
pub(super) fn until_ended(
    process: &mut dyn Process,
    streams: Streams,
    limits: &Limits,
) -> io::Result<Ended> {
    let mut pipes = vec![
        Pipe::new(Stream::Stdout, streams.stdout, limits.output_bytes)?,
        Pipe::new(Stream::Stderr, streams.stderr, limits.output_bytes)?,
    ];
    if let Some(answer) = streams.answer {
        pipes.push(Pipe::new(Stream::Answer, answer, limits.answer_bytes)?);
    }
    let stopped = watch(process, &mut pipes, limits)?;
    let own_ending = process.end()?;
    if stopped == Some(Ending::TooManyProcesses) {
        process.group().into_iter().for_each(settle);
    }
    // The child's last words may still be in the pipes. What a process that left the group writes
    // from now on is not waited for.
    let mut ending = stopped.or(drain(&mut pipes)?).unwrap_or(own_ending);
    if own_ending == Ending::Orphaned {
        // Without its zygote it could not end in any other way.
        ending = own_ending;
    }
    let mut kept = pipes.into_iter().map(|pipe| pipe.kept);
    let mut next = || kept.next().unwrap_or_default();
    Ok(Ended { ending, stdout: next(), stderr: next(), answer: next() })
}

/// Reads until the child has ended (`None`) or has to be stopped (why).
fn watch(
    process: &mut dyn Process,
    pipes: &mut [Pipe],
    limits: &Limits,
) -> io::Result<Option<Ending>> {
    let start = Instant::now();
    let mut census = limits.processes.map(Census::new);
    let mut next_count = TICK;
    loop {
        if let Some(over) = drain(pipes)? {
            return Ok(Some(over));
        }
        if process.has_ended()? {
            return Ok(None);
        }
        let elapsed = start.elapsed();
        let left = limits.deadline.saturating_sub(elapsed);
        if left.is_zero() {
            return Ok(Some(Ending::TimedOut));
        }
        if elapsed >= next_count {
            next_count = elapsed + TICK;
            if too_many(process, census.as_mut()) {
                return Ok(Some(Ending::TooManyProcesses));
            }
        }
        wait(process, pipes, left)?;
    }
}

/// Takes what is in the pipes; says if one of them held too much.
fn drain(pipes: &mut [Pipe]) -> io::Result<Option<Ending>> {
    let mut over = None;
    for pipe in pipes {
        if pipe.drain()? == Filled::Over {
            over = over.or(Some(Ending::TooMuchOutput(pipe.stream)));
        }
    }
    Ok(over)
}

fn too_many(process: &dyn Process, census: Option<&mut Census>) -> bool {
    let (Some(group), Some(census)) = (process.group(), census) else { return false };
    census.is_exceeded(group)
}

/// Returns when a pipe has something to say or the child has ended, or after a tick, or after
/// `left`.
fn wait(process: &dyn Process, pipes: &[Pipe], left: Duration) -> io::Result<()> {
    let ends = pipes.iter().filter_map(Pipe::open_end);
    let mut ends: Vec<_> = ends.map(|end| PollFd::new(end, PollFlags::IN)).collect();
    let wake = process.wake().map(|wake| PollFd::from_borrowed_fd(wake, PollFlags::IN));
    let tick = if ends.is_empty() && wake.is_none() { LAST_TICK } else { TICK };
    ends.extend(wake);
    let timeout = Timespec::try_from(tick.min(left)).map_err(io::Error::other)?;
    match poll(&mut ends, Some(&timeout)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
