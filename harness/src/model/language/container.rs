//! Items of dictionaries, lists, tuples and texts.

use std::ops::Range;

use crate::model::{
    language::expression::check_length,
    machine::Machine,
    object::{
        map::Text,
        native::Native,
        value::{Instance, Object, Value},
    },
    stop::{Outcome, doubt, outside},
};

impl Machine<'_> {
    /// `container[key]`.
    pub(crate) fn item(&mut self, container: &Value, key: &Value) -> Outcome<Value> {
        if let Some(get) = self.special(container, "__getitem__")? {
            return self.call_with(&get, [key.clone()]);
        }
        match (container, key) {
            (Value::Native(Native::Type(_)), _) => Ok(Self::class_named("GenericAlias")),
            (Value::Native(Native::Function(function)), _) if function.is_class() => {
                Ok(Self::class_named("GenericAlias"))
            }
            (Value::Dict(id), Value::Text(name)) => {
                let found = if *id == self.modules {
                    self.module(name)?
                } else {
                    self.heap.map(*id).get(name).cloned()
                };
                found.ok_or_else(|| self.raise_builtin("KeyError", std::slice::from_ref(key)))
            }
            (Value::Text(text), Value::Int(index)) => {
                let chars: Vec<char> = text.chars().collect();
                match position(*index, chars.len()) {
                    Some(position) => Ok(Value::Text(chars[position].to_string().into())),
                    None => Err(self.error("IndexError", "string index out of range")),
                }
            }
            (Value::Object(handle), Value::Int(index)) => {
                let (items, message) = match self.heap.get(*handle) {
                    Object::List(items) => (&items[..], "list index out of range"),
                    Object::Tuple(items) => (&items[..], "tuple index out of range"),
                    Object::NamespacePath(_) => {
                        let items = self.path_items(container)?;
                        let items = self.list(items);
                        return self.item(&items, key);
                    }
                    _ => return outside(format!("an item of {}", self.type_name(container))),
                };
                match position(*index, items.len()) {
                    Some(position) => Ok(items[position].clone()),
                    None => Err(self.error("IndexError", message)),
                }
            }
            _ => outside(format!("an item of {}", self.type_name(container))),
        }
    }

    /// A method that the class of an object of the program's has.
    pub(crate) fn special(&mut self, value: &Value, name: &str) -> Outcome<Option<Value>> {
        let Value::Object(handle) = value else { return Ok(None) };
        let Object::Instance(Instance { class: Some(class), .. }) = self.heap.get(*handle) else {
            return Ok(None);
        };
        let class = *class;
        match self.find_in_class(class, name) {
            Some(found) => self.bind(Some(value.clone()), class, found).map(Some),
            None => Ok(None),
        }
    }

    /// `container[range]`.
    pub(crate) fn slice(&mut self, container: &Value, range: Range<usize>) -> Outcome<Value> {
        match container {
            Value::Text(text) => {
                let part: String = text.chars().skip(range.start).take(range.len()).collect();
                Ok(Value::Text(part.into()))
            }
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(items) => {
                    let part = items.get(range).unwrap_or_default().to_vec();
                    Ok(self.list(part))
                }
                Object::Tuple(items) => {
                    let part = items.get(range).unwrap_or_default().to_vec();
                    Ok(self.tuple(part))
                }
                _ => outside(format!("a slice of {}", self.type_name(container))),
            },
            _ => outside(format!("a slice of {}", self.type_name(container))),
        }
    }

    /// `container[key] = value`.
    pub(crate) fn set_item(&mut self, container: &Value, key: &Value, value: Value) -> Outcome<()> {
        if let Some(set) = self.special(container, "__setitem__")? {
            return self.call_with(&set, [key.clone(), value]).map(drop);
        }
        match (container, key) {
            (Value::Dict(id), Value::Text(name)) if *id == self.modules => {
                check_is_no_builtins(name)?;
                self.set_module(Text::clone(name), value);
                Ok(())
            }
            (Value::Dict(id), Value::Text(name)) => {
                self.heap.map_mut(*id).insert(name.clone(), value);
                Ok(())
            }
            (Value::Object(handle), Value::Int(index)) => match self.heap.get_mut(*handle) {
                Object::List(items) => match position(*index, items.len()) {
                    Some(position) => {
                        items[position] = value;
                        Ok(())
                    }
                    None => Err(self.error("IndexError", "list assignment index out of range")),
                },
                _ => outside(format!("setting an item of {}", self.type_name(container))),
            },
            _ => outside(format!("setting an item of {}", self.type_name(container))),
        }
    }

    /// `container[range] = items`.
    pub(crate) fn set_slice(
        &mut self,
        container: &Value,
        range: Range<usize>,
        new: Vec<Value>,
    ) -> Outcome<()> {
        if let Value::Object(handle) = container
            && let Object::List(items) = self.heap.get_mut(*handle)
        {
            let range = range.start.min(items.len())..range.end.min(items.len());
            items.splice(range, new);
            return check_length(items.len());
        }
        outside(format!("setting a slice of {}", self.type_name(container)))
    }

    /// `del container[key]`.
    pub(crate) fn delete_item(&mut self, container: &Value, key: &Value) -> Outcome<()> {
        match (container, key) {
            (Value::Dict(id), Value::Text(name)) => {
                let removed = if *id == self.modules {
                    check_is_no_builtins(name)?;
                    self.module(name)?;
                    self.remove_module(name)
                } else {
                    self.heap.map_mut(*id).remove(name)
                };
                match removed {
                    Some(_) => Ok(()),
                    None => Err(self.raise_builtin("KeyError", std::slice::from_ref(key))),
                }
            }
            (Value::Object(handle), Value::Int(index)) => match self.heap.get_mut(*handle) {
                Object::List(items) => match position(*index, items.len()) {
                    Some(position) => {
                        items.remove(position);
                        Ok(())
                    }
                    None => Err(self.error("IndexError", "list assignment index out of range")),
                },
                _ => outside(format!("deleting an item of {}", self.type_name(container))),
            },
            _ => outside(format!("deleting an item of {}", self.type_name(container))),
        }
    }
}

/// What comes of another module in the place of `builtins` depends on who asks for it: code has its own
/// builtins, and importlib and the library import theirs. A program may do it unknowingly, by
/// `sys.modules[__name__]` where `__name__` is that of its builtins.
fn check_is_no_builtins(name: &str) -> Outcome<()> {
    if name == "builtins" {
        let why = "what depends on it in the standard library is not known";
        return doubt("another module for `builtins` in `sys.modules`", why);
    }
    Ok(())
}

/// Where an index, which may count from the end, is in something of this length.
fn position(index: i64, length: usize) -> Option<usize> {
    let from_end = index.checked_add(i64::try_from(length).ok()?)?;
    let position = usize::try_from(if index < 0 { from_end } else { index }).ok()?;
    (position < length).then_some(position)
}
