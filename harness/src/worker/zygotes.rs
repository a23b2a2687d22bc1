//! Children forked by warm interpreters: one zygote a target, started when it is first needed.

use std::{
    collections::HashMap,
    ffi::OsString,
    io,
    os::unix::ffi::OsStrExt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Job, Spawn, Start, Target,
    cell_folder::CellFolder,
    frames::push,
    start::{ISOLATED, arguments},
};
use crate::child::{self, Answer, Ended, Ending, Limits, Zygote};

/// How the memory of a zygote is laid out, so that what is measured in its children can be measured
/// under many layouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The seed of `hash()` for strings. Without it each zygote has a random one, as each fresh
    /// interpreter has; all children of one zygote share it.
    ///
    /// An interpreter that ignores the environment takes no seed, so with one the worker runs under
    /// `-s` and not `-I`; `sys.flags` shows it.
    pub hash_seed: Option<u32>,
    /// Bytes added to the environment, which lies at the start of the stack.
    pub environment_pad: usize,
    /// Bytes allocated before the first fork.
    pub heap_pad: usize,
}

/// Zygotes for all targets. A job that must have a fresh interpreter is spawned.
///
/// Dropping them ends them, and what they forked.
#[derive(Debug)]
pub struct Zygotes {
    limits: Limits,
    memory: Memory,
    living: Mutex<HashMap<PathBuf, Arc<Parent>>>,
    deaths: Mutex<Vec<String>>,
}

/// A zygote with the directory that it was started in.
#[derive(Debug)]
struct Parent {
    zygote: Zygote,
    _directory: CellFolder,
}

impl Zygotes {
    /// Children run under `limits`.
    pub fn new(limits: Limits) -> Self {
        Self::with_memory(limits, Memory::default())
    }

    /// Children run under `limits`, forked by parents of this layout.
    pub fn with_memory(limits: Limits, memory: Memory) -> Self {
        Self { limits, memory, living: Mutex::default(), deaths: Mutex::default() }
    }

    fn parent(&self, target: &Target) -> io::Result<Arc<Parent>> {
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(parent) = living.get(&target.interpreter.path) {
            return Ok(Arc::clone(parent));
        }
        let parent = Arc::new(self.launch(target)?);
        living.insert(target.interpreter.path.clone(), Arc::clone(&parent));
        Ok(parent)
    }

    fn launch(&self, target: &Target) -> io::Result<Parent> {
        let directory = CellFolder::new()?;
        let mut environment = child::inherited_environment(directory.path());
        if self.memory.environment_pad > 0 {
            let pad = "x".repeat(self.memory.environment_pad);
            environment.push(("TOLLGATE_PAD".into(), pad.into()));
        }
        let mut options = ISOLATED;
        if let Some(seed) = self.memory.hash_seed {
            options[0] = "-s";
            environment.push(("PYTHONHASHSEED".into(), seed.to_string().into()));
        }
        // Otherwise each child looks the same symbols up, and dirties the same pages, once more.
        environment.push(("LD_BIND_NOW".into(), "1".into()));
        let mut request = Vec::new();
        push(&mut request, "mode", b"zygote");
        push(&mut request, "forget", b"LD_BIND_NOW");
        push(&mut request, "probe", target.probe.as_os_str().as_bytes());
        push(&mut request, "pad", self.memory.heap_pad.to_string().as_bytes());
        let program = child::Program {
            executable: target.interpreter.path.clone(),
            arguments: arguments(&options, target),
            environment,
            directory: directory.path().to_owned(),
            input: request,
            answer: Answer::None,
        };
        Ok(Parent { zygote: Zygote::start(&program)?, _directory: directory })
    }

    /// Makes sure that nobody asks a dead zygote again; says so once, whoever finds out first.
    fn bury(&self, target: &Target, dead: &Arc<Parent>) {
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        let path = &target.interpreter.path;
        if living.get(path).is_some_and(|parent| Arc::ptr_eq(parent, dead)) {
            living.remove(path);
            let words = dead.zygote.last_words();
            let death = format!("the zygote of {} died ({words})", target.interpreter.label());
            self.deaths.lock().unwrap_or_else(PoisonError::into_inner).push(death);
        }
    }

    fn run(&self, zygote: &Zygote, job: Job<'_>) -> io::Result<Ended> {
        let mut request = job.request.to_owned();
        for (name, value) in child::inherited_environment(job.folder) {
            let line: OsString = [name, "=".into(), value].into_iter().collect();
            push(&mut request, "environment", line.as_bytes());
        }
        zygote.run(&request, job.folder, &self.limits)
    }
}

impl Start for Zygotes {
    fn start(&self, job: Job<'_>) -> io::Result<Ended> {
        if job.own.is_some() {
            return Spawn::new(self.limits.clone()).start(job);
        }
        if job.alone {
            let own = self.launch(job.target)?;
            let mut ended = self.run(&own.zygote, job)?;
            if ended.ending == Ending::Orphaned {
                ended.stderr = own.zygote.last_words().into_bytes();
            }
            return Ok(ended);
        }
        let parent = self.parent(job.target)?;
        let ended = self.run(&parent.zygote, job)?;
        if ended.ending == Ending::Orphaned {
            self.bury(job.target, &parent);
        }
        Ok(ended)
    }

    /// Which zygotes died before their time, and how, in the order of their deaths. Each was started
    /// again; cells that were in flight ran once more, each with a zygote of its own.
    fn troubles(&self) -> Vec<String> {
        self.deaths.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
