//! `with`.

use ruff_python_ast::{StmtWith, WithItem};

use crate::model::{
    language::{call::Arguments, generator_task::Signal, methods::has_method, statement::Flow},
    machine::{Frame, Machine},
    object::{
        exceptions::ExceptionClass,
        heap::Handle,
        native::Native,
        value::{Instance, Module, ModuleClass, Object, Value},
    },
    stop::{Outcome, Stop, outside},
};

/// A context manager that was entered.
pub(crate) struct Entered {
    /// Its `__exit__`.
    pub(crate) exit: Value,
    /// What `__enter__` gave.
    pub(crate) value: Value,
}

/// Whether a value is of a type that certainly is no context manager.
fn is_module_or_plain(machine: &Machine<'_>, value: &Value) -> bool {
    match value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Dict(_) => true,
        Value::Object(handle) => matches!(
            machine.heap.get(*handle),
            Object::Module(Module { class: ModuleClass::Plain, .. })
                | Object::List(_)
                | Object::Tuple(_)
        ),
        _ => false,
    }
}

impl<'a> Machine<'a> {
    pub(crate) fn with_statement(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtWith,
    ) -> Outcome<Flow> {
        if node.is_async {
            return outside("an `async with`");
        }
        self.within(frame, &node.items, node)
    }

    /// A method that is looked up in the type of a value.
    fn special_method(&mut self, value: &Value, name: &str) -> Outcome<Value> {
        if let Value::Object(handle) = value
            && let Object::Instance(Instance { class: Some(class), .. }) = self.heap.get(*handle)
        {
            let class = *class;
            if let Some(found) = self.find_in_class(class, name) {
                return self.bind(Some(value.clone()), class, found);
            }
        } else if has_method(self, value, name) {
            return self.attribute(value, name);
        } else if !is_module_or_plain(self, value) {
            return outside(format!("a `with` of {}", self.type_name(value)));
        }
        // what it says differs by version
        let error = if self.rules.since(11) { "TypeError" } else { "AttributeError" };
        Err(self.error_without_message(error))
    }

    fn within(
        &mut self,
        frame: &Frame<'a>,
        items: &'a [WithItem],
        node: &'a StmtWith,
    ) -> Outcome<Flow> {
        let Some((item, rest)) = items.split_first() else { return self.block(frame, &node.body) };
        let Entered { exit, value } = self.enter(frame, item)?;
        let result = self.bind_entered(frame, item, value);
        match result.and_then(|()| self.within(frame, rest, node)) {
            Err(Stop::Raised(raised)) => {
                let swallow = self.exit_raising(&exit, raised)?;
                if swallow { Ok(Flow::Next) } else { Err(Stop::Raised(raised)) }
            }
            Err(stop) => Err(stop),
            Ok(flow) => {
                self.call_with(&exit, [Value::None, Value::None, Value::None])?;
                Ok(flow)
            }
        }
    }

    /// Enters a context manager.
    pub(crate) fn enter(&mut self, frame: &Frame<'a>, item: &'a WithItem) -> Outcome<Entered> {
        let manager = self.expression(frame, &item.context_expr)?;
        let enter = self.special_method(&manager, "__enter__")?;
        let exit = self.special_method(&manager, "__exit__")?;
        let value = self.call(&enter, Arguments::default())?;
        Ok(Entered { exit, value })
    }

    /// `with … as target`
    pub(crate) fn bind_entered(
        &mut self,
        frame: &Frame<'a>,
        item: &'a WithItem,
        value: Value,
    ) -> Outcome<()> {
        match &item.optional_vars {
            Some(target) => self.assign(frame, target, value),
            None => Ok(()),
        }
    }

    /// `__exit__` with an exception: whether that is swallowed.
    fn exit_raising(&mut self, exit: &Value, raised: Handle) -> Outcome<bool> {
        let class = match self.class_of_exception(raised) {
            ExceptionClass::Builtin(class) => Value::Native(Native::Exception(class)),
            ExceptionClass::User(class) => Value::Object(class),
        };
        let told = [class, Value::Object(raised), Value::None];
        let exits = |machine: &mut Self| machine.call_with(exit, told);
        let swallow = self.while_handling(Some(raised), exits)?;
        self.truth(&swallow)
    }

    /// Leaves the `with` of a generator whose body has ended in this way.
    pub(crate) fn leave(&mut self, exit: &Value, signal: Signal) -> Outcome<Signal> {
        if let Signal::Raise(raised) = signal {
            let swallow = self.exit_raising(exit, raised)?;
            return Ok(if swallow { Signal::Next } else { signal });
        }
        self.call_with(exit, [Value::None, Value::None, Value::None])?;
        Ok(signal)
    }
}
