//! `from module import *`, after the import itself: `import_all_from` in `Python/ceval.c`.

use crate::model::{
    machine::{Frame, Machine},
    object::{
        map::{Key, Text},
        value::{Object, Value},
    },
    stop::{Outcome, doubt, outside},
};

impl<'a> Machine<'a> {
    /// Binds the names one by one, so that those before one that fails are bound.
    pub(crate) fn import_star(&mut self, frame: &Frame<'a>, module: &Value) -> Outcome<()> {
        let Some(all) = self.optional(module, "__all__")? else {
            for name in self.public_names(module)? {
                self.bind_starred(frame, module, &name)?;
            }
            return Ok(());
        };
        let mut position = 0;
        while let Some(item) = self.sequence_item(&all, position)? {
            let Value::Text(name) = item else {
                let module = self.attribute(module, "__name__")?;
                let (module, kind) = (self.str_of(&module)?, self.type_name(&item));
                let message = format!("Item in {module}.__all__ must be str, not {kind}");
                return Err(self.error("TypeError", message));
            };
            self.bind_starred(frame, module, &name)?;
            position += 1;
        }
        Ok(())
    }

    fn bind_starred(&mut self, frame: &Frame<'a>, module: &Value, name: &str) -> Outcome<()> {
        self.step()?;
        let value = self.attribute(module, name)?;
        self.store_name(frame, name, value);
        Ok(())
    }

    /// `PySequence_GetItem(sequence, position)`; nothing behind the end.
    fn sequence_item(&mut self, sequence: &Value, position: usize) -> Outcome<Option<Value>> {
        let message = match sequence {
            Value::Text(text) => {
                let character = text.chars().nth(position);
                return Ok(character.map(|one| Value::text(&one.to_string())));
            }
            Value::Dict(_) => "dict is not a sequence".to_owned(),
            Value::None | Value::Bool(_) | Value::Int(_) => {
                format!("'{}' object does not support indexing", self.type_name(sequence))
            }
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(items) => return Ok(items.get(position).cloned()),
                Object::Tuple(items) => return Ok(items.get(position).cloned()),
                Object::NamespacePath(_) => {
                    return Ok(self.path_items(sequence)?.into_iter().nth(position));
                }
                _ => return outside(format!("an item of {}", self.type_name(sequence))),
            },
            _ => return outside(format!("an item of {}", self.type_name(sequence))),
        };
        Err(self.error("TypeError", message))
    }

    /// The keys of `__dict__` that do not start with an underscore.
    fn public_names(&mut self, module: &Value) -> Outcome<Vec<Text>> {
        let names = match module {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Module(module) if !module.library => Some(self.heap.map(module.dict)),
                // of a `SimpleNamespace`
                Object::Instance(instance) if instance.class.is_none() => {
                    Some(self.heap.map(instance.fields))
                }
                _ => None,
            },
            _ => None,
        };
        let Some(names) = names else {
            let construct = "a star import from what is no module of the program";
            return doubt(construct, "its names are not known");
        };
        let public = names.keys().filter(|name| !name.starts_with('_'));
        Ok(public.map(Key::to_text).collect())
    }
}
