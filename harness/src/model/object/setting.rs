//! Setting and deleting attributes.

use crate::model::{
    importing::patched::{NAMES, REPLACEABLE},
    language::methods::{is_method, is_special},
    machine::Machine,
    object::{
        attribute::OF_EVERY_OBJECT,
        heap::Handle,
        map::{Map, Text},
        native::{Function, Native, is_builtin},
        text::quoted,
        value::{Instance, Module, ModuleClass, Object, Root, Value},
    },
    record::SEARCH,
    stop::{Outcome, doubt, outside},
};

/// What of `sys` may be set: the model follows it, or it has no effect that can be seen.
const OF_SYS: [&str; 4] = ["path", "meta_path", "path_hooks", "unraisablehook"];

/// What may be set in other modules of the library.
const SETTABLE: [(&str, &str); 2] = [("builtins", "__import__"), ("threading", "excepthook")];

/// Special names of functions that say nothing about how they are called.
const OF_FUNCTIONS: [&str; 5] =
    ["__name__", "__qualname__", "__doc__", "__module__", "__wrapped__"];

/// What `sys` has in some version, beside names in double underscores.
#[rustfmt::skip]
const ALL_OF_SYS: &[&str] = &[
    "_base_executable", "_baserepl", "_clear_internal_caches", "_clear_type_cache",
    "_clear_type_descriptors", "_current_exceptions", "_current_frames", "_deactivate_opcache",
    "_debugmallocstats", "_dump_tracelets", "_framework", "_get_cpu_count_config", "_getframe",
    "_getframemodulename", "_getquickenedcount", "_git", "_home", "_is_gil_enabled",
    "_is_immortal", "_is_interned", "_jit", "_setprofileallthreads", "_settraceallthreads",
    "_stdlib_dir", "_xoptions", "abi_info", "abiflags", "activate_stack_trampoline",
    "addaudithook", "api_version", "argv", "audit", "base_exec_prefix", "base_prefix",
    "breakpointhook", "builtin_module_names", "byteorder", "call_tracing", "copyright",
    "deactivate_stack_trampoline", "displayhook", "dont_write_bytecode", "exc_info",
    "excepthook", "exception", "exec_prefix", "executable", "exit", "flags", "float_info",
    "float_repr_style", "get_asyncgen_hooks", "get_coroutine_origin_tracking_depth",
    "get_int_max_str_digits", "get_lazy_imports", "get_lazy_imports_filter",
    "getallocatedblocks", "getdefaultencoding", "getdlopenflags", "getfilesystemencodeerrors",
    "getfilesystemencoding", "getprofile", "getrecursionlimit", "getrefcount", "getsizeof",
    "getswitchinterval", "gettrace", "getunicodeinternedsize", "hash_info", "hexversion",
    "implementation", "int_info", "intern", "is_finalizing", "is_remote_debug_enabled",
    "is_stack_trampoline_active", "lazy_modules", "maxsize", "maxunicode", "meta_path",
    "modules", "monitoring", "orig_argv", "path", "path_hooks", "path_importer_cache",
    "platform", "platlibdir", "prefix", "pycache_prefix", "remote_exec", "set_asyncgen_hooks",
    "set_coroutine_origin_tracking_depth", "set_int_max_str_digits", "set_lazy_imports",
    "set_lazy_imports_filter", "setdlopenflags", "setprofile", "setrecursionlimit",
    "setswitchinterval", "settrace", "stderr", "stdin", "stdlib_module_names", "stdout",
    "thread_info", "unraisablehook", "version", "version_info", "warnoptions",
];

impl Machine<'_> {
    /// `value.name = new`.
    pub(crate) fn set_attribute(&mut self, value: &Value, name: &str, new: Value) -> Outcome<()> {
        if let Some(class) = self.users_class(value)
            && let Some(set) = self.find_in_class(class, "__setattr__")
        {
            let set = self.bind(Some(value.clone()), class, set)?;
            return self.call_with(&set, [Value::text(name), new]).map(drop);
        }
        self.set_plainly(value, name, new)
    }

    /// The class of the program's that a value is an instance of.
    fn users_class(&self, value: &Value) -> Option<Handle> {
        let Value::Object(handle) = value else { return None };
        match self.heap.get(*handle) {
            Object::Instance(Instance { class, .. }) => *class,
            Object::Module(Module { class: ModuleClass::User(class), .. }) => Some(*class),
            _ => None,
        }
    }

    /// `object.__setattr__(value, name, new)`.
    pub(crate) fn set_plainly(&mut self, value: &Value, name: &str, new: Value) -> Outcome<()> {
        if let Value::Text(text) = value
            && let Some(object) = text.object()
        {
            return self.set_plainly(&Value::Object(object), name, new);
        }
        let Value::Object(handle) = *value else { return self.cannot_set(value, name) };
        match self.heap.get_mut(handle) {
            Object::Module(module) => {
                let module = *module;
                if module.library && !self.may_be_set(module, name) {
                    let why = "what depends on it in the standard library is not known";
                    return doubt(format!("setting `{name}` of a module of the library"), why);
                }
                if module.dict == self.sys {
                    self.record.write(SEARCH);
                }
                if module.dict == self.bootstrap {
                    self.record.write(NAMES);
                }
                if name == "__class__" {
                    return self.set_class_of_module(handle, &new);
                }
                if name == "__dict__" {
                    return outside("setting `__dict__` of a module");
                }
                self.heap.map_mut(module.dict).insert(Text::from(name), new);
            }
            Object::Function(_) if OF_FUNCTIONS.contains(&name) => {
                self.set_of_function(handle, name, new);
            }
            _ if is_special(name) && name != "__wrapped__" => {
                return outside(format!("setting `{name}` of an object"));
            }
            Object::Instance(instance) => {
                let fields = instance.fields;
                self.heap.map_mut(fields).insert(Text::from(name), new);
            }
            Object::Exception(_) if ["args", "msg"].contains(&name) => {
                return outside(format!("setting `{name}` of an exception"));
            }
            Object::Exception(exception) => exception.fields.insert(Text::from(name), new),
            Object::Function(_) => self.set_of_function(handle, name, new),
            Object::Class(class) => class.names.insert(Text::from(name), new),
            Object::Spec(spec) => match name {
                "loader" => spec.loader = new,
                "origin" => spec.origin = new,
                "submodule_search_locations" => spec.locations = new,
                _ => return outside(format!("setting `{name}` of a spec")),
            },
            _ => return self.cannot_set(value, name),
        }
        Ok(())
    }

    /// An attribute of a function of the program's.
    fn set_of_function(&mut self, handle: Handle, name: &str, new: Value) {
        let known = match self.heap.get(handle) {
            Object::Function(function) => function.attributes,
            _ => None,
        };
        let attributes = known.unwrap_or_else(|| self.heap.add_map(Map::default()));
        self.heap.map_mut(attributes).insert(Text::from(name), new);
        if let Object::Function(function) = self.heap.get_mut(handle) {
            function.attributes = Some(attributes);
        }
    }

    /// `module.__class__ = class`.
    fn set_class_of_module(&mut self, module: Handle, class: &Value) -> Outcome<()> {
        let class = match *class {
            Value::Native(Native::Function(Function::ModuleType)) => ModuleClass::Plain,
            Value::Object(class) if self.root_of(class) == Root::Module => ModuleClass::User(class),
            _ => return outside("setting the class of a module to what is none of modules"),
        };
        if let Object::Module(module) = self.heap.get_mut(module) {
            module.class = class;
        }
        Ok(())
    }

    /// Of the library's modules only `sys` may be changed, and of it what the model follows.
    fn may_be_set(&self, module: Module, name: &str) -> bool {
        let is_submodule = self.heap.map(module.dict).get("__name__").is_some_and(|package| {
            let Value::Text(package) = package else { return false };
            self.heap.map(self.modules).contains(&format!("{package}.{name}"))
        });
        if module.dict == self.sys {
            return is_submodule || OF_SYS.contains(&name) || !ALL_OF_SYS.contains(&name);
        }
        if module.dict == self.bootstrap {
            return REPLACEABLE.iter().any(|full| full.rsplit('.').next() == Some(name));
        }
        let own = self.heap.map(module.dict).get("__name__");
        if *own.unwrap_or(&Value::None) == Value::text("builtins") && !is_builtin(name) {
            return true;
        }
        let own = matches!(own, Some(Value::Text(of)) if SETTABLE.contains(&(&**of, name)));
        is_submodule || own
    }

    fn cannot_set<T>(&mut self, value: &Value, name: &str) -> Outcome<T> {
        if let Value::None | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Dict(_) =
            value
            && !is_method(name)
            && !OF_EVERY_OBJECT.contains(&name)
        {
            let start = format!("{} object has no attribute", quoted(&self.type_name(value)));
            // From 3.13 on the message says more.
            if !self.rules.since(13) {
                return Err(self.error("AttributeError", format!("{start} {}", quoted(name))));
            }
            return Err(self.error_without_message("AttributeError"));
        }
        outside(format!("setting the attribute `{name}` of {}", self.type_name(value)))
    }

    /// `del value.name`.
    pub(crate) fn delete_attribute(&mut self, value: &Value, name: &str) -> Outcome<()> {
        let Value::Object(handle) = *value else {
            return outside(format!("deleting the attribute `{name}`"));
        };
        let removed = match self.heap.get_mut(handle) {
            Object::Module(module) if !module.library => {
                let dict = module.dict;
                self.heap.map_mut(dict).remove(name)
            }
            Object::Instance(instance) => {
                let fields = instance.fields;
                self.heap.map_mut(fields).remove(name)
            }
            _ => {
                return outside(format!(
                    "deleting the attribute `{name}` of {}",
                    self.type_name(value)
                ));
            }
        };
        match removed {
            Some(_) => Ok(()),
            // The messages differ by version.
            None => Err(self.error_without_message("AttributeError")),
        }
    }
}
