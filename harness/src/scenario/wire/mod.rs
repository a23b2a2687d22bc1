//! The shape of a scenario on disk.
//!
//! The doc comments of the fields are what editors show: the JSON Schema is made from these types.

mod isolation;
mod text_or;

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use isolation::isolation_schema;
pub(super) use isolation::{WireIsolation, WireSpawn};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};
use serde_yaml::{MergeKeyPolicy, Spanned};
pub(super) use text_or::{A_NUMBER, TextOr};

use super::explain::{Place, place};

/// How often a file may use an alias, and how many values it may name for that. Aliases copy: with
/// these few, a file of 1 MiB stays under 20 MiB in memory.
pub(super) const MAX_ALIASES: usize = 16;
/// How deep maps and lists may be nested. The format itself needs two levels.
pub(super) const MAX_DEPTH: usize = 16;

/// Reads one file of ours; what the values mean is checked by whoever parses them.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_yaml::Error> {
    let budget = serde_yaml::budget! {
        max_aliases: MAX_ALIASES,
        max_anchors: MAX_ALIASES,
        max_depth: MAX_DEPTH,
    };
    let options = serde_yaml::options! {
        budget: budget,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    serde_yaml::from_str_with_options(text, options)
}

/// The JSON Schema of a scenario file, for editors. Ends with a newline.
pub fn schema() -> String {
    let schema = schemars::schema_for!(WireScenario);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

/// A small Python project and what happens when it runs. FORMAT.md explains each key by example.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "Tollgate scenario",
    extend("anyOf" = [{ "required": ["run"] }, { "required": ["isolation"] }])
)]
pub(super) struct WireScenario {
    /// The behaviour in one sentence, on one line.
    pub(super) summary: Located<String>,
    /// Where the behaviour is described: issues, documentation, the catalogue.
    #[serde(default)]
    pub(super) see: Vec<String>,
    /// The Python versions that the scenario applies to, such as `>=3.9,<3.15`. Without it:
    /// `>=3.9`.
    #[schemars(with = "Option<String>")]
    pub(super) python: Option<Located<String>>,
    /// The project: the text of each file by its path, with `/` between folders.
    #[serde(default)]
    pub(super) files: WireMap<Located<String>>,
    /// A package tree to generate beside the files.
    #[schemars(with = "Option<WireGenerate>")]
    pub(super) generate: Option<Located<WireGenerate>>,
    /// Python that runs before the hook is installed and before anything is observed.
    pub(super) setup: Option<String>,
    /// The Python that is observed. Left out where `isolation` names a `module`.
    #[schemars(with = "Option<String>")]
    pub(super) run: Option<Located<String>>,
    /// `spawn` for a process of its own, or a map that says how its interpreter starts. Without it,
    /// the process may be forked from a warm interpreter.
    #[serde(default)]
    #[schemars(schema_with = "isolation_schema")]
    pub(super) isolation: Option<Located<WireIsolation>>,
    /// The type of the exception that the program ends with: a name, or a map from version ranges to
    /// names, with `null` where it ends well. Without it, it ends well.
    #[serde(default)]
    #[schemars(schema_with = "raises_schema")]
    pub(super) raises: Option<Located<WireByVersion>>,
    /// For a program that ends its own process, as `os._exit(3)` does: the exit status, from 0 to 255, or
    /// the name of the signal that ends it; or a map from version ranges to these, with `null` where it
    /// does not.
    #[serde(default)]
    #[schemars(schema_with = "exits_schema")]
    pub(super) exits: Option<Located<WireByVersion<Scalar>>>,
    /// What the import system does while `run` runs, one span a line, indented by two spaces a
    /// level: a block, or a map from version ranges to blocks.
    #[schemars(schema_with = "trace_schema")]
    pub(super) trace: Located<WireByVersion>,
}

/// A package tree described instead of written out.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Generate")]
pub(super) struct WireGenerate {
    /// Which module imports which.
    pub(super) shape: WireShape,
    /// How many modules there are, packages included: 2 to 100,000.
    #[schemars(with = "usize", range(min = 2, max = 100_000))]
    pub(super) modules: Located<usize>,
    /// What makes a folder a package. Without it: `regular`.
    #[serde(default)]
    pub(super) packages: WirePackages,
    /// For a `tree`, how many children a package has. Without it: 10.
    #[schemars(with = "Option<usize>", range(min = 2))]
    pub(super) branching: Option<Located<usize>>,
    /// Python after the imports of each module.
    pub(super) body: Option<String>,
    /// The name of the root package. Without it: `gen`.
    #[schemars(with = "Option<String>")]
    pub(super) root: Option<Located<String>>,
}

/// Which module of a generated tree imports which.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Shape")]
pub(super) enum WireShape {
    /// `m0` imports `m1`, which imports `m2`, and so on; import `gen.m0`.
    Chain,
    /// The root package imports all others; import `gen`, or `gen.top` with namespace packages.
    FanOut,
    /// Packages import their children; import `gen`, or `gen.top` with namespace packages.
    Tree,
}

/// What makes a folder of a generated tree a package.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Packages")]
pub(super) enum WirePackages {
    /// An `__init__.py`.
    #[default]
    Regular,
    /// Nothing.
    Namespace,
}

/// A value and where it is written. Where the value is an alias, that is the place of the value
/// that the alias stands for.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) at: Place,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, defined, .. } = Spanned::deserialize(deserializer)?;
        Ok(Self { value, at: place(defined) })
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A map from texts, in the order of the file.
pub(crate) struct WireMap<T>(pub(crate) Vec<(Located<String>, T)>);

impl<T> Default for WireMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for WireMap<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData)).map(Self)
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Vec<(Located<String>, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

impl<T: JsonSchema> JsonSchema for WireMap<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "files".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(generator)
    }
}

/// A text, or a map from version ranges to texts; nothing where the file says `null`.
pub(super) type WireByVersion<T = String> = TextOr<WireMap<Option<Located<T>>>>;

/// A number, or a text: as text.
#[derive(Clone, Debug)]
pub(super) struct Scalar(pub(super) String);

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match TextOr::<IgnoredAny>::deserialize(deserializer)? {
            TextOr::Text(text) => Ok(Self(text)),
            TextOr::Number(number) => Ok(Self(number.to_string())),
            // what is no status is said at its place by whoever parses it
            TextOr::Map(IgnoredAny) => Ok(Self("a map".to_owned())),
            TextOr::Other(found) => Ok(Self(found.to_owned())),
        }
    }
}

fn trace_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [
        { "type": "string" },
        { "type": "object", "additionalProperties": { "type": "string" } },
    ] })
}

fn exits_schema(_: &mut SchemaGenerator) -> Schema {
    let status = json_schema!({ "anyOf": [
        { "type": "integer", "minimum": 0, "maximum": 255 },
        { "type": "string", "pattern": "^SIG[A-Z0-9]+$" },
    ] });
    json_schema!({ "anyOf": [
        status,
        { "type": "object", "additionalProperties": { "anyOf": [status, { "type": "null" }] } },
    ] })
}

fn raises_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [
        { "type": "string" },
        { "type": "object", "additionalProperties": { "type": ["string", "null"] } },
    ] })
}
