//! The standard library, as far as a program needs it for importing.
//!
//! What the library imports on its own account is no scenario's business, so its modules are taken
//! in without spans, and what they hold is known name by name. Anything else about them is an
//! abstention.

use crate::model::{
    importing::stdlib::{BUSY, QUIET},
    natives::codecs::is_unknown as is_unknown_codec,
    object::native::Function,
};

/// In `sys.modules` of every version before a program starts (`python -I -S`).
#[rustfmt::skip]
pub(crate) const PRELOADED: &[&str] = &[
    "sys", "builtins", "_frozen_importlib", "_imp", "_thread", "_warnings", "_weakref", "_io",
    "marshal", "posix", "_frozen_importlib_external", "time", "zipimport", "_codecs", "codecs",
    "encodings.aliases", "encodings", "encodings.utf_8", "_signal",
];

/// Present in every version, importable at any time without an effect that the model would miss.
#[rustfmt::skip]
pub(crate) const IMPORTABLE: &[&str] = &[
    "__future__", "abc", "atexit", "collections", "contextlib", "functools", "importlib",
    "importlib._bootstrap", "importlib.abc", "importlib.machinery", "importlib.metadata", "importlib.util", "inspect", "io", "json", "marshal", "os",
    "os.path", "pickle", "pkgutil", "posixpath", "py_compile", "re", "runpy", "threading", "time",
    "types", "typing", "unittest", "unittest.mock", "warnings", "zipfile", "zlib",
];

/// Which of these import `importlib.util`, on every version.
pub(crate) const IMPORT_UTIL: &[&str] = &["pkgutil", "py_compile", "runpy", "zipfile"];

/// Which of these are packages.
pub(crate) const PACKAGES: &[&str] = &["collections", "encodings", "importlib", "json", "unittest"];

/// Whether a module of the library lacks the attribute for certain.
pub(crate) fn lacks(module: &str, attribute: &str) -> bool {
    let full = format!("{module}.{attribute}");
    attribute == "__path__" || IMPORTABLE.contains(&&*full)
}

/// Modules that import no other, which the finders and loaders of the interpreter handle as they
/// would a program's: the name, and whether it is a package.
#[rustfmt::skip]
const LEAVES: &[(&str, bool)] = &[
    ("_lsprof", false), ("_queue", false), ("_symtable", false), ("_tracemalloc", false),
    ("encodings.cp1250", false), ("encodings.cp1251", false), ("encodings.iso8859_15", false),
    ("encodings.koi8_r", false), ("encodings.koi8_u", false), ("__hello__", false), ("__phello__", true), ("__phello__.spam", false),
];

/// What the model knows in a module of the library.
pub(crate) fn attributes(module: &str) -> &'static [(&'static str, Function)] {
    match module {
        "_thread" => &[
            ("allocate_lock", Function::AllocateLock),
            ("start_new_thread", Function::StartNewThread),
        ],
        "builtins" => &[("__import__", Function::DunderImport)],
        "importlib" => &[
            ("import_module", Function::ImportModule),
            ("invalidate_caches", Function::InvalidateCaches),
            ("reload", Function::Reload),
        ],
        "importlib.machinery" => &[("ModuleSpec", Function::ModuleSpec)],
        "importlib.util" => {
            &[("find_spec", Function::FindSpec), ("module_from_spec", Function::ModuleFromSpec)]
        }
        "pickle" => &[("loads", Function::PickleLoads)],
        "threading" => &[("Thread", Function::Thread)],
        "types" => {
            &[("ModuleType", Function::ModuleType), ("SimpleNamespace", Function::SimpleNamespace)]
        }
        "warnings" => &[("warn", Function::Warn)],
        _ => &[],
    }
}

pub(crate) fn top_level(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

/// Whether the standard library, in some version, has a top-level module of this name.
pub fn is_library(module: &str) -> bool {
    let name = top_level(module);
    BUSY.binary_search(&name).is_ok() || QUIET.binary_search(&name).is_ok()
}

/// Whether the name of a module of the library, or of what an interpreter loads at its start, may begin
/// like this.
pub(crate) fn may_begin_library(start: &str) -> bool {
    let top = top_level(start);
    let is_whole = start.contains('.');
    let begins = |name: &&str| if is_whole { **name == *top } else { name.starts_with(top) };
    BUSY.iter().chain(QUIET).any(begins) || top.is_empty() || top.starts_with('_')
}

/// Whether a file or folder of this name may be a module that the library has too.
pub(crate) fn is_module(file: &str) -> bool {
    is_library(file.split('.').next().unwrap_or(file))
}

/// Whether a file of the tree under this name would not simply be found before the library's.
pub(crate) fn is_busy(module: &str) -> bool {
    BUSY.binary_search(&top_level(module)).is_ok()
}

/// Whether the library may have loaded the module without the model's knowing.
pub(crate) fn may_be_loaded(module: &str) -> bool {
    is_busy(module) && leaf(module).is_none() && !lacks_child(module)
}

/// Whether the interpreter has a simple module of this name, and then whether it is a package.
pub(crate) fn leaf(module: &str) -> Option<bool> {
    LEAVES.iter().find(|(name, _)| *name == module).map(|(_, package)| *package)
}

/// Whether a module is built into every interpreter, so that no file comes before it.
pub(crate) fn is_built_in(module: &str) -> bool {
    ["_symtable", "_tracemalloc"].contains(&module)
}

/// Whether a package of the library has no child of this name for certain.
pub(crate) fn lacks_child(module: &str) -> bool {
    match module.split_once('.') {
        Some(("encodings", codec)) => is_unknown_codec(codec),
        Some(("__phello__", child)) => !["ham", "spam"].iter().any(|one| child.starts_with(one)),
        _ => false,
    }
}

/// Whether the folders of the standard library may hold something of this name that is not on the
/// list of its modules: tests, and what distributors add.
pub(crate) fn may_lie_beside_library(module: &str) -> bool {
    const NAMES: &[&str] =
        &["test", "site-packages", "dist-packages", "lib-dynload", "__pycache__"];
    const STARTS: &[&str] =
        &["_test", "_ctypes_test", "_xx", "xxlimited", "xxsubtype", "_sysconfigdata", "config-"];
    NAMES.contains(&module) || STARTS.iter().any(|start| module.starts_with(start))
}

/// What the model's `sys.path` has in place of the folders of the standard library.
pub(crate) const STDLIB_ENTRY: &str = "<stdlib>";
/// The folder of the tree, as messages name it after normalisation.
pub(crate) const TREE: &str = "<tree>";
