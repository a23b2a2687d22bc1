//! The hierarchy of exceptions: <https://docs.python.org/3/library/exceptions.html>.

use std::rc::Rc;

use crate::model::{
    machine::Machine,
    object::{
        heap::Handle,
        map::{Map, Text},
        native::Native,
        value::{Class, Exception, Object, Root, Value},
    },
    stop::Stop,
};

/// A class of the interpreter itself, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Builtin(&'static str);

/// The class of an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExceptionClass {
    Builtin(Builtin),
    /// A class of the program's.
    User(Handle),
}

/// Name, base, and the minor version that brought it.
const TABLE: &[(&str, &str, u32)] = &[
    ("BaseException", "", 9),
    ("Exception", "BaseException", 9),
    ("ArithmeticError", "Exception", 9),
    ("AssertionError", "Exception", 9),
    ("AttributeError", "Exception", 9),
    ("BlockingIOError", "OSError", 9),
    ("BrokenPipeError", "ConnectionError", 9),
    ("BufferError", "Exception", 9),
    ("BytesWarning", "Warning", 9),
    ("ChildProcessError", "OSError", 9),
    ("ConnectionAbortedError", "ConnectionError", 9),
    ("ConnectionError", "OSError", 9),
    ("ConnectionRefusedError", "ConnectionError", 9),
    ("ConnectionResetError", "ConnectionError", 9),
    ("DeprecationWarning", "Warning", 9),
    ("EOFError", "Exception", 9),
    ("EncodingWarning", "Warning", 10),
    ("FileExistsError", "OSError", 9),
    ("FileNotFoundError", "OSError", 9),
    ("FloatingPointError", "ArithmeticError", 9),
    ("FutureWarning", "Warning", 9),
    ("GeneratorExit", "BaseException", 9),
    ("ImportCycleError", "ImportError", 15),
    ("ImportError", "Exception", 9),
    ("ImportWarning", "Warning", 9),
    ("IndentationError", "SyntaxError", 9),
    ("IndexError", "LookupError", 9),
    ("InterruptedError", "OSError", 9),
    ("IsADirectoryError", "OSError", 9),
    ("KeyError", "LookupError", 9),
    ("KeyboardInterrupt", "BaseException", 9),
    ("LookupError", "Exception", 9),
    ("MemoryError", "Exception", 9),
    ("ModuleNotFoundError", "ImportError", 9),
    ("NameError", "Exception", 9),
    ("NotADirectoryError", "OSError", 9),
    ("NotImplementedError", "RuntimeError", 9),
    ("OSError", "Exception", 9),
    ("OverflowError", "ArithmeticError", 9),
    ("PendingDeprecationWarning", "Warning", 9),
    ("PermissionError", "OSError", 9),
    ("ProcessLookupError", "OSError", 9),
    ("PythonFinalizationError", "RuntimeError", 13),
    ("RecursionError", "RuntimeError", 9),
    ("ReferenceError", "Exception", 9),
    ("ResourceWarning", "Warning", 9),
    ("RuntimeError", "Exception", 9),
    ("RuntimeWarning", "Warning", 9),
    ("StopAsyncIteration", "Exception", 9),
    ("StopIteration", "Exception", 9),
    ("SyntaxError", "Exception", 9),
    ("SyntaxWarning", "Warning", 9),
    ("SystemError", "Exception", 9),
    ("SystemExit", "BaseException", 9),
    ("TabError", "IndentationError", 9),
    ("TimeoutError", "OSError", 9),
    ("TypeError", "Exception", 9),
    ("UnboundLocalError", "NameError", 9),
    ("UnicodeError", "ValueError", 9),
    ("UnicodeWarning", "Warning", 9),
    ("UserWarning", "Warning", 9),
    ("ValueError", "Exception", 9),
    ("Warning", "Exception", 9),
    ("ZeroDivisionError", "ArithmeticError", 9),
    ("ZipImportError", "ImportError", NO_BUILTIN),
];

/// The version of what is no builtin, but a class of one of the interpreter's own modules.
const NO_BUILTIN: u32 = u32::MAX;

impl Builtin {
    pub(crate) const EXCEPTION: Self = Self("Exception");
    pub(crate) const BASE_EXCEPTION: Self = Self("BaseException");
    pub(crate) const IMPORT_ERROR: Self = Self("ImportError");
    pub(crate) const STOP_ITERATION: Self = Self("StopIteration");

    /// The exception class that `name` means among the builtins of Python 3.`minor`.
    pub(crate) fn named(name: &str, minor: u32) -> Option<Self> {
        let canonical =
            if ["EnvironmentError", "IOError"].contains(&name) { "OSError" } else { name };
        let found = TABLE.iter().find(|(known, _, since)| *known == canonical && *since <= minor);
        found.map(|(known, ..)| Self(known))
    }

    pub(crate) fn name(self) -> &'static str {
        self.0
    }

    /// Whether it is a class or one that derives from it.
    pub(crate) fn is_below(self, ancestor: Self) -> bool {
        let mut current = Some(self);
        while let Some(class) = current {
            if class == ancestor {
                return true;
            }
            current = class.base();
        }
        false
    }

    fn base(self) -> Option<Self> {
        let (_, base, _) = TABLE.iter().find(|(name, ..)| *name == self.0)?;
        (!base.is_empty()).then_some(Self(base))
    }
}

impl Machine<'_> {
    /// A raised exception of the interpreter's own, with one text as its argument.
    pub(crate) fn error(&mut self, class: &'static str, message: impl Into<Text>) -> Stop {
        self.raise_builtin(class, &[Value::Text(message.into())])
    }

    /// As [`Machine::error`], with any arguments.
    pub(crate) fn raise_builtin(&mut self, class: &'static str, args: &[Value]) -> Stop {
        let exception = self.new_exception(ExceptionClass::Builtin(Builtin(class)), args.into());
        Stop::Raised(exception)
    }

    /// An `ImportError` or a subclass of it, with its `name`.
    pub(crate) fn import_error(
        &mut self,
        class: &'static str,
        message: impl Into<Text>,
        name: Value,
    ) -> Stop {
        let stop = self.error(class, message);
        // how a name is written is then up to the program
        let is_object = matches!(&name, Value::Text(name) if name.object().is_some());
        if let Stop::Raised(handle) = stop
            && let Object::Exception(exception) = self.heap.get_mut(handle)
        {
            exception.fields.insert("name", name);
            exception.unknown_message |= is_object;
        }
        stop
    }

    /// An exception of which only the type is known.
    pub(crate) fn error_without_message(&mut self, class: &'static str) -> Stop {
        let stop = self.raise_builtin(class, &[]);
        if let Stop::Raised(handle) = stop
            && let Object::Exception(exception) = self.heap.get_mut(handle)
        {
            exception.unknown_message = true;
        }
        stop
    }

    pub(crate) fn new_exception(&mut self, class: ExceptionClass, args: Rc<[Value]>) -> Handle {
        let fields = Map::default();
        let exception = Exception { class, args, unknown_message: false, fields };
        self.heap.add(Object::Exception(exception))
    }

    /// The class that a value is, if it is one of exceptions.
    pub(crate) fn exception_class(&self, value: &Value) -> Option<ExceptionClass> {
        match value {
            Value::Native(Native::Exception(builtin)) => Some(ExceptionClass::Builtin(*builtin)),
            Value::Object(handle) => {
                let class = ExceptionClass::User(*handle);
                let root =
                    self.is_subclass(class, ExceptionClass::Builtin(Builtin::BASE_EXCEPTION));
                root.then_some(class)
            }
            _ => None,
        }
    }

    pub(crate) fn is_subclass(&self, class: ExceptionClass, ancestor: ExceptionClass) -> bool {
        match (class, ancestor) {
            (ExceptionClass::Builtin(class), ExceptionClass::Builtin(ancestor)) => {
                class.is_below(ancestor)
            }
            (ExceptionClass::Builtin(_), ExceptionClass::User(_)) => false,
            (ExceptionClass::User(class), ExceptionClass::User(ancestor)) => {
                self.derives_from(class, ancestor)
            }
            (ExceptionClass::User(class), ExceptionClass::Builtin(ancestor)) => {
                match self.heap.get(class) {
                    Object::Class(Class { root: Root::Exception(root), .. }) => {
                        root.is_below(ancestor)
                    }
                    _ => false,
                }
            }
        }
    }

    /// Whether a raised exception is of the class called `name`, or of one below it.
    pub(crate) fn is_raised(&self, stop: &Stop, name: &'static str) -> bool {
        match stop {
            Stop::Raised(handle) => self.is_subclass(
                self.class_of_exception(*handle),
                ExceptionClass::Builtin(Builtin(name)),
            ),
            Stop::Abstained(_) | Stop::Exited(_) => false,
        }
    }

    /// The class of an exception; of what is none, `BaseException`.
    pub(crate) fn class_of_exception(&self, handle: Handle) -> ExceptionClass {
        match self.heap.get(handle) {
            Object::Exception(exception) => exception.class,
            _ => ExceptionClass::Builtin(Builtin::BASE_EXCEPTION),
        }
    }

    /// `type(exception).__name__`.
    pub(crate) fn exception_name(&self, handle: Handle) -> String {
        match self.class_of_exception(handle) {
            ExceptionClass::Builtin(builtin) => builtin.name().to_owned(),
            ExceptionClass::User(class) => match self.heap.get(class) {
                Object::Class(class) => class.name.to_string(),
                _ => String::new(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_base_is_in_the_table_and_leads_to_the_root() {
        for (name, ..) in TABLE {
            let mut class = Builtin(name);
            for _ in 0..TABLE.len() {
                class = class.base().unwrap_or(class);
            }
            assert_eq!(class, Builtin::BASE_EXCEPTION, "{name}");
        }
    }
}
