//! What a run leaves behind: spans and bodies, thread by thread.

use std::collections::BTreeSet;

use tollgate_event::Operation;

use crate::model::{
    object::string::canonical,
    stop::{Outcome, doubt},
};
use crate::span::{Ending, Span, Trace};

/// Stands for `sys.meta_path` and `sys.path` among the modules that threads read and write.
pub(super) const SEARCH: &str = "sys.meta_path";

/// How many spans most of those have that have any: an `import` has a `find` and a `load`.
const MOSTLY: usize = 2;

/// A module's body began or came to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyEvent {
    /// `__name__` of the module when its body began, in canonical form.
    pub module: String,
    /// What happened.
    pub edge: BodyEdge,
}

/// Which moment of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyEdge {
    /// Its first statement is about to run.
    Started,
    /// Its last statement has run.
    Ended,
    /// It raised an exception of this type.
    Failed(String),
}

/// Threads by number; the main thread is 0.
#[derive(Debug)]
pub(super) struct Record {
    threads: Vec<ThreadRecord>,
    current: usize,
    observing: bool,
}

#[derive(Debug, Default)]
struct ThreadRecord {
    spans: Vec<Span>,
    open: Vec<Span>,
    bodies: Vec<BodyEvent>,
    /// While more than one thread may be running: the modules that were looked up or imported.
    reads: BTreeSet<String>,
    /// Of these, the ones whose entry in `sys.modules` was changed.
    writes: BTreeSet<String>,
    running: bool,
}

impl Default for Record {
    fn default() -> Self {
        let main = ThreadRecord { running: true, ..ThreadRecord::default() };
        Self { threads: vec![main], current: 0, observing: false }
    }
}

impl Record {
    /// Starts to record: the setup is over.
    pub(super) fn observe(&mut self) {
        self.observing = true;
    }

    pub(super) fn is_observing(&self) -> bool {
        self.observing
    }

    fn thread(&mut self) -> &mut ThreadRecord {
        &mut self.threads[self.current]
    }

    pub(super) fn start(&mut self, operation: Operation, name: &str) {
        if self.observing {
            let name = canonical(name);
            let span = Span { operation, name, ending: Ending::Unended, children: Vec::new() };
            self.thread().open.push(span);
        }
    }

    pub(super) fn end(&mut self, ending: Ending) {
        let thread = self.thread();
        let Some(mut span) = thread.open.pop() else { return };
        span.ending = ending;
        match thread.open.last_mut() {
            Some(parent) => {
                if parent.children.capacity() == 0 {
                    parent.children.reserve_exact(MOSTLY);
                }
                parent.children.push(span);
            }
            None => thread.spans.push(span),
        }
    }

    pub(super) fn body(&mut self, module: &str, edge: BodyEdge) {
        if self.observing {
            self.thread().bodies.push(BodyEvent { module: canonical(module), edge });
        }
    }

    pub(super) fn read(&mut self, module: &str) {
        if self.threads.len() > 1 {
            self.thread().reads.insert(module.to_owned());
        }
    }

    pub(super) fn write(&mut self, module: &str) {
        if self.threads.len() > 1 {
            self.thread().writes.insert(module.to_owned());
        }
    }

    /// The number of the thread that runs now.
    pub(super) fn current(&self) -> usize {
        self.current
    }

    /// The number that the next thread has; with `reused`, which only a planted fault asks for, that of
    /// the thread that ended last, if one has.
    pub(super) fn next_number(&self, reused: bool) -> usize {
        let ended = || self.threads.iter().rposition(|thread| !thread.running);
        reused.then(ended).flatten().unwrap_or(self.threads.len())
    }

    /// Whether nobody has waited for a thread yet.
    pub(super) fn is_running(&self, thread: usize) -> bool {
        self.threads[thread].running
    }

    /// Lets the thread of [`Self::next_number()`] run; returns the one that ran until now, to be given to
    /// [`Self::back_to`].
    pub(super) fn start_thread(&mut self, number: usize) -> usize {
        if number == self.threads.len() {
            self.threads.push(ThreadRecord::default());
        }
        self.threads[number].running = true;
        std::mem::replace(&mut self.current, number)
    }

    pub(super) fn back_to(&mut self, thread: usize) {
        self.current = thread;
    }

    /// A thread has been waited for. If what it did and what others did meanwhile could have met,
    /// the order in which it happened is not known.
    pub(super) fn join(&mut self, joined: usize) -> Outcome<()> {
        self.check(joined)?;
        self.threads[joined].running = false;
        let alone = self.threads.iter().filter(|thread| thread.running).count() == 1;
        if alone {
            for thread in &mut self.threads {
                thread.reads.clear();
                thread.writes.clear();
            }
        }
        Ok(())
    }

    /// Holds a running thread against all others since they were last known to be alone.
    pub(super) fn check(&self, number: usize) -> Outcome<()> {
        let this = &self.threads[number];
        for (_, other) in self.threads.iter().enumerate().filter(|(index, _)| *index != number) {
            let met = |writes: &BTreeSet<String>, other: &ThreadRecord| {
                let mut names = writes.iter();
                names
                    .find(|name| other.reads.contains(*name) || other.writes.contains(*name))
                    .cloned()
            };
            if let Some(name) = met(&this.writes, other).or_else(|| met(&other.writes, this)) {
                let construct = format!("the module `{name}`, which two threads use at once");
                return doubt(construct, "which of them is first is not known");
            }
        }
        Ok(())
    }

    /// Checks every thread that nobody has waited for.
    pub(super) fn check_all(&self) -> Outcome<()> {
        let mut running = (1..self.threads.len()).filter(|number| self.threads[*number].running);
        running.try_for_each(|number| self.check(number))
    }

    /// The spans, and the bodies of each thread that has spans or bodies, the main thread first.
    pub(super) fn finish(self) -> (Trace, Vec<Vec<BodyEvent>>) {
        let (mut threads, mut bodies) = (Vec::new(), Vec::new());
        for (number, thread) in self.threads.into_iter().enumerate() {
            if number == 0 || !thread.spans.is_empty() {
                threads.push(thread.spans);
            }
            if number == 0 || !thread.bodies.is_empty() {
                bodies.push(thread.bodies);
            }
        }
        (Trace { threads }, bodies)
    }
}
