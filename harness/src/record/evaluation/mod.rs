//! The record of an evaluation: what candidates promise, and what came of it. One JSON document a
//! folder, because an evaluation is added up before anybody can read it.

mod convert;
mod folder;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use convert::{CostOf, EvaluatedBy, cost_record, evaluation_record};
pub use folder::{EvaluationFolder, NoEvaluation, find_evaluation};
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use tollgate_event::EventKind;

use super::{CountedRecord, InterpreterRecord, Provenance};
use crate::command::Places;

/// Version of the format.
pub(super) const FORMAT: u32 = 3;

/// `evaluation.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationRecord {
    format: u32,
    /// The command that makes it again, as far as the machine is the same.
    pub command: String,
    /// The candidates, in the order in which they are shown.
    pub candidates: Vec<CandidateRecord>,
    /// Overlays and builds of the same candidate, held against each other.
    pub twins: Vec<TwinsRecord>,
    /// What candidates cost, where that was measured.
    pub costs: Vec<PatchCostRecord>,
    /// Where all this comes from.
    pub provenance: Provenance,
    /// Where things are that commands about its cells have to name.
    #[serde(default, skip_serializing_if = "Places::is_usual")]
    pub places: Places,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateRecord {
    /// Its name.
    pub name: String,
    /// What it is, in one sentence.
    pub summary: String,
    /// Where it is proposed.
    pub link: String,
    /// Digest of its contract's events and of its overlay.
    pub digest: String,
    /// Whether it was built into an interpreter; else it was laid over importlib.
    pub is_build: bool,
    /// Whether the contract says where CPython's own `import` stands.
    pub places_import: bool,
    /// What it promises, in the order of the contract.
    pub rules: Vec<RuleRecord>,
    /// What it promises beside them, and what it leaves open.
    pub promises: Vec<PromiseRecord>,
    /// What came of it, interpreter by interpreter.
    pub shown: Vec<ShownRecord>,
}

/// One event of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleRecord {
    /// Its name.
    pub event: String,
    /// The edges that it marks, such as `import.start`.
    pub edges: Vec<String>,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Of which ends it speaks.
    pub fires: FiresWord,
    /// Why it may be missing; nothing if it may not.
    pub may_miss: Option<String>,
    /// Why it may come once too often; nothing if it may not.
    pub may_repeat: Option<String>,
    /// Why it may come where no witness sees what it is about; nothing if it may not.
    pub may_add: Option<String>,
}

/// One thing that a contract could promise of the moment of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseRecord {
    /// The edge, such as `load.end`.
    pub edge: String,
    /// The event that marks it, as a hook tells it from others.
    pub event: String,
    /// What it is about, such as `module-lock`.
    pub topic: String,
    /// What is promised; nothing where that is left open.
    pub promise: Option<String>,
}

/// See [`crate::contract::Fires`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words of `contract::Fires`")]
pub enum FiresWord {
    Always,
    OnSuccess,
    OnFailure,
}

/// What a candidate showed on an interpreter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownRecord {
    /// The interpreter of the truth; for a build, the base.
    pub interpreter: InterpreterRecord,
    /// Scenarios that were held against the truth.
    pub judged: usize,
    /// Those of them in which the contract was kept and the program undisturbed.
    pub conforming: usize,
    /// Events in their place.
    pub kept: usize,
    /// Events that were missing and may be.
    pub missed: usize,
    /// Events that came once too often, or without a cause that witnesses see, and may.
    pub repeated: usize,
    /// Scenarios that say nothing about this interpreter.
    pub not_applicable: usize,
    /// Scenarios that show nothing, with the reason.
    pub inconclusive: Vec<(String, String)>,
    /// What was not kept, by its sort. `rank` says which to tell first.
    pub flaws: BTreeMap<String, FlawRecord>,
    /// How often `import` stood before the start of the same import, after it, and nowhere.
    pub import_stood: [usize; 3],
    /// By the event, how often its thread held the lock of the module, and how often not.
    pub locks: BTreeMap<String, [usize; 2]>,
    /// By the scenario, the contract's events about its modules: event and module.
    pub heard: BTreeMap<String, Vec<(String, String)>>,
    /// What hooks can do.
    pub probes: Vec<ProbeRecord>,
}

/// A sort of flaw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlawRecord {
    /// How many there were.
    pub count: usize,
    /// In which scenarios, in order.
    pub scenarios: Vec<String>,
    /// The first one of the first of these scenarios, in words.
    pub example: String,
    /// The first scenario whose cell shows it; nothing for what only probes find.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_in: Option<String>,
    /// Whether a plain script shows it there. An argument or a lock takes more.
    #[serde(default)]
    pub is_plain: bool,
    /// How near to the cause it is: 0 for how the program ends, 1 for arguments of events, 2 for events that are
    /// missing or too many, 3 for their order, 4 for whatever else can be noticed.
    pub rank: u8,
}

/// What one probe found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeRecord {
    /// What was tried: see [`crate::evaluation::Probe`].
    pub probe: String,
    /// At which edge, such as `load.end`; nothing where it is about all events.
    pub edge: Option<String>,
    /// The event that marks this edge, as a hook tells it from others.
    pub event: Option<String>,
    /// What it printed.
    pub facts: BTreeMap<String, String>,
    /// What the program did instead of printing it.
    pub ending: Option<String>,
}

/// An overlay and a build of the same candidate on one interpreter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwinsRecord {
    /// The candidate's name.
    pub candidate: String,
    /// The interpreter's label.
    pub interpreter: String,
    /// Scenarios in which both were judged.
    pub scenarios: usize,
    /// Those of them in which they did not hear the same.
    pub differing: Vec<String>,
}

/// What one candidate costs in one workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchCostRecord {
    /// The candidate's name.
    pub candidate: String,
    /// `build`, or `overlay` where it was laid over the base.
    pub way: String,
    /// The base, by its label.
    pub interpreter: String,
    /// The workload's name.
    pub workload: String,
    /// Who listens, with and without the candidate.
    pub listener: String,
    /// With the candidate over without; nothing if no sample was usable.
    pub changed: Option<RatioRecord>,
    /// The base over itself.
    pub again: Option<RatioRecord>,
    /// Instructions of both, where they were counted.
    pub counted: Option<CountedRecord>,
}

/// A ratio of times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RatioRecord {
    /// The ratio.
    pub ratio: f64,
    /// Bounds of its 95 % interval; nothing where one launch cannot give any.
    pub interval: Option<[f64; 2]>,
    /// Smallest effect, as a fraction, that would have shown with 80 % power.
    pub detectable: Option<f64>,
    /// `slower`, `faster`, `equivalent`, `inconclusive` or `unfit`.
    pub verdict: String,
    /// How many parents were launched.
    pub launches: usize,
}

/// The JSON Schema of an [`EvaluationRecord`].
pub fn evaluation_schema() -> String {
    let schema = schema_for!(EvaluationRecord);
    serde_json::to_string_pretty(&schema).expect("a schema is plain JSON") + "\n"
}

impl EvaluationRecord {
    /// The same, with things in these places.
    #[must_use]
    pub fn with_places(self, places: Places) -> Self {
        Self { places, ..self }
    }
}

impl CandidateRecord {
    /// The rule for one kind of edge.
    pub fn rule(&self, kind: EventKind) -> Option<&RuleRecord> {
        self.rules.iter().find(|rule| rule.edges.iter().any(|edge| edge == kind.word()))
    }
}
