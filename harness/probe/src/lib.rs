//! What Tollgate loads into every interpreter under test.
//!
//! The probe holds the buffer of events, reads the clock, numbers threads and knows its process from a fork; it imports nothing
//! and leaves no entry in `sys.modules`. One build with the stable ABI serves all GIL builds of
//! CPython from 3.9 on; a free-threaded build gets one of its own.

mod asked;
mod buffer;
mod clock;
mod emit;
mod laps;
mod native;
mod raw;
mod testimony;
mod thread;
mod timing;
#[cfg(target_os = "linux")]
mod zygote;

use pyo3::prelude::*;

/// Event buffer, clock and thread ids for Tollgate's worker.
// The buffer has a lock of its own, so a free-threaded interpreter need not switch its GIL on.
#[pymodule(gil_used = false)]
mod tollgate_probe {
    use pyo3::{
        prelude::*,
        types::{PyBytes, PyDict},
    };

    use crate::{asked, buffer, clock, laps, raw, thread, timing};

    /// Takes all events out of the buffer, encoded as `tollgate-event` says.
    #[pyfunction]
    fn drain(py: Python<'_>) -> Bound<'_, PyBytes> {
        PyBytes::new(py, &buffer::take())
    }

    /// Has each event written to a descriptor at once, as a frame of the answer; with `None` they are kept again.
    #[pyfunction]
    #[pyo3(signature = (descriptor))]
    fn stream(descriptor: Option<i32>) {
        buffer::stream(descriptor);
    }

    /// How many events the buffer holds.
    #[pyfunction]
    fn count() -> usize {
        buffer::count()
    }

    /// Prepares the buffer for some ten thousand events without an allocation or a page fault.
    #[pyfunction]
    fn warm() {
        buffer::warm();
    }

    /// The number of the calling thread, as events have it: never that of another one.
    #[pyfunction]
    #[pyo3(name = "thread")]
    fn number_of_thread() -> u64 {
        thread::number()
    }

    /// From now on this process answers, over these descriptors, and no fork of it: there they are closed, and events
    /// are dropped.
    #[pyfunction]
    fn alone(channels: Vec<i32>) {
        asked::alone(channels);
    }

    /// From now on forks of this process may answer too, until each calls `alone`.
    #[pyfunction]
    fn share() {
        asked::share();
    }

    /// Whether this process is the one that was asked, and not a fork that the program has made.
    #[pyfunction]
    fn may_answer() -> bool {
        asked::may_answer()
    }

    /// Nanoseconds of the monotonic clock, the one that stamps events.
    #[pyfunction]
    fn now() -> u64 {
        clock::nanos()
    }

    /// Keeps the processor busy for so many nanoseconds.
    #[pyfunction]
    fn spin(nanos: u64) {
        timing::spin(nanos);
    }

    /// Starts a stopwatch, with a cost to add to each lap as a fraction of it. So many calls of `lap` make one lap. With
    /// two descriptors it waits before each lap for its turn: the first is where it says that it is ready, from the second
    /// comes the word to go on.
    #[pyfunction]
    #[pyo3(signature = (planted, stride, turn=None))]
    fn begin(planted: f64, stride: usize, turn: Option<(i32, i32)>) -> PyResult<()> {
        Ok(laps::begin(planted, stride, turn.map(|(done, go)| [done, go]))?)
    }

    /// Tells the stopwatch that a part of the work is done; does nothing where none runs.
    #[pyfunction]
    fn lap() -> PyResult<()> {
        Ok(laps::lap()?)
    }

    /// Stops the stopwatch: what each lap took, in nanoseconds.
    #[pyfunction]
    fn finish() -> PyResult<Vec<u64>> {
        Ok(laps::finish()?)
    }

    /// A number that stands for a text and for all events in the buffer, which it empties.
    #[pyfunction]
    fn digest(text: &str) -> u64 {
        timing::digest(text)
    }

    /// Page faults, involuntary switches and the peak of memory of this process so far.
    #[pyfunction]
    fn usage() -> (u64, u64, u64) {
        let usage = raw::usage();
        (usage.faults, usage.switches, usage.peak)
    }

    /// Copies every page that is still shared with the parent; returns how many pages there are.
    #[pyfunction]
    fn populate() -> PyResult<usize> {
        Ok(raw::populate()?)
    }

    /// Has callgrind count from now on, or no longer.
    #[pyfunction]
    fn counting(on: bool) {
        raw::callgrind(if on { 4 } else { 5 });
    }

    /// Whether two dicts hold the same objects under the same keys, in the same order.
    #[pyfunction]
    fn has_same_items(one: &Bound<'_, PyDict>, other: &Bound<'_, PyDict>) -> bool {
        raw::has_same_items(one, other)
    }

    /// A function that does what `original`, CPython's own `exec`, does, and marks in the buffer
    /// where the body of a module begins and ends.
    #[pyfunction]
    fn watched_exec<'py>(original: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        raw::watched_exec(original)
    }

    /// Forks a child for every request on the descriptor `control` until that is closed. Returns
    /// `True` in every child, and `False` once in the zygote itself.
    #[cfg(target_os = "linux")]
    #[pyfunction]
    fn serve(control: i32) -> PyResult<bool> {
        use crate::zygote::{Side, serve};
        Ok(serve(raw::inherited(control))? == Side::Child)
    }

    /// Switches a native hook on or off that hears the audit event `import`, in all interpreters of
    /// this process.
    #[pyfunction]
    fn listen(on: bool) {
        raw::listen(on);
    }

    #[pymodule_export]
    use crate::native::Import;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        buffer::warm();
        // the thread that loads the probe runs the program, and has the first number
        thread::number();
        raw::name_of_type(module.py())?;
        asked::watch_forks()?;
        module.add("emit", raw::emit_function(module)?)
    }
}
