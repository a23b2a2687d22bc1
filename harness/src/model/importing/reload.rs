//! `importlib.reload()`.

use tollgate_event::Operation;

use crate::{
    model::{
        fault::Fault,
        importing::module::parent_of,
        machine::Machine,
        object::{
            map::Text,
            text::repr_text,
            value::{Object, Value},
        },
        stop::{Outcome, outside},
    },
    span::Ending,
};

impl Machine<'_> {
    /// `importlib.reload(module)`.
    pub(crate) fn reload(&mut self, module: &Value) -> Outcome<Value> {
        let name = self.name_to_reload(module)?;
        if self.module(&name)?.as_ref() != Some(module) {
            let message = format!("module {name} not in sys.modules");
            return Err(self.import_error("ImportError", message, Value::Text(name)));
        }
        if let Some(reloading) = self.reloading.get(&name) {
            return Ok(reloading.clone());
        }
        self.reloading.insert(Text::clone(&name), module.clone());
        let reload = |machine: &mut Self| machine.reload_body(&name, module);
        let result = if self.rules.has(Fault::ReloadStartsImport) {
            self.span(Operation::Import, &name, reload, |_| Ending::Ok)
        } else {
            self.deeper(1, reload)
        };
        self.reloading.remove(&name);
        result
    }

    fn name_to_reload(&mut self, module: &Value) -> Outcome<Text> {
        let is_module = matches!(module, Value::Object(handle)
            if matches!(self.heap.get(*handle), Object::Module(_)));
        // Until 3.9 only modules, then anything with a name.
        if !is_module && !self.rules.since(10) {
            return Err(self.error("TypeError", "reload() argument must be a module"));
        }
        let spec = self.optional(module, "__spec__")?;
        let name = match spec {
            Some(spec) => self.optional(&spec, "name")?,
            None => None,
        };
        let name = match name {
            Some(name) => Some(name),
            None => self.optional(module, "__name__")?,
        };
        match name {
            Some(Value::Text(name)) => Ok(name),
            Some(_) => outside("a reload of what has a name that is no text"),
            None => Err(self.error("TypeError", "reload() argument must be a module")),
        }
    }

    fn reload_body(&mut self, name: &Text, module: &Value) -> Outcome<Value> {
        let mut path = Value::None;
        let parent = parent_of(name);
        if !parent.is_empty() {
            let Some(package) = self.module(parent)? else {
                let message = format!("parent {} not in sys.modules", repr_text(parent));
                return Err(self.import_error("ImportError", message, Value::text(parent)));
            };
            path = self.attribute(&package, "__path__")?;
        }
        let spec = self.find_spec(name, &path, module)?;
        self.set_attribute(module, "__spec__", spec.clone())?;
        if spec.is_none() {
            let message = format!("spec not found for the module {}", repr_text(name));
            let name = Value::Text(Text::clone(name));
            return Err(self.import_error("ModuleNotFoundError", message, name));
        }
        self.exec(&spec, module)?;
        // The module may have replaced itself in sys.modules!
        self.required_module(name)
    }
}
