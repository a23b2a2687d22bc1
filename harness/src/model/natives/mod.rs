//! Functions of the library that programs import with, or make what they import.
//!
//! What is easier said in Python is in the texts beside this file, which the model runs like a
//! program's; the rest is here, by full names.

mod builtins;
pub(crate) mod codecs;
mod files;
mod machinery;
mod os;
mod zipfile;

use crate::model::{
    importing::path_finder::{FOLDER_HOOK, ZIP_HOOK},
    language::call::Arguments,
    machine::Machine,
    object::{map::Text, native::Native, value::Value},
    stop::{Outcome, outside},
};

/// The model's own texts of modules of the library: their names and the texts.
pub(crate) const TEXTS: &[(&str, &str)] = &[
    ("atexit", include_str!("atexit.py")),
    ("importlib.abc", include_str!("importlib_abc.py")),
    ("importlib.metadata", include_str!("importlib_metadata.py")),
    ("pkgutil", include_str!("pkgutil.py")),
];

/// Full names of the functions that are here.
#[rustfmt::skip]
pub(crate) const FUNCTIONS: &[&str] = &[
    "importlib.__import__", "importlib.util.cache_from_source", "importlib.util.LazyLoader",
    "importlib.util.spec_from_file_location", "importlib.util.spec_from_loader", "marshal.dumps",
    "marshal.loads", "os._exit", "os.chdir", "os.getcwd", "os.makedirs", "os.mkdir", "os.remove",
    "os.truncate", "os.utime", "pkgutil.get_importer", "posixpath.abspath", "posixpath.basename",
    "posixpath.dirname", "posixpath.exists", "posixpath.isdir", "posixpath.isfile",
    "posixpath.join", "py_compile.compile", "runpy.run_module", "runpy.run_path",
    "sys.addaudithook", "sys.set_lazy_imports", "sys.set_lazy_imports_filter",
    "sys.setswitchinterval", "threading.Event", "threading.current_thread",
    "threading.main_thread", "warnings.simplefilter", "zipfile.ZipFile", "zlib.compress",
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
            "os" | "posixpath" => self.call_os(name, &arguments),
            "importlib" | "importlib.util" | "importlib.machinery.PathFinder" | "pkgutil" => {
                self.call_machinery(name, arguments)
            }
            "py_compile" => self.py_compile(arguments),
            "runpy" => self.call_runpy(name, arguments),
            "zipfile" => self.open_archive(&arguments),
            _ => self.call_runtime(name, &arguments),
        }
    }

    /// Functions of `sys`, `threading` and `warnings`.
    fn call_runtime(&mut self, name: &'static str, arguments: &Arguments) -> Outcome<Value> {
        let no_keywords = arguments.keywords.is_empty();
        match (name, &arguments.positional[..]) {
            ("sys.addaudithook", [hook]) => self.add_audit_hook(hook),
            ("sys.setswitchinterval", [_]) => Ok(Value::None),
            ("sys.set_lazy_imports", [Value::Text(mode)]) => self.set_laziness(mode),
            ("sys.set_lazy_imports_filter", [filter]) => {
                self.laziness.filter = filter.clone();
                Ok(Value::None)
            }
            ("warnings.simplefilter", [Value::Text(action), category]) if &**action == "error" => {
                self.raise_warnings(category)
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
