//! `try` in a generator, whose parts may stand still.

use ruff_python_ast::StmtTry;

use crate::model::{
    language::generator_task::{Part, Signal, Step, Task},
    machine::{Frame, Machine},
    object::value::Value,
    stop::{Outcome, Stop},
};

impl<'a> Machine<'a> {
    /// Takes one step in a `try`, into which `signal` comes from the part that has ended.
    pub(crate) fn advance_try(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtTry,
        part: Part<'a>,
        signal: Signal,
    ) -> Outcome<Step<'a>> {
        let within = |part, body| Step::Within(Task::Try { node, part }, Task::block(body));
        match (part, signal) {
            (Part::Start, _) => Ok(within(Part::Body, &node.body)),
            (Part::Body, Signal::Next) => Ok(within(Part::Else, &node.orelse)),
            (Part::Body, Signal::Raise(raised)) => match self.handler_of(frame, node, raised) {
                Ok(Some(handler)) => {
                    let name = handler.name.as_deref();
                    if let Some(name) = name {
                        self.store_name(frame, name, Value::Object(raised));
                    }
                    self.handled.push(raised);
                    Ok(within(Part::Handler(name), &handler.body))
                }
                Ok(None) => Ok(self.finally(node, Signal::Raise(raised))),
                Err(Stop::Raised(raised)) => Ok(self.finally(node, Signal::Raise(raised))),
                Err(abstained) => Err(abstained),
            },
            (Part::Body | Part::Else, signal) => Ok(self.finally(node, signal)),
            (Part::Handler(name), signal) => {
                self.stop_handling(&signal);
                if let Some(name) = name {
                    self.store_name(frame, name, Value::None);
                    self.delete_name(frame, name)?;
                }
                Ok(self.finally(node, signal))
            }
            (Part::Finally(passing), signal) => {
                if let Signal::Raise(_) = *passing {
                    self.stop_handling(&signal);
                }
                Ok(Step::Ended(match signal {
                    Signal::Next => *passing,
                    signal => signal,
                }))
            }
        }
    }

    /// The innermost exception is not handled any more; what comes out may be raised because of it.
    fn stop_handling(&mut self, signal: &Signal) {
        if let (Some(handled), Signal::Raise(raised)) = (self.handled.pop(), signal) {
            self.set_context(*raised, handled);
        }
    }

    /// Runs `finally`, behind which `signal` goes on.
    fn finally(&mut self, node: &'a StmtTry, signal: Signal) -> Step<'a> {
        if node.finalbody.is_empty() {
            return Step::Ended(signal);
        }
        if let Signal::Raise(raised) = signal {
            self.handled.push(raised);
        }
        let part = Part::Finally(Box::new(signal));
        Step::Within(Task::Try { node, part }, Task::block(&node.finalbody))
    }
}
