//! How a scenario's process is started, on disk.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::{Located, TextOr, WireMap};

/// The word `spawn`, or how.
pub(in crate::scenario) type WireIsolation = TextOr<WireIsolationMap>;

/// The map form of `isolation`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct WireIsolationMap {
    pub(in crate::scenario) spawn: Located<WireSpawn>,
}

/// A process of its own, and how its interpreter starts.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Spawn")]
pub(in crate::scenario) struct WireSpawn {
    /// Options of the interpreter: `-X`, `-W`, `-O`, `-OO`, `-b`, `-bb` and `-u`, with what belongs
    /// to `-X` and `-W` in the same item or the next.
    #[serde(default)]
    pub(in crate::scenario) options: Vec<Located<String>>,
    /// Environment variables beside the usual ones. With one that starts with PYTHON the interpreter
    /// is started with `-s -S` instead of `-I -S`.
    #[serde(default)]
    pub(in crate::scenario) environment: WireMap<Located<String>>,
    /// Files of the user's site directory, which the interpreter's `site` processes at start-up:
    /// `.pth` files, `sitecustomize.py`, `usercustomize.py` and what they import.
    #[serde(default)]
    pub(in crate::scenario) site: WireMap<Located<String>>,
    /// The module that is run in place of `run`, as `python -m` runs it.
    #[schemars(with = "Option<String>")]
    pub(in crate::scenario) module: Option<Located<String>>,
}

pub(super) fn isolation_schema(generator: &mut SchemaGenerator) -> Schema {
    let spawn = generator.subschema_for::<WireSpawn>();
    json_schema!({ "anyOf": [
        { "const": "spawn" },
        {
            "type": "object",
            "properties": { "spawn": spawn },
            "required": ["spawn"],
            "additionalProperties": false,
        },
    ] })
}
