//! The import system: what importlib and `import.c` do.

pub(crate) mod bootstrap;
pub(crate) mod code;
pub(crate) mod exec;
pub(crate) mod file_finder;
pub(crate) mod find;
pub(crate) mod fromlist;
pub(crate) mod import;
pub(crate) mod importlib;
pub(crate) mod lazy;
pub(crate) mod lazy_loader;
pub(crate) mod library;
pub(crate) mod library_modules;
pub(crate) mod load;
pub(crate) mod module;
pub(crate) mod namespace;
pub(crate) mod patched;
pub(crate) mod path_finder;
pub(crate) mod reload;
pub(crate) mod runpy;
pub(crate) mod site;
pub(crate) mod star;
pub(crate) mod stdlib;
pub(crate) mod threads;
pub(crate) mod warnings;
pub(crate) mod zip;
