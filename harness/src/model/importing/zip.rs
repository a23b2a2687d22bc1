//! `Lib/zipimport.py`.

use std::rc::Rc;

use crate::model::{
    disk::{ByteCode, Contents, Member, Node},
    importing::{code::Code, path_finder::Portion},
    machine::Machine,
    object::{
        heap::Handle,
        map::Text,
        text::repr_text,
        value::{Loader, Module, Object, Value, ZipImporter},
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
                _ => return Err(self.error_without_message("ZipImportError")),
            }
        };
        let archive: Text = archive.into();
        let members = self.directory(&archive, members);
        let importer = ZipImporter { archive, prefix: prefix.into(), members };
        Ok(self.loader(Loader::Zip(importer)))
    }

    /// `_zip_directory_cache[archive]`, which is filled with `members` if it is empty.
    fn directory(&mut self, archive: &Text, members: Rc<[Member]>) -> Rc<[Member]> {
        if let Some((_, known)) = self.archives.iter().find(|(name, _)| name == archive) {
            return Rc::clone(known);
        }
        self.archives.push((Text::clone(archive), Rc::clone(&members)));
        members
    }

    /// What is in an archive now; nothing if it is none any more.
    fn read_directory(&self, archive: &str) -> Outcome<Rc<[Member]>> {
        Ok(match self.disk.at(&self.disk.absolute(archive)?) {
            Some(Node::File(Contents::Archive(members))) => members,
            _ => [].into(),
        })
    }

    /// The `zipimporter` behind a handle, with what it takes to be in its archive: up to 3.12 a list
    /// of its own, later what all of one archive share.
    fn zip(&mut self, handle: Handle) -> Outcome<ZipImporter> {
        let Object::Loader(Loader::Zip(importer)) = self.heap.get(handle) else {
            return outside("a method of `zipimporter` for another object");
        };
        let mut importer = importer.clone();
        if self.rules.since(13) {
            let now = self.read_directory(&importer.archive)?;
            importer.members = self.directory(&importer.archive, now);
        }
        Ok(importer)
    }

    /// `_is_dir(path)`. From 3.14 on the folders around each member are there without an entry
    /// (gh-59110, gh-121111).
    fn is_folder_in_zip(&self, zip: &ZipImporter, path: &str) -> bool {
        let implicit = self.rules.since(14);
        zip.members.iter().any(|(member, _)| match member.strip_prefix(path) {
            Some("/") => true,
            Some(rest) => implicit && rest.starts_with('/'),
            None => false,
        })
    }

    /// `zipimporter.find_spec(name)`, which is `find_loader(name)` in 3.9.
    pub(crate) fn zip_finder(&mut self, handle: Handle, name: &Text) -> Outcome<Portion> {
        let zip = self.zip(handle)?;
        if let Some((path, _, package)) = zip.find(name) {
            let (path, loader) = (format!("{}/{path}", zip.archive), Value::Object(handle));
            return Ok(Portion::Found(self.located_spec(name, loader, path.into(), package)));
        }
        let folder = format!("{}{}", zip.prefix, tail(name));
        if self.is_folder_in_zip(&zip, &folder) {
            let portion = Value::Text(format!("{}/{folder}", zip.archive).into());
            return Ok(Portion::Folders(vec![portion]));
        }
        Ok(Portion::Nothing)
    }

    /// `zipimporter.get_code(name)`.
    pub(crate) fn code_in_zip(&mut self, handle: Handle, name: &str) -> Outcome<Code> {
        let zip = self.zip(handle)?;
        let Some((path, contents, _)) = zip.find(name) else {
            return Err(self.zip_lacks(&name.into()));
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
        let spec = self.located_spec(name, Value::Object(handle), Text::clone(&path), package);
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

    /// `zipimporter.invalidate_caches()`, which is there from 3.10 on: up to 3.12 the archive is read
    /// at once, later when it is next asked for.
    pub(crate) fn invalidate_zip(&mut self, handle: Handle, archive: &Text) -> Outcome<()> {
        if !self.rules.since(10) {
            return Ok(());
        }
        self.archives.retain(|(name, _)| name != archive);
        if self.rules.since(13) {
            return Ok(());
        }
        let now = self.read_directory(archive)?;
        if let Object::Loader(Loader::Zip(zip)) = self.heap.get_mut(handle) {
            zip.members = Rc::clone(&now);
        }
        self.directory(archive, now);
        Ok(())
    }

    /// Methods of `zipimporter` that a program may call.
    pub(crate) fn zip_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let zip = self.zip(handle)?;
        match (name, args) {
            ("find_spec", [Value::Text(module), ..]) if self.rules.since(10) => {
                let portion = self.zip_finder(handle, module)?;
                Ok(self.spec_of_portion(module, portion))
            }
            ("is_package", [Value::Text(module)]) => match zip.find(module) {
                Some((.., package)) => Ok(Value::Bool(package)),
                None => Err(self.zip_lacks(module)),
            },
            ("get_filename", [Value::Text(module)]) => {
                let (_, path) = self.code_in_zip(handle, module)?;
                Ok(Value::Text(path))
            }
            ("get_source", [Value::Text(module)]) => {
                let Some((path, ..)) = zip.find(module) else {
                    return Err(self.zip_lacks(module));
                };
                let path = path.strip_suffix('c').unwrap_or(&path);
                match zip.member(path) {
                    Some(contents) => self.text_of(contents),
                    None => Ok(Value::None),
                }
            }
            ("get_data", [Value::Text(path)]) => {
                let start = format!("{}/", zip.archive);
                let key = path.strip_prefix(&start).unwrap_or(path);
                match zip.member(key) {
                    Some(contents) => Ok(Value::Bytes(self.bytes_of(contents)?)),
                    None if self.rules.since(14)
                        && key
                            .strip_suffix('/')
                            .is_some_and(|it| self.is_folder_in_zip(&zip, it)) =>
                    {
                        Ok(Value::Bytes([].into()))
                    }
                    None => Err(self.error_without_message("OSError")),
                }
            }
            ("invalidate_caches", []) if self.rules.since(10) => {
                self.invalidate_zip(handle, &zip.archive)?;
                Ok(Value::None)
            }
            ("load_module", [Value::Text(module)]) if !self.rules.since(15) => {
                if self.rules.since(10) {
                    self.warns("DeprecationWarning")?;
                }
                self.zip_load_module(handle, module)
            }
            _ => outside(format!("the method `{name}` of `zipimporter`, called like this")),
        }
    }

    /// The names of the members of an archive below the folder of its importer.
    pub(crate) fn names_in_zip(&mut self, handle: Handle) -> Outcome<Value> {
        let zip = self.zip(handle)?;
        let below = zip.members.iter().filter_map(|(name, _)| name.strip_prefix(&*zip.prefix));
        let mut names: Vec<Value> = Vec::new();
        for name in below.map(Value::text) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(self.list(names))
    }

    /// `ZipImportError`
    fn zip_lacks(&mut self, module: &Text) -> Stop {
        let message = format!("can't find module {}", repr_text(module));
        self.import_error("ZipImportError", message, Value::Text(Text::clone(module)))
    }

    fn text_of(&mut self, contents: &Contents) -> Outcome<Value> {
        let bytes = self.bytes_of(contents)?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Value::text(text)),
            Err(_) => outside("a source in a zip file that is no text"),
        }
    }
}

impl ZipImporter {
    /// `_get_module_info(self, name)`: the path within, what is there, and whether it is a package.
    fn find(&self, name: &str) -> Option<(String, Contents, bool)> {
        PLACES.iter().find_map(|(suffix, package)| {
            let path = format!("{}{}{suffix}", self.prefix, tail(name));
            // the last of one name counts
            let contents = self.member(&path)?.clone();
            Some((path, contents, *package))
        })
    }

    /// The file with this name in the archive, of several the last.
    fn member(&self, path: &str) -> Option<&Contents> {
        let found = self.members.iter().rev().find(|(member, _)| member == path);
        found.map(|(_, contents)| contents)
    }
}

fn tail(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
