//! The steps of a generator: statements that have begun and not ended.

use ruff_python_ast::{Comprehension, Expr, Stmt, StmtFor, StmtTry, StmtWhile, StmtWith};
use ruff_text_size::Ranged;

use crate::model::{
    abstention::Place,
    language::{
        context::Entered,
        generator::Target,
        iteration::Iter,
        scope::{has_yield, holds_yield},
        statement::Flow,
    },
    machine::{Frame, Machine},
    object::{heap::Handle, value::Value},
    stop::{Outcome, Stop, outside},
};

/// A statement that has begun.
#[derive(Clone, Debug)]
pub(crate) enum Task<'a> {
    Block {
        body: &'a [Stmt],
        at: usize,
    },
    For {
        node: &'a StmtFor,
        iter: Iter,
    },
    While(&'a StmtWhile),
    Try {
        node: &'a StmtTry,
        part: Part<'a>,
    },
    /// The managers of a `with` from the one at `at` on are to be entered.
    Enter {
        node: &'a StmtWith,
        at: usize,
    },
    /// `__exit__` of a manager that was entered.
    Exit(Value),
    /// `yield from`
    From(Iter, Target<'a>),
    /// A `for` of a generator expression, and those within it.
    Generate {
        element: &'a Expr,
        generators: &'a [Comprehension],
        iter: Iter,
    },
}

/// Which part of a `try` runs.
#[derive(Clone, Debug)]
pub(crate) enum Part<'a> {
    /// None yet.
    Start,
    Body,
    Else,
    /// A handler, and the name that it binds.
    Handler(Option<&'a str>),
    /// `finally`, and what goes on behind it; with an exception, that is being handled.
    Finally(Box<Signal>),
}

/// How what is within a task has ended.
#[derive(Clone, Debug)]
pub(crate) enum Signal {
    Next,
    Break,
    Continue,
    Return(Value),
    Raise(Handle),
}

/// What a step has come to.
pub(crate) enum Step<'a> {
    /// The first goes on when the second has ended.
    Within(Task<'a>, Task<'a>),
    /// Another task goes on in its place.
    Instead(Task<'a>),
    Ended(Signal),
    Yielded {
        stays: Option<Task<'a>>,
        value: Value,
        target: Target<'a>,
    },
}

impl From<Flow> for Signal {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::Next => Self::Next,
            Flow::Break => Self::Break,
            Flow::Continue => Self::Continue,
            Flow::Return(value) => Self::Return(value),
        }
    }
}

impl<'a> Task<'a> {
    pub(crate) fn block(body: &'a [Stmt]) -> Self {
        Self::Block { body, at: 0 }
    }

    /// Whether something runs at its end, whatever that is.
    pub(crate) fn has_an_end(&self) -> bool {
        matches!(self, Self::Try { .. } | Self::Exit(_))
    }
}

impl<'a> Machine<'a> {
    /// Takes one step in a task, into which `signal` comes from what was within it.
    pub(crate) fn advance(
        &mut self,
        frame: &Frame<'a>,
        task: Task<'a>,
        signal: Signal,
    ) -> Outcome<Step<'a>> {
        match task {
            Task::Block { body, at } => match (signal, body.get(at)) {
                (Signal::Next, Some(statement)) => {
                    let rest = Task::Block { body, at: at + 1 };
                    let place = Place { file: frame.file, offset: statement.start() };
                    self.begin(frame, rest, statement).map_err(|stop| stop.at(place))
                }
                (signal, _) => Ok(Step::Ended(signal)),
            },
            Task::For { node, mut iter } => match signal {
                Signal::Next | Signal::Continue => match self.next_item(&mut iter)? {
                    Some(item) => {
                        self.assign(frame, &node.target, item)?;
                        Ok(Step::Within(Task::For { node, iter }, Task::block(&node.body)))
                    }
                    None => Ok(Step::Instead(Task::block(&node.orelse))),
                },
                Signal::Break => Ok(Step::Ended(Signal::Next)),
                signal => Ok(Step::Ended(signal)),
            },
            Task::While(node) => match signal {
                Signal::Next | Signal::Continue => {
                    if self.condition(frame, &node.test)? {
                        return Ok(Step::Within(task, Task::block(&node.body)));
                    }
                    Ok(Step::Instead(Task::block(&node.orelse)))
                }
                Signal::Break => Ok(Step::Ended(Signal::Next)),
                signal => Ok(Step::Ended(signal)),
            },
            Task::Try { node, part } => self.advance_try(frame, node, part, signal),
            Task::Enter { node, at } => match node.items.get(at) {
                None => Ok(Step::Instead(Task::block(&node.body))),
                Some(item) => {
                    let Entered { exit, value } = self.enter(frame, item)?;
                    let rest = Task::Enter { node, at: at + 1 };
                    match self.bind_entered(frame, item, value) {
                        Err(Stop::Raised(raised)) => {
                            self.leave(&exit, Signal::Raise(raised)).map(Step::Ended)
                        }
                        bound => bound.map(|()| Step::Within(Task::Exit(exit), rest)),
                    }
                }
            },
            Task::Exit(exit) => self.leave(&exit, signal).map(Step::Ended),
            Task::From(iter, target) => match signal {
                Signal::Next => self.advance_from(frame, iter, target, None),
                Signal::Raise(raised) => self.advance_from(frame, iter, target, Some(raised)),
                signal => Ok(Step::Ended(signal)),
            },
            Task::Generate { element, generators, iter } => match signal {
                Signal::Next => self.advance_expression(frame, element, generators, iter),
                signal => Ok(Step::Ended(signal)),
            },
        }
    }

    /// Begins a statement, behind which `rest` goes on.
    fn begin(
        &mut self,
        frame: &Frame<'a>,
        rest: Task<'a>,
        statement: &'a Stmt,
    ) -> Outcome<Step<'a>> {
        if !has_yield(statement) {
            return Ok(match self.statement(frame, statement)? {
                Flow::Next => Step::Instead(rest),
                flow => Step::Ended(flow.into()),
            });
        }
        let inner = match statement {
            Stmt::Expr(node) => return self.begin_yield(frame, rest, &node.value, Target::Nowhere),
            Stmt::Assign(node) => {
                let target = Target::Assigned(&node.targets);
                return self.begin_yield(frame, rest, &node.value, target);
            }
            Stmt::Return(node) => match &node.value {
                Some(value) => return self.begin_yield(frame, rest, value, Target::Returned),
                None => return Ok(Step::Ended(Signal::Return(Value::None))),
            },
            Stmt::If(node) => {
                let tests = node.elif_else_clauses.iter().map(|one| one.test.as_ref());
                if std::iter::once(Some(&*node.test)).chain(tests).flatten().any(holds_yield) {
                    return outside("a `yield` within an expression");
                }
                Task::block(self.chosen_branch(frame, node)?)
            }
            Stmt::For(node) if !holds_yield(&node.iter) => {
                let iterable = self.expression(frame, &node.iter)?;
                let iter = self.iterate(&iterable)?;
                Task::For { node, iter }
            }
            Stmt::While(node) if !holds_yield(&node.test) => Task::While(node),
            Stmt::Try(node) if !node.is_star => Task::Try { node, part: Part::Start },
            Stmt::With(node) if !node.is_async => Task::Enter { node, at: 0 },
            _ => return outside("a `yield` within an expression"),
        };
        Ok(Step::Within(rest, inner))
    }

    /// `yield` and `yield from`.
    fn begin_yield(
        &mut self,
        frame: &Frame<'a>,
        rest: Task<'a>,
        expression: &'a Expr,
        target: Target<'a>,
    ) -> Outcome<Step<'a>> {
        match expression {
            Expr::Yield(node) => {
                let value = match &node.value {
                    Some(value) if holds_yield(value) => {
                        return outside("a `yield` within an expression");
                    }
                    Some(value) => self.expression(frame, value)?,
                    None => Value::None,
                };
                Ok(Step::Yielded { stays: Some(rest), value, target })
            }
            Expr::YieldFrom(node) if !holds_yield(&node.value) => {
                let iterable = self.expression(frame, &node.value)?;
                let iter = self.iterate(&iterable)?;
                Ok(Step::Within(rest, Task::From(iter, target)))
            }
            _ => outside("a `yield` within an expression"),
        }
    }

    /// `yield from`: the next item, or what becomes of an exception that is thrown in.
    fn advance_from(
        &mut self,
        frame: &Frame<'a>,
        mut iter: Iter,
        target: Target<'a>,
        thrown: Option<Handle>,
    ) -> Outcome<Step<'a>> {
        let next = match (&iter, thrown) {
            (Iter::Generator(inner), Some(raised)) => self.resume(*inner, Err(raised))?,
            (_, Some(raised)) => return Err(Stop::Raised(raised)),
            (_, None) => self.next_item(&mut iter)?,
        };
        if let Some(value) = next {
            let stays = Some(Task::From(iter, target));
            return Ok(Step::Yielded { stays, value, target: Target::Nowhere });
        }
        let value = match iter {
            Iter::Generator(inner) => self.returned_by(&Value::Object(inner)),
            _ => Value::None,
        };
        self.take_sent(frame, target, value).map(Step::Ended)
    }

    /// The next round of a `for` in a generator expression.
    fn advance_expression(
        &mut self,
        frame: &Frame<'a>,
        element: &'a Expr,
        generators: &'a [Comprehension],
        mut iter: Iter,
    ) -> Outcome<Step<'a>> {
        let Some((generator, inner)) = generators.split_first() else {
            return Ok(Step::Ended(Signal::Next));
        };
        let Some(item) = self.next_item(&mut iter)? else {
            return Ok(Step::Ended(Signal::Next));
        };
        self.assign(frame, &generator.target, item)?;
        let mut chosen = true;
        for test in &generator.ifs {
            chosen = chosen && self.condition(frame, test)?;
        }
        let again = Task::Generate { element, generators, iter };
        if !chosen {
            return Ok(Step::Instead(again));
        }
        if let Some(next) = inner.first() {
            let iterable = self.expression(frame, &next.iter)?;
            let iter = self.iterate(&iterable)?;
            return Ok(Step::Within(again, Task::Generate { element, generators: inner, iter }));
        }
        let value = self.expression(frame, element)?;
        Ok(Step::Yielded { stays: Some(again), value, target: Target::Nowhere })
    }
}
