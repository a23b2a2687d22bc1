//! Builtin functions, and the functions and classes of the library that programs import with.

use crate::model::{
    language::{call::Arguments, expression::check_length},
    machine::{Frame, FrameKind, Machine},
    object::{
        map::{Map, Text},
        native::{Function, Native},
        string::has_halves,
        value::{Class, Instance, Loader, Lock, ModuleClass, Object, Root, Spec, Value},
    },
    stop::{Outcome, doubt, outside},
};

impl<'a> Machine<'a> {
    /// A call from the program, where `globals()` and `__import__()` look at who calls.
    pub(crate) fn call_in(
        &mut self,
        frame: &Frame<'a>,
        function: &Value,
        arguments: Arguments,
    ) -> Outcome<Value> {
        match function {
            Value::Native(Native::Function(Function::Globals)) => {
                return Ok(Value::Dict(frame.globals));
            }
            Value::Native(Native::Library("super")) if arguments.keywords.is_empty() => {
                return self.make_super(frame, &arguments.positional);
            }
            Value::Native(Native::Library("exec")) if arguments.keywords.is_empty() => {
                let is_module = matches!(frame.kind, FrameKind::Module);
                if let ([code], true) = (&arguments.positional[..], is_module) {
                    return self.exec_in(code, frame.globals, frame.locals);
                }
            }
            _ => {}
        }
        self.call(function, arguments)
    }

    /// Calls a function or class of the interpreter's own.
    pub(crate) fn call_native(
        &mut self,
        function: Function,
        arguments: Arguments,
    ) -> Outcome<Value> {
        match function {
            Function::DunderImport => return self.dunder_import(arguments),
            Function::ImportModule => return self.import_module(arguments),
            Function::FindSpec => return self.util_find_spec(arguments),
            Function::ModuleSpec => return self.make_spec(arguments),
            Function::SimpleNamespace => return self.simple_namespace(arguments),
            Function::Thread => return self.make_thread(arguments),
            Function::Warn => return self.warn(arguments),
            Function::Print => return self.print(&arguments),
            Function::DictClass => return self.make_dict(arguments),
            _ => {}
        }
        if !arguments.keywords.is_empty() {
            return outside(format!("keywords for `{}`", function.name()));
        }
        let args = &arguments.positional[..];
        match (function, args) {
            (Function::Reload, [module]) => self.reload(module),
            (Function::PickleLoads, [Value::Bytes(pickle)]) => match std::str::from_utf8(pickle) {
                Ok(pickle) => self.unpickle(pickle),
                Err(_) => outside("a pickle of anything but a global"),
            },
            (Function::InvalidateCaches, []) => self.invalidate_caches(),
            (Function::ModuleFromSpec, [spec]) => self.module_from_spec(spec),
            (Function::ModuleType, [Value::Text(name)]) => {
                Ok(self.new_module(Text::clone(name), false))
            }
            (Function::StartNewThread, _) => self.start_new_thread(args),
            (Function::AllocateLock, []) => {
                Ok(Value::Object(self.heap.add(Object::Lock(Lock::default()))))
            }
            _ => self.call_builtin(function, args),
        }
    }

    fn call_builtin(&mut self, function: Function, args: &[Value]) -> Outcome<Value> {
        match (function, args) {
            (Function::HasAttr, [value, Value::Text(name)]) => {
                Ok(Value::Bool(self.optional(value, name)?.is_some()))
            }
            (Function::GetAttr, [value, Value::Text(name)]) => self.attribute(value, name),
            (Function::GetAttr, [value, Value::Text(name), default]) => {
                Ok(self.optional(value, name)?.unwrap_or_else(|| default.clone()))
            }
            (Function::SetAttr, [value, Value::Text(name), new]) => {
                self.set_attribute(value, name, new.clone())?;
                Ok(Value::None)
            }
            (Function::DelAttr, [value, Value::Text(name)]) => {
                self.delete_attribute(value, name)?;
                Ok(Value::None)
            }
            (Function::Vars, [value]) => self.attribute(value, "__dict__"),
            (Function::Len, [value]) => match self.length(value) {
                Some(length) => Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX))),
                None => outside(format!("the length of {}", self.type_name(value))),
            },
            (Function::Callable, [value]) => self.callable(value),
            (Function::Repr, [value]) => Ok(Value::Text(self.repr_of(value)?.into())),
            (Function::StrClass, []) => Ok(Value::text("")),
            (Function::StrClass, [value]) => Ok(Value::Text(self.str_of(value)?.into())),
            (Function::BoolClass, [value]) => Ok(Value::Bool(self.truth(value)?)),
            (Function::ListClass, []) => Ok(self.list(Vec::new())),
            (Function::ListClass, [value]) => {
                let items = self.items(value)?;
                Ok(self.list(items))
            }
            (Function::TupleClass, [value]) => {
                let items = self.items(value)?;
                Ok(self.tuple(items))
            }
            (Function::ObjectClass, []) => outside("a bare object"),
            (Function::Range, _) => self.range(args),
            (Function::Type, [value]) => self.type_of(value),
            (Function::IsInstance, [value, class]) => self.is_instance(value, class),
            _ => outside(format!("this call of `{}`", function.name())),
        }
    }

    /// Output is not predicted, but what is printed must have a text.
    fn print(&mut self, arguments: &Arguments) -> Outcome<Value> {
        if !arguments.keywords.is_empty() {
            return outside("keywords for `print`");
        }
        for value in &arguments.positional {
            if has_halves(&self.str_of(value)?) {
                let why = "how the output is encoded decides whether that raises";
                return doubt("printing half a surrogate pair", why);
            }
        }
        Ok(Value::None)
    }

    fn range(&mut self, args: &[Value]) -> Outcome<Value> {
        let (start, end) = match args {
            [Value::Int(end)] => (0, *end),
            [Value::Int(start), Value::Int(end)] => (*start, *end),
            _ => return outside("this call of `range`"),
        };
        let length = end.saturating_sub(start).max(0);
        check_length(usize::try_from(length).unwrap_or(usize::MAX))?;
        Ok(self.tuple((start..end).map(Value::Int).collect()))
    }

    fn type_of(&mut self, value: &Value) -> Outcome<Value> {
        let class = match value {
            Value::Bool(_) => Function::BoolClass,
            Value::Int(_) => Function::IntClass,
            Value::Text(text) if text.object().is_some() => return Ok(self.class_of_text(text)),
            Value::Text(_) => Function::StrClass,
            Value::Dict(_) => Function::DictClass,
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Module(module) => match module.class {
                    ModuleClass::Plain => Function::ModuleType,
                    ModuleClass::Lazy => return Ok(Self::class_named("_LazyModule")),
                    ModuleClass::User(class) => return Ok(Value::Object(class)),
                },
                Object::LazyImport(_) => return Ok(Self::class_named("lazy_import")),
                Object::Function(_) => return Ok(Self::class_named("function")),
                Object::Method(..) => return Ok(Self::class_named("method")),
                Object::Generator(_) => return Ok(Self::class_named("generator")),
                Object::Class(_) => Function::Type,
                Object::Loader(Loader::Zip(_)) => return Ok(Self::class_named("zipimporter")),
                Object::FileFinder(_) => return Ok(Self::class_named("FileFinder")),
                Object::Tuple(_) => Function::TupleClass,
                Object::List(_) => Function::ListClass,
                Object::Instance(Instance { class: Some(class), .. }) => {
                    return Ok(Value::Object(*class));
                }
                Object::Exception(_) => return self.attribute(value, "__class__"),
                _ => return outside(format!("the type of {}", self.type_name(value))),
            },
            _ => return outside(format!("the type of {}", self.type_name(value))),
        };
        Ok(Value::Native(Native::Function(class)))
    }

    fn is_instance(&mut self, value: &Value, class: &Value) -> Outcome<Value> {
        if let Value::Object(handle) = class
            && let Object::Tuple(classes) = self.heap.get(*handle)
        {
            let classes = classes.to_vec();
            for one in &classes {
                if self.is_instance(value, one)? == Value::Bool(true) {
                    return Ok(Value::Bool(true));
                }
            }
            return Ok(Value::Bool(false));
        }
        if let Some(class) = self.exception_class(class) {
            let is_instance = match value {
                Value::Object(handle) => match self.heap.get(*handle) {
                    Object::Exception(exception) => self.is_subclass(exception.class, class),
                    _ => false,
                },
                _ => false,
            };
            return Ok(Value::Bool(is_instance));
        }
        let is_class = match class {
            Value::Native(Native::Function(function)) => function.is_class(),
            Value::Object(handle) => matches!(self.heap.get(*handle), Object::Class(_)),
            _ => false,
        };
        if !is_class {
            return outside("this call of `isinstance`");
        }
        let own = self.type_of(value)?;
        Ok(Value::Bool(self.is_subclass_of(&own, class)))
    }

    /// `issubclass(class, ancestor)`, for classes that are no exceptions.
    pub(crate) fn is_subclass_of(&self, class: &Value, ancestor: &Value) -> bool {
        use Function::{BoolClass, IntClass, ModuleType, ObjectClass, StrClass};
        let native = |function| Value::Native(Native::Function(function));
        if class == ancestor || *ancestor == native(ObjectClass) {
            return true;
        }
        let Value::Object(handle) = *class else {
            return *class == native(BoolClass) && *ancestor == native(IntClass);
        };
        if let Value::Object(ancestor) = *ancestor {
            return self.derives_from(handle, ancestor);
        }
        match self.heap.get(handle) {
            Object::Class(Class { root: Root::Module, .. }) => *ancestor == native(ModuleType),
            Object::Class(Class { root: Root::Text, .. }) => *ancestor == native(StrClass),
            _ => false,
        }
    }

    /// `callable(value)`
    fn callable(&self, value: &Value) -> Outcome<Value> {
        let callable = match value {
            Value::Native(Native::Ellipsis | Native::Flags | Native::NotImplemented) => false,
            Value::Native(_) => true,
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Function(_)
                | Object::Method(..)
                | Object::NativeMethod(..)
                | Object::Class(_) => true,
                Object::Instance(Instance { class: Some(class), .. }) => {
                    self.find_in_class(*class, "__call__").is_some()
                }
                Object::Module(_) | Object::List(_) | Object::Tuple(_) | Object::Exception(_) => {
                    false
                }
                _ => return outside(format!("`callable` of {}", self.type_name(value))),
            },
            _ => false,
        };
        Ok(Value::Bool(callable))
    }

    fn make_dict(&mut self, arguments: Arguments) -> Outcome<Value> {
        match &arguments.positional[..] {
            [] => {}
            [Value::Dict(other)] => {
                let mut map = self.heap.map(*other).clone();
                for (name, value) in arguments.keywords {
                    map.insert(name, value);
                }
                return Ok(Value::Dict(self.heap.add_map(map)));
            }
            [pairs @ Value::Object(_)] => {
                let dict = self.dict_of(arguments.keywords);
                if let Value::Dict(id) = dict {
                    self.dict_method(id, "update", std::slice::from_ref(pairs))?;
                }
                return Ok(dict);
            }
            _ => return outside("a dictionary made from something else"),
        }
        Ok(self.dict_of(arguments.keywords))
    }

    /// A new dictionary.
    pub(crate) fn dict_of(&mut self, entries: Vec<(Text, Value)>) -> Value {
        Value::Dict(self.heap.add_map(fields_of(entries)))
    }

    fn simple_namespace(&mut self, arguments: Arguments) -> Outcome<Value> {
        if !arguments.positional.is_empty() {
            return outside("a namespace made from a dictionary");
        }
        let fields = self.heap.add_map(fields_of(arguments.keywords));
        Ok(Value::Object(self.heap.add(Object::Instance(Instance { class: None, fields }))))
    }

    /// `ModuleSpec(name, loader)`.
    fn make_spec(&mut self, arguments: Arguments) -> Outcome<Value> {
        let Arguments { positional, keywords } = arguments;
        let [Value::Text(name), loader] = &positional[..] else {
            return outside("this call of `ModuleSpec`");
        };
        let mut spec = Spec::new(Text::clone(name), loader.clone());
        for (keyword, value) in keywords {
            match (&*keyword, &value) {
                ("origin", _) => spec.origin = value,
                ("is_package", Value::Bool(false)) => {}
                ("is_package", Value::Bool(true)) => spec.locations = self.list(Vec::new()),
                _ => return outside(format!("`{keyword}` of `ModuleSpec`")),
            }
        }
        Ok(Value::Object(self.heap.add(Object::Spec(spec))))
    }
}

fn fields_of(keywords: Vec<(Text, Value)>) -> Map {
    let mut fields = Map::default();
    for (name, value) in keywords {
        fields.insert(name, value);
    }
    fields
}
