//! `str()` and `repr()`.

use std::fmt::Write as _;

use crate::model::{
    language::call::Arguments,
    machine::Machine,
    object::{
        exceptions::{Builtin, ExceptionClass},
        heap::Handle,
        map::Key,
        native::Native,
        string::half,
        value::{Exception, Instance, Loader, Module, ModuleClass, Object, Value, Wrapper},
    },
    stop::{Outcome, outside},
};
use crate::span::is_printable;

/// How deep containers may nest in a `repr()`.
const MAX_DEPTH: usize = 20;

impl Machine<'_> {
    /// `str(value)`.
    pub(crate) fn str_of(&mut self, value: &Value) -> Outcome<String> {
        match self.own_text(value, &["__str__", "__repr__"])? {
            Some(text) => Ok(text),
            None => self.plain_str_of(value),
        }
    }

    /// What the first of these methods gives that a class of the program's has. For a text, which
    /// has a `__str__` itself, the first alone counts.
    fn own_text(&mut self, value: &Value, methods: &[&str]) -> Outcome<Option<String>> {
        let class = match value {
            Value::Text(text) => match self.class_of_text(text) {
                Value::Object(class) => class,
                _ => return Ok(None),
            },
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Instance(Instance { class: Some(class), .. })
                | Object::Exception(Exception { class: ExceptionClass::User(class), .. }) => *class,
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let is_plain = matches!(value, Value::Object(handle)
            if matches!(self.heap.get(*handle), Object::Instance(_)));
        let methods = if is_plain { methods } else { &methods[..1] };
        for method in methods {
            if let Some(found) = self.find_in_class(class, method) {
                let method = self.bind(Some(value.clone()), class, found)?;
                return match self.call(&method, Arguments::default())? {
                    Value::Text(text) => Ok(Some(text.to_string())),
                    _ => Err(self.error_without_message("TypeError")),
                };
            }
        }
        Ok(None)
    }

    /// `str(value)` where no class of the program's has a say.
    fn plain_str_of(&self, value: &Value) -> Outcome<String> {
        match value {
            Value::Text(text) => Ok(text.to_string()),
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Exception(exception) => match self.message(exception) {
                    Some(message) => Ok(message),
                    None => outside("the text of an exception"),
                },
                _ => self.plain_repr_of(value),
            },
            _ => self.plain_repr_of(value),
        }
    }

    /// `repr(value)`.
    pub(crate) fn repr_of(&mut self, value: &Value) -> Outcome<String> {
        match self.own_text(value, &["__repr__"])? {
            Some(text) => Ok(text),
            None => self.plain_repr_of(value),
        }
    }

    /// `repr(value)` where no class of the program's has a say.
    fn plain_repr_of(&self, value: &Value) -> Outcome<String> {
        match self.repr_within(value, 0) {
            Some(text) => Ok(text),
            None => outside(format!("the `repr()` of {}", self.type_name(value))),
        }
    }

    fn repr_within(&self, value: &Value, depth: usize) -> Option<String> {
        match value {
            Value::None => Some("None".to_owned()),
            Value::Bool(true) => Some("True".to_owned()),
            Value::Bool(false) => Some("False".to_owned()),
            Value::Int(number) => Some(number.to_string()),
            Value::Text(text) if text.object().is_some() && depth > 0 => None,
            Value::Text(text) => Some(repr_text(text)),
            Value::Native(Native::Exception(class)) => Some(format!("<class '{}'>", class.name())),
            _ if depth > MAX_DEPTH => None,
            Value::Dict(id) => {
                let map = self.heap.map(*id);
                // The names of a module are too many to be worth it.
                if map.len() > MAX_DEPTH || *id == self.modules {
                    return None;
                }
                let entry = |(key, value): (&Key, &Value)| {
                    Some(format!("{}: {}", repr_text(key), self.repr_within(value, depth + 1)?))
                };
                let entries: Option<Vec<_>> = map.iter().map(entry).collect();
                Some(format!("{{{}}}", entries?.join(", ")))
            }
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(items) => Some(format!("[{}]", self.joined(items, depth)?)),
                Object::Tuple(items) if items.len() == 1 => {
                    Some(format!("({},)", self.joined(items, depth)?))
                }
                Object::Tuple(items) => Some(format!("({})", self.joined(items, depth)?)),
                Object::Exception(exception) if !exception.unknown_message => {
                    let args = self.joined(&exception.args, depth)?;
                    Some(format!("{}({args})", self.exception_name(*handle)))
                }
                _ => None,
            },
            Value::Float(_) | Value::Bytes(_) | Value::Native(_) => None,
        }
    }

    fn joined(&self, items: &[Value], depth: usize) -> Option<String> {
        if items.len() > 1_000 {
            return None;
        }
        let items: Option<Vec<_>> =
            items.iter().map(|item| self.repr_within(item, depth + 1)).collect();
        Some(items?.join(", "))
    }

    /// `str(exception)`; nothing where the model does not know it.
    pub(crate) fn message_of(&self, handle: Handle) -> Option<String> {
        match self.heap.get(handle) {
            Object::Exception(exception) => self.message(exception),
            _ => None,
        }
    }

    fn message(&self, exception: &Exception) -> Option<String> {
        let is_a = |name| {
            let builtin = Builtin::named(name, u32::MAX)?;
            Some(self.is_subclass(exception.class, ExceptionClass::Builtin(builtin)))
        };
        let own_text = match exception.class {
            ExceptionClass::User(class) => self.find_in_class(class, "__str__").is_some(),
            ExceptionClass::Builtin(_) => false,
        };
        if own_text || exception.unknown_message {
            return None;
        }
        match &*exception.args {
            // `msg` is None
            [] if is_a("SyntaxError")? => Some("None".to_owned()),
            [] => Some(String::new()),
            [only] if is_a("KeyError")? => self.repr_within(only, 0),
            [Value::Object(handle)] => match self.heap.get(*handle) {
                Object::Exception(inner) => self.message(inner),
                _ => self.repr_within(&exception.args[0], 0),
            },
            [only] => self.plain_str_of(only).ok(),
            // An `OSError` and a `SyntaxError` make something of their arguments.
            _ if is_a("OSError")? || is_a("SyntaxError")? => None,
            args => Some(format!("({})", self.joined(args, 0)?)),
        }
    }

    fn name_of_class(&self, class: Handle) -> String {
        match self.heap.get(class) {
            Object::Class(class) => class.name.to_string(),
            _ => String::new(),
        }
    }

    /// `type(value).__name__`.
    pub(crate) fn type_name(&self, value: &Value) -> String {
        let name = match value {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Text(text) => match self.class_of_text(text) {
                Value::Object(class) => return self.name_of_class(class),
                _ => "str",
            },
            Value::Bytes(_) => "bytes",
            Value::Dict(_) => "dict",
            Value::Native(Native::Ellipsis) => "ellipsis",
            Value::Native(Native::Flags) => "flags",
            Value::Native(Native::NotImplemented) => "NotImplementedType",
            Value::Native(Native::Function(function)) if !function.is_class() => {
                "builtin_function_or_method"
            }
            Value::Native(_) => "type",
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Module(Module { class: ModuleClass::Lazy, .. }) => "_LazyModule",
                Object::Module(Module { class: ModuleClass::User(class), .. }) => {
                    return self.name_of_class(*class);
                }
                Object::Module(_) => "module",
                Object::List(_) => "list",
                Object::Tuple(_) => "tuple",
                Object::Function(_) | Object::Wrapped(Wrapper::Abstract, _) => "function",
                Object::Method(..) => "method",
                Object::NativeMethod(..) => "builtin_function_or_method",
                Object::Set(_) => "set",
                Object::Super(_) => "super",
                Object::Generator(_) => "generator",
                Object::Iterator(_) => "iterator",
                Object::Wrapped(Wrapper::Static, _) => "staticmethod",
                Object::Wrapped(Wrapper::Class, _) => "classmethod",
                Object::Wrapped(Wrapper::Property, _) => "property",
                Object::Wrapped(Wrapper::Cached, _) => "cached_property",
                Object::Code(..) => "code",
                Object::File(_) => "TextIOWrapper",
                Object::Archive(_) => "ZipFile",
                Object::Event(_) => "Event",
                Object::FileFinder(_) => "FileFinder",
                Object::LazyImport(_) => "lazy_import",
                Object::Loader(Loader::Zip(_)) => "zipimporter",
                Object::Loader(Loader::Lazy(_)) => "LazyLoader",
                Object::Loader(Loader::File { path, .. }) if path.ends_with(".pyc") => {
                    "SourcelessFileLoader"
                }
                Object::Loader(Loader::Namespace) => "NamespaceLoader",
                Object::Loader(Loader::Inert) => "loader of a built-in, frozen or extension module",
                Object::Class(_) => "type",
                Object::Spec(_) => "ModuleSpec",
                Object::Loader(_) => "SourceFileLoader",
                Object::NamespacePath(_) => "_NamespacePath",
                Object::Thread(_) => "Thread",
                Object::Lock(_) => "lock",
                Object::Exception(_) => return self.exception_name(*handle),
                Object::Instance(instance) => match instance.class {
                    Some(class) => return self.name_of_class(class),
                    None => "types.SimpleNamespace",
                },
            },
        };
        name.to_owned()
    }
}

/// `repr()` of a text: single quotes unless only they are in it; what cannot be printed is escaped.
pub(crate) fn repr_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut repr = String::with_capacity(text.len() + 2);
    repr.push(quote);
    for c in text.chars() {
        match c {
            '\n' => repr.push_str("\\n"),
            '\r' => repr.push_str("\\r"),
            '\t' => repr.push_str("\\t"),
            '\\' => repr.push_str("\\\\"),
            _ if c == quote => repr.extend(['\\', c]),
            _ => write_shown(c, &mut repr),
        }
    }
    repr.push(quote);
    repr
}

/// A character of a `repr()`, escaped if it cannot be printed.
fn write_shown(c: char, repr: &mut String) {
    if is_printable(c, false) && half(c).is_none() {
        return repr.push(c);
    }
    let code = half(c).unwrap_or(u32::from(c));
    let _ = match code {
        ..0x100 => write!(repr, "\\x{code:02x}"),
        0x100..0x1_0000 => write!(repr, "\\u{code:04x}"),
        _ => write!(repr, "\\U{code:08x}"),
    };
}

/// A name as messages quote it.
pub(crate) fn quoted(name: &str) -> String {
    format!("'{name}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_as_python_quotes_them() {
        let cases = [
            ("a", "'a'"),
            ("it's", "\"it's\""),
            ("'\"", "'\\'\"'"),
            ("a\nb\\", "'a\\nb\\\\'"),
            ("\x01", "'\\x01'"),
            ("é", "'é'"),
        ];
        for (text, expected) in cases {
            assert_eq!(repr_text(text), expected);
        }
    }
}
