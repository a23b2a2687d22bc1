//! Attributes of classes and their instances: where they are found, and what becomes of functions.

use crate::model::{
    machine::Machine,
    object::{
        attribute::OF_EVERY_OBJECT,
        heap::Handle,
        value::{Base, Object, Value, Wrapper},
    },
    stop::{Outcome, outside},
};

impl Machine<'_> {
    pub(crate) fn lookup_in_instance(
        &mut self,
        handle: Handle,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Object::Instance(instance) = self.heap.get(handle) else { return Ok(None) };
        let class = instance.class;
        if let Some(class) = class
            && let Some(Value::Object(found)) = self.find_in_class(class, name)
            && let Object::Wrapped(Wrapper::Property, getter) = self.heap.get(found)
        {
            let getter = getter.clone();
            return self.call_with(&getter, [Value::Object(handle)]).map(Some);
        }
        let Object::Instance(instance) = self.heap.get(handle) else { return Ok(None) };
        if let Some(value) = instance.fields.get(name) {
            return Ok(Some(value.clone()));
        }
        if ["__dict__", "__class__"].contains(&name) && class.is_none() {
            return outside(format!("`{name}` of an object"));
        }
        let Some(class) = class else { return Ok(None) };
        if name == "__class__" {
            return Ok(Some(Value::Object(class)));
        }
        match self.find_in_class(class, name) {
            Some(found) => self.bind(Some(Value::Object(handle)), class, found).map(Some),
            None => match self.find_in_class(class, "__getattr__") {
                Some(getattr) => {
                    self.call_with(&getattr, [Value::Object(handle), Value::text(name)]).map(Some)
                }
                None if OF_EVERY_OBJECT.contains(&name) || name == "__dict__" => {
                    outside(format!("`{name}` of an object"))
                }
                None => Ok(None),
            },
        }
    }

    /// What is found in a class becomes a method of the instance or class it was found through.
    pub(crate) fn bind(
        &mut self,
        instance: Option<Value>,
        class: Handle,
        found: Value,
    ) -> Outcome<Value> {
        let Value::Object(handle) = &found else { return Ok(found) };
        let method = match (self.heap.get(*handle), instance) {
            (Object::Function(_), Some(instance)) => Object::Method(instance, found),
            (Object::Wrapped(Wrapper::Static, function), _) => return Ok(function.clone()),
            (Object::Wrapped(Wrapper::Class, function), _) => {
                Object::Method(Value::Object(class), function.clone())
            }
            (Object::Wrapped(Wrapper::Property, getter), Some(instance)) => {
                let getter = getter.clone();
                return self.call_with(&getter, [instance]);
            }
            _ => return Ok(found),
        };
        Ok(Value::Object(self.heap.add(method)))
    }

    /// An attribute of the class or of one that it derives from.
    pub(crate) fn find_in_class(&self, class: Handle, name: &str) -> Option<Value> {
        let mut current = class;
        loop {
            let Object::Class(class) = self.heap.get(current) else { return None };
            if let Some(value) = class.names.get(name) {
                return Some(value.clone());
            }
            let Base::Class(base) = class.base else { return None };
            current = base;
        }
    }

    pub(crate) fn lookup_in_class(&mut self, class: Handle, name: &str) -> Outcome<Option<Value>> {
        if let Some(found) = self.find_in_class(class, name) {
            return self.bind(None, class, found).map(Some);
        }
        let is_exception = self.exception_class(&Value::Object(class)).is_some();
        let special = OF_EVERY_OBJECT.contains(&name) || name.starts_with("__");
        if is_exception || special {
            return outside(format!("the attribute `{name}` of a class"));
        }
        Ok(None)
    }
}
