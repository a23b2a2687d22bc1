//! `os` and `os.path`.

use crate::model::{
    disk::{Contents, Node},
    importing::code::HEADER,
    language::call::Arguments,
    machine::Machine,
    object::{
        map::Text,
        value::{Object, Value},
    },
    stop::{Outcome, Stop, outside},
};

impl Machine<'_> {
    pub(crate) fn call_os(&mut self, name: &'static str, arguments: &Arguments) -> Outcome<Value> {
        if !arguments.keywords.is_empty() {
            return outside(format!("keywords for `{name}`"));
        }
        let args = &arguments.positional[..];
        match (name, args) {
            ("posixpath.join", [Value::Text(first), rest @ ..]) => join(first, rest),
            ("posixpath.dirname", [Value::Text(path)]) => Ok(Value::text(folder_of(path))),
            ("posixpath.basename", [Value::Text(path)]) => {
                Ok(Value::text(path.rsplit('/').next().unwrap_or(path)))
            }
            ("posixpath.abspath", [Value::Text(path)]) => {
                Ok(Value::Text(self.disk.absolute(path)?.into()))
            }
            ("posixpath.isfile" | "posixpath.isdir" | "posixpath.exists", [Value::Text(path)]) => {
                let node = self.disk.at(&self.disk.absolute(path)?);
                Ok(Value::Bool(match (name, node) {
                    ("posixpath.isfile", node) => matches!(node, Some(Node::File(_))),
                    ("posixpath.isdir", node) => node == Some(Node::Folder),
                    (_, node) => node.is_some(),
                }))
            }
            ("os.listdir", [Value::Text(path)]) => {
                let path = self.disk.absolute(path)?;
                if !self.disk.is_folder(&path) {
                    return Err(self.error_without_message("FileNotFoundError"));
                }
                // Python gives them in the order of the disk
                let names = self.disk.names_in(&path);
                let names = names.iter().map(|name| Value::text(name)).collect();
                self.set(names)
            }
            ("os.fork", []) => self.fork(),
            ("os.waitpid", [Value::Int(child), Value::Int(0)]) => self.waitpid(*child),
            ("os._exit", [Value::Int(status)]) => match u8::try_from(*status) {
                Ok(status) => Err(Stop::Exited(status)),
                Err(_) => outside("an exit status that is none"),
            },
            ("os.getcwd", []) => Ok(Value::text(&self.disk.current)),
            (_, [Value::Text(path), rest @ ..]) => {
                let path: Text = self.disk.absolute(path)?.into();
                self.change_files(name, &path, rest)?;
                Ok(Value::None)
            }
            _ => outside(format!("this call of `{name}`")),
        }
    }

    fn change_files(&mut self, name: &str, path: &str, rest: &[Value]) -> Outcome<()> {
        let there = self.disk.at(path);
        match (name, rest, there) {
            ("os.mkdir", [], None) if self.disk.is_folder(folder_of(path)) => {
                self.disk.put(path, Some(Node::Folder));
            }
            ("os.makedirs", [], None) => {
                let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
                for folder in ends.map(|end| &path[..end]) {
                    if self.disk.at(folder).is_none() && folder.contains('/') {
                        self.disk.put(folder, Some(Node::Folder));
                    }
                }
            }
            ("os.chdir", [], Some(Node::Folder)) => path.clone_into(&mut self.disk.current),
            ("os.remove", [], Some(Node::File(_))) => self.disk.put(path, None),
            ("os.truncate", [Value::Int(length)], Some(Node::File(contents))) => {
                let length = usize::try_from(*length).unwrap_or_default();
                let contents = truncated(contents, length)?;
                self.disk.put(path, Some(Node::File(contents)));
            }
            ("os.utime", [Value::Object(times)], Some(_)) => match self.heap.get(*times) {
                Object::Tuple(times) => match times[..] {
                    [_, Value::Int(seconds)] => self.disk.set_time(path, seconds),
                    _ => return outside("this call of `os.utime`"),
                },
                _ => return outside("this call of `os.utime`"),
            },
            _ => return outside(format!("this call of `{name}`")),
        }
        Ok(())
    }
}

fn truncated(contents: Contents, length: usize) -> Outcome<Contents> {
    match contents {
        Contents::Code(code) if length == HEADER => {
            Ok(Contents::Code(crate::model::disk::ByteCode { truncated: true, ..code }))
        }
        Contents::Bytes(bytes) => Ok(Contents::Bytes(bytes.get(..length).unwrap_or(&bytes).into())),
        _ => outside("this call of `os.truncate`"),
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `os.path.join(first, *rest)`
fn join(first: &str, rest: &[Value]) -> Outcome<Value> {
    let mut path = first.to_owned();
    for part in rest {
        let Value::Text(part) = part else { return outside("a path that is no text") };
        if part.starts_with(['/', '<']) {
            path.clear();
        } else if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(part);
    }
    Ok(Value::Text(path.into()))
}
