//! Comparisons.

use ruff_python_ast::{CmpOp, ExprCompare};

use crate::model::{
    importing::library::may_begin_library,
    machine::{Frame, Machine},
    object::{
        heap::MapId,
        native::Native,
        string::has_halves,
        value::{Object, Value},
    },
    stop::{Outcome, outside},
};

/// How deep containers are compared.
const MAX_DEPTH: usize = 50;

impl<'a> Machine<'a> {
    /// `a < b <= c`: each operand is evaluated once, and only as far as needed.
    pub(crate) fn comparison(
        &mut self,
        frame: &Frame<'a>,
        node: &'a ExprCompare,
    ) -> Outcome<Value> {
        let mut left = self.expression(frame, &node.left)?;
        for (op, right) in node.ops.iter().zip(&node.comparators) {
            let right = self.expression(frame, right)?;
            if !self.compare(*op, &left, &right)? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    fn compare(&mut self, op: CmpOp, left: &Value, right: &Value) -> Outcome<bool> {
        match op {
            CmpOp::Is => identical(left, right),
            CmpOp::IsNot => identical(left, right).map(|same| !same),
            CmpOp::Eq => self.equal(left, right, 0),
            CmpOp::NotEq => self.equal(left, right, 0).map(|same| !same),
            CmpOp::In => self.contains(right, left),
            CmpOp::NotIn => self.contains(right, left).map(|found| !found),
            CmpOp::Lt => self.less(left, right, 0),
            CmpOp::GtE => self.less(left, right, 0).map(|less| !less),
            CmpOp::Gt => self.less(right, left, 0),
            CmpOp::LtE => self.less(right, left, 0).map(|less| !less),
        }
    }

    /// `left == right`.
    pub(crate) fn equal(&self, left: &Value, right: &Value, depth: usize) -> Outcome<bool> {
        let number = |value: &Value| match value {
            Value::Bool(truth) => Some(i64::from(*truth)),
            Value::Int(number) => Some(*number),
            _ => None,
        };
        if let (Some(a), Some(b)) = (number(left), number(right)) {
            return Ok(a == b);
        }
        let (Value::Object(a), Value::Object(b)) = (left, right) else {
            return match (left, right) {
                (Value::Native(Native::SomeModule), other)
                | (other, Value::Native(Native::SomeModule)) => match other {
                    Value::Text(name) if !may_begin_library(name) => Ok(false),
                    _ => outside("the names of all modules that are loaded, compared"),
                },
                (Value::Float(_), Value::Int(_) | Value::Bool(_))
                | (Value::Int(_) | Value::Bool(_), Value::Float(_)) => {
                    outside("an integer and a fraction compared")
                }
                (Value::Dict(a), Value::Dict(b)) if a != b => self.equal_dicts(*a, *b, depth),
                _ => self.equal_by_identity(left, right),
            };
        };
        match (self.heap.get(*a), self.heap.get(*b)) {
            _ if a == b => self.equal_by_identity(left, right),
            _ if depth > MAX_DEPTH => outside("containers in containers compared"),
            (Object::List(a), Object::List(b)) => self.equal_items(a, b, depth),
            (Object::Tuple(a), Object::Tuple(b)) => self.equal_items(a, b, depth),
            (Object::Set(a), Object::Set(b)) => {
                Ok(a.len() == b.len() && a.iter().all(|item| b.contains(item)))
            }
            (Object::NamespacePath(_) | Object::Spec(_), _) => outside("paths or specs compared"),
            _ => self.equal_by_identity(left, right),
        }
    }

    fn equal_by_identity(&self, left: &Value, right: &Value) -> Outcome<bool> {
        for value in [left, right] {
            if let Value::Object(handle) = value
                && let Object::Instance(instance) = self.heap.get(*handle)
                && instance.class.is_none_or(|class| self.find_in_class(class, "__eq__").is_some())
            {
                return outside("objects compared that define what that means");
            }
        }
        Ok(left == right)
    }

    fn equal_dicts(&self, a: MapId, b: MapId, depth: usize) -> Outcome<bool> {
        if [a, b].contains(&self.modules) || depth > MAX_DEPTH {
            return outside("`sys.modules` or deep dictionaries compared");
        }
        let (a, b) = (self.heap.map(a), self.heap.map(b));
        if a.len() != b.len() {
            return Ok(false);
        }
        for (key, value) in a.iter() {
            match b.get(key) {
                Some(other) if self.equal(value, other, depth + 1)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    fn equal_items(&self, a: &[Value], b: &[Value], depth: usize) -> Outcome<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !self.equal(a, b, depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn less(&mut self, left: &Value, right: &Value, depth: usize) -> Outcome<bool> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => Ok(a < b),
            (Value::Text(a), Value::Text(b)) if has_halves(a) || has_halves(b) => {
                outside("an order of texts with half a surrogate pair")
            }
            (Value::Text(a), Value::Text(b)) => Ok(a < b),
            (Value::Object(a), Value::Object(b)) if depth <= MAX_DEPTH => {
                let (Object::Tuple(a), Object::Tuple(b)) = (self.heap.get(*a), self.heap.get(*b))
                else {
                    return outside("an order of other things than numbers, texts and tuples");
                };
                let (a, b) = (a.clone(), b.clone());
                for (a, b) in a.iter().zip(&b) {
                    if !self.equal(a, b, depth)? {
                        return self.less(a, b, depth + 1);
                    }
                }
                Ok(a.len() < b.len())
            }
            _ => outside("an order of other things than numbers, texts and tuples"),
        }
    }

    /// `item in container`.
    pub(crate) fn contains(&mut self, container: &Value, item: &Value) -> Outcome<bool> {
        self.charge(self.length(container).unwrap_or_default())?;
        if let Some(contains) = self.special(container, "__contains__")? {
            let found = self.call_with(&contains, [item.clone()])?;
            return self.truth(&found);
        }
        match (container, item) {
            (Value::Dict(id), Value::Text(key)) if *id == self.modules => {
                Ok(self.module(key)?.is_some())
            }
            (Value::Dict(id), Value::Text(key)) => Ok(self.heap.map(*id).contains(key)),
            (Value::Text(text), Value::Text(part)) => Ok(text.contains(&**part)),
            (Value::Object(handle), _) => {
                let items = match self.heap.get(*handle) {
                    Object::List(items) | Object::Set(items) => items.clone(),
                    Object::Tuple(items) => items.to_vec(),
                    Object::NamespacePath(_) => self.path_items(container)?,
                    _ => return outside(format!("`in` of {}", self.type_name(container))),
                };
                for other in &items {
                    if self.equal(other, item, 0)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => outside(format!("`in` of {}", self.type_name(container))),
        }
    }
}

fn identical(left: &Value, right: &Value) -> Outcome<bool> {
    // Whether equal texts and numbers are one object is up to the interpreter.
    match (left, right) {
        (Value::Native(Native::SomeModule), _) | (_, Value::Native(Native::SomeModule)) => {
            outside("all modules that are loaded, compared")
        }
        (Value::Text(a), Value::Text(b)) if a.object() != b.object() => Ok(false),
        (Value::Text(a), Value::Text(b)) if a.object().is_some() && a.object() == b.object() => {
            Ok(true)
        }
        (Value::Text(_), Value::Text(_)) | (Value::Int(_), Value::Int(_)) if left == right => {
            outside("the identity of texts or numbers")
        }
        _ => Ok(left == right),
    }
}
