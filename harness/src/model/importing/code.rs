//! What loaders execute: `SourceLoader.get_code` and its kin in `_bootstrap_external.py`.

use std::rc::Rc;

use crate::model::{
    disk::{ByteCode, Contents, Node},
    machine::Machine,
    object::{
        map::Text,
        string::has_halves,
        value::{Loader, Object, Value},
    },
    source::sources::FileId,
    stop::{Outcome, doubt, outside},
};

/// How many bytes the header of byte code has.
pub(crate) const HEADER: usize = 16;

/// Code and the name of its file.
pub(crate) type Code = (FileId, Text);

/// What stands behind the last dot of a path.
pub(crate) fn suffix_of(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, suffix)| suffix)
}

impl Machine<'_> {
    /// `loader.get_code(name)`. Nothing for what has no code, such as extension modules.
    pub(crate) fn code_of(&mut self, loader: &Value, name: &str) -> Outcome<Option<Code>> {
        let Value::Object(handle) = loader else { return doubt("a loader", "it is no object") };
        match self.heap.get(*handle) {
            Object::Loader(Loader::File { path, .. }) => {
                let path = Text::clone(path);
                self.code_of_file(&path)
            }
            Object::Loader(Loader::Zip(_)) => self.code_in_zip(*handle, name).map(Some),
            Object::Loader(Loader::Namespace | Loader::Inert | Loader::Library) => Ok(None),
            _ => outside("the code of a loader of the program's"),
        }
    }

    fn code_of_file(&mut self, path: &Text) -> Outcome<Option<Code>> {
        let absolute = self.disk.absolute(path)?;
        let Some(Node::File(contents)) = self.disk.at(&absolute) else {
            return Err(self.error_without_message("FileNotFoundError"));
        };
        let file = match suffix_of(&absolute) {
            // what is no library cannot be loaded
            "so" => return Err(self.error_without_message("ImportError")),
            "pyc" => self.byte_code(&contents)?,
            _ => match self.cached_code(&absolute, &contents)? {
                Some(file) => file,
                None => self.source_file(&contents, path)?,
            },
        };
        Ok(Some((file, Text::clone(path))))
    }

    /// What `__pycache__` has for a source, if that holds.
    fn cached_code(&mut self, path: &str, source: &Contents) -> Outcome<Option<FileId>> {
        if !self.disk.has_other_files() {
            return Ok(None);
        }
        let cached = self.cache_from_source(path);
        let Some(Node::File(contents)) = self.disk.at(&cached) else { return Ok(None) };
        match &contents {
            Contents::Code(code) if code.unchecked => self.byte_code(&contents).map(Some),
            Contents::Code(ByteCode { source: compiled, .. }) => match source {
                Contents::Bytes(bytes) if bytes == compiled => self.byte_code(&contents).map(Some),
                Contents::Bytes(bytes) if bytes.len() != compiled.len() => Ok(None),
                _ => doubt("cached byte code of another source", "their times may be the same"),
            },
            // a bad magic number is passed over
            Contents::Bytes(_) => Ok(None),
            _ => outside("what lies where byte code would be cached"),
        }
    }

    fn byte_code(&mut self, contents: &Contents) -> Outcome<FileId> {
        match contents {
            Contents::Code(code) if code.truncated => Err(self.error_without_message("EOFError")),
            Contents::Code(code) => Ok(code.file),
            // the message tells the bad magic number
            Contents::Bytes(bytes) if bytes.len() >= HEADER => {
                Err(self.error_without_message("ImportError"))
            }
            Contents::Bytes(_) => Err(self.error_without_message("EOFError")),
            _ => outside("this file of byte code"),
        }
    }

    /// The text of a source file.
    pub(crate) fn source_file(&mut self, contents: &Contents, path: &str) -> Outcome<FileId> {
        match contents {
            Contents::Given(file) => Ok(*file),
            Contents::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => self.made_text(path, text.to_owned()),
                Err(_) => Err(self.error_without_message("SyntaxError")),
            },
            _ => outside("a source that is no text"),
        }
    }

    /// Takes in a text that the program has made.
    pub(crate) fn made_text(&mut self, name: &str, text: String) -> Outcome<FileId> {
        if has_halves(&text) {
            return outside("compiling a text with half a surrogate pair");
        }
        match self.sources.add(name, text) {
            Some(file) => Ok(file),
            None => doubt("a program that makes many texts", "the model keeps them all"),
        }
    }

    /// The bytes of a file.
    pub(crate) fn bytes_of(&self, contents: &Contents) -> Outcome<Rc<[u8]>> {
        match contents {
            Contents::Given(file) => Ok(self.sources.text(*file).as_bytes().into()),
            Contents::Bytes(bytes) => Ok(Rc::clone(bytes)),
            Contents::Code(_) | Contents::Archive(_) => outside("the bytes of byte code or a zip"),
        }
    }
}
