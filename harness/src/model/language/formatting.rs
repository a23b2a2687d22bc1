//! `"%s" % values`.

use crate::model::{
    language::expression::check_length,
    machine::Machine,
    object::value::{Object, Value},
    stop::{Outcome, outside},
};

impl Machine<'_> {
    /// `template.format(*values)`, for `{}` and `{0}`.
    pub(crate) fn format(&mut self, template: &str, values: &[Value]) -> Outcome<Value> {
        let mut text = String::new();
        let (mut rest, mut next) = (template, 0);
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let found = &rest[at..];
            if found.starts_with("{{") || found.starts_with("}}") {
                text.push_str(&found[..1]);
                rest = &found[2..];
                continue;
            }
            let Some((field, behind)) = found[1..].split_once('}') else {
                return outside("this format of `format()`");
            };
            let number = if field.is_empty() { Ok(next) } else { field.parse::<usize>() };
            let Ok(number) = number else { return outside("this format of `format()`") };
            next += 1;
            let Some(value) = values.get(number) else {
                return Err(self.error_without_message("IndexError"));
            };
            text.push_str(&self.str_of(value)?);
            rest = behind;
        }
        text.push_str(rest);
        check_length(text.len())?;
        Ok(Value::Text(text.into()))
    }

    /// `template % values`, for `%s`, `%r`, `%d` and `%%`.
    pub(crate) fn percent(&mut self, template: &str, values: &Value) -> Outcome<Value> {
        let values = match values {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Tuple(items) => items.to_vec(),
                _ => vec![values.clone()],
            },
            _ => vec![values.clone()],
        };
        let mut values = values.iter();
        let mut text = String::new();
        let mut characters = template.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                text.push(character);
                continue;
            }
            let kind = characters.next();
            if kind == Some('%') {
                text.push('%');
                continue;
            }
            let Some(value) = values.next() else {
                return Err(self.error("TypeError", "not enough arguments for format string"));
            };
            match (kind, value) {
                (Some('s'), _) => text.push_str(&self.str_of(value)?),
                (Some('r'), _) => text.push_str(&self.repr_of(value)?),
                (Some('d'), Value::Int(number)) => text.push_str(&number.to_string()),
                _ => return outside("this format of `%`"),
            }
        }
        if values.next().is_some() {
            return outside("more values than `%` asks for");
        }
        check_length(text.len())?;
        Ok(Value::Text(text.into()))
    }
}
