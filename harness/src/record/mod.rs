//! Records: what a run leaves on disk, one JSON line a finding.
//!
//! These are the shapes on disk and nothing else; reports are rendered from them and never from the
//! runner, so that a report can be made again, or made differently, long after the run.

mod book;
mod composition;
mod convert;
mod counts;
mod evaluation;
mod find;
#[cfg(test)]
pub(crate) mod fixtures;
mod footprint;
mod inputs;
mod journal;
mod key;
mod machine;
mod merge;
mod overhead;
mod plan;
mod provenance;
mod read;
mod resume;
mod run;
mod shard;
mod sources;
#[cfg(test)]
mod tests;

use std::{io, path::Path};

pub use book::Book;
pub use composition::{
    CompositionRecord, MemberRecord, RefusalRecord, RepeatedRecord, ShareRecord, composition_record,
};
pub use convert::{cell_record, truth_record};
pub use counts::Counts;
pub use evaluation::{
    CandidateRecord, CostOf, EvaluatedBy, EvaluationFolder, EvaluationRecord, FiresWord,
    FlawRecord, NoEvaluation, PatchCostRecord, ProbeRecord, PromiseRecord, RatioRecord, RuleRecord,
    ShownRecord, TwinsRecord, cost_record, evaluation_record, evaluation_schema, find_evaluation,
};
pub use find::{FoundRun, NoRun};
pub use footprint::{FootprintRecord, footprint_record};
pub use inputs::{Inputs, InterpreterInput};
pub use key::{Key, Keys};
pub use machine::Machine;
pub use merge::{Contradiction, MergeError, fit, merge};
pub use overhead::{
    ConditionsRecord, ConfirmationRecord, ControlRecord, CountedRecord, OverheadRecord, SeedRecord,
    overhead_record,
};
pub use plan::{Asked, CellKey, Children, Measuring, Part, Plan, Timing};
pub use provenance::Provenance;
pub use read::{Records, read};
pub use resume::{Earlier, EarlierRun, ResumeError};
pub use run::{RunFolder, RunId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use shard::{BadShard, Shard};
pub use sources::{FileRecord, SourceRecord, Sources};

/// Version of the records' format. A reader refuses what it does not know.
pub const FORMAT: u32 = 7;

/// One line of `records.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Record {
    /// What really happens in a scenario on an interpreter.
    Truth(TruthRecord),
    /// What a strategy showed of it.
    Cell(CellRecord),
    /// What a strategy costs in a workload on an interpreter.
    Overhead(OverheadRecord),
    /// What a strategy takes of stack and memory on an interpreter.
    Footprint(FootprintRecord),
    /// What became of hooks in company on an interpreter.
    Composition(CompositionRecord),
}

/// An interpreter, as records name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterpreterRecord {
    /// Version with build markers, such as `3.13.0` or `3.14.0t`; unique within a run.
    pub label: String,
    /// `sys.version`, first line.
    pub version: String,
    /// The executable.
    pub path: String,
    /// Platform it was built for.
    pub platform: String,
}

/// Whether the witnesses of a scenario agree on an interpreter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TruthRecord {
    /// Where it ran.
    pub interpreter: InterpreterRecord,
    /// Name of the scenario.
    pub scenario: String,
    /// Digest of the scenario's file.
    pub digest: String,
    /// `agreed`, `disputed`, `not-applicable` or `unknown`.
    pub truth: TruthWord,
    /// Why, unless agreed.
    pub reason: Option<String>,
    /// The witnesses that say nothing: of `model` and `modules` those that abstain. Empty where no
    /// witness was asked.
    pub silent: Vec<SilenceRecord>,
    /// What is said by those that disagree, where the truth is disputed.
    pub dispute: Option<DisputeRecord>,
    /// Everything the recorder saw, as trace text.
    pub recorded: String,
    /// What was loaded before the scenario, in order.
    pub preloaded: Vec<String>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// See [`crate::matrix::Truth`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words of `matrix::Truth`")]
pub enum TruthWord {
    Agreed,
    Disputed,
    NotApplicable,
    Unknown,
}

/// A witness that says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SilenceRecord {
    /// `model` or `modules`.
    pub witness: String,
    /// Why it abstains.
    pub reason: String,
}

/// What parties that disagree say. Parties are `author`, `model`, `modules`, `recorder` and
/// `program`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeRecord {
    /// Who stands alone, where that can be told.
    pub culprit: Option<String>,
    /// Every two that disagree, those with the culprit first; at least one.
    pub disagreements: Vec<DisagreementRecord>,
}

/// Two parties that say different things.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisagreementRecord {
    /// `trace`, `bodies`, `end` or `modules`.
    pub about: String,
    /// The one side.
    pub left: SideRecord,
    /// The other, which is the culprit if one of the two is.
    pub right: SideRecord,
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideRecord {
    /// Who says it.
    pub party: String,
    /// What is said: trace text, or a line for each item.
    pub text: String,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellRecord {
    /// Where it ran.
    pub interpreter: InterpreterRecord,
    /// Name of the strategy.
    pub strategy: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Digest of the scenario's file.
    pub digest: String,
    /// What it came to.
    pub verdict: VerdictWord,
    /// Why, where the verdict is `not-applicable` or `inconclusive`.
    pub reason: Option<String>,
    /// What differs, where the verdict is `diverges`.
    pub divergences: Vec<DivergenceRecord>,
    /// Counts by kind of event.
    pub tally: Vec<CountRecord>,
    /// What the strategy reported, in order.
    pub observed: Vec<EventRecord>,
    /// Microseconds that its child took; 0 where none was started.
    #[serde(default)]
    pub micros: u64,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// See [`crate::verdict::Verdict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words of `verdict::Verdict`")]
pub enum VerdictWord {
    Conforms,
    Diverges,
    NotApplicable,
    Inconclusive,
}

/// One divergence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DivergenceRecord {
    /// `missing`, `unexpected`, `duplicated`, `out-of-order`, `wrong-field` or `disturbed`.
    pub kind: String,
    /// Kind of the event, such as `import.start`; nothing for a disturbance.
    pub event: Option<String>,
    /// The event's module; for a disturbance the aspect, such as `traceback`.
    pub subject: String,
    /// `request` or `search`, where a report is of that and of no import: another meaning, and no lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// All of it, as a clause that completes “the strategy …”.
    pub text: String,
}

/// Counts of one kind of event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountRecord {
    /// Kind of event, such as `import.start`.
    pub event: String,
    /// How many happened.
    pub truth: usize,
    /// How many of those were reported in their place.
    pub seen: usize,
    /// How many reports were wrong.
    pub wrong: usize,
    /// How many reports had another meaning, and were no lie.
    #[serde(default)]
    pub other: usize,
    /// How many of the wrong ones were of what happened in another place: order errors.
    pub misplaced: usize,
    /// How many of those were in their place, and so among the seen, with a wrong outcome.
    pub misstated: usize,
    /// Whether the strategy claims this kind.
    pub claimed: bool,
}

/// One reported event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRecord {
    /// Kind of event, such as `import.start`.
    pub event: String,
    /// The module.
    pub module: String,
    /// Its outcome, in words.
    pub outcome: String,
    /// 1 for the thread that ran the program, others in the order of their first event.
    pub thread: usize,
    /// Nanoseconds since the first event of the cell.
    pub nanos: u64,
}

/// The error, with the file that it is about.
fn name(error: &io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
