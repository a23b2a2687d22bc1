//! `LazyLoader` and `_LazyModule` of `Lib/importlib/util.py`.

use crate::model::{
    machine::Machine,
    object::{
        attribute::Asked,
        heap::Handle,
        map::Map,
        value::{LazyState, Module, ModuleClass, Object, Spec, Value},
    },
    stop::Outcome,
};

impl Machine<'_> {
    /// `LazyLoader(loader)`.
    pub(crate) fn make_lazy_loader(&mut self, loader: &Value) -> Outcome<Value> {
        if !self.has_exec_module(loader)? {
            return Err(self.error("TypeError", "loader must define exec_module()"));
        }
        Ok(self.loader(crate::model::object::value::Loader::Lazy(Box::new(loader.clone()))))
    }

    /// `LazyLoader.exec_module(module)`: the body runs when an attribute is first asked for.
    pub(crate) fn make_lazy(&mut self, loader: &Value, handle: Handle) -> Outcome<()> {
        if self.rules.since(13) {
            self.import_library("threading")?;
        }
        let module = Value::Object(handle);
        let Some(Module { dict, .. }) = self.as_module(&module) else { return Ok(()) };
        let spec = self.attribute(&module, "__spec__")?;
        let (spec, _) = self.spec(&spec)?;
        if let Object::Spec(spec) = self.heap.get_mut(spec) {
            spec.loader = loader.clone();
        }
        self.heap.map_mut(dict).insert("__loader__", loader.clone());
        let then = self.heap.map(dict).clone();
        if let Object::Spec(spec) = self.heap.get_mut(spec) {
            spec.lazy = Some(Box::new(LazyState { then, is_loading: false }));
        }
        self.set_module_class(handle, ModuleClass::Lazy);
        Ok(())
    }

    fn set_module_class(&mut self, handle: Handle, class: ModuleClass) {
        if let Object::Module(module) = self.heap.get_mut(handle) {
            module.class = class;
        }
    }

    /// `_LazyModule.__getattribute__(name)`.
    pub(crate) fn lookup_in_lazy(&mut self, handle: Handle, name: &str) -> Outcome<Option<Value>> {
        self.run_lazy(handle, name)?;
        self.lookup_plainly(handle, name)
    }

    /// The attribute of a module as if it were no lazy one.
    fn lookup_plainly(&mut self, handle: Handle, name: &str) -> Outcome<Option<Value>> {
        let module = Value::Object(handle);
        let Some(Module { dict, library, .. }) = self.as_module(&module) else { return Ok(None) };
        let module = Module { dict, library, class: ModuleClass::Plain };
        self.lookup_in_module(handle, module, name, Asked::Plainly)
    }

    /// Runs the body behind a lazy module, unless that is being done.
    fn run_lazy(&mut self, handle: Handle, _name: &str) -> Outcome<()> {
        let module = Value::Object(handle);
        let Some(spec) = self.lookup_plainly(handle, "__spec__")? else { return Ok(()) };
        let (spec_handle, Spec { lazy, name, loader, .. }) = self.spec(&spec)?;
        let Some(LazyState { then, is_loading }) = lazy.map(|state| *state) else { return Ok(()) };
        let Some(Module { dict, .. }) = self.as_module(&module) else { return Ok(()) };
        let locked = self.rules.since(13);
        if locked && is_loading {
            return Ok(());
        }
        if locked {
            self.set_loading(spec_handle);
        } else {
            self.set_module_class(handle, ModuleClass::Plain);
        }
        let updated = updates(&then, self.heap.map(dict));
        self.exec_module(&loader, &module)?;
        if let Some(found) = self.module(&name)?
            && found != module
        {
            return Err(self.error_without_message("ValueError"));
        }
        for (key, value) in updated {
            self.heap.map_mut(dict).insert(key, value);
        }
        self.set_module_class(handle, ModuleClass::Plain);
        Ok(())
    }

    fn set_loading(&mut self, spec: Handle) {
        if let Object::Spec(Spec { lazy: Some(state), .. }) = self.heap.get_mut(spec) {
            state.is_loading = true;
        }
    }
}

/// What of `now` was not so `then`.
fn updates(then: &Map, now: &Map) -> Vec<(crate::model::object::map::Text, Value)> {
    let changed = |(key, value): &(&crate::model::object::map::Key, &Value)| {
        then.get(key).is_none_or(|before| before != *value)
    };
    now.iter().filter(changed).map(|(key, value)| (key.to_text(), value.clone())).collect()
}
