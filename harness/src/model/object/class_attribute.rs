//! Attributes of classes and their instances: where they are found, and what becomes of functions.

use crate::model::{
    machine::Machine,
    object::{
        attribute::OF_EVERY_OBJECT,
        heap::Handle,
        value::{Class, Object, Value, Wrapper},
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
        let fields = instance.fields;
        if let Some(value) = self.heap.map(fields).get(name) {
            return Ok(Some(value.clone()));
        }
        if name == "__dict__" {
            return Ok(Some(Value::Dict(fields)));
        }
        if name == "__class__" && class.is_none() {
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
                None if OF_EVERY_OBJECT.contains(&name) => {
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
            (Object::Wrapped(Wrapper::Cached, getter), Some(instance)) => {
                let (getter, property) = (getter.clone(), *handle);
                return self.cached(&instance, class, &getter, property);
            }
            (Object::Wrapped(Wrapper::Abstract, function), instance) => {
                let function = function.clone();
                return self.bind(instance, class, function);
            }
            (Object::Wrapped(Wrapper::Property, getter), Some(instance)) => {
                let getter = getter.clone();
                return self.call_with(&getter, [instance]);
            }
            _ => return Ok(found),
        };
        Ok(Value::Object(self.heap.add(method)))
    }

    /// A `cached_property`: what its function gives is kept in the object under the property's name.
    fn cached(
        &mut self,
        instance: &Value,
        class: Handle,
        getter: &Value,
        property: Handle,
    ) -> Outcome<Value> {
        let value = self.call_with(getter, [instance.clone()])?;
        let property = Value::Object(property);
        let mut classes = vec![class];
        if let Object::Class(class) = self.heap.get(class) {
            classes.extend(class.ancestors.iter());
        }
        let name = classes.iter().find_map(|class| match self.heap.get(*class) {
            Object::Class(class) => class.names.iter().find(|(_, value)| **value == property),
            _ => None,
        });
        let fields = match instance {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Instance(instance) => Some(instance.fields),
                _ => None,
            },
            _ => None,
        };
        match (name.map(|(name, _)| name.clone()), fields) {
            (Some(name), Some(fields)) => self.heap.map_mut(fields).insert(name, value.clone()),
            _ => return outside("a `cached_property` of what is no plain object"),
        }
        Ok(value)
    }

    /// An attribute of the class or of one that it derives from.
    pub(crate) fn find_in_class(&self, class: Handle, name: &str) -> Option<Value> {
        let Object::Class(Class { names, ancestors, .. }) = self.heap.get(class) else {
            return None;
        };
        match names.get(name) {
            Some(value) => Some(value.clone()),
            None => self.find_in_classes(ancestors, name),
        }
    }

    /// The attribute of the first of some classes that has it itself.
    pub(crate) fn find_in_classes(&self, classes: &[Handle], name: &str) -> Option<Value> {
        classes.iter().find_map(|class| match self.heap.get(*class) {
            Object::Class(class) => class.names.get(name).cloned(),
            _ => None,
        })
    }

    /// Whether `class` is `ancestor` or derives from it.
    pub(crate) fn derives_from(&self, class: Handle, ancestor: Handle) -> bool {
        class == ancestor
            || matches!(self.heap.get(class), Object::Class(class) if class.ancestors.contains(&ancestor))
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
