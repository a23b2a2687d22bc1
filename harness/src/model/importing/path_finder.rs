//! `PathFinder` of `Lib/importlib/_bootstrap_external.py`, and the path hooks.

use crate::model::{
    fault::Fault,
    importing::library::{self, STDLIB_ENTRY},
    machine::Machine,
    object::{
        exceptions::Builtin,
        map::Text,
        native::Native,
        value::{Loader, Object, Spec, Value},
    },
    stop::{Outcome, Stop, doubt},
};

/// The path hook of folders: `FileFinder.path_hook(…)`.
pub(crate) const FOLDER_HOOK: &str = "importlib.machinery.path_hook_for_FileFinder";
/// The path hook of zip files.
pub(crate) const ZIP_HOOK: &str = "zipimport.zipimporter";

/// What one path entry has for a module.
pub(crate) enum Portion {
    /// The spec of a module.
    Found(Value),
    /// Folders that may be part of a namespace package.
    Folders(Vec<Value>),
    Nothing,
}

impl Machine<'_> {
    /// What `PathFinder` goes through: `path`, or `sys.path` if that is `None`.
    pub(crate) fn path_entries(&mut self, path: &Value) -> Outcome<Vec<Value>> {
        if !path.is_none() {
            return self.path_items(path);
        }
        match self.list_of_sys("path") {
            Some(entries) => Ok(entries.clone()),
            None => doubt("`sys.path`", "it is no list any more"),
        }
    }

    /// The entries of a `__path__`.
    pub(crate) fn path_items(&mut self, path: &Value) -> Outcome<Vec<Value>> {
        if let Value::Object(handle) = path {
            match self.heap.get(*handle) {
                Object::List(items) => return Ok(items.clone()),
                Object::Tuple(items) => return Ok(items.to_vec()),
                Object::NamespacePath(_) => return self.recalculate(*handle),
                _ => {}
            }
        }
        doubt("a search path that is no list", "what it iterates over is not followed")
    }

    /// `PathFinder.find_spec(name, entries)`.
    pub(crate) fn path_finder(&mut self, name: &Text, entries: &[Value]) -> Outcome<Value> {
        let folders = match self.portions(name, entries)? {
            Portion::Found(spec) => return Ok(spec),
            Portion::Folders(folders) if !self.rules.has(Fault::NamespaceNotFound) => folders,
            Portion::Folders(_) | Portion::Nothing => return Ok(Value::None),
        };
        let locations = self.namespace_path(name, folders)?;
        let mut spec = Spec::new(Text::clone(name), Value::None);
        spec.locations = locations;
        Ok(Value::Object(self.heap.add(Object::Spec(spec))))
    }

    /// `PathFinder._get_spec(name, entries)`: a module, or all portions of a namespace package.
    pub(crate) fn portions(&mut self, name: &Text, entries: &[Value]) -> Outcome<Portion> {
        let mut folders = Vec::new();
        for entry in entries {
            let Value::Text(entry) = entry else { continue };
            match self.path_entry_finder(entry, name)? {
                Portion::Found(spec) => return Ok(Portion::Found(spec)),
                Portion::Folders(more) => folders.extend(more),
                Portion::Nothing => {}
            }
        }
        Ok(if folders.is_empty() { Portion::Nothing } else { Portion::Folders(folders) })
    }

    /// What one entry of a path has for a module.
    fn path_entry_finder(&mut self, entry: &Text, name: &Text) -> Outcome<Portion> {
        if entry.starts_with(STDLIB_ENTRY) {
            let tail = name.rsplit('.').next().unwrap_or(name);
            if library::lacks_child(name) {
                return Ok(Portion::Nothing);
            }
            if library::is_library(name) || library::may_lie_beside_library(tail) {
                let why = "the folders of the standard library may have it";
                return doubt(format!("a search for `{name}`"), why);
            }
            return Ok(Portion::Nothing);
        }
        let finder = self.importer_of(entry)?;
        let Value::Object(handle) = finder else { return Ok(Portion::Nothing) };
        match self.heap.get(handle) {
            Object::FileFinder(_) => self.file_finder(handle, name),
            Object::Loader(Loader::Zip(_)) => self.zip_finder(handle, name),
            _ => self.users_entry_finder(&finder, name),
        }
    }

    /// `PathFinder._path_importer_cache(entry)`: the finder for an entry, or `None`.
    pub(crate) fn importer_of(&mut self, entry: &Text) -> Outcome<Value> {
        let entry: Text =
            if entry.is_empty() { self.disk.current.as_str().into() } else { Text::clone(entry) };
        if let Some(found) = self.heap.map(self.importers).get(&entry) {
            return Ok(found.clone());
        }
        let finder = self.ask_path_hooks(&entry)?;
        self.heap.map_mut(self.importers).insert(entry, finder.clone());
        Ok(finder)
    }

    /// `PathFinder._path_hooks(entry)`.
    fn ask_path_hooks(&mut self, entry: &Text) -> Outcome<Value> {
        let Some(hooks) = self.list_of_sys("path_hooks").cloned() else {
            return doubt("`sys.path_hooks`", "it is no list any more");
        };
        for hook in hooks {
            match self.call_with(&hook, [Value::Text(Text::clone(entry))]) {
                Err(stop) if self.is_raised(&stop, Builtin::IMPORT_ERROR.name()) => {}
                finder => return finder,
            }
        }
        Ok(Value::None)
    }

    /// A finder that a hook of the program's has made.
    fn users_entry_finder(&mut self, finder: &Value, name: &Text) -> Outcome<Portion> {
        let full = Value::Text(Text::clone(name));
        let spec = match self.optional(finder, "find_spec")? {
            Some(find_spec) => self.call_with(&find_spec, [full, Value::None])?,
            None if self.rules.since(12) => return Err(self.attribute_error(finder, "find_spec")),
            None => return self.legacy_portion(finder, name),
        };
        if spec.is_none() {
            return Ok(Portion::Nothing);
        }
        let (_, Spec { loader, locations, .. }) = self.spec(&spec)?;
        if !loader.is_none() {
            return Ok(Portion::Found(spec));
        }
        if locations.is_none() {
            return Err(self.missing_loader());
        }
        Ok(Portion::Folders(self.path_items(&locations)?))
    }

    pub(crate) fn missing_loader(&mut self) -> Stop {
        self.error("ImportError", "spec missing loader")
    }

    /// `PathFinder._legacy_get_spec(name, finder)`, until 3.11.
    fn legacy_portion(&mut self, finder: &Value, name: &Text) -> Outcome<Portion> {
        let full = Value::Text(Text::clone(name));
        if self.rules.since(10) {
            self.warns("ImportWarning")?;
        }
        let (loader, portions) = if let Some(find) = self.optional(finder, "find_loader")? {
            let found = self.call_with(&find, [full])?;
            match &self.items(&found)?[..] {
                [loader, portions] => (loader.clone(), self.items(portions)?),
                _ => return doubt("a `find_loader()`", "it gives no pair"),
            }
        } else {
            let find = self.attribute(finder, "find_module")?;
            (self.call_with(&find, [full])?, Vec::new())
        };
        if loader.is_none() {
            let some = !portions.is_empty();
            return Ok(if some { Portion::Folders(portions) } else { Portion::Nothing });
        }
        self.spec_from_loader(name, &loader).map(Portion::Found)
    }

    /// Calls one of the interpreter's own path hooks.
    pub(crate) fn own_path_hook(&mut self, hook: &'static str, entry: &Text) -> Outcome<Value> {
        if hook == ZIP_HOOK { self.zip_hook(entry) } else { self.folder_hook(entry) }
    }

    /// Fills `sys.path_hooks` and `sys.path_importer_cache`.
    pub(crate) fn preload_path_hooks(&mut self) {
        let hooks = [ZIP_HOOK, FOLDER_HOOK].map(|hook| Value::Native(Native::Library(hook)));
        let hooks = self.list(hooks.into());
        let importers = Value::Dict(self.importers);
        let sys = self.heap.map_mut(self.sys);
        sys.insert("path_hooks", hooks);
        sys.insert("path_importer_cache", importers);
    }
}
