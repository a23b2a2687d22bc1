//! `try`, `raise` and what they share.

use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, StmtTry};

use crate::model::{
    fault::Fault,
    language::{call::Arguments, statement::Flow},
    machine::{Frame, Machine},
    object::{
        exceptions::{Builtin, ExceptionClass},
        heap::Handle,
        value::{Object, Value},
    },
    stop::{Outcome, Stop, outside},
};

impl<'a> Machine<'a> {
    pub(crate) fn try_statement(&mut self, frame: &Frame<'a>, node: &'a StmtTry) -> Outcome<Flow> {
        if node.is_star {
            return outside("an `except*`");
        }
        self.tries += 1;
        let result = self.try_and_finally(frame, node);
        self.tries -= 1;
        result
    }

    fn try_and_finally(&mut self, frame: &Frame<'a>, node: &'a StmtTry) -> Outcome<Flow> {
        let result = self.try_handlers(frame, node);
        match &result {
            Err(Stop::Abstained(_) | Stop::Exited(_)) => return result,
            Err(Stop::Raised(_)) if self.rules.has(Fault::FinallySkipped) => return result,
            _ => {}
        }
        if node.finalbody.is_empty() {
            return result;
        }
        // In `finally` a bare `raise` raises what passes through.
        let passing = match &result {
            Err(Stop::Raised(exception)) => Some(*exception),
            _ => None,
        };
        let last = self.while_handling(passing, |machine| machine.block(frame, &node.finalbody))?;
        match last {
            Flow::Next => result,
            // `return`, `break` and `continue` swallow the exception.
            flow => Ok(flow),
        }
    }

    fn try_handlers(&mut self, frame: &Frame<'a>, node: &'a StmtTry) -> Outcome<Flow> {
        let raised = match self.block(frame, &node.body) {
            Ok(Flow::Next) => return self.block(frame, &node.orelse),
            Err(Stop::Raised(raised)) => raised,
            result => return result,
        };
        match self.handler_of(frame, node, raised)? {
            Some(handler) => self.handle(frame, handler, raised),
            None => Err(Stop::Raised(raised)),
        }
    }

    /// The handler of a `try` for what its body has raised.
    pub(crate) fn handler_of(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtTry,
        raised: Handle,
    ) -> Outcome<Option<&'a ExceptHandlerExceptHandler>> {
        if let Some(handled) = self.handled.last() {
            self.set_context(raised, *handled);
        }
        for ExceptHandler::ExceptHandler(handler) in &node.handlers {
            let handles = |machine: &mut Self| machine.handles(frame, handler, raised);
            if self.while_handling(Some(raised), handles)? {
                return Ok(Some(handler));
            }
        }
        Ok(None)
    }

    fn handles(
        &mut self,
        frame: &Frame<'a>,
        handler: &'a ExceptHandlerExceptHandler,
        raised: Handle,
    ) -> Outcome<bool> {
        let Some(expression) = &handler.type_ else { return Ok(true) };
        let value = self.expression(frame, expression)?;
        self.matches(raised, &value)
    }

    /// Whether an exception is an instance of a class, or of one of a tuple of classes.
    fn matches(&mut self, raised: Handle, classes: &Value) -> Outcome<bool> {
        let items = match classes {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Tuple(items) => items.to_vec(),
                _ => vec![classes.clone()],
            },
            _ => vec![classes.clone()],
        };
        let mut found = false;
        for item in items {
            let Some(class) = self.exception_class(&item) else {
                let message =
                    "catching classes that do not inherit from BaseException is not allowed";
                return Err(self.error("TypeError", message));
            };
            let all = self.rules.has(Fault::ExceptionCatchesAll)
                && class == ExceptionClass::Builtin(Builtin::EXCEPTION);
            found |= all || self.is_subclass(self.class_of_exception(raised), class);
        }
        Ok(found)
    }

    fn handle(
        &mut self,
        frame: &Frame<'a>,
        handler: &'a ExceptHandlerExceptHandler,
        raised: Handle,
    ) -> Outcome<Flow> {
        if let Some(name) = &handler.name {
            self.store_name(frame, name, Value::Object(raised));
        }
        let result =
            self.while_handling(Some(raised), |machine| machine.block(frame, &handler.body));
        if let Some(name) = &handler.name {
            // `name = None; del name`, whatever the body did to it
            self.store_name(frame, name, Value::None);
            self.delete_name(frame, name)?;
        }
        result
    }

    /// Runs code in which a bare `raise` raises `exception` again.
    pub(crate) fn while_handling<T>(
        &mut self,
        exception: Option<Handle>,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        self.handled.extend(exception);
        let result = run(self);
        if let Some(handled) = exception {
            self.handled.pop();
            if let Err(Stop::Raised(raised)) = &result {
                self.set_context(*raised, handled);
            }
        }
        result
    }

    /// `raised.__context__`, the exception that was handled when this one was raised.
    pub(crate) fn set_context(&mut self, raised: Handle, handled: Handle) {
        if raised != handled
            && let Object::Exception(exception) = self.heap.get_mut(raised)
            && !exception.fields.contains("__context__")
        {
            exception.fields.insert("__context__", Value::Object(handled));
        }
    }

    /// A bare `raise`.
    pub(crate) fn reraise(&mut self) -> Stop {
        match self.handled.last() {
            Some(handled) => Stop::Raised(*handled),
            None => self.error("RuntimeError", "No active exception to reraise"),
        }
    }

    /// What `raise value` raises: an exception as it is, a class called.
    pub(crate) fn as_exception(&mut self, value: &Value) -> Outcome<Stop> {
        if let Some(handle) = self.exception_instance(value) {
            return Ok(Stop::Raised(handle));
        }
        if self.exception_class(value).is_some() {
            let made = self.call(value, Arguments::default())?;
            if let Some(handle) = self.exception_instance(&made) {
                return Ok(Stop::Raised(handle));
            }
        }
        Ok(self.error("TypeError", "exceptions must derive from BaseException"))
    }

    fn exception_instance(&self, value: &Value) -> Option<Handle> {
        match value {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Exception(_) => Some(*handle),
                _ => None,
            },
            _ => None,
        }
    }

    /// What may stand after `from`: an exception, a class of them, or `None`.
    pub(crate) fn check_cause(&mut self, cause: &Value) -> Outcome<Value> {
        if cause.is_none() || self.exception_instance(cause).is_some() {
            return Ok(cause.clone());
        }
        if self.exception_class(cause).is_some() {
            return self.call(cause, Arguments::default());
        }
        Err(self.error("TypeError", "exception causes must derive from BaseException"))
    }
}
