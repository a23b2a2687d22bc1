//! Waiting for a child: its output, its end, its deadline, in one thread.

use std::{
    io,
    process::Child,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};

use super::{
    Ended, Ending, Stream,
    living::LIVING,
    pipe::{Filled, Pipe},
    start::Started,
};

/// Longest wait between two looks at whether the child has ended, while it may still write. Its
/// end usually closes a pipe and wakes us at once; this is for when a grandchild holds them open.
const TICK: Duration = Duration::from_millis(20);
/// The same once all pipes are closed. The end of the process is then moments away.
const LAST_TICK: Duration = Duration::from_millis(1);

/// What a child may use of our time and memory.
pub(super) struct Budget {
    pub(super) deadline: Duration,
    pub(super) output_bytes: usize,
    pub(super) answer_bytes: usize,
}

/// Waits until the child has ended by itself or was stopped for what it used.
pub(super) fn until_ended(started: Started, budget: &Budget) -> io::Result<Ended> {
    let start = Instant::now();
    let mut group = Group::new(started.child);
    let mut pipes = vec![
        Pipe::new(Stream::Stdout, started.stdout, budget.output_bytes)?,
        Pipe::new(Stream::Stderr, started.stderr, budget.output_bytes)?,
    ];
    if let Some(answer) = started.answer {
        pipes.push(Pipe::new(Stream::Answer, answer, budget.answer_bytes)?);
    }
    let stopped = watch(&group, &mut pipes, start, budget.deadline)?;
    let own_ending = group.end()?;
    // The child's last words may still be in the pipes. What a process that left the group writes
    // from now on is not waited for.
    let ending = stopped.or(drain(&mut pipes)?).unwrap_or(own_ending);
    let mut kept = pipes.into_iter().map(|pipe| pipe.kept);
    let mut next = || kept.next().unwrap_or_default();
    Ok(Ended { ending, stdout: next(), stderr: next(), answer: next() })
}

/// Reads until the child has ended (`None`) or has to be stopped (why).
fn watch(
    group: &Group,
    pipes: &mut [Pipe],
    start: Instant,
    deadline: Duration,
) -> io::Result<Option<Ending>> {
    loop {
        if let Some(over) = drain(pipes)? {
            return Ok(Some(over));
        }
        if group.child_has_ended()? {
            return Ok(None);
        }
        let left = deadline.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(Some(Ending::TimedOut));
        }
        wait_for_output(pipes, left)?;
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

/// Returns when a pipe has something to say, or after a tick, or after `left`.
fn wait_for_output(pipes: &[Pipe], left: Duration) -> io::Result<()> {
    let ends = pipes.iter().filter_map(Pipe::open_end);
    let mut ends: Vec<_> = ends.map(|end| PollFd::new(end, PollFlags::IN)).collect();
    let tick = if ends.is_empty() { LAST_TICK } else { TICK };
    let timeout = Timespec::try_from(tick.min(left)).map_err(io::Error::other)?;
    match poll(&mut ends, Some(&timeout)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The child's process group. Dropping it ends what is left, so that an error or a panic on our
/// side leaves nothing running.
struct Group {
    child: Child,
    ending: Option<Ending>,
}

impl Group {
    fn new(child: Child) -> Self {
        LIVING.enter(Pid::from_child(&child));
        Self { child, ending: None }
    }

    /// Whether the child has ended. It is not reaped yet, so its number, which is the group's too,
    /// cannot have gone to somebody else when the group is killed.
    fn child_has_ended(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(&self.child)), options)?.is_some())
    }

    /// Kills all that is left of the group, then reaps the child.
    fn end(&mut self) -> io::Result<Ending> {
        if let Some(ending) = self.ending {
            return Ok(ending);
        }
        // Killing can only fail because nobody is left, which is what was wanted.
        let leader = Pid::from_child(&self.child);
        let _ = kill_process_group(leader, Signal::KILL);
        LIVING.leave(leader);
        Ok(*self.ending.insert(self.child.wait()?.into()))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.end();
    }
}
