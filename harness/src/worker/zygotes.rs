//! Children forked by warm interpreters: zygotes that are started when they are first needed.
//!
//! A target has one zygote that is as a fresh interpreter is, and others that have executed what the
//! programs of many cells begin with.

use std::{
    collections::HashSet,
    ffi::OsString,
    io,
    num::NonZeroUsize,
    os::unix::ffi::OsStrExt,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use lru::LruCache;

use super::{
    Job, Spawn, Start, Target,
    cell_folder::CellFolder,
    frames::push,
    start::{ISOLATED, arguments},
};
use crate::child::{self, Answer, Ended, Ending, Limits, Zygote};

/// How many zygotes live at a time, some 10 MB each; the one that was not asked for longest goes.
const MOST: NonZeroUsize = NonZeroUsize::new(96).expect("not zero");

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
    living: Mutex<LruCache<Key, Arc<Parent>>>,
    /// What zygotes could not execute ahead; each cell executes it for itself.
    unfit: Mutex<HashSet<Key>>,
    deaths: Mutex<Vec<String>>,
}

/// What kind of zygote it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Its interpreter.
    interpreter: PathBuf,
    /// Options with which it was started, beside the usual ones.
    options: Vec<String>,
    /// What it has executed.
    imports: String,
}

/// A zygote with the directory that it was started in.
#[derive(Debug)]
struct Parent {
    zygote: Zygote,
    /// Whether it has come so far as to fork a child.
    has_served: AtomicBool,
    environment: Vec<(OsString, OsString)>,
    _directory: CellFolder,
}

impl Key {
    fn of(job: &Job<'_>) -> Self {
        Self {
            interpreter: job.target.interpreter.path.clone(),
            options: job.options.to_vec(),
            imports: job.imports.to_owned(),
        }
    }
}

impl Zygotes {
    /// Children run under `limits`.
    pub fn new(limits: Limits) -> Self {
        Self::with_memory(limits, Memory::default())
    }

    /// Children run under `limits`, forked by parents of this layout.
    pub fn with_memory(limits: Limits, memory: Memory) -> Self {
        let living = Mutex::new(LruCache::new(MOST));
        Self { limits, memory, living, unfit: Mutex::default(), deaths: Mutex::default() }
    }

    /// A zygote that has executed the job's imports, if it can, and otherwise one that has executed nothing.
    fn parent(&self, job: &Job<'_>) -> io::Result<(Key, Arc<Parent>)> {
        let mut key = Key::of(job);
        if lock(&self.unfit).contains(&key) {
            key.imports.clear();
        }
        let mut living = lock(&self.living);
        if let Some(parent) = living.get(&key) {
            return Ok((key, Arc::clone(parent)));
        }
        let parent = Arc::new(self.launch(job.target, &key)?);
        // the one that is let go ends when the last of its cells has ended
        living.push(key.clone(), Arc::clone(&parent));
        Ok((key, parent))
    }

    fn launch(&self, target: &Target, key: &Key) -> io::Result<Parent> {
        let directory = CellFolder::new()?;
        let mut environment = child::inherited_environment(directory.path());
        if self.memory.environment_pad > 0 {
            let pad = "x".repeat(self.memory.environment_pad);
            environment.push(("TOLLGATE_PAD".into(), pad.into()));
        }
        let mut options = ISOLATED.to_vec();
        options.extend(key.options.iter().map(String::as_str));
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
        if !key.imports.is_empty() {
            push(&mut request, "imports", key.imports.as_bytes());
        }
        push(&mut request, "pad", self.memory.heap_pad.to_string().as_bytes());
        let program = child::Program {
            executable: target.interpreter.path.clone(),
            arguments: arguments(&options, target),
            environment: environment.clone(),
            directory: directory.path().to_owned(),
            input: request,
            answer: Answer::None,
            descriptors: Vec::new(),
        };
        let (zygote, has_served) = (Zygote::start(&program)?, AtomicBool::new(false));
        Ok(Parent { zygote, has_served, environment, _directory: directory })
    }

    /// Makes sure that nobody asks a dead zygote again; says so once, whoever finds out first.
    ///
    /// One that never forked a child could not execute what it was to execute ahead. That is for
    /// its cells to report, if it is a fault at all.
    fn bury(&self, target: &Target, key: Key, dead: &Arc<Parent>) {
        let mut living = lock(&self.living);
        if !living.peek(&key).is_some_and(|parent| Arc::ptr_eq(parent, dead)) {
            return;
        }
        living.pop(&key);
        let words = dead.zygote.last_words();
        if key.imports.is_empty() || dead.has_served.load(Ordering::Relaxed) {
            let death = format!("the zygote of {} died ({words})", target.interpreter.label());
            lock(&self.deaths).push(death);
        } else {
            lock(&self.unfit).insert(key);
        }
    }

    fn run(&self, parent: &Parent, job: Job<'_>) -> io::Result<Ended> {
        let mut request = job.request.to_owned();
        let wanted = child::inherited_environment(job.folder).into_iter();
        for (name, value) in wanted.filter(|variable| !parent.environment.contains(variable)) {
            let line: OsString = [name, "=".into(), value].into_iter().collect();
            push(&mut request, "environment", line.as_bytes());
        }
        parent.zygote.run(&request, job.folder, &self.limits)
    }
}

/// What a thread that failed has left behind is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Start for Zygotes {
    fn start(&self, job: Job<'_>) -> io::Result<Ended> {
        if job.own.is_some() || !job.descriptors.is_empty() {
            return Spawn::new(self.limits.clone()).start(job);
        }
        if job.alone {
            let own = self.launch(job.target, &Key { imports: String::new(), ..Key::of(&job) })?;
            let mut ended = self.run(&own, job)?;
            if ended.ending == Ending::Orphaned {
                ended.stderr = own.zygote.last_words().into_bytes();
            }
            return Ok(ended);
        }
        let (key, parent) = self.parent(&job)?;
        let ended = self.run(&parent, job)?;
        if ended.ending == Ending::Orphaned {
            self.bury(job.target, key, &parent);
        } else {
            parent.has_served.store(true, Ordering::Relaxed);
        }
        Ok(ended)
    }

    /// Which zygotes died before their time, and how, in the order of their deaths. Each was started
    /// again; cells that were in flight ran once more, each with a zygote of its own.
    fn troubles(&self) -> Vec<String> {
        lock(&self.deaths).clone()
    }
}
