//! What finders and loaders are made of, and what they pass on.

use std::{collections::BTreeSet, rc::Rc};

use crate::model::{
    disk::{Member, Stamp},
    object::{
        map::{Map, Text},
        value::Value,
    },
};

/// `importlib.machinery.ModuleSpec`.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) name: Text,
    pub(crate) loader: Value,
    pub(crate) origin: Value,
    /// `submodule_search_locations`: a list, a namespace path, or `None` for what is no package.
    pub(crate) locations: Value,
    pub(crate) has_location: bool,
    /// `_initializing`: whether the body is being run.
    pub(crate) initializing: bool,
    /// `_uninitialized_submodules`: children being imported, from 3.11 on.
    pub(crate) uninitialized: Vec<Text>,
    /// `loader_state`, of a module behind `LazyLoader`.
    pub(crate) lazy: Option<Box<LazyState>>,
}

/// `loader_state`: what a lazy module was like before its body has run.
#[derive(Clone, Debug)]
pub(crate) struct LazyState {
    pub(crate) then: Map,
    pub(crate) is_loading: bool,
}

impl Spec {
    pub(crate) fn new(name: Text, loader: Value) -> Self {
        Self {
            name,
            loader,
            origin: Value::None,
            locations: Value::None,
            has_location: false,
            initializing: false,
            uninitialized: Vec::new(),
            lazy: None,
        }
    }
}

/// The loaders that the interpreter's own finders give.
#[derive(Clone, Debug)]
pub(crate) enum Loader {
    /// `SourceFileLoader`, `SourcelessFileLoader` or `ExtensionFileLoader`, as the path ends.
    File { name: Text, path: Text },
    /// `zipimporter`, which is a finder too.
    Zip(ZipImporter),
    /// `NamespaceLoader`.
    Namespace,
    /// Of a built-in, frozen or extension module: its body does nothing that can be seen.
    Inert,
    /// Of a source file of the library whose body does nothing beside being executed.
    Library,
    /// `importlib.util.LazyLoader`
    Lazy(Box<Value>),
}

/// `zipimport.zipimporter`.
#[derive(Clone, Debug)]
pub(crate) struct ZipImporter {
    pub(crate) archive: Text,
    /// The folder within the archive, with `/` at its end, or nothing.
    pub(crate) prefix: Text,
    /// What was in the archive when it was last looked at.
    pub(crate) members: Rc<[Member]>,
}

/// `FileFinder`.
#[derive(Clone, Debug)]
pub(crate) struct FileFinder {
    pub(crate) path: Text,
    /// The names in the folder when it was last listed, and the folder's time then. Of a folder that
    /// nobody has changed there are no names: it is looked at itself.
    pub(crate) listing: Option<(Stamp, BTreeSet<String>)>,
}

/// What `open()` gives.
#[derive(Clone, Debug)]
pub(crate) struct OpenFile {
    pub(crate) path: Text,
    pub(crate) is_text: bool,
    /// What was written so far, or what there is to be read.
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_written: bool,
}

/// A zip file that is being written.
#[derive(Clone, Debug)]
pub(crate) struct OpenArchive {
    pub(crate) path: Text,
    pub(crate) members: Vec<Member>,
}

/// `types.LazyImportType`: the import that the use of a name is going to do.
#[derive(Clone, Debug)]
pub(crate) struct LazyImport {
    /// What is imported: absolute, from 3.15 on.
    pub(crate) module: Text,
    /// The name that is taken from it by `from`.
    pub(crate) attribute: Option<Text>,
    /// Whether `import a.b` binds `a`.
    pub(crate) binds_top: bool,
}

/// `_NamespacePath`: recomputed when the path of its parent has changed.
#[derive(Clone, Debug)]
pub(crate) struct NamespacePath {
    pub(crate) name: Text,
    pub(crate) path: Vec<Value>,
    pub(crate) last_parent_path: Vec<Value>,
    /// `_last_epoch`: how often caches had been invalidated when it was last computed.
    pub(crate) epoch: u64,
}
