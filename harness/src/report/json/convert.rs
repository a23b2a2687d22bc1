//! From records to the published shape.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::{
    Cell, Cost, Count, Divergence, Event, Interpreter, Run, Truth, TruthWord, Verdict,
};
use crate::record::{
    self, CellRecord, CountRecord, DivergenceRecord, EventRecord, InterpreterRecord,
    OverheadRecord, Provenance, Record, TruthRecord, VerdictWord,
};

/// What was taken so far, in the order in which it came.
#[derive(Default)]
pub(super) struct Sorted {
    pub(super) runs: BTreeSet<Run>,
    pub(super) interpreters: BTreeMap<String, Interpreter>,
    pub(super) truths: Vec<Truth>,
    pub(super) cells: Vec<Cell>,
    pub(super) costs: Vec<Cost>,
}

impl Sorted {
    /// Takes a record. Those of footprints and companies are in no report of this version.
    pub(super) fn add(&mut self, record: Record) {
        match record {
            Record::Truth(it) => {
                self.meet(&it.interpreter, &it.provenance);
                self.truths.push(it.into());
            }
            Record::Cell(it) => {
                self.meet(&it.interpreter, &it.provenance);
                self.cells.push(it.into());
            }
            Record::Overhead(it) => {
                self.meet(&it.interpreter, &it.provenance);
                self.costs.push(it.into());
            }
            _ => {}
        }
    }

    fn meet(&mut self, interpreter: &InterpreterRecord, provenance: &Provenance) {
        if !self.interpreters.contains_key(&interpreter.label) {
            self.interpreters.insert(interpreter.label.clone(), interpreter.into());
        }
        self.runs.insert(provenance.into());
    }
}

impl From<&Provenance> for Run {
    fn from(it: &Provenance) -> Self {
        Self {
            run: it.run.clone(),
            tollgate: it.tollgate.clone(),
            revision: it.revision.clone(),
            host: it.host.clone(),
            seed: it.seed.to_string(),
        }
    }
}

impl From<&InterpreterRecord> for Interpreter {
    fn from(it: &InterpreterRecord) -> Self {
        Self {
            label: it.label.clone(),
            version: it.version.clone(),
            path: it.path.clone(),
            platform: it.platform.clone(),
        }
    }
}

impl From<TruthRecord> for Truth {
    fn from(it: TruthRecord) -> Self {
        Self {
            scenario: it.scenario,
            interpreter: it.interpreter.label,
            digest: it.digest,
            truth: match it.truth {
                record::TruthWord::Agreed => TruthWord::Agreed,
                record::TruthWord::Disputed => TruthWord::Disputed,
                record::TruthWord::NotApplicable => TruthWord::NotApplicable,
                record::TruthWord::Unknown => TruthWord::Unknown,
            },
            reason: it.reason,
            silent: it.silent.into_iter().map(|silence| silence.witness).collect(),
            trace: it.recorded,
        }
    }
}

impl From<CellRecord> for Cell {
    fn from(it: CellRecord) -> Self {
        Self {
            strategy: it.strategy,
            scenario: it.scenario,
            interpreter: it.interpreter.label,
            verdict: match it.verdict {
                VerdictWord::Conforms => Verdict::Conforms,
                VerdictWord::Diverges => Verdict::Diverges,
                VerdictWord::NotApplicable => Verdict::NotApplicable,
                VerdictWord::Inconclusive => Verdict::Inconclusive,
            },
            reason: it.reason,
            divergences: it.divergences.into_iter().map(Divergence::from).collect(),
            counts: it.tally.into_iter().map(Count::from).collect(),
            events: it.observed.into_iter().map(Event::from).collect(),
        }
    }
}

impl From<DivergenceRecord> for Divergence {
    fn from(it: DivergenceRecord) -> Self {
        let (kind, event, subject, meaning, text) =
            (it.kind, it.event, it.subject, it.meaning, it.text);
        Self { kind, event, subject, meaning, text }
    }
}

impl From<CountRecord> for Count {
    fn from(it: CountRecord) -> Self {
        Self {
            event: it.event,
            claimed: it.claimed,
            truth: it.truth,
            seen: it.seen,
            wrong: it.wrong,
            other: it.other,
            misplaced: it.misplaced,
            misstated: it.misstated,
        }
    }
}

impl From<EventRecord> for Event {
    fn from(it: EventRecord) -> Self {
        Self {
            event: it.event,
            module: it.module,
            outcome: it.outcome,
            thread: it.thread,
            nanos: it.nanos,
        }
    }
}

impl From<OverheadRecord> for Cost {
    fn from(it: OverheadRecord) -> Self {
        Self {
            workload: it.workload,
            strategy: it.strategy,
            interpreter: it.interpreter.label,
            ratio: it.ratio,
            interval: it.interval,
            detectable: it.detectable,
            verdict: it.verdict,
            launches: it.launches,
            samples: it.samples,
            void: it.void,
        }
    }
}
