//! Texts as they are written in the source.
//!
//! Ruff has the texts without their escapes, but with U+FFFD for half a surrogate pair. Where there is
//! one, the source is read again.

use ruff_python_ast::{StringFlags as _, StringLiteralValue};
use ruff_text_size::{Ranged, TextRange};

use crate::model::{
    machine::Machine,
    object::{
        string::{character, has_halves},
        value::Value,
    },
    source::sources::FileId,
    stop::{Outcome, doubt},
};

impl Machine<'_> {
    /// The value of a text in the source of `file`.
    pub(crate) fn literal(&self, file: FileId, literal: &StringLiteralValue) -> Outcome<Value> {
        let text = literal.to_str();
        if text.is_ascii() {
            return Ok(Value::text(text));
        }
        let mut whole = String::new();
        for part in literal {
            let prefix = part.flags.prefix();
            let quotes = if part.flags.is_triple_quoted() { 3 } else { 1 };
            let start = prefix.text_len().to_usize() + quotes;
            let source = &self.sources.text(file)[part.range()];
            let source = source.get(start..source.len() - quotes).unwrap_or_default();
            whole.push_str(&unescaped(&part.value, source, prefix.is_raw())?);
        }
        Ok(Value::text(&whole))
    }

    /// The value of a part of an f-string in the source of `file`.
    pub(crate) fn literal_part(
        &self,
        file: FileId,
        value: &str,
        range: TextRange,
        is_raw: bool,
    ) -> Outcome<String> {
        let source = self.sources.text(file)[range].replace("{{", "{").replace("}}", "}");
        unescaped(value, &source, is_raw)
    }
}

/// The text that `source` means, of which Ruff says that it is `value`.
fn unescaped(value: &str, source: &str, is_raw: bool) -> Outcome<String> {
    if has_halves(value) {
        let why = "the model has another use for them";
        return doubt("a text with one of the last 2,048 characters of all", why);
    }
    if is_raw || !value.contains(char::REPLACEMENT_CHARACTER) {
        return Ok(value.to_owned());
    }
    match read(source) {
        Some(text) => Ok(text),
        None => {
            doubt("a text with U+FFFD or half a surrogate pair", "its escapes are not followed")
        }
    }
}

/// Reads a text with its escapes; nothing for one with an escape that names a character.
fn read(source: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = source.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            text.push(next);
            continue;
        }
        let escape = rest.next()?;
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        match escape {
            '\n' => {}
            '\\' | '\'' | '"' => text.push(escape),
            'a' => text.push('\x07'),
            'b' => text.push('\x08'),
            'f' => text.push('\x0c'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'v' => text.push('\x0b'),
            'x' | 'u' | 'U' => {
                let code = rest.as_str().get(..digits)?;
                text.push(character(u32::from_str_radix(code, 16).ok()?)?);
                rest = rest.as_str()[digits..].chars();
            }
            'N' | '0'..='7' | '\r' => return None,
            _ => text.extend(['\\', escape]),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_python_reads_them() {
        assert_eq!(read(r"a\n\x41\u00e9\q\\").as_deref(), Some("a\nA\u{e9}\\q\\"));
        let halves = read(r"\ud83d\ude00").unwrap_or_default();
        assert!(halves.chars().count() == 2 && has_halves(&halves));
        assert_eq!(read(r"\N{BULLET}"), None);
        assert_eq!(read("a\\\nb").as_deref(), Some("ab"));
    }
}
