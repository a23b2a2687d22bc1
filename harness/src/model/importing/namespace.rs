//! `_NamespacePath` of `Lib/importlib/_bootstrap_external.py`.

use crate::model::{
    importing::path_finder::Portion,
    machine::Machine,
    object::{
        heap::Handle,
        map::Text,
        text::repr_text,
        value::{NamespacePath, Object, Value},
    },
    stop::{Outcome, Stop},
};

impl Machine<'_> {
    pub(crate) fn namespace_path(&mut self, name: &Text, path: Vec<Value>) -> Outcome<Value> {
        let last_parent_path = self.parent_path(name)?;
        let epoch = self.namespace_epoch;
        let path = NamespacePath { name: Text::clone(name), path, last_parent_path, epoch };
        Ok(Value::Object(self.heap.add(Object::NamespacePath(path))))
    }

    /// `_NamespacePath._get_parent_path()`.
    fn parent_path(&mut self, name: &str) -> Outcome<Vec<Value>> {
        let Some((parent, _)) = name.rsplit_once('.') else {
            return self.path_entries(&Value::None);
        };
        let Some(parent) = self.module(parent)? else {
            return Err(self.parent_not_imported(parent, name));
        };
        let path = self.attribute(&parent, "__path__")?;
        self.path_items(&path)
    }

    fn parent_not_imported(&mut self, parent: &str, name: &str) -> Stop {
        if !self.rules.since(15) {
            return self.raise_builtin("KeyError", &[Value::text(parent)]);
        }
        let (quoted, name) = (repr_text(parent), repr_text(name));
        let message = format!("{quoted} must be imported before finding {name}.");
        self.import_error("ModuleNotFoundError", message, Value::text(parent))
    }

    /// `_NamespacePath._recalculate()`: the path, found again if that of the parent has changed.
    pub(crate) fn recalculate(&mut self, handle: Handle) -> Outcome<Vec<Value>> {
        let Object::NamespacePath(namespace) = self.heap.get(handle) else { return Ok(Vec::new()) };
        let NamespacePath { name, path, last_parent_path, epoch } = namespace.clone();
        // The parent's path may be computed in the same way, or be this one.
        let parent_path = self.deeper(3, |machine| machine.parent_path(&name))?;
        if parent_path == last_parent_path && epoch == self.namespace_epoch {
            return Ok(path);
        }
        let path = match self.portions(&name, &parent_path)? {
            Portion::Folders(folders) => folders,
            // a real loader: no change is made
            Portion::Found(_) | Portion::Nothing => path,
        };
        if let Object::NamespacePath(namespace) = self.heap.get_mut(handle) {
            namespace.path.clone_from(&path);
            namespace.last_parent_path = parent_path;
            namespace.epoch = self.namespace_epoch;
        }
        Ok(path)
    }
}
