//! A thread that lives as long as this process.

use std::{
    io,
    sync::{LazyLock, Mutex, PoisonError, mpsc},
    thread,
};

type Job = Box<dyn FnOnce() + Send>;

static JOBS: LazyLock<io::Result<Mutex<mpsc::Sender<Job>>>> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel::<Job>();
    thread::Builder::new()
        .name("tollgate-parent".to_owned())
        .spawn(move || receiver.into_iter().for_each(|job| job()))?;
    Ok(Mutex::new(sender))
});

/// Runs `job` on that thread and waits for what it returns.
///
/// A child that should die with this process, and not with the thread that happens to start it, is
/// started here: Linux sends a parent's death signal when the parent *thread* ends.
pub(super) fn run<T: Send + 'static>(
    job: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let jobs = JOBS.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
    let (sender, receiver) = mpsc::channel();
    let job = move || {
        // whoever asked has not stopped waiting
        let _ = sender.send(job());
    };
    let gone = || io::Error::other("the thread that starts zygotes is gone");
    let sender = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    sender.send(Box::new(job)).map_err(|_| gone())?;
    drop(sender);
    receiver.recv().map_err(|_| gone())?
}
