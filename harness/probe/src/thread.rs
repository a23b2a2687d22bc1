//! Numbers of threads.
//!
//! What the system calls a thread, and so `threading.get_ident()`, it calls the next one too when the
//! first has ended: two that follow each other would be one. These numbers are never used again.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering},
};

static LAST: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// 0 as long as nobody has asked. It needs no destructor, so it is there to a thread's very end.
    static NUMBER: Cell<u64> = const { Cell::new(0) };
}

/// The number of the calling thread, from 1 on, in the order in which threads are first asked. The
/// one that loads the probe has 1.
pub(crate) fn number() -> u64 {
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(LAST.fetch_add(1, Ordering::Relaxed) + 1);
        }
        number.get()
    })
}
