//! `Lib/zipimport.py`.

use std::rc::Rc;

use crate::model::{
    disk::{ByteCode, Contents, Node},
    importing::{code::Code, path_finder::Portion},
    machine::Machine,
    object::{
        heap::Handle,
        map::Text,
        value::{Loader, Module, Object, Spec, Value, ZipImporter},
    },
    stop::{Outcome, Stop, outside},
};

/// Where a module may be in a zip file, in the order of the search, and whether it is a package.
const PLACES: [(&str, bool); 4] =
    [("/__init__.pyc", true), ("/__init__.py", true), (".pyc", false), (".py", false)];

impl Machine<'_> {
    /// `zipimporter(entry)`.
    pub(crate) fn zip_hook(&mut self, entry: &Text) -> Outcome<Value> {
        let (mut archive, mut prefix) = (&**entry, String::new());
        let members = loop {
            match self.disk.at(&self.disk.absolute(archive)?) {
                Some(Node::File(Contents::Archive(members))) => break members,
                None if archive.contains('/') => {
                    let (folder, name) = archive.rsplit_once('/').unwrap_or((archive, ""));
                    prefix = format!("{name}/{prefix}");
                    archive = folder;
                }
                _ => return Err(self.error_without_message("ImportError")),
            }
        };
        let archive: Text = archive.into();
        // `_zip_directory_cache`
        let known = self.archives.iter().find(|(name, _)| *name == archive);
        let members = if let Some((_, members)) = known {
            Rc::clone(members)
        } else {
            self.archives.push((Text::clone(&archive), Rc::clone(&members)));
            members
        };
        let importer = ZipImporter { archive, prefix: prefix.into(), members };
        Ok(self.loader(Loader::Zip(importer)))
    }

    fn zip(&self, handle: Handle) -> Outcome<ZipImporter> {
        match self.heap.get(handle) {
            Object::Loader(Loader::Zip(importer)) => Ok(importer.clone()),
            _ => outside("a `zipimporter` of another sort"),
        }
    }

    /// `zipimporter.find_spec(name)`, which is `find_loader(name)` in 3.9.
    pub(crate) fn zip_finder(&mut self, handle: Handle, name: &Text) -> Outcome<Portion> {
        let zip = self.zip(handle)?;
        if let Some((path, _, package)) = zip.find(name) {
            let (path, loader) = (format!("{}/{path}", zip.archive), Value::Object(handle));
            return Ok(Portion::Found(self.located_spec(name, loader, path.into(), package)));
        }
        let folder = format!("{}{}", zip.prefix, tail(name));
        if zip.members.iter().any(|(path, _)| path.strip_prefix(&folder) == Some("/")) {
            let portion = Value::Text(format!("{}/{folder}", zip.archive).into());
            return Ok(Portion::Folders(vec![portion]));
        }
        Ok(Portion::Nothing)
    }

    /// `zipimporter.get_code(name)`.
    pub(crate) fn code_in_zip(&mut self, handle: Handle, name: &str) -> Outcome<Code> {
        let zip = self.zip(handle)?;
        let Some((path, contents, _)) = zip.find(name) else {
            return Err(self.error_without_message("ImportError"));
        };
        let path: Text = format!("{}/{path}", zip.archive).into();
        let file = match &contents {
            Contents::Code(ByteCode { file, truncated: false, .. }) => *file,
            Contents::Bytes(_) | Contents::Given(_) if path.ends_with(".py") => {
                self.source_file(&contents, &path)?
            }
            _ => return outside("this file in a zip file"),
        };
        Ok((file, path))
    }

    /// `zipimporter.load_module(name)`, which 3.9 uses.
    pub(crate) fn zip_load_module(&mut self, handle: Handle, name: &Text) -> Outcome<Value> {
        let zip = self.zip(handle)?;
        let (file, path) = self.code_in_zip(handle, name)?;
        let package = zip.find(name).is_some_and(|(.., package)| package);
        let module = match self.module(name)? {
            Some(module) if self.as_module(&module).is_some() => module,
            _ => self.new_module(Text::clone(name), false),
        };
        self.set_module(Text::clone(name), module.clone());
        let Some(Module { dict, .. }) = self.as_module(&module) else { return Ok(module) };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let locations = if package { self.list(vec![Value::text(folder)]) } else { Value::None };
        let spec = Spec {
            origin: Value::Text(Text::clone(&path)),
            ..Spec::new(Text::clone(name), Value::Object(handle))
        };
        let spec = Value::Object(self.heap.add(Object::Spec(spec)));
        let names = self.heap.map_mut(dict);
        names.insert("__loader__", Value::Object(handle));
        if package {
            names.insert("__path__", locations);
        }
        names.insert("__spec__", spec);
        names.insert("__file__", Value::Text(Text::clone(&path)));
        if let Some(module) = self.as_module(&module)
            && let Err(stop) = self.run_body((file, path), module)
        {
            if let Stop::Raised(_) = stop {
                self.remove_module(name);
            }
            return Err(stop);
        }
        match self.module(name)? {
            Some(module) => Ok(module),
            None => Err(self.error_without_message("ImportError")),
        }
    }

    /// `zipimporter.invalidate_caches()`, from 3.10 on.
    pub(crate) fn invalidate_zips(&mut self) -> Outcome<()> {
        if !self.rules.since(10) {
            return Ok(());
        }
        self.archives.clear();
        let importers: Vec<Value> =
            self.heap.map(self.importers).iter().map(|(_, value)| value.clone()).collect();
        for importer in importers {
            let Value::Object(handle) = importer else { continue };
            let Ok(zip) = self.zip(handle) else { continue };
            let path = self.disk.absolute(&zip.archive)?;
            let members: Rc<[_]> = match self.disk.at(&path) {
                Some(Node::File(Contents::Archive(members))) => members,
                _ => [].into(),
            };
            if let Object::Loader(Loader::Zip(zip)) = self.heap.get_mut(handle) {
                zip.members = members;
            }
        }
        Ok(())
    }
}

impl ZipImporter {
    /// `_get_module_info(self, name)`: the path within, what is there, and whether it is a package.
    fn find(&self, name: &str) -> Option<(String, Contents, bool)> {
        PLACES.iter().find_map(|(suffix, package)| {
            let path = format!("{}{}{suffix}", self.prefix, tail(name));
            // the last of one name counts
            let (_, contents) = self.members.iter().rev().find(|(member, _)| *member == path)?;
            Some((path, contents.clone(), *package))
        })
    }
}

fn tail(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
