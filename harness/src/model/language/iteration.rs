//! The iterator protocol: `iter()`, `next()` and what a `for` does.

use crate::model::{
    language::{call::Arguments, expression::check_length},
    machine::Machine,
    object::{
        heap::Handle,
        value::{Instance, Object, Value},
    },
    stop::{Outcome, Stop, outside},
};

/// What is gone through, and how far one has come.
#[derive(Clone, Debug)]
pub(crate) enum Iter {
    /// The items that there were at the start. What they are of must not change meanwhile.
    Items {
        of: Value,
        items: Vec<Value>,
        at: usize,
    },
    Generator(Handle),
    /// An object of the program's with `__next__`.
    Object(Value),
}

impl Machine<'_> {
    /// `iter(value)`.
    pub(crate) fn iterate(&mut self, value: &Value) -> Outcome<Iter> {
        if let Value::Object(handle) = *value {
            match self.heap.get(handle) {
                Object::Generator(_) => return Ok(Iter::Generator(handle)),
                Object::Iterator(_) => return Ok(Iter::Object(value.clone())),
                Object::Instance(Instance { class: Some(class), .. }) => {
                    let class = *class;
                    return self.iterate_object(value, class);
                }
                _ => {}
            }
        }
        let items = self.plain_items(value)?;
        Ok(Iter::Items { of: value.clone(), items, at: 0 })
    }

    fn iterate_object(&mut self, value: &Value, class: Handle) -> Outcome<Iter> {
        let Some(iter) = self.find_in_class(class, "__iter__") else {
            let message = format!("'{}' object is not iterable", self.type_name(value));
            if self.find_in_class(class, "__getitem__").is_some() {
                return outside("a loop over an object that has `__getitem__` alone");
            }
            return Err(self.error("TypeError", message));
        };
        let iter = self.bind(Some(value.clone()), class, iter)?;
        let found = self.call(&iter, Arguments::default())?;
        match found {
            Value::Object(handle) => match self.heap.get(handle) {
                Object::Instance(_) | Object::Iterator(_) => Ok(Iter::Object(found)),
                Object::Generator(_) => Ok(Iter::Generator(handle)),
                _ => outside("an `__iter__` that gives no iterator"),
            },
            _ => outside("an `__iter__` that gives no iterator"),
        }
    }

    /// The next item; nothing at the end.
    pub(crate) fn next_item(&mut self, iter: &mut Iter) -> Outcome<Option<Value>> {
        self.step()?;
        match iter {
            Iter::Items { of, items, at } => {
                if let Some(now) = self.length(of)
                    && now != items.len()
                {
                    return outside("a loop over what it changes");
                }
                *at += 1;
                Ok(items.get(*at - 1).cloned())
            }
            Iter::Generator(handle) => self.resume(*handle, Ok(Value::None)),
            Iter::Object(object) => {
                let object = object.clone();
                self.next_of_object(&object)
            }
        }
    }

    fn next_of_object(&mut self, object: &Value) -> Outcome<Option<Value>> {
        if let Value::Object(handle) = *object
            && let Object::Iterator(iter) = self.heap.get(handle)
        {
            let mut iter = iter.clone();
            let next = self.next_item(&mut iter)?;
            if let Object::Iterator(kept) = self.heap.get_mut(handle) {
                *kept = iter;
            }
            return Ok(next);
        }
        let next = self.attribute(object, "__next__")?;
        match self.call(&next, Arguments::default()) {
            Err(stop) if self.is_raised(&stop, "StopIteration") => Ok(None),
            found => found.map(Some),
        }
    }

    /// All items, for what uses them up at once.
    pub(crate) fn items(&mut self, value: &Value) -> Outcome<Vec<Value>> {
        let mut iter = match self.iterate(value)? {
            Iter::Items { items, .. } => return Ok(items),
            iter => iter,
        };
        let mut items = Vec::new();
        while let Some(item) = self.next_item(&mut iter)? {
            items.push(item);
            check_length(items.len())?;
        }
        Ok(items)
    }

    /// `iter(value)` as a value.
    pub(crate) fn make_iterator(&mut self, value: &Value) -> Outcome<Value> {
        Ok(match self.iterate(value)? {
            Iter::Generator(handle) => Value::Object(handle),
            Iter::Object(object) => object,
            iter @ Iter::Items { .. } => Value::Object(self.heap.add(Object::Iterator(iter))),
        })
    }

    /// `next(iterator, default)`.
    pub(crate) fn next_of(&mut self, iterator: &Value, default: Option<&Value>) -> Outcome<Value> {
        let is_iterator = match iterator {
            Value::Object(handle) => matches!(
                self.heap.get(*handle),
                Object::Generator(_) | Object::Iterator(_) | Object::Instance(_)
            ),
            _ => false,
        };
        if !is_iterator {
            let message = format!("'{}' object is not an iterator", self.type_name(iterator));
            return Err(self.error("TypeError", message));
        }
        let next = match *iterator {
            Value::Object(handle) if matches!(self.heap.get(handle), Object::Generator(_)) => {
                self.resume(handle, Ok(Value::None))?
            }
            _ => self.next_of_object(iterator)?,
        };
        match (next, default) {
            (Some(item), _) => Ok(item),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(self.stop_iteration(iterator)),
        }
    }

    /// `StopIteration` with what a generator has returned.
    pub(crate) fn stop_iteration(&mut self, iterator: &Value) -> Stop {
        match self.returned_by(iterator) {
            Value::None => self.raise_builtin("StopIteration", &[]),
            value => self.raise_builtin("StopIteration", &[value]),
        }
    }
}
