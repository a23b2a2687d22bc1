//! Functions of the library that programs import with, or make what they import.
//!
//! What is easier said in Python is in the texts beside this file, which the model runs like a
//! program's; the rest is here, by full names.

mod builtins;
pub(crate) mod codecs;
mod files;
mod fork;
pub(crate) mod machinery;
mod os;
mod zipfile;

use crate::model::{
    importing::path_finder::{FOLDER_HOOK, ZIP_HOOK},
    language::call::Arguments,
    machine::Machine,
    object::{
        heap::MapId,
        map::{Key, Map, Text},
        native::Native,
        value::{Value, Wrapper},
    },
    stop::{Outcome, outside},
};

/// The model's own texts of modules of the library: their names and the texts.
pub(crate) const TEXTS: &[(&str, &str)] = &[
    ("abc", include_str!("abc.py")),
    ("atexit", include_str!("atexit.py")),
    ("contextlib", include_str!("contextlib.py")),
    ("functools", include_str!("functools.py")),
    ("importlib.abc", include_str!("importlib_abc.py")),
    ("importlib.metadata", include_str!("importlib_metadata.py")),
    ("pkgutil", include_str!("pkgutil.py")),
    ("typing", include_str!("typing.py")),
    ("unittest.mock", include_str!("unittest_mock.py")),
    ("warnings", include_str!("warnings.py")),
];

/// Full names of the functions that are here.
#[rustfmt::skip]
pub(crate) const FUNCTIONS: &[&str] = &[
    "_frozen_importlib._exec", "_frozen_importlib._find_and_load", "_frozen_importlib._find_spec",
    "_frozen_importlib._gcd_import", "_frozen_importlib._load", "_frozen_importlib._load_unlocked",
    "abc.abstractmethod", "contextlib._abstain", "functools._abstain", "functools.cached_property",
    "importlib.__import__", "importlib.util.cache_from_source", "importlib.util.LazyLoader",
    "importlib.util.spec_from_file_location", "importlib.util.spec_from_loader", "marshal.dumps",
    "marshal.loads", "os._exit", "os.chdir", "os.fork", "os.getcwd", "os.listdir", "os.makedirs", "os.mkdir", "os.remove",
    "os.truncate", "os.utime", "os.waitpid", "pkgutil._abstain", "pkgutil._load", "pkgutil._names_in_zip",
    "pkgutil.get_importer", "posixpath.abspath", "posixpath.basename",
    "posixpath.dirname", "posixpath.exists", "posixpath.isdir", "posixpath.isfile",
    "posixpath.join", "py_compile.compile", "runpy.run_module", "runpy.run_path",
    "sys.addaudithook", "sys.set_lazy_imports", "sys.set_lazy_imports_filter",
    "sys.setswitchinterval", "threading.Event", "threading.current_thread",
    "threading.main_thread", "typing._abstain", "unittest.mock._abstain", "unittest.mock._clear",
    "unittest.mock._restore", "unittest.mock._save", "warnings._abstain", "warnings._listen",
    "warnings._restore", "warnings._save", "warnings.filterwarnings", "warnings.resetwarnings",
    "warnings.simplefilter", "zipfile.ZipFile", "zlib.compress",
    "zlib.decompress",
];

/// Attributes of a module of the library that are functions here: full names.
pub(crate) fn functions_of(module: &str) -> impl Iterator<Item = &'static str> {
    let of_module = move |full: &&&str| full.rsplit_once('.').map(|(m, _)| m) == Some(module);
    FUNCTIONS.iter().filter(of_module).copied()
}

/// The number of the text of a module of the library.
pub(crate) fn text_of(module: &str) -> Option<usize> {
    TEXTS.iter().position(|(name, _)| *name == module)
}

impl Machine<'_> {
    /// Calls a function by its full name.
    pub(crate) fn call_library(
        &mut self,
        name: &'static str,
        arguments: Arguments,
    ) -> Outcome<Value> {
        match (name, &arguments.positional[..]) {
            ("object.__setattr__", [object, Value::Text(name), value]) => {
                self.set_plainly(object, &Text::clone(name), value.clone())?;
                return Ok(Value::None);
            }
            ("object.__init__", [object, rest @ ..]) => {
                let (keywords, rest) = (arguments.keywords.clone(), rest.to_vec());
                let rest = Arguments { positional: rest, keywords };
                let done = self.call_of_object(&object.clone(), "__init__", &rest);
                return done.unwrap_or_else(|| outside("`object.__init__` of this object"));
            }
            (ZIP_HOOK | FOLDER_HOOK, [Value::Text(entry)]) => {
                return self.own_path_hook(name, &Text::clone(entry));
            }
            ("marshal.dumps" | "marshal.loads" | "zlib.compress" | "zlib.decompress", [value]) => {
                // what is packed is only ever unpacked again
                return Ok(value.clone());
            }
            _ => {}
        }
        match name.rsplit_once('.').map_or("builtins", |(module, _)| module) {
            "builtins" | "str" => self.call_more_builtins(name, &arguments),
            "_frozen_importlib" => self.call_bootstrap(name, arguments),
            "os" | "posixpath" => self.call_os(name, &arguments),
            "importlib" | "importlib.util" | "importlib.machinery.PathFinder" | "pkgutil" => {
                self.call_machinery(name, arguments)
            }
            "py_compile" => self.py_compile(arguments),
            "runpy" => self.call_runpy(name, arguments),
            "zipfile" => self.open_archive(&arguments),
            "warnings" => self.call_warnings(name, arguments),
            _ => self.call_runtime(name, &arguments),
        }
    }

    fn call_warnings(&mut self, name: &'static str, arguments: Arguments) -> Outcome<Value> {
        match (name, &arguments.positional[..]) {
            ("warnings.simplefilter" | "warnings.filterwarnings", _) => {
                self.filter_warnings(name, arguments)
            }
            ("warnings.resetwarnings", []) => Ok(self.reset_warnings()),
            ("warnings._save", []) => Ok(self.save_warnings()),
            ("warnings._restore", [Value::Int(number)]) => Ok(self.restore_warnings(*number)),
            ("warnings._listen", [log, item]) => Ok(self.listen_to_warnings(log, item)),
            _ => self.call_runtime(name, &arguments),
        }
    }

    /// A dictionary as it is now, `sys.modules` among them.
    pub(crate) fn copy_of(&mut self, dict: MapId) -> Value {
        let map = self.heap.map(dict).clone();
        Value::Dict(self.heap.add_map(map))
    }

    /// Gives a dictionary other contents.
    fn refill(&mut self, dict: MapId, map: Map) {
        if dict == self.modules {
            let names = self.heap.map(dict).keys().chain(map.keys());
            let names: Vec<_> = names.map(Key::to_text).collect();
            for name in &names {
                self.record.write(name);
            }
        }
        *self.heap.map_mut(dict) = map;
    }

    /// Functions of `sys`, `threading`, and what the texts beside this file leave to Rust.
    pub(crate) fn call_runtime(
        &mut self,
        name: &'static str,
        arguments: &Arguments,
    ) -> Outcome<Value> {
        let no_keywords = arguments.keywords.is_empty();
        match (name, &arguments.positional[..]) {
            (_, [Value::Text(what)]) if name.ends_with("._abstain") => outside(what.to_string()),
            ("abc.abstractmethod", [function]) => Ok(self.wrapped(Wrapper::Abstract, function)),
            ("functools.cached_property", [function]) => {
                Ok(self.wrapped(Wrapper::Cached, function))
            }
            ("unittest.mock._save", [Value::Dict(dict)]) => Ok(self.copy_of(*dict)),
            ("unittest.mock._clear", [Value::Dict(dict)]) => {
                self.refill(*dict, Map::default());
                Ok(Value::None)
            }
            ("unittest.mock._restore", [Value::Dict(dict), Value::Dict(saved)]) => {
                let saved = self.heap.map(*saved).clone();
                self.refill(*dict, saved);
                Ok(Value::None)
            }
            ("sys.addaudithook", [hook]) => self.add_audit_hook(hook),
            ("sys.setswitchinterval", [_]) => Ok(Value::None),
            ("sys.set_lazy_imports", [Value::Text(mode)]) => self.set_laziness(mode),
            ("sys.set_lazy_imports_filter", [filter]) => {
                self.laziness.filter = filter.clone();
                Ok(Value::None)
            }
            ("threading.Event", []) if no_keywords => Ok(self.make_event()),
            ("threading.current_thread", []) => Ok(self.thread_of(self.record.current())),
            ("threading.main_thread", []) => Ok(self.thread_of(0)),
            _ => outside(format!("this call of `{name}`")),
        }
    }

    fn set_laziness(&mut self, mode: &str) -> Outcome<Value> {
        use crate::model::importing::lazy::Mode;
        self.laziness.mode = match mode {
            "normal" => Mode::Normal,
            "all" => Mode::All,
            "none" => Mode::None,
            _ => return Err(self.error_without_message("ValueError")),
        };
        Ok(Value::None)
    }

    /// Attributes of what the interpreter itself has that is no module.
    pub(crate) fn attribute_of_native(native: Native, name: &str) -> Option<Value> {
        use crate::model::object::native::{Finder, Function};
        let function = match (native, name) {
            (Native::Finder(Finder::Path), "find_spec") => {
                "importlib.machinery.PathFinder.find_spec"
            }
            (Native::Finder(Finder::Path), "invalidate_caches") => {
                return Some(Value::Native(Native::Function(Function::InvalidateCaches)));
            }
            (Native::Function(Function::StrClass), "split") => "str.split",
            (Native::Type("PycInvalidationMode"), "UNCHECKED_HASH") => {
                return Some(Value::text("UNCHECKED_HASH"));
            }
            _ => return None,
        };
        Some(Value::Native(Native::Library(function)))
    }
}
