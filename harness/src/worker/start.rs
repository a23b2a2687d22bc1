//! The seam behind which children are started, and the plain way: one interpreter a cell.

use std::{ffi::OsString, io, path::Path};

use super::Target;
use crate::child::{self, Answer, Ended, Limits};

/// What a worker is started for.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The interpreter.
    pub target: &'a Target,
    /// The request, as frames.
    pub request: &'a [u8],
    /// An empty directory to work in.
    pub folder: &'a Path,
    /// Not beside others: an earlier attempt may have taken its neighbours down.
    pub alone: bool,
}

/// A way to have a worker answer one request.
pub trait Start: Send + Sync {
    /// Runs a worker and returns all that came of it.
    fn start(&self, job: Job<'_>) -> io::Result<Ended>;

    /// What went wrong beside the jobs, in words.
    fn troubles(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A fresh interpreter for every request.
#[derive(Clone, Debug)]
pub struct Spawn {
    /// What each child may use.
    pub limits: Limits,
    /// Added to the child's environment.
    pub environment: Vec<(OsString, OsString)>,
}

impl Spawn {
    /// Children run under `limits`.
    pub fn new(limits: Limits) -> Self {
        Self { limits, environment: Vec::new() }
    }
}

impl Start for Spawn {
    fn start(&self, job: Job<'_>) -> io::Result<Ended> {
        let mut environment = child::inherited_environment(job.folder);
        environment.extend(self.environment.iter().cloned());
        let program = child::Program {
            executable: job.target.interpreter.path.clone(),
            arguments: arguments(&ISOLATED, job.target),
            environment,
            directory: job.folder.to_owned(),
            input: job.request.to_owned(),
            answer: Answer::Channel,
        };
        child::run(&program, &self.limits)
    }
}

/// Isolated and without `site`: whatever is installed beside the interpreter (`.pth` files with
/// finders of their own) must not take part. No byte code is written.
pub(super) const ISOLATED: [&str; 3] = ["-I", "-S", "-B"];

/// The arguments that start the worker with these options.
pub(super) fn arguments(options: &[&str], target: &Target) -> Vec<OsString> {
    let options = options.iter().map(Into::into);
    options.chain([target.worker.clone().into_os_string()]).collect()
}
