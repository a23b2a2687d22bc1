//! A child that runs, seen from its zygote.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

use rustix::process::{
    Pid, PidfdFlags, Signal, WaitOptions, kill_process, kill_process_group, pidfd_open, waitpgid,
    waitpid,
};
use tollgate_event::Notice;

use super::message::tell;

pub(super) struct Cell {
    number: Pid,
    process: OwnedFd,
    leash: OwnedFd,
}

impl Cell {
    /// Takes charge of a child that was just forked. If that fails the child is killed, and the
    /// harness is told.
    pub(super) fn new(number: Pid, leash: OwnedFd) -> Option<Self> {
        match pidfd_open(number, PidfdFlags::empty()) {
            Ok(process) => {
                tell(&leash, Notice::Started(number.as_raw_pid()));
                Some(Self { number, process, leash })
            }
            Err(error) => {
                let _ = kill_process(number, Signal::KILL);
                let _ = waitpid(Some(number), WaitOptions::empty());
                tell(&leash, Notice::Failed(error.raw_os_error()));
                None
            }
        }
    }

    pub(super) fn number(&self) -> Pid {
        self.number
    }

    /// A descriptor that is readable when the harness has let go of the cell.
    pub(super) fn leash(&self) -> BorrowedFd<'_> {
        self.leash.as_fd()
    }

    /// A descriptor that is readable when the child has ended.
    pub(super) fn process(&self) -> BorrowedFd<'_> {
        self.process.as_fd()
    }

    /// Kills what is left of the child and its group, reaps the child and tells its status.
    ///
    /// In this order: while the child is not reaped its number cannot go to somebody else, who would
    /// be killed in its place.
    pub(super) fn end(self) -> io::Result<()> {
        // The child itself may not have come to lead a group yet. Killing can only fail because
        // nobody is left, which is what was wanted.
        let _ = kill_process(self.number, Signal::KILL);
        let _ = kill_process_group(self.number, Signal::KILL);
        let status = loop {
            match waitpid(Some(self.number), WaitOptions::empty()) {
                Err(rustix::io::Errno::INTR) => {}
                other => break other?,
            }
        };
        // Members that the child left behind are ours now, and are being killed too.
        while let Ok(Some(_)) | Err(rustix::io::Errno::INTR) =
            waitpgid(self.number, WaitOptions::empty())
        {}
        let status = status.map_or(0, |(_, status)| status.as_raw());
        tell(&self.leash, Notice::Ended(status));
        Ok(())
    }
}
