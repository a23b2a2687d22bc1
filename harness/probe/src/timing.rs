//! What the worker needs of the probe to take a timed sample.

use tollgate_event::decode;

use crate::{buffer, clock};

/// Keeps the processor busy for `nanos` nanoseconds: a cost whose size is known.
pub(crate) fn spin(nanos: u64) {
    let end = clock::nanos() + nanos;
    while nanos > 0 && clock::nanos() < end {
        std::hint::spin_loop();
    }
}

/// A number that stands for `text` and for the events in the buffer: which, of what, in which order
/// and how they ended, but not when and in which thread. Empties the buffer.
pub(crate) fn digest(text: &str) -> u64 {
    let mut hash = Fnv::default();
    hash.add(text);
    for event in decode(&buffer::take()).unwrap_or_default() {
        hash.add(event.kind.word());
        hash.add(&event.name);
        hash.add(&event.outcome.to_string());
    }
    hash.0
}

/// Fowler, Noll and Vo's hash, which is the same in every process.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds a text and its end.
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
