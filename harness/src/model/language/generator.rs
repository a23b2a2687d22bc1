//! Generators: functions that stand still at a `yield`.
//!
//! What a generator has begun and not ended is a stack of [`Task`]s. A `yield` may stand where a
//! statement may, alone or as what is assigned or returned; deeper within an expression it is not
//! followed. Statements without a `yield` run as anywhere else.

use ruff_python_ast::Expr;

use crate::model::{
    language::generator_task::{Signal, Step, Task},
    machine::{Frame, Machine},
    object::{
        heap::Handle,
        value::{Object, Value},
    },
    stop::{Outcome, Stop, doubt, outside},
};

/// A generator that runs, stands still or has ended.
#[derive(Debug)]
pub(crate) struct Generator<'a> {
    frame: Frame<'a>,
    /// What it is in, innermost last.
    tasks: Vec<Task<'a>>,
    state: State,
    /// The exceptions that it handles where it stands.
    handled: Vec<Handle>,
    /// Where the value of the `yield` goes that it stands at.
    target: Target<'a>,
    /// What it has returned.
    returned: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fresh,
    Suspended,
    Running,
    Ended,
}

/// Where the value of a `yield` goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    Nowhere,
    /// `targets = yield`
    Assigned(&'a [Expr]),
    /// `return yield`
    Returned,
}

/// A generator while it runs.
struct Run<'a> {
    frame: Frame<'a>,
    tasks: Vec<Task<'a>>,
}

/// Why a generator does not run any more.
enum Paused<'a> {
    At(Value, Target<'a>),
    Ended(Value),
}

impl<'a> Machine<'a> {
    /// The generator that a call of a function with `yield` gives.
    pub(crate) fn generator(&mut self, frame: Frame<'a>, first: Task<'a>) -> Value {
        let generator = Generator {
            frame,
            tasks: vec![first],
            state: State::Fresh,
            handled: Vec::new(),
            target: Target::Nowhere,
            returned: Value::None,
        };
        let handle = self.heap.add(Object::Generator(Box::new(generator)));
        self.generators.push(handle);
        Value::Object(handle)
    }

    fn generator_mut(&mut self, handle: Handle) -> Outcome<&mut Generator<'a>> {
        match self.heap.get_mut(handle) {
            Object::Generator(generator) => Ok(generator),
            _ => outside("a method of a generator for another object"),
        }
    }

    /// What a generator that has ended has returned.
    pub(crate) fn returned_by(&self, generator: &Value) -> Value {
        match generator {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Generator(generator) => generator.returned.clone(),
                _ => Value::None,
            },
            _ => Value::None,
        }
    }

    /// Goes on with a generator: `sent` is the value of the `yield` that it stands at, or what that
    /// raises. Gives what it yields next, and nothing at its end.
    pub(crate) fn resume(
        &mut self,
        handle: Handle,
        sent: Result<Value, Handle>,
    ) -> Outcome<Option<Value>> {
        let generator = self.generator_mut(handle)?;
        let (state, frame) = (generator.state, generator.frame.clone());
        match state {
            State::Running => {
                return Err(self.error("ValueError", "generator already executing"));
            }
            State::Ended => {
                generator.returned = Value::None;
                return sent.map_or_else(|raised| Err(Stop::Raised(raised)), |_| Ok(None));
            }
            State::Fresh | State::Suspended => {}
        }
        let is_passed_on = matches!(generator.tasks.last(), Some(Task::From(..)));
        if is_passed_on && sent.as_ref().is_ok_and(|value| !value.is_none()) {
            return outside("a value that is sent through a `yield from`");
        }
        generator.state = State::Running;
        let (tasks, target) = (std::mem::take(&mut generator.tasks), generator.target);
        let own = std::mem::take(&mut generator.handled);
        let outer = self.handled.len();
        self.handled.extend(own);
        let mut run = Run { frame, tasks };
        let result = self.deeper(1, |machine| {
            let signal = match sent {
                Err(raised) => Signal::Raise(raised),
                Ok(_) if state == State::Fresh => Signal::Next,
                Ok(value) => machine.take_sent(&run.frame, target, value)?,
            };
            machine.run_tasks(&mut run, signal)
        });
        let own = self.handled.split_off(outer.min(self.handled.len()));
        let generator = self.generator_mut(handle)?;
        match result {
            Ok(Paused::At(value, target)) => {
                generator.state = State::Suspended;
                (generator.tasks, generator.handled, generator.target) = (run.tasks, own, target);
                Ok(Some(value))
            }
            Ok(Paused::Ended(value)) => {
                generator.state = State::Ended;
                generator.returned = value;
                Ok(None)
            }
            Err(stop) => {
                generator.state = State::Ended;
                if self.is_raised(&stop, "StopIteration") {
                    return Err(self.error("RuntimeError", "generator raised StopIteration"));
                }
                Err(stop)
            }
        }
    }

    /// The value of the `yield` at which a generator stood.
    pub(crate) fn take_sent(
        &mut self,
        frame: &Frame<'a>,
        target: Target<'a>,
        value: Value,
    ) -> Outcome<Signal> {
        match target {
            Target::Nowhere => Ok(Signal::Next),
            Target::Returned => Ok(Signal::Return(value)),
            Target::Assigned(targets) => {
                for target in targets {
                    self.assign(frame, target, value.clone())?;
                }
                Ok(Signal::Next)
            }
        }
    }

    fn run_tasks(&mut self, run: &mut Run<'a>, mut signal: Signal) -> Outcome<Paused<'a>> {
        loop {
            self.step()?;
            let Some(task) = run.tasks.pop() else {
                return match signal {
                    Signal::Return(value) => Ok(Paused::Ended(value)),
                    Signal::Raise(raised) => Err(Stop::Raised(raised)),
                    Signal::Next | Signal::Break | Signal::Continue => {
                        Ok(Paused::Ended(Value::None))
                    }
                };
            };
            signal = match self.advance(&run.frame, task, signal) {
                Ok(Step::Within(outer, inner)) => {
                    run.tasks.extend([outer, inner]);
                    Signal::Next
                }
                Ok(Step::Instead(task)) => {
                    run.tasks.push(task);
                    Signal::Next
                }
                Ok(Step::Ended(signal)) => signal,
                Ok(Step::Yielded { stays, value, target }) => {
                    run.tasks.extend(stays);
                    return Ok(Paused::At(value, target));
                }
                // what is around it may catch that
                Err(Stop::Raised(raised)) => Signal::Raise(raised),
                Err(abstained) => return Err(abstained),
            };
        }
    }

    /// `generator.send()`, `.throw()` and `.close()`.
    pub(crate) fn generator_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let generator = Value::Object(handle);
        let sent = match (name, args) {
            ("__iter__", []) => return Ok(generator),
            ("__next__", []) => Ok(Value::None),
            ("send", [value]) => Ok(value.clone()),
            ("throw", [raised]) => match self.as_exception(raised)? {
                Stop::Raised(raised) => Err(raised),
                other @ (Stop::Abstained(_) | Stop::Exited(_)) => return Err(other),
            },
            ("close", []) => return self.close(handle),
            _ => return outside(format!("the method `{name}` of a generator")),
        };
        match self.resume(handle, sent)? {
            Some(value) => Ok(value),
            None => Err(self.stop_iteration(&generator)),
        }
    }

    fn close(&mut self, handle: Handle) -> Outcome<Value> {
        if self.generator_mut(handle)?.state == State::Fresh {
            self.generator_mut(handle)?.state = State::Ended;
            return Ok(Value::None);
        }
        let Stop::Raised(exit) = self.raise_builtin("GeneratorExit", &[]) else {
            return Ok(Value::None);
        };
        match self.resume(handle, Err(exit)) {
            Err(Stop::Raised(raised)) if raised == exit => Ok(Value::None),
            Err(stop) if self.is_raised(&stop, "StopIteration") => Ok(Value::None),
            Ok(None) => Ok(Value::None),
            Ok(Some(_)) => Err(self.error("RuntimeError", "generator ignored GeneratorExit")),
            Err(stop) => Err(stop),
        }
    }

    /// What is left of a generator runs when nobody has it any more, which nobody here knows.
    pub(crate) fn check_generators(&self) -> Outcome<()> {
        let is_open = |handle: &Handle| match self.heap.get(*handle) {
            Object::Generator(generator) => {
                generator.state == State::Suspended && generator.tasks.iter().any(Task::has_an_end)
            }
            _ => false,
        };
        if self.generators.iter().any(is_open) {
            let why = "what is left of it runs when the interpreter drops it";
            return doubt("a generator that is left within `try` or `with`", why);
        }
        Ok(())
    }
}
