//! `FileFinder` of `Lib/importlib/_bootstrap_external.py`, over the files of [`Disk`].
//!
//! [`Disk`]: crate::model::disk::Disk

use std::collections::BTreeSet;

use crate::model::{
    disk::Stamp,
    fault::Fault,
    importing::{code::suffix_of, library::TREE, path_finder::Portion},
    machine::Machine,
    object::{
        heap::Handle,
        map::Text,
        value::{FileFinder, Loader, Object, Spec, Value},
    },
    stop::{Outcome, doubt},
};

/// What comes after a module's name in the names of shared libraries, in the order of the search.
pub(crate) const EXTENSIONS: [&str; 3] = [".cpython.so", ".abi3.so", ".so"];

impl Machine<'_> {
    /// `FileFinder.path_hook(…)(entry)`.
    pub(crate) fn folder_hook(&mut self, entry: &Text) -> Outcome<Value> {
        let path = self.disk.absolute(entry)?;
        if !self.disk.is_folder(&path) {
            return Err(self.error_without_message("ImportError"));
        }
        let path: Text = if *path == **entry { Text::clone(entry) } else { path.into() };
        let finder = Object::FileFinder(FileFinder { path, listing: None });
        Ok(Value::Object(self.heap.add(finder)))
    }

    /// `FileFinder.find_spec(name)`.
    pub(crate) fn file_finder(&mut self, handle: Handle, name: &Text) -> Outcome<Portion> {
        let Object::FileFinder(FileFinder { path, .. }) = self.heap.get(handle) else {
            return Ok(Portion::Nothing);
        };
        let folder = Text::clone(path);
        let tail = name.rsplit('.').next().unwrap_or(name);
        if tail.contains('/') {
            return Ok(Portion::Nothing);
        }
        self.refresh(handle)?;
        let base = format!("{folder}/{tail}");
        let is_folder = self.is_listed(handle, tail) && self.disk.is_folder(&base);
        if self.rules.has(Fault::ModuleBeforePackage)
            && let Some(path) = self.module_at(handle, &base, tail)?
        {
            return Ok(Portion::Found(self.file_spec(name, &path, false)));
        }
        if is_folder && let Some(path) = self.init_in(&base)? {
            return Ok(Portion::Found(self.file_spec(name, &path, true)));
        }
        if let Some(path) = self.module_at(handle, &base, tail)? {
            return Ok(Portion::Found(self.file_spec(name, &path, false)));
        }
        Ok(if is_folder {
            Portion::Folders(vec![Value::Text(base.into())])
        } else {
            Portion::Nothing
        })
    }

    fn suffixes(&self) -> impl Iterator<Item = &'static str> + use<> {
        let others = self.disk.has_other_files();
        let extensions = EXTENSIONS.into_iter().filter(move |_| others);
        extensions.chain([".py"]).chain([".pyc"].into_iter().filter(move |_| others))
    }

    fn module_at(&self, handle: Handle, base: &str, tail: &str) -> Outcome<Option<String>> {
        for suffix in self.suffixes() {
            let path = format!("{base}{suffix}");
            if self.disk.is_file(&path) && self.is_listed(handle, &format!("{tail}{suffix}")) {
                return known(path).map(Some);
            }
        }
        Ok(None)
    }

    fn init_in(&self, base: &str) -> Outcome<Option<String>> {
        let mut paths = self.suffixes().map(|suffix| format!("{base}/__init__{suffix}"));
        paths.find(|path| self.disk.is_file(path)).map(known).transpose()
    }

    /// Whether the finder knows that its folder has this name.
    fn is_listed(&self, handle: Handle, name: &str) -> bool {
        match self.heap.get(handle) {
            Object::FileFinder(FileFinder { listing: Some((stamp, names)), .. }) => {
                *stamp == Stamp::Start || names.contains(name)
            }
            _ => true,
        }
    }

    /// `_fill_cache()`, if the folder has another time than when it was listed.
    fn refresh(&mut self, handle: Handle) -> Outcome<()> {
        let Object::FileFinder(FileFinder { path, listing }) = self.heap.get(handle) else {
            return Ok(());
        };
        let now = self.disk.stamp(path);
        let names = match listing {
            Some((then, _)) if *then == now => return Ok(()),
            Some((Stamp::Moment(_), _)) if matches!(now, Stamp::Moment(_)) => {
                let why = "whether its time differs depends on the clock";
                return doubt("a folder that changes after it was listed", why);
            }
            _ if now == Stamp::Start => BTreeSet::new(),
            _ => self.disk.names_in(path),
        };
        if let Object::FileFinder(finder) = self.heap.get_mut(handle) {
            finder.listing = Some((now, names));
        }
        Ok(())
    }

    /// `spec_from_file_location(name, path)` for what the path's end names a loader for.
    pub(crate) fn file_spec(&mut self, name: &Text, path: &str, package: bool) -> Value {
        let path: Text = path.into();
        let loader = Loader::File { name: Text::clone(name), path: Text::clone(&path) };
        let loader = self.loader(loader);
        self.located_spec(name, loader, path, package)
    }

    /// A spec with a file, and for a package with the folder of that.
    pub(crate) fn located_spec(
        &mut self,
        name: &Text,
        loader: Value,
        path: Text,
        package: bool,
    ) -> Value {
        let mut spec = Spec::new(Text::clone(name), loader);
        if package {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            spec.locations = self.list(vec![Value::text(folder)]);
        }
        spec.origin = Value::Text(path);
        spec.has_location = true;
        Value::Object(self.heap.add(Object::Spec(spec)))
    }
}

/// Shared libraries and byte code that a scenario writes out as text are left alone.
fn known(path: String) -> Outcome<String> {
    let given = path.starts_with(TREE);
    if given && suffix_of(&path) != "py" {
        return doubt(format!("the file `{path}`"), "only source is followed");
    }
    Ok(path)
}
