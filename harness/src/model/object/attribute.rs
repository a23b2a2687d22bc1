//! Reading, setting and deleting attributes.

use crate::model::{
    importing::module::parent_of,
    language::methods::{has_method, is_method, is_method_receiver},
    machine::Machine,
    object::{
        exceptions::{Builtin, ExceptionClass},
        heap::Handle,
        map::Text,
        native::{Function as NativeFunction, Native},
        value::{Function, Loader, Object, Value},
    },
    stop::{Outcome, outside},
};

/// Attributes that every object has through `object`; what they give is not modelled.
pub(crate) const OF_EVERY_OBJECT: &[&str] = &[
    "__class__",
    "__delattr__",
    "__dir__",
    "__doc__",
    "__eq__",
    "__format__",
    "__ge__",
    "__getattribute__",
    "__getstate__",
    "__gt__",
    "__hash__",
    "__init__",
    "__init_subclass__",
    "__le__",
    "__lt__",
    "__module__",
    "__ne__",
    "__new__",
    "__reduce__",
    "__reduce_ex__",
    "__repr__",
    "__setattr__",
    "__sizeof__",
    "__str__",
    "__subclasshook__",
];

/// How an attribute is asked for, which lazy submodules notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// `value.name`: it is an error if it is not there.
    Plainly,
    /// As `hasattr()` and `from … import` do.
    IfThere,
}

/// The method of `object` by this name.
fn of_object(name: &str) -> &'static str {
    if name == "__init__" { "object.__init__" } else { "object.__setattr__" }
}

impl Machine<'_> {
    /// `value.name`.
    pub(crate) fn attribute(&mut self, value: &Value, name: &str) -> Outcome<Value> {
        match self.lookup(value, name, Asked::Plainly)? {
            Some(found) => Ok(found),
            None => Err(self.attribute_error(value, name)),
        }
    }

    /// `getattr(value, name, None)`, with nothing for what is missing.
    pub(crate) fn optional(&mut self, value: &Value, name: &str) -> Outcome<Option<Value>> {
        match self.lookup(value, name, Asked::IfThere) {
            Err(stop) if self.is_raised(&stop, "AttributeError") => Ok(None),
            result => result,
        }
    }

    /// The attribute, or nothing where the interpreter itself would raise `AttributeError`.
    fn lookup(&mut self, value: &Value, name: &str, asked: Asked) -> Outcome<Option<Value>> {
        let Value::Object(handle) = *value else {
            return match value {
                Value::Text(_) => self.lookup_in_text(value, name),
                _ => self.lookup_in_plain(value, name),
            };
        };
        match self.heap.get(handle) {
            Object::Super(of) => {
                let of = of.clone();
                self.lookup_in_super(&of, name)
            }
            Object::Module(module) => self.lookup_in_module(handle, *module, name, asked),
            Object::Instance(_) => self.lookup_in_instance(handle, name),
            Object::Class(class) => match name {
                "__name__" | "__qualname__" => Ok(Some(Value::Text(Text::clone(&class.name)))),
                "__init__" | "__setattr__" if self.find_in_class(handle, name).is_none() => {
                    Ok(Some(Value::Native(Native::Library(of_object(name)))))
                }
                "__dict__" | "__mro__" | "__bases__" => {
                    outside(format!("the attribute `{name}` of a class"))
                }
                _ => self.lookup_in_class(handle, name),
            },
            Object::Exception(_) => self.lookup_in_exception(handle, name),
            Object::Spec(_) => Ok(Some(self.lookup_in_spec(handle, name)?)),
            Object::Function(Function { attributes: Some(attributes), .. })
                if self.heap.map(*attributes).contains(name) =>
            {
                Ok(self.heap.map(*attributes).get(name).cloned())
            }
            Object::Function(_) if !name.starts_with("__") => Ok(None),
            Object::Function(function) if name == "__module__" => {
                Ok(self.heap.map(function.globals).get("__name__").cloned())
            }
            Object::Function(function) if ["__name__", "__qualname__"].contains(&name) => {
                Ok(Some(Value::Text(Text::clone(&function.name))))
            }
            _ => self.lookup_in_plain(value, name),
        }
    }

    /// An attribute of a text, whose class may be one of the program's.
    fn lookup_in_text(&mut self, value: &Value, name: &str) -> Outcome<Option<Value>> {
        let Value::Text(text) = value else { return Ok(None) };
        let (Some(object), Value::Object(class)) = (text.object(), self.class_of_text(text)) else {
            return self.lookup_in_plain(value, name);
        };
        if name == "__class__" {
            return Ok(Some(Value::Object(class)));
        }
        if let Object::Instance(instance) = self.heap.get(object)
            && let Some(found) = self.heap.map(instance.fields).get(name)
        {
            return Ok(Some(found.clone()));
        }
        match self.find_in_class(class, name) {
            Some(found) => self.bind(Some(value.clone()), class, found).map(Some),
            None => self.lookup_in_plain(value, name),
        }
    }

    fn lookup_in_plain(&mut self, value: &Value, name: &str) -> Outcome<Option<Value>> {
        match (value, name) {
            (Value::Native(Native::Exception(class)), "__name__") => {
                return Ok(Some(Value::text(class.name())));
            }
            (Value::Native(Native::Function(function)), "__name__") => {
                return Ok(Some(Value::text(function.name())));
            }
            (Value::Native(Native::Library(function)), "__name__") => {
                return Ok(Some(Value::text(function.rsplit('.').next().unwrap_or(function))));
            }
            (Value::Native(Native::Type(class)), "__name__") => {
                return Ok(Some(Value::text(class)));
            }
            (Value::Object(handle), "exec_module") => {
                if let Object::Loader(Loader::Zip(_)) = self.heap.get(*handle)
                    && !self.rules.since(10)
                {
                    return Ok(None);
                }
            }
            (Value::Native(Native::Flags), _) => return self.flag(name).map(Some),
            (
                Value::Native(Native::Function(
                    NativeFunction::ObjectClass | NativeFunction::ModuleType,
                )),
                "__init__" | "__setattr__",
            ) => return Ok(Some(Value::Native(Native::Library(of_object(name))))),
            (Value::Object(handle), "get_data") => {
                if let Object::Loader(Loader::Namespace) = self.heap.get(*handle) {
                    return Ok(None);
                }
            }
            (Value::Native(native), _) => {
                if let Some(found) = Self::attribute_of_native(*native, name) {
                    return Ok(Some(found));
                }
            }
            _ => {}
        }
        if let Value::Object(handle) = value {
            match self.heap.get(*handle) {
                Object::Loader(loader) => {
                    if let Some(found) = Self::attribute_of_loader(loader, name) {
                        return Ok(Some(found));
                    }
                }
                Object::FileFinder(finder) if name == "path" => {
                    return Ok(Some(Value::Text(Text::clone(&finder.path))));
                }
                Object::Thread(_) if name == "ident" => {
                    return outside("the number of a thread");
                }
                _ => {}
            }
        }
        if is_method_receiver(self, value) && has_method(self, value, name) {
            let method = Object::NativeMethod(value.clone(), name.into());
            return Ok(Some(Value::Object(self.heap.add(method))));
        }
        let opaque = matches!(
            value,
            Value::Native(_) | Value::Object(_) | Value::Bytes(_) | Value::Float(_)
        );
        if opaque || OF_EVERY_OBJECT.contains(&name) || is_method(name) {
            return outside(format!("the attribute `{name}` of {}", self.type_name(value)));
        }
        Ok(None)
    }

    /// `sys.flags.name`.
    fn flag(&self, name: &str) -> Outcome<Value> {
        let start = self.sources.program().start();
        let on = match name {
            "isolated" | "ignore_environment" => start.isolated,
            "no_site" | "no_user_site" | "dont_write_bytecode" => true,
            "optimize" => start.optimised,
            _ => return outside(format!("the attribute `{name}` of `sys.flags`")),
        };
        Ok(Value::Int(i64::from(on)))
    }

    fn lookup_in_exception(&mut self, handle: Handle, name: &str) -> Outcome<Option<Value>> {
        let Object::Exception(exception) = self.heap.get(handle) else { return Ok(None) };
        if let Some(value) = exception.fields.get(name) {
            return Ok(Some(value.clone()));
        }
        let (class, args) = (exception.class, exception.args.to_vec());
        let import_error = ExceptionClass::Builtin(Builtin::IMPORT_ERROR);
        let is_import_error = self.is_subclass(class, import_error);
        match name {
            "args" if !exception.unknown_message => Ok(Some(self.tuple(args))),
            "__class__" => Ok(Some(match class {
                ExceptionClass::Builtin(builtin) => Value::Native(Native::Exception(builtin)),
                ExceptionClass::User(class) => Value::Object(class),
            })),
            "__context__" | "__cause__" => Ok(Some(Value::None)),
            "name" | "path" if is_import_error => Ok(Some(Value::None)),
            "msg" if is_import_error => match &args[..] {
                [message] => Ok(Some(message.clone())),
                _ => Ok(Some(Value::None)),
            },
            _ => {
                let is_stop = ExceptionClass::Builtin(Builtin::STOP_ITERATION);
                if name == "value" && self.is_subclass(class, is_stop) {
                    return Ok(Some(args.first().cloned().unwrap_or(Value::None)));
                }
                if name == "add_note" && self.rules.since(11) {
                    let method = Object::NativeMethod(Value::Object(handle), name.into());
                    return Ok(Some(Value::Object(self.heap.add(method))));
                }
                if let ExceptionClass::User(class) = class
                    && let Some(found) = self.find_in_class(class, name)
                {
                    return self.bind(Some(Value::Object(handle)), class, found).map(Some);
                }
                outside(format!("the attribute `{name}` of an exception"))
            }
        }
    }

    fn lookup_in_spec(&mut self, handle: Handle, name: &str) -> Outcome<Value> {
        let Object::Spec(spec) = self.heap.get(handle) else { return Ok(Value::None) };
        match name {
            "loader" => Ok(spec.loader.clone()),
            "origin" => Ok(spec.origin.clone()),
            "submodule_search_locations" => Ok(spec.locations.clone()),
            "has_location" => Ok(Value::Bool(spec.has_location)),
            "_initializing" => Ok(Value::Bool(spec.initializing)),
            "parent" if spec.locations.is_none() => Ok(Value::text(parent_of(&spec.name))),
            "name" | "parent" => Ok(Value::Text(Text::clone(&spec.name))),
            _ => outside(format!("the attribute `{name}` of a spec")),
        }
    }
}
