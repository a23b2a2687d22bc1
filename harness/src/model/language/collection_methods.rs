//! Methods of dictionaries and lists.

use crate::model::{
    language::expression::check_length,
    machine::Machine,
    object::{
        heap::{Handle, MapId},
        map::Map,
        native::Native,
        value::{Object, Value},
    },
    record::SEARCH,
    stop::{Outcome, outside},
};

impl Machine<'_> {
    pub(crate) fn dict_method(&mut self, id: MapId, name: &str, args: &[Value]) -> Outcome<Value> {
        let dict = Value::Dict(id);
        let key = match args.first() {
            Some(Value::Text(key)) => Some(key.clone()),
            _ => None,
        };
        let found = match &key {
            Some(key) if id == self.modules => self.module(key)?,
            Some(key) => self.heap.map(id).get(key).cloned(),
            None => None,
        };
        match (name, args, found) {
            ("get" | "setdefault" | "pop", [Value::Text(_), ..], Some(found))
                if args.len() <= 2 =>
            {
                if name == "pop" {
                    self.delete_item(&dict, &args[0])?;
                }
                Ok(found)
            }
            ("get", [Value::Text(_)], None) => Ok(Value::None),
            ("get" | "pop", [Value::Text(_), default], None) => Ok(default.clone()),
            ("pop", [key @ Value::Text(_)], None) => {
                Err(self.raise_builtin("KeyError", std::slice::from_ref(key)))
            }
            ("setdefault", [key @ Value::Text(_), default], None) => {
                self.set_item(&dict, key, default.clone())?;
                Ok(default.clone())
            }
            ("update", [other], _) => self.update_dict(&dict, other),
            ("items", [], _) => {
                let keys = self.plain_items(&dict)?;
                let entries = keys.into_iter().map(|key| match &key {
                    Value::Text(name) => (self.heap.map(id).get(name).cloned(), key),
                    _ => (None, key),
                });
                let entries: Vec<_> = entries.collect();
                let other = Value::Native(Native::SomeModule);
                let pairs = entries.into_iter();
                let pairs = pairs.map(|(value, key)| (key, value.unwrap_or(other.clone())));
                let pairs = pairs.map(|(k, v)| self.tuple(vec![k, v])).collect();
                Ok(self.list(pairs))
            }
            ("values", [], _) if id != self.modules => {
                let values = self.heap.map(id).iter().map(|(_, value)| value.clone()).collect();
                Ok(self.list(values))
            }
            ("copy", [], _) if id != self.modules => Ok(self.copy_of(id)),
            ("keys", [], _) => {
                let keys = self.items(&dict)?;
                Ok(self.list(keys))
            }
            ("clear", [], _) if id != self.modules => {
                *self.heap.map_mut(id) = Map::default();
                Ok(Value::None)
            }
            _ => self.no_such_method(&dict, name),
        }
    }

    /// `dict.update(other)`, with a dictionary or with pairs.
    fn update_dict(&mut self, dict: &Value, other: &Value) -> Outcome<Value> {
        let pairs = match other {
            Value::Dict(other) if *other == self.modules => {
                return outside("a dictionary that is updated from `sys.modules`");
            }
            Value::Dict(other) => {
                let entries = self.heap.map(*other).iter();
                let entries: Vec<_> = entries.map(|(k, v)| (k.to_text(), v.clone())).collect();
                for (key, value) in entries {
                    self.set_item(dict, &Value::Text(key), value)?;
                }
                return Ok(Value::None);
            }
            other => self.items(other)?,
        };
        for pair in pairs {
            match &self.items(&pair)?[..] {
                [key @ Value::Text(_), value] => self.set_item(dict, key, value.clone())?,
                _ => return outside("a dictionary that is updated from no pairs"),
            }
        }
        Ok(Value::None)
    }

    /// Whether a list is `sys.meta_path` or `sys.path`, which all threads share.
    fn is_searched(&self, list: &Value) -> bool {
        let sys = self.heap.map(self.sys);
        ["meta_path", "path"].iter().any(|name| sys.get(name) == Some(list))
    }

    pub(crate) fn list_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let list = Value::Object(handle);
        if self.is_searched(&list) {
            self.record.write(SEARCH);
        }
        let added = match (name, args) {
            ("extend", [more]) => self.items(more)?,
            _ => Vec::new(),
        };
        let length = self.length(&list).unwrap_or_default();
        self.charge(length)?;
        let found = match (name, args) {
            ("count", [item]) => {
                let mut count = 0;
                for other in &self.items(&list)? {
                    count += i64::from(self.equal(other, item, 0)?);
                }
                return Ok(Value::Int(count));
            }
            ("remove" | "index", [item]) => {
                let mut found = None;
                for (position, other) in self.items(&list)?.iter().enumerate() {
                    if found.is_none() && self.equal(other, item, 0)? {
                        found = Some(position);
                    }
                }
                found
            }
            _ => None,
        };
        let Object::List(items) = self.heap.get_mut(handle) else { return Ok(Value::None) };
        match (name, args, found) {
            ("append", [item], _) => items.push(item.clone()),
            ("extend", [_], _) => items.extend(added),
            ("insert", [Value::Int(index), item], _) => {
                let end = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let index =
                    if *index < 0 { (end + index.max(&-end)).max(0) } else { *index.min(&end) };
                items.insert(usize::try_from(index).unwrap_or_default(), item.clone());
            }
            ("clear", [], _) => items.clear(),
            ("reverse", [], _) => items.reverse(),
            ("pop", [], _) => match items.pop() {
                Some(item) => return Ok(item),
                None => return Err(self.error("IndexError", "pop from empty list")),
            },
            ("pop", [Value::Int(0)], _) if !items.is_empty() => return Ok(items.remove(0)),
            ("copy", [], _) => {
                let copy = items.clone();
                return Ok(self.list(copy));
            }
            ("remove", [_], Some(position)) => drop(items.remove(position)),
            ("index", [_], Some(position)) => {
                return Ok(Value::Int(i64::try_from(position).unwrap_or(i64::MAX)));
            }
            ("remove" | "index", [_], None) => {
                return Err(self.error_without_message("ValueError"));
            }
            _ => return self.no_such_method(&list, name),
        }
        check_length(length + 1)?;
        Ok(Value::None)
    }
}
