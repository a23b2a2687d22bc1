//! What a program has beside its own course: child processes, and threads that it waits for.

use super::{
    step::{Body, Leave},
    text::{Place, Writer},
};

/// How often a process of a program forks, with its ancestors.
const FORKS: usize = 3;

impl Writer<'_> {
    /// A child runs the body and leaves; the program waits for it. Where other threads run, the body
    /// stands alone.
    ///
    /// A child that goes on forks where its parent does: each process and its ancestors make [`FORKS`]
    /// at most, or a program of twenty forks would be a million processes.
    pub(super) fn fork(&mut self, body: &Body, leave: Leave) {
        if self.in_company {
            return self.alone(body);
        }
        self.line(&format!("if len(sys.forks) < {FORKS}:"));
        self.depth += 1;
        self.line("sys.forks.append(0)");
        self.line("child = os.fork()");
        self.block("if child == 0:", body);
        self.depth += 1;
        match leave {
            Leave::AtOnce => self.line("os._exit(0)"),
            Leave::Exit => self.line("sys.exit(3)"),
            Leave::Fail => self.line("1 / 0"),
            Leave::GoOn => {}
        }
        self.depth -= 1;
        self.line("else:");
        self.line("    os.waitpid(child, 0)");
        self.depth -= 1;
    }

    /// A thread runs the body, and the program waits for its end: threads that follow each other.
    ///
    /// Only the program's own code starts any, where it holds no module's lock: a thread that needs one
    /// would wait for the program for ever.
    pub(super) fn thread(&mut self, body: &Body) {
        if self.in_company || self.place != Place::Run {
            return self.alone(body);
        }
        self.in_company = true;
        self.line("done = _thread.allocate_lock()");
        self.line("done.acquire()");
        self.line("def work():");
        self.depth += 1;
        self.function(|writer| writer.block("try:", body));
        for line in ["except BaseException:", "    pass", "finally:", "    done.release()"] {
            self.line(line);
        }
        self.depth -= 1;
        self.line("_thread.start_new_thread(work, ())");
        self.line("done.acquire()");
        self.in_company = false;
    }

    fn alone(&mut self, body: &Body) {
        if body.is_empty() {
            self.line("pass");
        }
        self.steps(body);
    }
}
