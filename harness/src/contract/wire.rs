//! The shape of a contract on disk.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::{Located, WireMap};

/// What a candidate promises.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WireContract {
    /// What it is, in one sentence.
    pub(super) summary: Located<String>,
    /// Where it is proposed or described.
    pub(super) link: Located<String>,
    /// The versions that it can be laid over. Without it: `>=3.9`.
    pub(super) python: Option<Located<String>>,
    /// `before` or `after`: where the event `import` stands beside `import.start`.
    #[serde(rename = "import-event")]
    pub(super) import_event: Option<Located<String>>,
    /// The events, by their names.
    pub(super) events: WireMap<Located<WireEvent>>,
    /// What is promised beside them, by the edge and what it is about.
    pub(super) promises: Option<WirePromises>,
}

/// What is promised, by the edge and what it is about.
pub(super) type WirePromises = WireMap<Located<WireMap<Located<String>>>>;

/// One event.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WireEvent {
    /// The edge that it marks, such as `import.start`; or an operation whose start and end it marks.
    pub(super) marks: Located<String>,
    /// What its arguments are, in order.
    pub(super) arguments: Vec<Located<String>>,
    /// `always`, `on success` or `on failure`. Without it: `always`.
    pub(super) fires: Option<Located<String>>,
    /// Why it may be missing.
    #[serde(rename = "may-miss")]
    pub(super) may_miss: Option<String>,
    /// Why it may come once too often.
    #[serde(rename = "may-repeat")]
    pub(super) may_repeat: Option<String>,
    /// Why it may come where no witness sees what it is about.
    #[serde(rename = "may-add")]
    pub(super) may_add: Option<String>,
}
