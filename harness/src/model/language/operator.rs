//! Operators, truth, and what can be iterated over.

use ruff_python_ast::Operator;

use crate::model::{
    language::{call::Arguments, expression::check_length},
    machine::Machine,
    object::{
        native::Native,
        value::{Object, Value},
    },
    stop::{Outcome, doubt, outside},
};

/// Whether a value may stand beside `|` in an annotation.
fn is_type(machine: &Machine<'_>, value: &Value) -> bool {
    match value {
        Value::None | Value::Native(Native::Type(_) | Native::Exception(_)) => true,
        Value::Native(Native::Function(function)) => function.is_class(),
        Value::Object(handle) => matches!(machine.heap.get(*handle), Object::Class(_)),
        _ => false,
    }
}

impl Machine<'_> {
    /// `bool(value)`.
    pub(crate) fn truth(&mut self, value: &Value) -> Outcome<bool> {
        match value {
            Value::None => Ok(false),
            Value::Bool(truth) => Ok(*truth),
            Value::Int(number) => Ok(*number != 0),
            Value::Float(number) => Ok(*number != 0.0),
            Value::Native(_) => Ok(true),
            Value::Bytes(text) => Ok(!text.is_empty()),
            Value::Text(_) | Value::Dict(_) => Ok(self.length(value) != Some(0)),
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(items) | Object::Set(items) => Ok(!items.is_empty()),
                Object::Tuple(items) => Ok(!items.is_empty()),
                Object::NamespacePath(path) => Ok(!path.path.is_empty()),
                Object::Instance(_) => {
                    for name in ["__bool__", "__len__"] {
                        if let Some(method) = self.special(value, name)? {
                            let answer = self.call(&method, Arguments::default())?;
                            return match answer {
                                Value::Bool(truth) => Ok(truth),
                                Value::Int(number) => Ok(number != 0),
                                _ => Err(self.error_without_message("TypeError")),
                            };
                        }
                    }
                    Ok(true)
                }
                _ => Ok(true),
            },
        }
    }

    /// `len(value)` of what the model knows the length of; texts count characters.
    pub(crate) fn length(&self, value: &Value) -> Option<usize> {
        match value {
            Value::Text(text) => Some(text.chars().count()),
            // `sys.modules` holds what the standard library has loaded: no more is known.
            Value::Dict(id) if *id != self.modules => Some(self.heap.map(*id).len()),
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(items) | Object::Set(items) => Some(items.len()),
                Object::Tuple(items) => Some(items.len()),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a `for` goes through in a container of the interpreter's own.
    pub(crate) fn plain_items(&mut self, value: &Value) -> Outcome<Vec<Value>> {
        self.charge(self.length(value).unwrap_or_default())?;
        match value {
            Value::Text(text) => {
                Ok(text.chars().map(|c| Value::Text(c.to_string().into())).collect())
            }
            Value::Dict(id) => {
                // what else the library has loaded depends on the version
                let others = (*id == self.modules).then_some(Value::Native(Native::SomeModule));
                let keys = self.heap.map(*id).keys().map(|key| Value::Text(key.to_text()));
                Ok(others.into_iter().chain(keys).collect())
            }
            Value::None | Value::Bool(_) | Value::Int(_) => {
                let message = format!("'{}' object is not iterable", self.type_name(value));
                Err(self.error("TypeError", message))
            }
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(items) => Ok(items.clone()),
                Object::Tuple(items) => Ok(items.to_vec()),
                Object::Set(items) if items.len() < 2 => Ok(items.clone()),
                Object::Set(_) => doubt("a loop over a set", "its order is up to the hash seed"),
                Object::NamespacePath(_) => self.path_items(value),
                Object::File(_) => self.lines(*handle),
                _ => outside(format!("a loop over {}", self.type_name(value))),
            },
            _ => outside(format!("a loop over {}", self.type_name(value))),
        }
    }

    /// `left op right` for what is no comparison.
    pub(crate) fn binary(&mut self, op: Operator, left: &Value, right: &Value) -> Outcome<Value> {
        self.charge(self.length(left).unwrap_or_default())?;
        if let (Value::Int(a), Value::Int(b)) = (left, right) {
            return self.arithmetic(op, *a, *b);
        }
        match (op, left, right) {
            (Operator::BitOr, _, _) if is_type(self, left) && is_type(self, right) => {
                if self.rules.since(10) {
                    return Ok(Self::class_named("UnionType"));
                }
                Err(self.error_without_message("TypeError"))
            }
            (Operator::Mod, Value::Text(template), _) => self.percent(template, right),
            (Operator::Add, Value::Text(a), Value::Text(b)) => {
                check_length(a.len() + b.len())?;
                Ok(Value::Text(format!("{a}{b}").into()))
            }
            (Operator::Add, Value::Object(a), Value::Object(b)) => {
                match (self.heap.get(*a), self.heap.get(*b)) {
                    (Object::List(a), Object::List(b)) => {
                        check_length(a.len() + b.len())?;
                        let items = [&a[..], &b[..]].concat();
                        Ok(self.list(items))
                    }
                    (Object::Tuple(a), Object::Tuple(b)) => {
                        check_length(a.len() + b.len())?;
                        let items = [&a[..], &b[..]].concat();
                        Ok(self.tuple(items))
                    }
                    _ => self.unsupported(op, left, right),
                }
            }
            _ => self.unsupported(op, left, right),
        }
    }

    fn unsupported<T>(&mut self, op: Operator, left: &Value, right: &Value) -> Outcome<T> {
        let plain = |value: &Value| {
            matches!(value, Value::None | Value::Int(_) | Value::Text(_) | Value::Dict(_))
        };
        // `"a" * 2` and `"%s" % x` mean something.
        let may_mean = matches!(op, Operator::Mult | Operator::Mod | Operator::BitOr);
        if plain(left) && plain(right) && !may_mean {
            return Err(self.error_without_message("TypeError"));
        }
        let (left, right) = (self.type_name(left), self.type_name(right));
        outside(format!("`{op}` between {left} and {right}"))
    }

    fn arithmetic(&mut self, op: Operator, a: i64, b: i64) -> Outcome<Value> {
        let result = match op {
            Operator::Add => a.checked_add(b),
            Operator::Sub => a.checked_sub(b),
            Operator::Mult => a.checked_mul(b),
            Operator::Div if b == 0 => {
                return Err(self.error("ZeroDivisionError", "division by zero"));
            }
            // The messages differ by version.
            Operator::FloorDiv | Operator::Mod if b == 0 => {
                return Err(self.error_without_message("ZeroDivisionError"));
            }
            Operator::FloorDiv => {
                let quotient = a.checked_div(b);
                let inexact = a.checked_rem(b).is_some_and(|rest| rest != 0);
                quotient.map(|q| if inexact && (a < 0) != (b < 0) { q - 1 } else { q })
            }
            Operator::Mod => a
                .checked_rem(b)
                .map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }),
            _ => None,
        };
        match result {
            Some(number) => Ok(Value::Int(number)),
            None => outside(format!("`{op}` between integers, or its result")),
        }
    }
}
