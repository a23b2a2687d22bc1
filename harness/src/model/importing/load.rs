//! Loading: `_load_unlocked`, `module_from_spec` and `_exec` of `Lib/importlib/_bootstrap.py`.

use tollgate_event::Operation;

use crate::{
    model::{
        fault::Fault,
        importing::{module::parent_of, patched::LOAD_UNLOCKED},
        machine::Machine,
        object::{
            heap::Handle,
            map::Text,
            value::{Object, Spec, Value},
        },
        stop::{Outcome, doubt},
    },
    span::Ending,
};

impl Machine<'_> {
    /// The spec behind a value that a finder gave, with its handle.
    pub(crate) fn spec(&self, value: &Value) -> Outcome<(Handle, Spec)> {
        if let Value::Object(handle) = value
            && let Object::Spec(spec) = self.heap.get(*handle)
        {
            return Ok((*handle, spec.clone()));
        }
        doubt("a spec that is no `ModuleSpec`", "what it does when it is used is not followed")
    }

    /// `_load_unlocked(spec)`, whatever stands under that name.
    pub(crate) fn load_unlocked(&mut self, spec: &Value) -> Outcome<Value> {
        match self.replacement(LOAD_UNLOCKED)? {
            Some(function) => self.call_with(&function, [spec.clone()]),
            None => self.load_unlocked_itself(spec),
        }
    }

    /// importlib's own `_load_unlocked(spec)`: the span `load`.
    pub(crate) fn load_unlocked_itself(&mut self, spec: &Value) -> Outcome<Value> {
        let (handle, Spec { name, .. }) = self.spec(spec)?;
        let load = |machine: &mut Self| machine.load_body(handle, spec);
        self.span(Operation::Load, &name, load, |_| Ending::Ok)
    }

    fn load_body(&mut self, handle: Handle, value: &Value) -> Outcome<Value> {
        let (_, Spec { name, loader, .. }) = self.spec(value)?;
        if !loader.is_none() && !self.rules.since(15) && !self.has_exec_module(&loader)? {
            return self.load_backward_compatible(value);
        }
        let module = self.module_from_spec(value)?;
        self.set_initializing(handle, true);
        let result = self.run_loaded(value, &name, &module);
        self.set_initializing(handle, false);
        result
    }

    fn set_initializing(&mut self, spec: Handle, initializing: bool) {
        let initializing = initializing && !self.rules.has(Fault::PartialCountsAsWhole);
        if let Object::Spec(spec) = self.heap.get_mut(spec) {
            spec.initializing = initializing;
        }
    }

    fn run_loaded(&mut self, spec: &Value, name: &Text, module: &Value) -> Outcome<Value> {
        self.set_module(Text::clone(name), module.clone());
        self.ever_loaded_is(name, module);
        let (_, Spec { loader, locations, .. }) = self.spec(spec)?;
        let ran = match (loader.is_none(), locations.is_none()) {
            (true, true) => {
                let name = Value::Text(Text::clone(name));
                Err(self.import_error("ImportError", "missing loader", name))
            }
            // A namespace package, so do nothing.
            (true, false) => Ok(()),
            (false, _) => self.exec_module(&loader, module),
        };
        if let Err(stop) = ran {
            self.forget_failed(name);
            return Err(stop);
        }
        if self.rules.has(Fault::ReplacementIgnored) {
            return Ok(module.clone());
        }
        self.move_to_end(name)
    }

    fn ever_loaded_is(&mut self, name: &Text, module: &Value) {
        if self.rules.has(Fault::DeletionIgnored) {
            self.ever_loaded.insert(Text::clone(name), module.clone());
        }
    }

    /// `del sys.modules[name]`, whether it is there or not.
    fn forget_failed(&mut self, name: &str) {
        if !self.rules.has(Fault::FailedModuleStays) {
            self.remove_module(name);
        }
        if self.rules.has(Fault::FailingParentRemovesChild) {
            let prefix = format!("{name}.");
            let modules = self.heap.map(self.modules);
            let children: Vec<_> =
                modules.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
            for child in children {
                self.remove_module(&child);
            }
        }
        if self.rules.has(Fault::FailingChildRemovesParent)
            && let Some((parent, _)) = name.rsplit_once('.')
        {
            self.remove_module(parent);
        }
    }

    /// `sys.modules[name] = sys.modules.pop(name)`, and what is there.
    pub(crate) fn move_to_end(&mut self, name: &str) -> Outcome<Value> {
        if self.rules.has(Fault::OrderOfStart) {
            return self.required_module(name);
        }
        self.record.write(name);
        let modules = self.heap.map_mut(self.modules);
        let Some((name, module)) = modules.remove_entry(name) else {
            return Err(self.raise_builtin("KeyError", &[Value::text(name)]));
        };
        modules.insert(name, module.clone());
        Ok(module)
    }

    /// `_load_backward_compatible(spec)`, until 3.14.
    fn load_backward_compatible(&mut self, spec: &Value) -> Outcome<Value> {
        let (_, Spec { name, loader, .. }) = self.spec(spec)?;
        self.warns("ImportWarning")?;
        let load_module = self.attribute(&loader, "load_module")?;
        if let Err(stop) = self.call_with(&load_module, [Value::Text(Text::clone(&name))]) {
            if let Some(module) = self.remove_module(&name) {
                self.set_module(Text::clone(&name), module);
            }
            return Err(stop);
        }
        let module = self.move_to_end(&name)?;
        for (attribute, value) in [("__loader__", loader), ("__spec__", spec.clone())] {
            if self.optional(&module, attribute)?.is_none_or(|value| value.is_none()) {
                self.try_set_attribute(&module, attribute, value)?;
            }
        }
        if self.optional(&module, "__package__")?.is_none_or(|value| value.is_none()) {
            let is_package = self.optional(&module, "__path__")?.is_some();
            let package = if is_package { &name } else { parent_of(&name) };
            self.try_set_attribute(&module, "__package__", Value::text(package))?;
        }
        Ok(module)
    }
}
