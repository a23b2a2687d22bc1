//! `zipfile.ZipFile`, for writing, and `py_compile`.

use crate::model::{
    disk::{ByteCode, Contents, Node},
    importing::importlib::parameters,
    language::call::Arguments,
    machine::Machine,
    object::{
        heap::Handle,
        map::Text,
        string::has_halves,
        value::{Object, OpenArchive, Value},
    },
    stop::{Outcome, outside},
};

impl Machine<'_> {
    /// `ZipFile(path, mode)`, for `w` and `a`.
    pub(crate) fn open_archive(&mut self, arguments: &Arguments) -> Outcome<Value> {
        let [Value::Text(path), Value::Text(mode)] = &arguments.positional[..] else {
            return outside("this call of `ZipFile`");
        };
        let path: Text = self.disk.absolute(path)?.into();
        let members = match (&**mode, self.disk.at(&path)) {
            ("w", _) => Vec::new(),
            ("a", Some(Node::File(Contents::Archive(members)))) => members.to_vec(),
            _ => return outside("this mode of `ZipFile`"),
        };
        Ok(Value::Object(self.heap.add(Object::Archive(OpenArchive { path, members }))))
    }

    pub(crate) fn archive_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        if args.iter().any(|arg| matches!(arg, Value::Text(text) if has_halves(text))) {
            return outside("half a surrogate pair in a zip file");
        }
        let added = match (name, args) {
            ("writestr", [Value::Text(member), Value::Text(text)]) => {
                Some((member.to_string(), Contents::Bytes(text.as_bytes().into())))
            }
            ("writestr", [Value::Text(member), Value::Bytes(bytes)]) => {
                Some((member.to_string(), Contents::Bytes(bytes.clone())))
            }
            ("write", [Value::Text(path)]) => match self.disk.at(&self.disk.absolute(path)?) {
                Some(Node::File(contents)) => Some((path.to_string(), contents)),
                _ => return outside("what is put into a zip file"),
            },
            ("__enter__", []) => return Ok(Value::Object(handle)),
            ("close", []) | ("__exit__", [_, _, _]) => None,
            _ => return outside(format!("the method `{name}` of a zip file")),
        };
        let Object::Archive(archive) = self.heap.get_mut(handle) else { return Ok(Value::None) };
        if let Some(added) = added {
            archive.members.push(added);
            return Ok(Value::None);
        }
        let (path, members) = (Text::clone(&archive.path), archive.members.clone());
        self.disk.put(&path, Some(Node::File(Contents::Archive(members.into()))));
        Ok(Value::None)
    }

    /// `py_compile.compile(file, cfile, dfile, doraise, optimize, invalidation_mode)`.
    pub(crate) fn py_compile(&mut self, arguments: Arguments) -> Outcome<Value> {
        let names = ["file", "cfile", "dfile", "doraise", "optimize", "invalidation_mode"];
        let [file, cfile, dfile, _, optimize, mode] = parameters(arguments, names)?;
        let (Some(Value::Text(file)), None, None) = (file, dfile, optimize) else {
            return outside("this call of `py_compile.compile`");
        };
        let target = match cfile {
            Some(Value::Text(path)) => path,
            None => self.cache_from_source(&file).into(),
            Some(_) => return outside("this call of `py_compile.compile`"),
        };
        let Some(Node::File(contents)) = self.disk.at(&self.disk.absolute(&file)?) else {
            return outside("a file to be compiled that is not there");
        };
        let code = self.source_file(&contents, &file)?;
        self.body_of(code)?;
        let source = self.bytes_of(&contents)?;
        let unchecked = matches!(mode, Some(Value::Text(mode)) if &*mode == "UNCHECKED_HASH");
        let code = ByteCode { source, file: code, unchecked, truncated: false };
        let path = self.disk.absolute(&target)?;
        if let Some((folder, _)) = path.rsplit_once('/')
            && self.disk.at(folder).is_none()
        {
            self.disk.put(folder, Some(Node::Folder));
        }
        self.disk.put(&path, Some(Node::File(Contents::Code(code))));
        Ok(Value::Text(target))
    }
}
