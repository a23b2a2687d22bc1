//! Which process answers: the one that was asked, and none that it forks.
//!
//! A program may fork. Its child has the hook, the buffer and the channels of its parent, and is
//! another program all the same: what it does from then on is nobody's to report. So in a fork that
//! the worker did not make events are dropped, and the channels are closed.

use std::{
    io, process,
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use crate::raw::{self, Behind};

/// The process that was asked; 0 as long as none was, or forks may be.
static ASKED: AtomicU32 = AtomicU32::new(0);
static WATCHES: Once = Once::new();
/// Whether this process is a fork of the one that was asked.
static IS_FORK: AtomicBool = AtomicBool::new(false);
/// What the process that was asked answers over.
static CHANNELS: Mutex<Vec<Channel>> = Mutex::new(Vec::new());

/// A descriptor, and the file behind it: a program may close ours and open one of its own that gets
/// the same number.
struct Channel {
    number: i32,
    behind: Behind,
}

/// Has [`is_fork`] known in forks that are made from now on.
pub(crate) fn watch_forks() -> io::Result<()> {
    let mut watched = Ok(());
    WATCHES.call_once(|| watched = raw::at_fork(forked));
    watched
}

/// From now on this process answers, over these descriptors, and no fork of it. Programs that it
/// starts do not inherit them.
pub(crate) fn alone(numbers: Vec<i32>) {
    let channels = numbers.into_iter().filter_map(|number| {
        let behind = raw::behind(number)?;
        raw::close_on_exec(number);
        Some(Channel { number, behind })
    });
    let channels = channels.collect();
    *CHANNELS.lock().unwrap_or_else(PoisonError::into_inner) = channels;
    ASKED.store(process::id(), Ordering::Relaxed);
}

/// From now on forks of this process may answer in their turn, as long as nobody calls [`alone`].
pub(crate) fn share() {
    ASKED.store(0, Ordering::Relaxed);
}

/// Whether this process was forked by the one that was asked.
pub(crate) fn is_fork() -> bool {
    IS_FORK.load(Ordering::Relaxed)
}

/// Whether this process is the one that was asked. The number tells as well where a process was
/// made behind the C library's back.
pub(crate) fn may_answer() -> bool {
    let asked = ASKED.load(Ordering::Relaxed);
    !is_fork() && (asked == 0 || asked == process::id())
}

/// Runs in every fork, where only its thread is left and any lock may be held for ever.
extern "C" fn forked() {
    if ASKED.load(Ordering::Relaxed) == 0 {
        return;
    }
    IS_FORK.store(true, Ordering::Relaxed);
    if let Ok(channels) = CHANNELS.try_lock() {
        let is_ours = |channel: &&Channel| raw::behind(channel.number) == Some(channel.behind);
        channels.iter().filter(is_ours).for_each(|channel| raw::close(channel.number));
    }
}
