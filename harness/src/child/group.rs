//! A child of our own, with the group that it leads.

use std::{io, os::fd::BorrowedFd, process::Child};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process_group, waitid, waitpgid,
};

use super::{Ending, living::LIVING, watch::Process};

/// The child's process group. Dropping it ends what is left, so that an error or a panic on our
/// side leaves nothing running.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    ending: Option<Ending>,
}

impl Group {
    pub(super) fn new(child: Child) -> Self {
        LIVING.enter(Pid::from_child(&child));
        Self { child, ending: None }
    }
}

impl Process for Group {
    fn wake(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn group(&self) -> Option<Pid> {
        Some(Pid::from_child(&self.child))
    }

    /// A child that has ended is not reaped yet, so its number, which is the group's too, cannot
    /// have gone to somebody else when the group is killed.
    fn has_ended(&mut self) -> io::Result<bool> {
        if self.ending.is_some() {
            return Ok(true);
        }
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(&self.child)), options)?.is_some())
    }

    fn end(&mut self) -> io::Result<Ending> {
        if let Some(ending) = self.ending {
            return Ok(ending);
        }
        // Killing can only fail because nobody is left, which is what was wanted.
        let leader = Pid::from_child(&self.child);
        let _ = kill_process_group(leader, Signal::KILL);
        LIVING.leave(leader);
        let ending = *self.ending.insert(self.child.wait()?.into());
        // Members that the child left behind are ours where we are a subreaper; they are dying too.
        while let Ok(Some(_)) | Err(rustix::io::Errno::INTR) =
            waitpgid(leader, WaitOptions::empty())
        {}
        Ok(ending)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.end();
    }
}
