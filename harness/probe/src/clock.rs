//! When and where an event happened.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of the host's monotonic clock, the one behind `time.monotonic_ns()`.
pub(crate) fn nanos() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // The monotonic clock counts from the host's start: never negative, 584 years until it wraps.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}
