//! Texts: what a `str` holds.
//!
//! A `str` may hold halves of surrogate pairs, which no text in Rust can. They are kept as characters
//! that nobody uses, the last of the private ones, and turned back where a text leaves the model.

use std::{borrow::Borrow, fmt, hash, ops::Deref, rc::Rc};

use crate::model::object::heap::Handle;

/// The first half of a pair, and how many halves there are.
const FIRST_HALF: u32 = 0xD800;
const HALVES: u32 = 0x800;
/// What stands for the first of them.
const FIRST_STAND_IN: u32 = 0x10_F800;

/// Text that is shared, never changed.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    text: Rc<str>,
    /// The object that it is, if its class is one of the program's that derives from `str`.
    object: Option<Handle>,
}

impl Text {
    /// The same text as an instance of a class that derives from `str`.
    pub(crate) fn of_object(&self, object: Handle) -> Self {
        Self { text: Rc::clone(&self.text), object: Some(object) }
    }

    /// The instance of a class of the program's that this text is.
    pub(crate) fn object(&self) -> Option<Handle> {
        self.object
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.text, f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Text {}

impl hash::Hash for Text {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { text: text.into(), object: None }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text: text.into(), object: None }
    }
}

/// The character of a number, with a stand-in for half a surrogate pair. Nothing for a number that
/// stands in for one itself, and for what is no character.
pub(crate) fn character(number: u32) -> Option<char> {
    match number.checked_sub(FIRST_HALF) {
        Some(offset) if offset < HALVES => char::from_u32(FIRST_STAND_IN + offset),
        _ => char::from_u32(number).filter(|character| half(*character).is_none()),
    }
}

/// The half of a surrogate pair that a character stands for.
pub(crate) fn half(character: char) -> Option<u32> {
    let offset = u32::from(character).checked_sub(FIRST_STAND_IN)?;
    Some(FIRST_HALF + offset)
}

/// A name as traces have it: half a surrogate pair as `\udXXX`, a backslash doubled.
pub(crate) fn canonical(name: &str) -> String {
    let mut canonical = String::with_capacity(name.len());
    for character in name.chars() {
        match (character, half(character)) {
            ('\\', _) => canonical.push_str(r"\\"),
            (_, Some(half)) => canonical.push_str(&escaped(half)),
            _ => canonical.push(character),
        }
    }
    canonical
}

/// Half a surrogate pair as an escape.
pub(crate) fn escaped(half: u32) -> String {
    format!("\\u{half:04x}")
}

/// Whether a text has halves of surrogate pairs in it.
pub(crate) fn has_halves(text: &str) -> bool {
    text.contains(|character| half(character).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_come_back_as_they_were() {
        for number in [0xD800, 0xDBFF, 0xDC80, 0xDFFF] {
            assert_eq!(character(number).and_then(half), Some(number), "{number:x}");
        }
        for number in [0, 0x41, 0xD7FF, 0xE000, 0xFFFD, 0x10_F7FF] {
            assert_eq!(character(number), char::from_u32(number), "{number:x}");
        }
        assert_eq!(character(0x10_FFFF), None);
    }

    #[test]
    fn a_half_and_its_spelling_are_two_names() {
        let half = character(0xD800).map(String::from).unwrap_or_default();
        assert_eq!(canonical(&format!("a{half}")), r"a\ud800");
        assert_eq!(canonical(r"a\ud800"), r"a\\ud800");
        assert_eq!(canonical("a\nb"), "a\nb");
    }
}
