//! The zygote: this interpreter, warm and idle, forks a child for every request.
//!
//! It runs no Python of anybody's between two requests, and has one thread, so a child starts as the
//! interpreter was when [`serve`] was called. Children are watched here because only a parent may
//! wait for them: each is killed with its whole group when it has ended, and when the harness lets
//! go of its leash, however that comes about.

mod cell;
mod child;
mod message;
mod strays;

use std::{
    io,
    os::fd::{AsFd, OwnedFd},
};

use cell::Cell;
use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{getpid, set_child_subreaper},
};
use strays::Strays;
use tollgate_event::Notice;

use crate::raw;

/// Which of the two processes has returned from [`serve`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The zygote: the harness has gone, and so are all children.
    Zygote,
    /// A child, with the descriptors, the directory and the limits of its request.
    Child,
}

/// Answers requests on `control` until the harness closes it.
///
/// Returns once in the zygote and once in every child. The caller must have one thread only, and
/// hold the GIL.
pub(crate) fn serve(control: OwnedFd) -> io::Result<Side> {
    // Processes that their parents left behind come to us instead of to `init`, so none escapes.
    set_child_subreaper(Some(getpid()))?;
    let mut strays = Strays::default();
    let mut cells: Vec<Cell> = Vec::new();
    loop {
        let ready = wait(&control, &cells)?;
        if ready.cells.contains(&true) {
            end(&mut cells, &ready.cells)?;
            strays.clear(&cells);
        }
        if !ready.control {
            continue;
        }
        let Some(request) = message::receive(&control)? else {
            cells.into_iter().try_for_each(Cell::end)?;
            strays.clear(&[]);
            return Ok(Side::Zygote);
        };
        if let Some(request) = fork(request, &mut cells) {
            // Nothing of the zygote's stays open in the child.
            drop((control, cells));
            child::become_cell(request)?;
            return Ok(Side::Child);
        }
    }
}

/// Ends the cells that are over, and keeps the others.
fn end(cells: &mut Vec<Cell>, over: &[bool]) -> io::Result<()> {
    for (index, over) in over.iter().enumerate().rev() {
        if *over {
            cells.swap_remove(index).end()?;
        }
    }
    Ok(())
}

/// Forks; returns the request in the child. A failure is told over the leash.
fn fork(request: message::Request, cells: &mut Vec<Cell>) -> Option<message::Request> {
    match raw::fork() {
        Ok(None) => return Some(request),
        Ok(Some(process)) => cells.extend(Cell::new(process, request.leash)),
        Err(error) => {
            let number = error.raw_os_error().unwrap_or_default();
            message::tell(&request.leash, Notice::Failed(number));
        }
    }
    None
}

/// What [`wait`] woke up for.
struct Ready {
    /// There is a request, or the harness has gone.
    control: bool,
    /// For each cell: it has ended, or the harness let go of its leash.
    cells: Vec<bool>,
}

fn wait(control: &OwnedFd, cells: &[Cell]) -> io::Result<Ready> {
    let watched = |fd| PollFd::from_borrowed_fd(fd, PollFlags::IN);
    let cells = cells.iter().flat_map(|cell| [cell.leash(), cell.process()]);
    let mut fds: Vec<_> = std::iter::once(control.as_fd()).chain(cells).map(watched).collect();
    while let Err(error) = poll(&mut fds, None) {
        if error != rustix::io::Errno::INTR {
            return Err(error.into());
        }
    }
    let woken = |fd: &PollFd<'_>| !fd.revents().is_empty();
    let cells = fds[1..].chunks_exact(2).map(|of_cell| of_cell.iter().any(woken)).collect();
    Ok(Ready { control: woken(&fds[0]), cells })
}
