//! What reports show of records. Equal parts are kept once, so that the cells of a large run fit in
//! a few megabytes: what differs from cell to cell is little, and the events are not shown at all.

use std::{borrow::Borrow, collections::HashSet, hash::Hash, rc::Rc};

use crate::{
    record::{
        CellRecord, CountRecord, DisputeRecord, DivergenceRecord, SilenceRecord, TruthRecord,
        TruthWord, VerdictWord,
    },
    text::{kept, kept_name},
};

/// Of a [`TruthRecord`].
pub(super) struct TruthFact {
    pub(super) interpreter: Rc<str>,
    pub(super) scenario: Rc<str>,
    pub(super) truth: TruthWord,
    pub(super) reason: Option<Rc<str>>,
    pub(super) silent: Rc<[SilenceRecord]>,
    pub(super) dispute: Option<Rc<DisputeRecord>>,
}

/// Of a [`CellRecord`].
pub(super) struct CellFact {
    pub(super) interpreter: Rc<str>,
    pub(super) strategy: Rc<str>,
    pub(super) scenario: Rc<str>,
    pub(super) verdict: VerdictWord,
    pub(super) reason: Option<Rc<str>>,
    pub(super) divergences: Rc<[DivergenceRecord]>,
    pub(super) tally: Rc<[CountRecord]>,
    /// How long its child took.
    pub(super) micros: u64,
}

/// Every part of the facts that were made so far.
#[derive(Default)]
pub(super) struct Facts {
    texts: HashSet<Rc<str>>,
    silences: HashSet<Rc<[SilenceRecord]>>,
    disputes: HashSet<Rc<DisputeRecord>>,
    divergences: HashSet<Rc<[DivergenceRecord]>>,
    tallies: HashSet<Rc<[CountRecord]>>,
}

impl Facts {
    /// What is shown of a truth.
    pub(super) fn truth(&mut self, record: TruthRecord) -> TruthFact {
        TruthFact {
            interpreter: once(&mut self.texts, record.interpreter.label),
            scenario: once(&mut self.texts, record.scenario),
            truth: record.truth,
            reason: record.reason.map(|reason| once(&mut self.texts, kept(&reason))),
            silent: once(&mut self.silences, record.silent),
            dispute: record.dispute.map(|dispute| once(&mut self.disputes, dispute)),
        }
    }

    /// What is shown of a cell.
    pub(super) fn cell(&mut self, record: CellRecord) -> CellFact {
        CellFact {
            interpreter: once(&mut self.texts, record.interpreter.label),
            strategy: once(&mut self.texts, record.strategy),
            scenario: once(&mut self.texts, record.scenario),
            verdict: record.verdict,
            reason: record.reason.map(|reason| once(&mut self.texts, kept(&reason))),
            divergences: once(&mut self.divergences, bounded(record.divergences)),
            tally: once(&mut self.tallies, record.tally),
            micros: record.micros,
        }
    }
}

/// Divergences as they may be shown, whatever a file says.
fn bounded(mut divergences: Vec<DivergenceRecord>) -> Vec<DivergenceRecord> {
    for divergence in &mut divergences {
        divergence.subject = kept_name(&divergence.subject);
        divergence.text = kept(&divergence.text);
    }
    divergences
}

/// The same value for equal ones.
fn once<T, O>(known: &mut HashSet<Rc<T>>, value: O) -> Rc<T>
where
    T: Eq + Hash + ?Sized,
    O: Borrow<T> + Into<Rc<T>>,
{
    if let Some(known) = known.get(value.borrow()) {
        return Rc::clone(known);
    }
    let value = value.into();
    known.insert(Rc::clone(&value));
    value
}
