//! What `AttributeError` says.

use crate::model::{
    machine::Machine,
    object::{
        map::Text,
        text::quoted,
        value::{Module, Object, Value},
    },
    stop::Stop,
};

impl Machine<'_> {
    /// The `AttributeError` for an attribute that is not there.
    pub(crate) fn attribute_error(&mut self, value: &Value, name: &str) -> Stop {
        let message = match *value {
            Value::Object(handle) => match self.heap.get(handle) {
                Object::Module(module) => self.module_lacks(*module, name),
                Object::Class(class) => {
                    let class = Text::clone(&class.name);
                    format!("type object {} has no attribute {}", quoted(&class), quoted(name))
                }
                _ => self.object_lacks(value, name),
            },
            _ => self.object_lacks(value, name),
        };
        self.error("AttributeError", message)
    }

    fn object_lacks(&self, value: &Value, name: &str) -> String {
        format!("{} object has no attribute {}", quoted(&self.type_name(value)), quoted(name))
    }

    /// The message of `module_getattro` in `Objects/moduleobject.c`.
    fn module_lacks(&self, module: Module, name: &str) -> String {
        let names = self.heap.map(module.dict);
        let (spec, module_name) = (names.get("__spec__").cloned(), names.get("__name__").cloned());
        let Some(Value::Text(module_name)) = module_name else {
            return format!("module has no attribute '{name}'");
        };
        let spec = match spec {
            Some(Value::Object(handle)) => match self.heap.get(handle) {
                Object::Spec(spec) => Some(spec.clone()),
                _ => None,
            },
            _ => None,
        };
        let cause = "(most likely due to a circular import)";
        match spec {
            Some(spec) if spec.initializing => {
                let from = match &spec.origin {
                    Value::Text(origin) if self.rules.since(13) && spec.has_location => {
                        format!(" from '{origin}'")
                    }
                    _ => String::new(),
                };
                let start = format!("partially initialized module '{module_name}'{from}");
                format!("{start} has no attribute '{name}' {cause}")
            }
            Some(spec)
                if self.rules.since(11) && spec.uninitialized.iter().any(|one| &**one == name) =>
            {
                format!("cannot access submodule '{name}' of module '{module_name}' {cause}")
            }
            _ => format!("module '{module_name}' has no attribute '{name}'"),
        }
    }
}
