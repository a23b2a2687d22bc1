//! Statements.

use ruff_python_ast::{
    Expr, Stmt, StmtAssert, StmtClassDef, StmtFor, StmtFunctionDef, StmtIf, StmtRaise, StmtWhile,
};
use ruff_text_size::Ranged;

use crate::model::{
    abstention::Place,
    machine::{Frame, Machine, with_stack},
    object::value::{Body, Object, Value},
    stop::{Outcome, Stop, outside},
};

/// Where to go on after a statement.
#[derive(Debug)]
pub(crate) enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

impl<'a> Machine<'a> {
    /// Runs statements one after another.
    pub(crate) fn block(&mut self, frame: &Frame<'a>, body: &'a [Stmt]) -> Outcome<Flow> {
        for statement in body {
            match self.statement(frame, statement)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    pub(crate) fn statement(&mut self, frame: &Frame<'a>, statement: &'a Stmt) -> Outcome<Flow> {
        let place = Place { file: frame.file, offset: statement.start() };
        self.step().map_err(|stop| stop.at(place))?;
        let run = || self.statement_here(frame, statement);
        with_stack(run).map_err(|stop| stop.at(place))
    }

    fn statement_here(&mut self, frame: &Frame<'a>, statement: &'a Stmt) -> Outcome<Flow> {
        match statement {
            Stmt::Import(import) => self.import_statement(frame, import)?,
            Stmt::ImportFrom(import) => self.import_from_statement(frame, import)?,
            Stmt::Expr(node) => drop(self.expression(frame, &node.value)?),
            Stmt::Assign(node) => {
                let value = self.expression(frame, &node.value)?;
                for target in &node.targets {
                    self.assign(frame, target, value.clone())?;
                }
            }
            Stmt::AugAssign(node) => self.augmented_assign(frame, node)?,
            Stmt::AnnAssign(node) => self.annotated_assign(frame, node)?,
            Stmt::Delete(node) => {
                node.targets.iter().try_for_each(|target| self.delete(frame, target))?;
            }
            Stmt::FunctionDef(node) => self.define_function(frame, node)?,
            Stmt::ClassDef(node) => self.define_class(frame, node)?,
            Stmt::Assert(node) => self.assert(frame, node)?,
            Stmt::Raise(node) => self.raise(frame, node)?,
            Stmt::Return(node) => {
                let value = match &node.value {
                    Some(value) => self.expression(frame, value)?,
                    None => Value::None,
                };
                return Ok(Flow::Return(value));
            }
            Stmt::If(node) => return self.if_statement(frame, node),
            Stmt::For(node) => return self.for_statement(frame, node),
            Stmt::While(node) => return self.while_statement(frame, node),
            Stmt::Try(node) => return self.try_statement(frame, node),
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => {}
            Stmt::With(node) => return self.with_statement(frame, node),
            Stmt::Match(_) => return outside("a `match` statement"),
            Stmt::TypeAlias(_) => return outside("a `type` statement"),
            Stmt::IpyEscapeCommand(_) => return outside("an escape command"),
        }
        Ok(Flow::Next)
    }

    fn if_statement(&mut self, frame: &Frame<'a>, node: &'a StmtIf) -> Outcome<Flow> {
        let chosen = self.chosen_branch(frame, node)?;
        self.block(frame, chosen)
    }

    /// The body of an `if` that its tests choose; an empty one if none does.
    pub(crate) fn chosen_branch(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtIf,
    ) -> Outcome<&'a [Stmt]> {
        if self.condition(frame, &node.test)? {
            return Ok(&node.body);
        }
        for clause in &node.elif_else_clauses {
            let chosen = match &clause.test {
                Some(test) => self.condition(frame, test)?,
                None => true,
            };
            if chosen {
                return Ok(&clause.body);
            }
        }
        Ok(&[])
    }

    /// The truth of an expression.
    pub(crate) fn condition(&mut self, frame: &Frame<'a>, test: &'a Expr) -> Outcome<bool> {
        let value = self.expression(frame, test)?;
        self.truth(&value)
    }

    fn for_statement(&mut self, frame: &Frame<'a>, node: &'a StmtFor) -> Outcome<Flow> {
        if node.is_async {
            return outside("an `async for`");
        }
        let iterable = self.expression(frame, &node.iter)?;
        let mut iter = self.iterate(&iterable)?;
        while let Some(item) = self.next_item(&mut iter)? {
            self.assign(frame, &node.target, item)?;
            match self.block(frame, &node.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.block(frame, &node.orelse)
    }

    fn while_statement(&mut self, frame: &Frame<'a>, node: &'a StmtWhile) -> Outcome<Flow> {
        while self.condition(frame, &node.test)? {
            self.step()?;
            match self.block(frame, &node.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.block(frame, &node.orelse)
    }

    fn assert(&mut self, frame: &Frame<'a>, node: &'a StmtAssert) -> Outcome<()> {
        if self.sources.program().start().optimised || self.condition(frame, &node.test)? {
            return Ok(());
        }
        let args = match &node.msg {
            Some(message) => vec![self.expression(frame, message)?],
            None => Vec::new(),
        };
        Err(self.raise_builtin("AssertionError", &args))
    }

    fn raise(&mut self, frame: &Frame<'a>, node: &'a StmtRaise) -> Outcome<()> {
        let Some(expression) = &node.exc else { return Err(self.reraise()) };
        let value = self.expression(frame, expression)?;
        let raised = self.as_exception(&value)?;
        if let Some(cause) = &node.cause {
            let cause = self.expression(frame, cause)?;
            let cause = self.check_cause(&cause)?;
            if let Stop::Raised(handle) = raised
                && let Object::Exception(exception) = self.heap.get_mut(handle)
            {
                exception.fields.insert("__cause__", cause);
            }
        }
        Err(raised)
    }

    fn define_function(&mut self, frame: &Frame<'a>, node: &'a StmtFunctionDef) -> Outcome<()> {
        if node.is_async || node.type_params.is_some() {
            return outside("an async or generic function");
        }
        let body = Body::Block(&node.body);
        let decorators = self.decorators(frame, &node.decorator_list)?;
        let function = self.function(frame, &node.name, Some(&node.parameters), body)?;
        self.function_annotations(frame, node)?;
        let function = self.decorate(decorators, function)?;
        self.store_name(frame, &node.name, function);
        Ok(())
    }

    fn decorators(
        &mut self,
        frame: &Frame<'a>,
        nodes: &'a [ruff_python_ast::Decorator],
    ) -> Outcome<Vec<Value>> {
        nodes.iter().map(|node| self.expression(frame, &node.expression)).collect()
    }

    fn decorate(&mut self, decorators: Vec<Value>, made: Value) -> Outcome<Value> {
        decorators.into_iter().rev().try_fold(made, |made, one| self.call_with(&one, [made]))
    }

    fn define_class(&mut self, frame: &Frame<'a>, node: &'a StmtClassDef) -> Outcome<()> {
        if node.type_params.is_some() {
            return outside("a generic class");
        }
        let decorators = self.decorators(frame, &node.decorator_list)?;
        let class = self.class(frame, node)?;
        let class = self.decorate(decorators, class)?;
        self.store_name(frame, &node.name, class);
        Ok(())
    }
}
