//! Names: where they are looked up, bound and deleted.

use crate::model::{
    machine::{Frame, FrameKind, Machine},
    object::{
        exceptions::Builtin,
        heap::MapId,
        map::Text,
        native::{Function, LIBRARY_BUILTINS, Native, is_unknown_builtin},
        value::{Object, Value},
    },
    stop::{Outcome, Stop, doubt},
};

impl<'a> Machine<'a> {
    /// The value of a name.
    pub(crate) fn load_name(&mut self, frame: &Frame<'a>, name: &str) -> Outcome<Value> {
        if let Some(value) = self.load_local(frame, name)? {
            return match frame.kind {
                FrameKind::Function(_) => Ok(value),
                FrameKind::Module | FrameKind::Class => self.resolved(frame.locals, name, value),
            };
        }
        let is_global = matches!(&frame.kind, FrameKind::Function(own) if own.is_global(name));
        for scope in frame.enclosing.iter().rev().filter(|_| !is_global) {
            if let Some(value) = self.heap.map(scope.locals).get(name) {
                return Ok(value.clone());
            }
            if scope.bound.is_local(name) {
                return Err(self.unbound_free(name));
            }
        }
        if let Some(value) = self.heap.map(frame.globals).get(name).cloned() {
            return self.resolved(frame.globals, name, value);
        }
        if let Some(value) = self.builtin_of(frame, name)? {
            return Ok(value);
        }
        let message = format!("name '{name}' is not defined");
        Err(self.error("NameError", message))
    }

    /// What `name` is among the builtins of a frame: `__builtins__` of its globals, if that is a
    /// dictionary of the program's.
    pub(crate) fn builtin_of(&mut self, frame: &Frame<'a>, name: &str) -> Outcome<Option<Value>> {
        if let Some(Value::Dict(builtins)) = self.heap.map(frame.globals).get("__builtins__") {
            return Ok(self.heap.map(*builtins).get(name).cloned());
        }
        if let Some(Value::Object(handle)) = self.heap.map(self.modules).get("builtins")
            && let Object::Module(builtins) = self.heap.get(*handle)
            && let Some(found) = self.heap.map(builtins.dict).get(name)
        {
            return Ok(Some(found.clone()));
        }
        self.load_builtin(name)
    }

    fn load_local(&mut self, frame: &Frame<'a>, name: &str) -> Outcome<Option<Value>> {
        let found = self.heap.map(frame.locals).get(name).cloned();
        match &frame.kind {
            FrameKind::Function(bound) if found.is_none() && bound.is_local(name) => {
                Err(self.unbound_local(name))
            }
            _ => Ok(found),
        }
    }

    fn unbound_local(&mut self, name: &str) -> Stop {
        let message = if self.rules.since(11) {
            format!("cannot access local variable '{name}' where it is not associated with a value")
        } else {
            format!("local variable '{name}' referenced before assignment")
        };
        self.error("UnboundLocalError", message)
    }

    /// A variable of a function around it, which has none yet or no more.
    fn unbound_free(&mut self, name: &str) -> Stop {
        let message = if self.rules.since(11) {
            format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            )
        } else {
            format!("free variable '{name}' referenced before assignment in enclosing scope")
        };
        self.error("NameError", message)
    }

    pub(crate) fn load_builtin(&mut self, name: &str) -> Outcome<Option<Value>> {
        if let Some(function) = Function::builtin(name) {
            return Ok(Some(Value::Native(Native::Function(function))));
        }
        if let Some(class) = Builtin::named(name, self.rules.version.minor) {
            return Ok(Some(Value::Native(Native::Exception(class))));
        }
        if let Some(known) = LIBRARY_BUILTINS.iter().find(|known| **known == name) {
            return Ok(Some(Value::Native(Native::Library(known))));
        }
        match name {
            "__debug__" => Ok(Some(Value::Bool(!self.sources.program().start().optimised))),
            "Ellipsis" => Ok(Some(Value::Native(Native::Ellipsis))),
            "NotImplemented" => Ok(Some(Value::Native(Native::NotImplemented))),
            _ if is_unknown_builtin(name) => {
                doubt(format!("the builtin `{name}`"), "the model does not have it")
            }
            _ if !name.is_ascii() => {
                doubt(format!("the name `{name}`"), "Python normalises names, the model does not")
            }
            _ => Ok(None),
        }
    }

    /// Binds a name.
    pub(crate) fn store_name(&mut self, frame: &Frame<'a>, name: &str, value: Value) {
        let scope = scope_of(frame, name);
        self.heap.map_mut(scope).insert(Text::from(name), value);
    }

    /// `del name`.
    pub(crate) fn delete_name(&mut self, frame: &Frame<'a>, name: &str) -> Outcome<()> {
        let scope = scope_of(frame, name);
        if self.heap.map_mut(scope).remove(name).is_some() {
            return Ok(());
        }
        match &frame.kind {
            FrameKind::Function(bound) if bound.is_local(name) => Err(self.unbound_local(name)),
            _ => {
                let message = format!("name '{name}' is not defined");
                Err(self.error("NameError", message))
            }
        }
    }
}

/// Where a name is bound that is bound here.
fn scope_of(frame: &Frame<'_>, name: &str) -> MapId {
    match &frame.kind {
        FrameKind::Function(bound) if bound.is_global(name) => frame.globals,
        FrameKind::Function(bound) if bound.is_nonlocal(name) => {
            let mut scopes = frame.enclosing.iter().rev();
            scopes.find(|scope| scope.bound.is_local(name)).map_or(frame.locals, |it| it.locals)
        }
        _ => frame.locals,
    }
}
