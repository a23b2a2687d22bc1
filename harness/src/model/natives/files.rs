//! `open()` and what it gives.

use crate::model::{
    disk::{Contents, Node},
    language::call::Arguments,
    machine::Machine,
    object::{
        heap::Handle,
        map::Text,
        string::has_halves,
        value::{Object, OpenFile, Value},
    },
    stop::{Outcome, outside},
};

impl Machine<'_> {
    /// `open(path, mode)`, for `r`, `w`, `a` and the same with `b`.
    pub(crate) fn open(&mut self, arguments: &Arguments) -> Outcome<Value> {
        if arguments.keywords.iter().any(|(name, _)| &**name != "encoding") {
            return outside("this call of `open`");
        }
        let (path, mode) = match &arguments.positional[..] {
            [Value::Text(path)] => (path, "r"),
            [Value::Text(path), Value::Text(mode)] => (path, &**mode),
            _ => return outside("this call of `open`"),
        };
        let (mode, is_text) = match mode.strip_suffix('b') {
            Some(mode) => (mode, false),
            None => (mode, true),
        };
        let path: Text = self.disk.absolute(path)?.into();
        let old = self.disk.at(&path);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let bytes = match (mode, &old) {
            (_, Some(Node::Folder)) => return outside("opening a folder"),
            ("r" | "a", Some(Node::File(contents))) => self.bytes_of(contents)?.to_vec(),
            ("w" | "a", _) if self.disk.is_folder(folder) => Vec::new(),
            ("r", None) | ("w" | "a", _) => {
                return Err(self.error_without_message("FileNotFoundError"));
            }
            _ => return outside("this mode of `open`"),
        };
        let is_written = mode != "r";
        if is_written {
            self.write_file(&path, bytes.clone());
        }
        let file = OpenFile { path, is_text, bytes, is_written };
        Ok(Value::Object(self.heap.add(Object::File(file))))
    }

    fn write_file(&mut self, path: &str, bytes: Vec<u8>) {
        self.disk.put(path, Some(Node::File(Contents::Bytes(bytes.into()))));
    }

    pub(crate) fn file_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let Object::File(file) = self.heap.get_mut(handle) else { return Ok(Value::None) };
        match (name, args) {
            ("__enter__", []) => Ok(Value::Object(handle)),
            ("write", [Value::Text(text)]) if has_halves(text) => {
                outside("writing half a surrogate pair")
            }
            ("write", [Value::Text(text)]) if file.is_written && file.is_text => {
                file.bytes.extend(text.as_bytes());
                Ok(Value::Int(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)))
            }
            ("write", [Value::Bytes(bytes)]) if file.is_written && !file.is_text => {
                file.bytes.extend(&**bytes);
                Ok(Value::Int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)))
            }
            ("close", []) | ("__exit__", [_, _, _]) => {
                if file.is_written {
                    let (path, bytes) = (Text::clone(&file.path), file.bytes.clone());
                    self.write_file(&path, bytes);
                }
                Ok(Value::None)
            }
            ("read", []) if !file.is_written => {
                let bytes = std::mem::take(&mut file.bytes);
                match (file.is_text, String::from_utf8(bytes)) {
                    (true, Ok(text)) => Ok(Value::Text(text.into())),
                    (false, Ok(text)) => Ok(Value::Bytes(text.as_bytes().into())),
                    _ => outside("reading a file that is no text"),
                }
            }
            _ => outside(format!("the method `{name}` of a file")),
        }
    }

    /// The lines of a file that is being read.
    pub(crate) fn lines(&mut self, handle: Handle) -> Outcome<Vec<Value>> {
        let text = match self.heap.get_mut(handle) {
            Object::File(OpenFile { is_text: true, is_written: false, bytes, .. }) => {
                String::from_utf8(std::mem::take(bytes))
            }
            _ => return outside("the lines of this file"),
        };
        match text {
            Ok(text) => Ok(text.split_inclusive('\n').map(Value::text).collect()),
            Err(_) => outside("the lines of a file that is no text"),
        }
    }
}
