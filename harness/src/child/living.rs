//! All children that live now, so that they can be ended at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// The process groups of one process.
#[derive(Debug)]
pub(super) struct Living {
    groups: Mutex<Groups>,
}

#[derive(Debug)]
struct Groups {
    leaders: Vec<Pid>,
    /// Whether those that come now are ended too.
    closed: bool,
}

/// The children of this process.
pub(super) static LIVING: Living = Living::new();

impl Living {
    const fn new() -> Self {
        Self { groups: Mutex::new(Groups { leaders: Vec::new(), closed: false }) }
    }

    /// Takes note of the group that `leader` leads.
    pub(super) fn enter(&self, leader: Pid) {
        let mut groups = self.lock();
        if groups.closed {
            kill(leader);
        }
        groups.leaders.push(leader);
    }

    /// Forgets the group. To be called before its leader is reaped: afterwards the number may be
    /// somebody else's.
    pub(super) fn leave(&self, leader: Pid) {
        self.lock().leaders.retain(|known| *known != leader);
    }

    /// Kills all there are and all that come.
    fn end_all(&self) {
        let mut groups = self.lock();
        groups.closed = true;
        groups.leaders.iter().copied().for_each(kill);
    }

    fn lock(&self) -> MutexGuard<'_, Groups> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Kills a group. This can only fail because nobody is left, which is what was wanted.
fn kill(leader: Pid) {
    let _ = kill_process_group(leader, Signal::KILL);
}

/// Ends every child of this process, and from now on every new one as soon as it is started.
///
/// For the end of the process itself: whoever waits for a child sees it killed, and can return and
/// tidy up.
pub fn end_all() {
    LIVING.end_all();
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a child that no other test knows")]
mod tests {
    use std::{
        os::unix::process::{CommandExt, ExitStatusExt},
        process::{Child, Command, Stdio},
    };

    use super::*;

    /// A child that ends only when its input does.
    fn waiting() -> Child {
        let mut command = Command::new("cat");
        command.stdin(Stdio::piped()).process_group(0).spawn().expect("cat starts")
    }

    fn ended_by(mut child: Child) -> Option<i32> {
        drop(child.stdin.take());
        child.wait().expect("it can be waited for").signal()
    }

    #[test]
    fn those_that_are_there_and_those_that_come_are_killed() {
        let living = Living::new();
        let (first, gone, late) = (waiting(), waiting(), waiting());
        living.enter(Pid::from_child(&first));
        living.enter(Pid::from_child(&gone));
        living.leave(Pid::from_child(&gone));
        living.end_all();
        living.enter(Pid::from_child(&late));
        let killed = Some(Signal::KILL.as_raw());
        assert_eq!([first, gone, late].map(ended_by), [killed, None, killed]);
    }
}
