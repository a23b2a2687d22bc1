//! From what the program uses to what is on disk.

use std::collections::HashMap;

use tollgate_event::Event;

use super::{
    CellRecord, CountRecord, DisagreementRecord, DisputeRecord, DivergenceRecord, EventRecord,
    InterpreterRecord, Provenance, Record, SideRecord, SilenceRecord, TruthRecord, TruthWord,
    VerdictWord,
};
use crate::{
    agreement::{Disagreement, Dispute, Party, Side},
    matrix::{Cell, Truth, Witnessed},
    scenario::Scenario,
    text::{kept, kept_name},
    verdict::{Divergence, Tally, Verdict},
    worker::Target,
};

pub(super) fn interpreter(target: &Target) -> InterpreterRecord {
    let interpreter = &target.interpreter;
    InterpreterRecord {
        label: interpreter.label(),
        version: interpreter.full_version.clone(),
        path: interpreter.path.to_string_lossy().into_owned(),
        platform: interpreter.platform.clone(),
    }
}

/// The record of what really happens in a scenario.
pub fn truth_record(
    target: &Target,
    scenario: &Scenario,
    witnessed: &Witnessed,
    provenance: &Provenance,
) -> Record {
    let (truth, reason): (_, Option<String>) = match &witnessed.truth {
        Truth::Agreed => (TruthWord::Agreed, None),
        Truth::Disputed(dispute) => (TruthWord::Disputed, Some(dispute.sentence())),
        Truth::NotApplicable(reason) => (TruthWord::NotApplicable, Some(reason.clone())),
        Truth::Unknown(reason) => (TruthWord::Unknown, Some(reason.clone())),
    };
    let dispute = match &witnessed.truth {
        Truth::Disputed(dispute) => Some(dispute_record(dispute)),
        _ => None,
    };
    let preloaded = witnessed.baseline.as_ref().map(|baseline| &baseline.header.preloaded);
    Record::Truth(TruthRecord {
        interpreter: interpreter(target),
        scenario: scenario.name.to_string(),
        digest: scenario.digest.clone(),
        truth,
        reason: reason.as_deref().map(kept),
        silent: witnessed.silent.iter().map(silence).collect(),
        dispute,
        recorded: witnessed.recorded.with_names(&kept_name).to_string(),
        preloaded: preloaded.cloned().unwrap_or_default(),
        provenance: provenance.clone(),
    })
}

fn silence((witness, reason): &(Party, String)) -> SilenceRecord {
    SilenceRecord { witness: witness.word().to_owned(), reason: kept(reason) }
}

fn dispute_record(dispute: &Dispute) -> DisputeRecord {
    let side =
        |side: &Side| SideRecord { party: side.party.word().to_owned(), text: kept(&side.text) };
    let disagreement = |it: &Disagreement| DisagreementRecord {
        about: it.about.word().to_owned(),
        left: side(&it.left),
        right: side(&it.right),
    };
    DisputeRecord {
        culprit: dispute.culprit.map(|party| party.word().to_owned()),
        disagreements: dispute.disagreements.iter().map(disagreement).collect(),
    }
}

/// The record of what a strategy showed.
pub fn cell_record(
    target: &Target,
    scenario: &Scenario,
    cell: &Cell,
    provenance: &Provenance,
) -> Record {
    let (verdict, reason, divergences) = verdict(&cell.verdict);
    Record::Cell(CellRecord {
        interpreter: interpreter(target),
        strategy: cell.strategy.to_string(),
        scenario: scenario.name.to_string(),
        digest: scenario.digest.clone(),
        verdict,
        reason,
        divergences,
        tally: counts(&cell.tally),
        observed: events(&cell.events, cell.main_thread),
        micros: u64::try_from(cell.took.as_micros()).unwrap_or(u64::MAX),
        provenance: provenance.clone(),
    })
}

pub(super) fn verdict(verdict: &Verdict) -> (VerdictWord, Option<String>, Vec<DivergenceRecord>) {
    let (word, reason, divergences) = match verdict {
        Verdict::Conforms => (VerdictWord::Conforms, None, &[][..]),
        Verdict::Diverges(divergences) => (VerdictWord::Diverges, None, &divergences[..]),
        Verdict::NotApplicable(reason) => (VerdictWord::NotApplicable, Some(reason), &[][..]),
        Verdict::Inconclusive(reason) => (VerdictWord::Inconclusive, Some(reason), &[][..]),
    };
    (word, reason.map(|reason| kept(reason)), divergences.iter().map(divergence).collect())
}

pub(super) fn divergence(divergence: &Divergence) -> DivergenceRecord {
    let subject = match divergence {
        Divergence::Disturbed { aspect, .. } => aspect.to_string(),
        other => other.point().map(|point| kept_name(&point.name)).unwrap_or_default(),
    };
    DivergenceRecord {
        kind: divergence.word().to_owned(),
        event: divergence.point().map(|point| point.kind.to_string()),
        subject,
        meaning: match divergence {
            Divergence::OtherMeaning { meaning, .. } => Some(meaning.word().to_owned()),
            _ => None,
        },
        text: kept(&divergence.to_string()),
    }
}

fn counts(tally: &Tally) -> Vec<CountRecord> {
    let record =
        |(kind, count): (&tollgate_event::EventKind, &crate::verdict::Count)| CountRecord {
            event: kind.to_string(),
            truth: count.truth,
            seen: count.seen,
            wrong: count.wrong,
            other: count.other,
            misplaced: count.misplaced,
            misstated: count.misstated,
            claimed: count.claimed,
        };
    tally.iter().map(record).collect()
}

fn events(events: &[Event], main: u64) -> Vec<EventRecord> {
    let mut threads = HashMap::from([(main, 1)]);
    let zero = events.first().map_or(0, |event| event.nanos);
    events
        .iter()
        .map(|event| {
            let next = threads.len() + 1;
            EventRecord {
                event: event.kind.to_string(),
                module: kept_name(&event.name),
                outcome: kept_name(&event.outcome.to_string()),
                thread: *threads.entry(event.thread).or_insert(next),
                nanos: event.nanos.saturating_sub(zero),
            }
        })
        .collect()
}
