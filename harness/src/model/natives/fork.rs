//! `os.fork()`, seen from the process that calls it.
//!
//! What its child does is no part of the program: it has a memory of its own. They share the disk, so a program that may
//! write files is not followed.

use crate::model::{
    fault::Fault,
    machine::Machine,
    object::{
        map::Map,
        value::{Instance, Object, Value},
    },
    stop::{Outcome, doubt},
};

/// The number of every child. A program that looks at it more closely than whether it is 0 sees another.
const CHILD: i64 = 1 << 22;

/// What a text that writes files, or has others write them, cannot do without.
const WRITERS: [&str; 16] = [
    "open",
    "write",
    "mkdir",
    "makedirs",
    "remove",
    "unlink",
    "rename",
    "replace",
    "rmdir",
    "truncate",
    "utime",
    "symlink",
    "shutil",
    "zipfile",
    "tempfile",
    "py_compile",
];

impl Machine<'_> {
    /// `os.fork()` in the process that goes on.
    pub(crate) fn fork(&mut self) -> Outcome<Value> {
        if !self.record.is_observing() {
            return doubt("a fork in the setup", "its child runs the program too");
        }
        let program = self.sources.program();
        if let Some(word) = WRITERS.iter().find(|word| program.mentions(word)) {
            let why = "a child may write files, and when is not known";
            return doubt(format!("a fork in a program that mentions `{word}`"), why);
        }
        let is_child = self.rules.has(Fault::ForkedChildAnswers);
        Ok(Value::Int(if is_child { 0 } else { CHILD }))
    }

    /// `os.waitpid(child, 0)`.
    pub(crate) fn waitpid(&mut self, child: i64) -> Outcome<Value> {
        if child != CHILD {
            return doubt("waiting for a process", "it is not known which ones there are");
        }
        // the number and the status: a tuple, and so true; nobody has followed how the child ended
        let fields = self.heap.add_map(Map::default());
        let told = Object::Instance(Instance { class: None, fields });
        Ok(Value::Object(self.heap.add(told)))
    }
}
