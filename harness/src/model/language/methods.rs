//! Methods of the interpreter's own types.

use crate::model::{
    disk::Node,
    importing::{library::may_begin_library, path_finder::Portion},
    language::call::Arguments,
    machine::Machine,
    object::{
        heap::Handle,
        map::Text,
        native::Native,
        value::{Loader, Object, Spec, Value},
    },
    rules::Rules,
    stop::{Outcome, outside},
};

/// Public methods of `str`, `list`, `tuple`, `dict`, `int` and `bool` on any version.
#[rustfmt::skip]
const METHODS: &[&str] = &[
    "append", "as_integer_ratio", "bit_count", "bit_length", "capitalize", "casefold", "center",
    "clear", "conjugate", "copy", "count", "denominator", "encode", "endswith", "expandtabs",
    "extend", "find", "format", "format_map", "from_bytes", "fromkeys", "get", "imag", "index",
    "insert", "is_integer", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit",
    "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper",
    "items", "join", "keys", "ljust", "lower", "lstrip", "maketrans", "numerator", "partition",
    "pop", "popitem", "real", "remove", "removeprefix", "removesuffix", "replace", "reverse",
    "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "setdefault", "sort", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "to_bytes", "translate", "update",
    "upper", "values", "zfill",
];

/// Special names that only modules have.
const OF_MODULES: &[&str] = &[
    "__all__",
    "__file__",
    "__getattr__",
    "__loader__",
    "__name__",
    "__package__",
    "__path__",
    "__spec__",
];

/// Whether `name` is an attribute that some plain type may have.
pub(crate) fn is_method(name: &str) -> bool {
    METHODS.contains(&name) || is_special(name)
}

/// Whether a name means something to Python beyond what modules have.
pub(crate) fn is_special(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__") && !OF_MODULES.contains(&name)
}

/// Whether methods of the value are called here, not found as attributes.
pub(crate) fn is_method_receiver(machine: &Machine<'_>, value: &Value) -> bool {
    match value {
        Value::Text(_) | Value::Dict(_) | Value::Bytes(_) | Value::Native(Native::SomeModule) => {
            true
        }
        Value::Object(handle) => matches!(
            machine.heap.get(*handle),
            Object::List(_)
                | Object::Tuple(_)
                | Object::NamespacePath(_)
                | Object::Loader(_)
                | Object::Thread(_)
                | Object::Lock(_)
                | Object::Set(_)
                | Object::File(_)
                | Object::Archive(_)
                | Object::Event(_)
                | Object::FileFinder(_)
                | Object::Generator(_)
        ),
        _ => false,
    }
}

/// The methods of `zipimporter` that the model has.
fn zip_methods(rules: &Rules) -> &'static [&'static str] {
    const NAMES: [&str; 9] = [
        "load_module",
        "get_data",
        "get_filename",
        "get_source",
        "is_package",
        "create_module",
        "exec_module",
        "find_spec",
        "invalidate_caches",
    ];
    match (rules.since(10), rules.since(15)) {
        (false, _) => &NAMES[..5],
        (true, false) => &NAMES,
        (true, true) => &NAMES[1..],
    }
}

/// Whether a value that [`is_method_receiver`] has this method, as far as the model has it too.
pub(crate) fn has_method(machine: &Machine<'_>, value: &Value, name: &str) -> bool {
    let methods: &[&str] = match value {
        Value::Text(_) => &[
            "count",
            "encode",
            "endswith",
            "format",
            "join",
            "lower",
            "lstrip",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "startswith",
            "strip",
            "upper",
        ],
        Value::Dict(_) => {
            &["clear", "copy", "get", "items", "keys", "pop", "setdefault", "update", "values"]
        }
        Value::Bytes(_) => &["decode"],
        Value::Object(handle) => match machine.heap.get(*handle) {
            Object::List(_) => &["append", "clear", "extend", "insert", "pop", "remove"],
            Object::NamespacePath(_) => &["append"],
            Object::Loader(Loader::Zip(_)) => zip_methods(&machine.rules),
            Object::Loader(Loader::File { .. }) => {
                &["create_module", "exec_module", "get_data", "get_filename", "is_package"]
            }
            Object::Loader(_) => &["create_module", "exec_module"],
            Object::Thread(_) => &["is_alive", "join", "start"],
            Object::Lock(_) => &["__enter__", "__exit__", "acquire", "locked", "release"],
            Object::Set(_) => &["add"],
            Object::File(_) => &["__enter__", "__exit__", "close", "read", "write"],
            Object::Archive(_) => &["__enter__", "__exit__", "close", "write", "writestr"],
            Object::Event(_) => &["is_set", "set", "wait"],
            Object::FileFinder(_) => &["find_spec", "invalidate_caches"],
            Object::Generator(_) => &["__iter__", "__next__", "close", "send", "throw"],
            _ => &[],
        },
        _ => &[],
    };
    methods.contains(&name)
}

impl Machine<'_> {
    /// `receiver.name(...)`.
    pub(crate) fn call_method(
        &mut self,
        receiver: &Value,
        name: &str,
        arguments: Arguments,
    ) -> Outcome<Value> {
        let Arguments { mut positional, mut keywords } = arguments;
        if let (Value::Dict(id), "update") = (receiver, name) {
            let more = std::mem::take(&mut keywords);
            if positional.is_empty() {
                positional.push(self.dict_of(Vec::new()));
            }
            self.dict_method(*id, name, &positional)?;
            positional = vec![self.dict_of(more)];
        }
        for (keyword, value) in keywords {
            // what waits is not waited for: threads run where they start
            match (&*keyword, positional.is_empty()) {
                ("timeout", true) => positional.push(value),
                _ => return outside(format!("keywords for the method `{name}`")),
            }
        }
        let args = &positional[..];
        match receiver {
            Value::Bytes(bytes) => self.bytes_method(bytes, name, args),
            Value::Text(text) => self.text_method(text, name, args),
            Value::Dict(id) => self.dict_method(*id, name, args),
            Value::Native(Native::SomeModule) => self.some_name_method(name, args),
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(_) => self.list_method(*handle, name, args),
                Object::Loader(_) => self.loader_method(receiver, name, args),
                Object::NamespacePath(_) => self.namespace_method(*handle, name, args),
                Object::Thread(_) => self.thread_method(*handle, name, args),
                Object::Lock(_) => self.lock_method(*handle, name, args),
                Object::Set(_) => self.set_method(*handle, name, args),
                Object::File(_) => self.file_method(*handle, name, args),
                Object::Archive(_) => self.archive_method(*handle, name, args),
                Object::Event(_) => self.event_method(*handle, name, args),
                Object::FileFinder(_) => self.file_finder_method(*handle, name, args),
                Object::Generator(_) => self.generator_method(*handle, name, args),
                _ => self.no_such_method(receiver, name),
            },
            _ => self.no_such_method(receiver, name),
        }
    }

    /// Whether a text's own class, one of the program's, has an attribute.
    pub(crate) fn is_own_method(&self, receiver: &Value, name: &str) -> bool {
        match receiver {
            Value::Text(text) => match self.class_of_text(text) {
                Value::Object(class) => self.find_in_class(class, name).is_some(),
                _ => false,
            },
            _ => false,
        }
    }

    /// A method that the model does not have, or the type has not.
    pub(crate) fn no_such_method(&mut self, receiver: &Value, name: &str) -> Outcome<Value> {
        if matches!(receiver, Value::Text(_) | Value::Dict(_)) && !is_method(name) {
            return self.attribute(receiver, name);
        }
        outside(format!("the method `{name}` of {}", self.type_name(receiver)))
    }

    /// A method of the name of a module of the library that may be loaded, whichever that is.
    fn some_name_method(&mut self, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args) {
            ("startswith", [Value::Text(start)]) if !may_begin_library(start) => {
                Ok(Value::Bool(false))
            }
            ("split" | "partition", [Value::Text(dot), ..]) if &**dot == "." => {
                Ok(self.list(vec![Value::Native(Native::SomeModule)]))
            }
            _ => outside(format!("`{name}` of the names of all modules that are loaded")),
        }
    }

    fn loader_method(&mut self, loader: &Value, name: &str, args: &[Value]) -> Outcome<Value> {
        let Value::Object(handle) = loader else { return self.no_such_method(loader, name) };
        let kind = match self.heap.get(*handle) {
            Object::Loader(kind) => kind.clone(),
            _ => return self.no_such_method(loader, name),
        };
        match (name, args) {
            ("exec_module", [module]) => {
                self.exec_module(loader, module)?;
                Ok(Value::None)
            }
            ("create_module", [spec]) => match kind {
                Loader::Lazy(inner) => {
                    let create = self.attribute(&inner, "create_module")?;
                    self.call_with(&create, [spec.clone()])
                }
                _ => Ok(Value::None),
            },
            _ => match kind {
                Loader::Zip(_) => self.zip_method(*handle, name, args),
                Loader::File { path, .. } => self.file_loader_method(&path, name, args),
                _ => self.no_such_method(loader, name),
            },
        }
    }

    fn set_method(&mut self, handle: Handle, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args, self.heap.get_mut(handle)) {
            ("add", [item @ (Value::Text(_) | Value::Int(_))], Object::Set(items)) => {
                if !items.contains(item) {
                    items.push(item.clone());
                }
                Ok(Value::None)
            }
            _ => self.no_such_method(&Value::Object(handle), name),
        }
    }

    /// Methods of `SourceFileLoader` and its like.
    fn file_loader_method(&mut self, path: &str, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args) {
            ("get_data", [Value::Text(path)]) => {
                let Some(Node::File(contents)) = self.disk.at(&self.disk.absolute(path)?) else {
                    return Err(self.error_without_message("FileNotFoundError"));
                };
                Ok(Value::Bytes(self.bytes_of(&contents)?))
            }
            ("get_filename", [_]) => Ok(Value::text(path)),
            ("is_package", [Value::Text(module)]) => {
                let file = path.rsplit('/').next().unwrap_or(path);
                let stem = file.split('.').next().unwrap_or(file);
                let tail = module.rsplit('.').next().unwrap_or(module);
                Ok(Value::Bool(stem == "__init__" && tail != "__init__"))
            }
            _ => outside(format!("the method `{name}` of a loader, called like this")),
        }
    }

    /// What `find_spec()` of a path entry's finder gives.
    pub(crate) fn spec_of_portion(&mut self, module: &Text, portion: Portion) -> Value {
        match portion {
            Portion::Found(spec) => spec,
            Portion::Nothing => Value::None,
            Portion::Folders(folders) => {
                let mut spec = Spec::new(Text::clone(module), Value::None);
                spec.locations = self.list(folders);
                Value::Object(self.heap.add(Object::Spec(spec)))
            }
        }
    }

    fn file_finder_method(&mut self, handle: Handle, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args) {
            ("find_spec", [Value::Text(module), ..]) => {
                let portion = self.file_finder(handle, module)?;
                Ok(self.spec_of_portion(module, portion))
            }
            _ => self.no_such_method(&Value::Object(handle), name),
        }
    }

    fn namespace_method(&mut self, handle: Handle, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args, self.heap.get_mut(handle)) {
            ("append", [entry], Object::NamespacePath(namespace)) => {
                namespace.path.push(entry.clone());
                Ok(Value::None)
            }
            _ => self.no_such_method(&Value::Object(handle), name),
        }
    }
}
