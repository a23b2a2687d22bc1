//! The record of what a strategy takes of stack and memory.

use serde::{Deserialize, Serialize};

use super::{
    DivergenceRecord, InterpreterRecord, Provenance, Record, VerdictWord,
    convert::{interpreter, verdict},
};
use crate::{footprint::Judged, worker::Target};

/// The footprint of one strategy on one interpreter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FootprintRecord {
    /// Where it was measured.
    pub interpreter: InterpreterRecord,
    /// Name of the strategy.
    pub strategy: String,
    /// Whether it differs from the baseline's.
    pub verdict: VerdictWord,
    /// Why, where the verdict is `not-applicable` or `inconclusive`.
    pub reason: Option<String>,
    /// What differs, where the verdict is `diverges`.
    pub divergences: Vec<DivergenceRecord>,
    /// Frames below the body of a module that another one imports.
    pub depth: Option<usize>,
    /// How many modules may import one another before the stack is full.
    pub headroom: Option<usize>,
    /// How often the hook was installed and removed for the next two.
    pub rounds: Option<u32>,
    /// Blocks of memory that there are more after the rounds than before.
    pub blocks: Option<i64>,
    /// References to importlib's functions and the like that there are more.
    pub references: Option<i64>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// The record of what a strategy takes.
pub fn footprint_record(target: &Target, judged: &Judged, provenance: &Provenance) -> Record {
    let (verdict, reason, divergences) = verdict(&judged.verdict);
    let footprint = judged.footprint.as_ref();
    Record::Footprint(FootprintRecord {
        interpreter: interpreter(target),
        strategy: judged.strategy.to_string(),
        verdict,
        reason,
        divergences,
        depth: footprint.map(|it| it.depth),
        headroom: footprint.map(|it| it.headroom),
        rounds: footprint.map(|it| it.rounds),
        blocks: footprint.map(|it| it.blocks),
        references: footprint.map(|it| it.references),
        provenance: provenance.clone(),
    })
}
