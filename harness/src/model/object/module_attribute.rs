//! Attributes of modules: their own, those of their class, lazy ones and what `__getattr__` gives.

use crate::model::{
    fault::Fault,
    importing::library,
    machine::Machine,
    object::{
        attribute::Asked,
        heap::Handle,
        native::{Function as NativeFunction, Native},
        value::{Module, ModuleClass, Object, Value, Wrapper},
    },
    stop::{Outcome, doubt, outside},
};

impl Machine<'_> {
    pub(crate) fn lookup_in_module(
        &mut self,
        handle: Handle,
        module: Module,
        name: &str,
        asked: Asked,
    ) -> Outcome<Option<Value>> {
        match module.class {
            ModuleClass::Plain => {}
            ModuleClass::Lazy => return self.lookup_in_lazy(handle, name),
            ModuleClass::User(class) => {
                if let Some(Value::Object(found)) = self.find_in_class(class, name)
                    && let Object::Wrapped(Wrapper::Property, getter) = self.heap.get(found)
                {
                    let getter = getter.clone();
                    return self.call_with(&getter, [Value::Object(handle)]).map(Some);
                }
                if name == "__class__" {
                    return Ok(Some(Value::Object(class)));
                }
                let own = self.heap.map(module.dict).contains(name);
                if !own && let Some(found) = self.find_in_class(class, name) {
                    return self.bind(Some(Value::Object(handle)), class, found).map(Some);
                }
            }
        }
        let names = self.heap.map(module.dict);
        if let Some(value) = names.get(name) {
            let value = value.clone();
            return self.resolved(module.dict, name, value).map(Some);
        }
        match name {
            "__dict__" => return Ok(Some(Value::Dict(module.dict))),
            "__class__" => {
                return Ok(Some(Value::Native(Native::Function(NativeFunction::ModuleType))));
            }
            "__annotations__" | "__annotate__" | "__repr__" | "__init__" | "__getattribute__" => {
                return outside(format!("the attribute `{name}` of a module"));
            }
            _ => {}
        }
        if module.library {
            let module = names.get("__name__").cloned().unwrap_or(Value::None);
            let module = self.str_of(&module)?;
            if library::lacks(&module, name) {
                return Ok(None);
            }
            if module == "builtins" {
                return self.load_builtin(name);
            }
            let construct = format!("the attribute `{name}` of `{module}`");
            return doubt(construct, "the model does not know all of the standard library");
        }
        let getattr = self.heap.map(module.dict).get("__getattr__").cloned();
        let may_lack = asked == Asked::IfThere || getattr.is_some();
        if let Some(found) = self.lazy_submodule(module, name, may_lack)? {
            return Ok(Some(found));
        }
        let found = match getattr {
            Some(getattr) if !self.rules.has(Fault::ModuleGetattrIgnored) => {
                self.call_with(&getattr, [Value::text(name)]).map(Some)
            }
            _ => Ok(None),
        };
        match (found, module.class) {
            (Err(stop), ModuleClass::User(class)) if self.is_raised(&stop, "AttributeError") => {
                self.getattr_of_class(handle, class, name, Err(stop))
            }
            (Ok(None), ModuleClass::User(class)) => {
                self.getattr_of_class(handle, class, name, Ok(None))
            }
            (found, _) => found,
        }
    }

    /// `__getattr__` of a module's class, for what is `otherwise` not there.
    fn getattr_of_class(
        &mut self,
        module: Handle,
        class: Handle,
        name: &str,
        otherwise: Outcome<Option<Value>>,
    ) -> Outcome<Option<Value>> {
        match self.find_in_class(class, "__getattr__") {
            Some(getattr) => {
                let getattr = self.bind(Some(Value::Object(module)), class, getattr)?;
                self.call_with(&getattr, [Value::text(name)]).map(Some)
            }
            None => otherwise,
        }
    }
}
