//! `"%s" % values`.

use crate::model::{
    language::expression::check_length,
    machine::Machine,
    object::value::{Object, Value},
    stop::{Outcome, outside},
};

impl Machine<'_> {
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
