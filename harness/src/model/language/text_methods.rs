//! Methods of texts.

use crate::model::{
    language::expression::check_length, machine::Machine, object::value::Value, stop::Outcome,
};

impl Machine<'_> {
    pub(crate) fn text_method(&mut self, text: &str, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args) {
            ("startswith", [Value::Text(start)]) => Ok(Value::Bool(text.starts_with(&**start))),
            ("endswith", [Value::Text(end)]) => Ok(Value::Bool(text.ends_with(&**end))),
            ("partition" | "rpartition", [Value::Text(separator)]) if !separator.is_empty() => {
                let last = name == "rpartition";
                let split = if last {
                    text.rsplit_once(&**separator)
                } else {
                    text.split_once(&**separator)
                };
                let parts = match split {
                    Some((before, after)) => [before, separator, after],
                    None if last => ["", "", text],
                    None => [text, "", ""],
                };
                Ok(self.tuple(parts.map(Value::text).into()))
            }
            ("encode", []) => self.encode(text, &"utf-8".into()),
            ("encode", [Value::Text(codec)]) => self.encode(text, codec),
            ("split", [Value::Text(separator)]) if !separator.is_empty() => {
                let parts = text.split(&**separator).map(Value::text).collect();
                Ok(self.list(parts))
            }
            ("join", [items]) => {
                let mut parts = Vec::new();
                for item in self.items(items)? {
                    let Value::Text(part) = item else {
                        return Err(self.error_without_message("TypeError"));
                    };
                    parts.push(part.to_string());
                }
                let joined = parts.join(text);
                check_length(joined.len())?;
                Ok(Value::Text(joined.into()))
            }
            ("replace", [Value::Text(from), Value::Text(to)]) if !from.is_empty() => {
                check_length(text.len().saturating_mul(to.len().max(1)))?;
                Ok(Value::Text(text.replace(&**from, to).into()))
            }
            ("lower", []) if text.is_ascii() => Ok(Value::text(&text.to_ascii_lowercase())),
            ("upper", []) if text.is_ascii() => Ok(Value::text(&text.to_ascii_uppercase())),
            _ => self.more_of_text(text, name, args),
        }
    }

    /// More methods of texts: those that cut something off, or count.
    fn more_of_text(&mut self, text: &str, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args) {
            ("strip", []) if text.is_ascii() => Ok(Value::text(text.trim())),
            ("lstrip", []) if text.is_ascii() => Ok(Value::text(text.trim_start())),
            ("rstrip", []) if text.is_ascii() => Ok(Value::text(text.trim_end())),
            ("strip" | "lstrip" | "rstrip", [Value::Text(set)]) => {
                let is_in = |c: char| set.contains(c);
                Ok(Value::text(match name {
                    "strip" => text.trim_matches(is_in),
                    "lstrip" => text.trim_start_matches(is_in),
                    _ => text.trim_end_matches(is_in),
                }))
            }
            ("split", []) if text.is_ascii() => {
                let parts = text.split_whitespace().map(Value::text).collect();
                Ok(self.list(parts))
            }
            ("rsplit" | "split", [Value::Text(separator), Value::Int(most)])
                if !separator.is_empty() && *most >= 0 =>
            {
                let most = usize::try_from(*most).unwrap_or(usize::MAX).saturating_add(1);
                let mut parts: Vec<Value> = if name == "split" {
                    text.splitn(most, &**separator).map(Value::text).collect()
                } else {
                    text.rsplitn(most, &**separator).map(Value::text).collect()
                };
                if name == "rsplit" {
                    parts.reverse();
                }
                Ok(self.list(parts))
            }
            ("removeprefix", [Value::Text(part)]) => {
                Ok(Value::text(text.strip_prefix(&**part).unwrap_or(text)))
            }
            ("removesuffix", [Value::Text(part)]) => {
                Ok(Value::text(text.strip_suffix(&**part).unwrap_or(text)))
            }
            ("count", [Value::Text(part)]) if !part.is_empty() => {
                let count = text.matches(&**part).count();
                Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
            }
            ("startswith" | "endswith", [tuple @ Value::Object(_)]) => {
                let found = self.items(tuple)?.iter().any(|part| match part {
                    Value::Text(part) if name == "startswith" => text.starts_with(&**part),
                    Value::Text(part) => text.ends_with(&**part),
                    _ => false,
                });
                Ok(Value::Bool(found))
            }
            ("format", args) => self.format(text, args),
            _ => self.no_such_method(&Value::text(text), name),
        }
    }
}
