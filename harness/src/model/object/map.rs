//! A dictionary with text keys that keeps the order of insertion, as Python's do.
//!
//! `_load_unlocked` takes every module out of `sys.modules` and puts it back at the end, so removal
//! must not cost what the whole dictionary does: a removed entry leaves a hole, and holes are swept
//! when they are the majority. `IndexMap` would shift all that follows.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::{Hash, Hasher},
    ops::Deref,
};

pub(crate) use crate::model::object::string::Text;
use crate::model::object::value::Value;

/// A key: most are names that Python itself gives, and need no copy.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    Static(&'static str),
    Shared(Text),
}

impl Key {
    /// The key as a text.
    pub(crate) fn to_text(&self) -> Text {
        match self {
            Self::Static(text) => (*text).into(),
            Self::Shared(text) => Text::clone(text),
        }
    }
}

impl Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        self
    }
}

impl From<&'static str> for Key {
    fn from(text: &'static str) -> Self {
        Self::Static(text)
    }
}

impl From<Text> for Key {
    fn from(text: Text) -> Self {
        Self::Shared(text)
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        self
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        str::hash(self, state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Key {}

/// Up to this many entries a search from the end is faster than a hash.
const SMALL: usize = 16;

#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    entries: Vec<Option<(Key, Value)>>,
    /// Where each key is in `entries`; nothing while the map is small.
    #[expect(
        clippy::box_collection,
        reason = "most maps are small, and an empty index takes six times a pointer"
    )]
    index: Option<Box<HashMap<Key, usize>>>,
    len: usize,
}

impl Map {
    /// An empty map with room for this many entries.
    pub(crate) fn with_capacity(entries: usize) -> Self {
        Self { entries: Vec::with_capacity(entries), ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        let position = self.position(key)?;
        self.entries[position].as_ref().map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Replaces the value of a key in its place, or adds the key at the end.
    pub(crate) fn insert(&mut self, key: impl Into<Key> + AsRef<str>, value: Value) {
        if let Some(position) = self.position(key.as_ref())
            && let Some((_, old)) = &mut self.entries[position]
        {
            *old = value;
            return;
        }
        let key = key.into();
        if let Some(index) = &mut self.index {
            index.insert(key.clone(), self.entries.len());
        }
        self.entries.push(Some((key, value)));
        self.len += 1;
        if self.index.is_none() && self.entries.len() > SMALL {
            self.sweep();
        }
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Value> {
        self.remove_entry(key).map(|(_, value)| value)
    }

    /// Removes a key, and gives back with its value the key itself, so that it can be put in again.
    pub(crate) fn remove_entry(&mut self, key: &str) -> Option<(Key, Value)> {
        let position = self.position(key)?;
        if let Some(index) = &mut self.index {
            index.remove(key);
        }
        let entry = self.entries[position].take()?;
        self.len -= 1;
        if position + 1 == self.entries.len() {
            self.entries.pop();
        }
        if self.entries.len() > SMALL && self.len < self.entries.len() / 2 {
            self.sweep();
        }
        Some(entry)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.entries.iter().flatten().map(|(key, value)| (key, value))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.iter().map(|(key, _)| key)
    }

    fn position(&self, key: &str) -> Option<usize> {
        if let Some(index) = &self.index {
            return index.get(key).copied();
        }
        self.entries.iter().rposition(|entry| entry.as_ref().is_some_and(|(k, _)| &**k == key))
    }

    /// Closes the holes, and drops or builds the index as the size asks for.
    fn sweep(&mut self) {
        self.entries.retain(Option::is_some);
        self.index = (self.entries.len() > SMALL).then(|| {
            let keys = self.entries.iter().flatten().map(|(key, _)| key.clone());
            Box::new(keys.zip(0..).collect())
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against the obvious implementation: a vector of pairs.
        #[test]
        fn it_behaves_like_a_list_of_pairs(steps in prop::collection::vec((0_u8..40, any::<bool>()), 0..400)) {
            let mut map = Map::default();
            let mut pairs: Vec<(String, i64)> = Vec::new();
            for (count, (key, add)) in (0_i64..).zip(steps) {
                let key = key.to_string();
                let position = pairs.iter().position(|(k, _)| *k == key);
                match (add, position) {
                    (true, Some(position)) => pairs[position].1 = count,
                    (true, None) => pairs.push((key.clone(), count)),
                    (false, Some(position)) => drop(pairs.remove(position)),
                    (false, None) => {}
                }
                if add {
                    map.insert(Text::from(key.as_str()), Value::Int(count));
                } else {
                    prop_assert_eq!(map.remove(&key).is_some(), position.is_some());
                }
                prop_assert_eq!(map.len(), pairs.len());
            }
            let found = map.iter().map(|(key, value)| match value {
                Value::Int(number) => (key.to_string(), *number),
                other => panic!("{other:?} was never put in"),
            });
            prop_assert_eq!(found.collect::<Vec<_>>(), pairs.clone());
            for (key, _) in &pairs {
                prop_assert!(map.contains(key) && map.get(key).is_some());
            }
        }
    }
}
