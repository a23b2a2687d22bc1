//! The one buffer that all threads of the interpreter append their events to.
//!
//! A lock and not the GIL guards it, because free-threaded builds have none. It is never held while
//! Python code can run.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, getpid};
use tollgate_event::{EventKind, OutcomeRef, encode};

use crate::{asked, clock, raw};

/// Room for some ten thousand events, so that recording does not allocate in the usual case.
const RESERVED_BYTES: usize = 512 * 1024;

struct Buffer {
    bytes: Vec<u8>,
    events: usize,
    /// Where each event goes at once, if it does.
    stream: Option<Stream>,
}

/// The channel of an answer, for a process that may end at any moment.
struct Stream {
    descriptor: i32,
    /// The process that was asked: none that it forks may answer.
    process: Pid,
}

static BUFFER: Mutex<Buffer> = Mutex::new(Buffer { bytes: Vec::new(), events: 0, stream: None });

fn lock() -> MutexGuard<'static, Buffer> {
    // Nothing can panic while the lock is held; if it did, the bytes before it are still whole.
    BUFFER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets memory aside for the usual number of events and touches it, so that the page faults are
/// behind us when the clock starts.
pub(crate) fn warm() {
    let mut buffer = lock();
    let used = buffer.bytes.len();
    buffer.bytes.resize(used.max(RESERVED_BYTES), 0);
    buffer.bytes.truncate(used);
}

/// Appends an event of this moment; in a fork that the program has made, nothing.
pub(crate) fn push(kind: EventKind, thread: u64, name: &str, outcome: OutcomeRef<'_>) {
    // before the lock, which a thread may hold that was not forked along
    if asked::is_fork() {
        return;
    }
    let mut buffer = lock();
    encode(&mut buffer.bytes, clock::nanos(), thread, kind, name, outcome);
    buffer.events += 1;
    if let Some(stream) = &buffer.stream {
        stream.send(&buffer.bytes);
        buffer.bytes.clear();
    }
}

/// Has each event written to `descriptor` at once from now on, as a frame `event`; without one, events
/// stay in the buffer again.
pub(crate) fn stream(descriptor: Option<i32>) {
    let stream = descriptor.map(|descriptor| Stream { descriptor, process: getpid() });
    lock().stream = stream;
}

impl Stream {
    fn send(&self, event: &[u8]) {
        if getpid() != self.process {
            return;
        }
        let mut frame = format!("event {}\n", event.len()).into_bytes();
        frame.extend_from_slice(event);
        frame.push(b'\n');
        if let Err(error) = raw::write_all(self.descriptor, &frame) {
            // An event that is lost would pass for one that did not happen.
            eprintln!("tollgate: an event could not be written: {error}");
            std::process::abort();
        }
    }
}

/// Empties the buffer and returns what it held.
pub(crate) fn take() -> Vec<u8> {
    let mut buffer = lock();
    buffer.events = 0;
    // the buffer keeps its memory for the next events
    let bytes = buffer.bytes.clone();
    buffer.bytes.clear();
    bytes
}

/// How many events the buffer holds.
pub(crate) fn count() -> usize {
    lock().events
}
