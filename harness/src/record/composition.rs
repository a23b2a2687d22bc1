//! The record of what became of hooks in company.

use serde::{Deserialize, Serialize};

use super::{
    DivergenceRecord, InterpreterRecord, Provenance, Record, VerdictWord,
    convert::{divergence, interpreter, verdict},
};
use crate::{
    composition::{Fate, Judged, Share},
    scenario::Scenario,
    span::Point,
    worker::Target,
};

/// What became of one company in one program on one interpreter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositionRecord {
    /// Where it ran.
    pub interpreter: InterpreterRecord,
    /// The company's name, such as `audit, bootstrap` or `audit \u{d7}40`.
    pub company: String,
    /// In which order it was dissolved: `last first` or `first first`.
    pub removal: String,
    /// The hooks in it, in the order of their installation; many of the same sort are named once.
    pub hooks: Vec<String>,
    /// Which of them is a neighbour, counted from 0.
    pub neighbour: Option<usize>,
    /// How many there are of each.
    pub copies: usize,
    /// Name of the scenario whose program it watched.
    pub scenario: String,
    /// Digest of the scenario's file.
    pub digest: String,
    /// `conforms` if every hook fared as it does alone.
    pub verdict: VerdictWord,
    /// Why, where the verdict is `not-applicable` or `inconclusive`.
    pub reason: Option<String>,
    /// What became of the strategies.
    pub members: Vec<MemberRecord>,
    /// What the program showed that it shows with none of the hooks alone.
    pub program: Vec<DivergenceRecord>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// One strategy in company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRecord {
    /// Its name.
    pub strategy: String,
    /// How many hooks were installed before it.
    pub position: usize,
    /// What it refused, and why.
    pub refused: Vec<RefusalRecord>,
    /// While all were installed.
    pub together: ShareRecord,
    /// When the other one was removed.
    pub left: ShareRecord,
    /// What it reported after its own removal; the kind is `after-removal`.
    pub afterwards: Vec<RepeatedRecord>,
}

/// Something that a hook would not do in company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalRecord {
    /// `install`, `remove` or `finish`.
    pub step: String,
    /// What was raised, and where.
    pub reason: String,
}

/// What a hook reported of its share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRecord {
    /// How many events it would have reported in their place, had nothing been due to company.
    pub due: usize,
    /// What it got wrong and does not get wrong alone.
    pub divergences: Vec<RepeatedRecord>,
}

/// A divergence, and how often it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepeatedRecord {
    /// How often.
    pub times: usize,
    /// What.
    pub divergence: DivergenceRecord,
}

/// The record of what became of a company.
pub fn composition_record(
    target: &Target,
    scenario: &Scenario,
    judged: &Judged,
    provenance: &Provenance,
) -> Record {
    let (verdict, reason, _) = verdict(&judged.verdict);
    Record::Composition(CompositionRecord {
        interpreter: interpreter(target),
        company: judged.company.clone(),
        removal: judged.removal.to_string(),
        hooks: judged.hooks.iter().map(ToString::to_string).collect(),
        neighbour: judged.neighbour,
        copies: judged.copies,
        scenario: scenario.name.to_string(),
        digest: scenario.digest.clone(),
        verdict,
        reason,
        members: judged.fates.iter().map(member).collect(),
        program: judged.program.iter().map(divergence).collect(),
        provenance: provenance.clone(),
    })
}

fn member(fate: &Fate) -> MemberRecord {
    let refusal = |(step, reason): &(String, String)| RefusalRecord {
        step: step.clone(),
        reason: crate::text::kept(reason),
    };
    MemberRecord {
        strategy: fate.strategy.to_string(),
        position: fate.position,
        refused: fate.refused.iter().map(refusal).collect(),
        together: share(&fate.together),
        left: share(&fate.left),
        afterwards: repeated(fate.afterwards.iter().map(after_removal)),
    }
}

fn share(share: &Share) -> ShareRecord {
    let divergences = repeated(share.divergences.iter().map(divergence));
    ShareRecord { due: share.due, divergences }
}

fn after_removal(point: &Point) -> DivergenceRecord {
    DivergenceRecord {
        meaning: None,
        kind: "after-removal".to_owned(),
        event: Some(point.kind.to_string()),
        subject: crate::text::kept_name(&point.name),
        text: format!("reported {point} after its removal"),
    }
}

/// Each divergence once, in the order of first occurrence.
fn repeated(divergences: impl Iterator<Item = DivergenceRecord>) -> Vec<RepeatedRecord> {
    let mut known: Vec<RepeatedRecord> = Vec::new();
    for divergence in divergences {
        match known.iter_mut().find(|it| it.divergence == divergence) {
            Some(twin) => twin.times += 1,
            None => known.push(RepeatedRecord { times: 1, divergence }),
        }
    }
    known
}
