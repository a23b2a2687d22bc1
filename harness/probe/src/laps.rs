//! A stopwatch with laps, and with turns: between two laps other processes have theirs.
//!
//! The code that is timed says where a lap ends. Whoever forked this process decides when the next one begins, so that
//! the same lap of every arm is timed next to each other, under the same pace of the machine.

use std::{io, sync::Mutex};

use crate::{asked, clock, raw, timing};

/// More laps than that are not told apart. There is room for them before the clock starts.
const MOST: usize = 1024;

static STOPWATCH: Mutex<Option<Stopwatch>> = Mutex::new(None);

struct Stopwatch {
    /// When the current lap began, by the monotonic clock, in nanoseconds.
    start: u64,
    /// What the laps so far took, in nanoseconds.
    laps: Vec<u64>,
    /// A cost that is added to each lap, as a fraction of it.
    planted: f64,
    /// So many calls of [`lap`] make one.
    stride: usize,
    /// How many of them are still to come.
    left: usize,
    /// Descriptors: where to say that a lap is over, and where the next turn comes from.
    turn: Option<[i32; 2]>,
}

/// Starts the stopwatch, when it is this process's turn.
pub(crate) fn begin(planted: f64, stride: usize, turn: Option<[i32; 2]>) -> io::Result<()> {
    let stride = stride.max(1);
    let laps = Vec::with_capacity(MOST + 1);
    let mut watch = Stopwatch { start: 0, laps, planted, stride, left: stride, turn };
    watch.next()?;
    *lock() = Some(watch);
    Ok(())
}

/// Says that a part of the work is done. Nothing happens while no stopwatch runs, nor in a fork that the program has
/// made: the turns are its parent's.
pub(crate) fn lap() -> io::Result<()> {
    if asked::is_fork() {
        return Ok(());
    }
    let mut held = lock();
    let Some(watch) = held.as_mut() else { return Ok(()) };
    watch.left -= 1;
    if watch.left > 0 || watch.laps.len() >= MOST {
        watch.left = watch.left.max(1);
        return Ok(());
    }
    watch.left = watch.stride;
    watch.end();
    watch.next()
}

/// Ends the last lap, waits until all other processes have ended theirs, and returns what each took, in
/// nanoseconds.
pub(crate) fn finish() -> io::Result<Vec<u64>> {
    if asked::is_fork() {
        return Ok(Vec::new());
    }
    let Some(mut watch) = lock().take() else { return Ok(Vec::new()) };
    watch.end();
    watch.next()?;
    Ok(watch.laps)
}

fn lock() -> std::sync::MutexGuard<'static, Option<Stopwatch>> {
    STOPWATCH.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Stopwatch {
    fn end(&mut self) {
        if self.planted > 0.0 {
            timing::spin(share(clock::nanos() - self.start, self.planted));
        }
        self.laps.push(clock::nanos() - self.start);
    }

    fn next(&mut self) -> io::Result<()> {
        if let Some([done, go]) = self.turn {
            raw::send(done)?;
            raw::receive(go)?;
        }
        self.start = clock::nanos();
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a fraction of a lap, which is far from the limits of both"
)]
fn share(nanos: u64, fraction: f64) -> u64 {
    (nanos as f64 * fraction) as u64
}
