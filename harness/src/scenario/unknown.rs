//! Keys that a format does not have: all of a file at once, where the reader of YAML stops at the first.
//!
//! Which keys there are says the JSON Schema of the type that the file is read into.

use std::fmt;

use schemars::{JsonSchema, schema_for};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::{
    explain::Place,
    wire::{Located, read},
};

/// A key that is not known in its place.
#[derive(Debug)]
pub(crate) struct UnknownKey {
    pub(crate) at: Place,
    pub(crate) key: String,
    /// The keys that there are.
    pub(crate) known: Vec<String>,
}

/// Every key of `text` that `T` does not have. None where it is no YAML at all.
pub(crate) fn unknown_keys<T: JsonSchema>(text: &str) -> Vec<UnknownKey> {
    let Ok(node) = read::<Node>(text) else { return Vec::new() };
    let root = schema_for!(T).to_value();
    let mut found = Vec::new();
    search(&Schema { root: &root, own: &root }, &node, &mut found);
    found.sort_by_key(|it| it.at);
    // an alias stands for the same place
    found.dedup_by_key(|it| it.at);
    found
}

/// A file as it nests, with the places of its keys.
enum Node {
    Map(Vec<(Located<String>, Node)>),
    List(Vec<Node>),
    Other,
}

/// A part of a schema, and the whole, which has what is referred to.
struct Schema<'a> {
    root: &'a Value,
    own: &'a Value,
}

impl<'a> Schema<'a> {
    fn of(&self, own: &'a Value) -> Self {
        Self { root: self.root, own }
    }

    /// The parts that this stands for: what it refers to, and what it may be instead.
    fn parts(&self) -> Vec<Self> {
        if let Some(place) = self.own["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
            return self.root.pointer(place).map(|it| self.of(it).parts()).unwrap_or_default();
        }
        let ways = ["anyOf", "oneOf"].iter().filter_map(|way| self.own[*way].as_array()).flatten();
        let ways = ways.flat_map(|way| self.of(way).parts());
        [self.of(self.own)].into_iter().chain(ways).collect()
    }
}

fn search(schema: &Schema<'_>, node: &Node, found: &mut Vec<UnknownKey>) {
    let parts = schema.parts();
    match node {
        Node::Map(entries) => {
            let described = parts.iter().find(|it| {
                it.own["properties"].is_object() || it.own["additionalProperties"].is_object()
            });
            let Some(map) = described else { return };
            for (key, value) in entries {
                search_in(map, key, value, found);
            }
        }
        Node::List(items) => {
            let Some(list) = parts.iter().find(|it| it.own["items"].is_object()) else { return };
            for item in items {
                search(&list.of(&list.own["items"]), item, found);
            }
        }
        Node::Other => {}
    }
}

fn search_in(map: &Schema<'_>, key: &Located<String>, value: &Node, found: &mut Vec<UnknownKey>) {
    let others = &map.own["additionalProperties"];
    match map.own["properties"].get(&key.value) {
        Some(own) => search(&map.of(own), value, found),
        None if others.is_object() => search(&map.of(others), value, found),
        None if *others == Value::Bool(false) => {
            let known = map.own["properties"].as_object();
            let known = known.map(|it| it.keys().cloned().collect()).unwrap_or_default();
            found.push(UnknownKey { at: key.at, key: key.value.clone(), known });
        }
        None => {}
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }
}
