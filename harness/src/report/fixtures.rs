//! Small records for the tests of reports.

use crate::record::{
    CellRecord, CompositionRecord, ControlRecord, CountRecord, DisagreementRecord, DisputeRecord,
    DivergenceRecord, FootprintRecord, InterpreterRecord, MemberRecord, OverheadRecord, Provenance,
    Record, ShareRecord, SideRecord, SilenceRecord, TruthRecord, TruthWord, VerdictWord,
};

fn interpreter(label: &str) -> InterpreterRecord {
    InterpreterRecord {
        label: label.to_owned(),
        version: label.to_owned(),
        path: "python".to_owned(),
        platform: "linux-x86_64".to_owned(),
    }
}

fn provenance() -> Provenance {
    Provenance {
        run: "run".to_owned(),
        tollgate: "0".to_owned(),
        revision: None,
        host: "linux x86_64".to_owned(),
        seed: 1,
    }
}

/// A truth with a reason, unless it is agreed.
pub(super) fn truth(
    scenario: &str,
    label: &str,
    (truth, reason): (TruthWord, Option<&str>),
) -> Record {
    Record::Truth(TruthRecord {
        interpreter: interpreter(label),
        scenario: scenario.to_owned(),
        digest: String::new(),
        truth,
        reason: reason.map(str::to_owned),
        silent: Vec::new(),
        dispute: None,
        recorded: String::new(),
        preloaded: Vec::new(),
        provenance: provenance(),
    })
}

/// A truth on which the recorder and others disagree.
pub(super) fn disputed(scenario: &str, label: &str) -> Record {
    let side =
        |party: &str, text: &str| SideRecord { party: party.to_owned(), text: text.to_owned() };
    let against = |party| DisagreementRecord {
        about: "trace".to_owned(),
        left: side(party, "import a\n  find a\n  load a\n"),
        right: side("recorder", "import a\n  load a !ValueError\n"),
    };
    let disagreements = ["author", "model"].map(against).to_vec();
    let reason = "the recorder stands alone against the scenario and the model";
    match truth(scenario, label, (TruthWord::Disputed, Some(reason))) {
        Record::Truth(truth) => Record::Truth(TruthRecord {
            dispute: Some(DisputeRecord { culprit: Some("recorder".to_owned()), disagreements }),
            ..truth
        }),
        other => other,
    }
}

/// A truth of which these say nothing.
pub(super) fn without(witnesses: &[&str], record: Record) -> Record {
    let silence = |witness: &&str| SilenceRecord {
        witness: (*witness).to_owned(),
        reason: "a `with` statement".to_owned(),
    };
    match record {
        Record::Truth(truth) => {
            Record::Truth(TruthRecord { silent: witnesses.iter().map(silence).collect(), ..truth })
        }
        other => other,
    }
}

/// A cell that conforms, and in which nothing happened.
pub(super) fn cell(strategy: &str, scenario: &str, label: &str) -> CellRecord {
    CellRecord {
        interpreter: interpreter(label),
        strategy: strategy.to_owned(),
        scenario: scenario.to_owned(),
        digest: String::new(),
        verdict: VerdictWord::Conforms,
        reason: None,
        divergences: Vec::new(),
        tally: Vec::new(),
        observed: Vec::new(),
        micros: 0,
        provenance: provenance(),
    }
}

/// The same cell with these divergences.
pub(super) fn diverging(cell: CellRecord, divergences: &[DivergenceRecord]) -> CellRecord {
    CellRecord { verdict: VerdictWord::Diverges, divergences: divergences.to_vec(), ..cell }
}

/// The same cell with these counts.
pub(super) fn counting(cell: CellRecord, tally: &[CountRecord]) -> CellRecord {
    CellRecord { tally: tally.to_vec(), ..cell }
}

/// Counts of a claimed kind: how many happened, were seen, were wrong.
pub(super) fn claimed(event: &str, [truth, seen, wrong]: [usize; 3]) -> CountRecord {
    let event = event.to_owned();
    CountRecord { event, truth, seen, wrong, claimed: true, ..CountRecord::default() }
}

/// A divergence in an event.
pub(super) fn divergence(kind: &str, event: &str, subject: &str) -> DivergenceRecord {
    DivergenceRecord {
        meaning: None,
        kind: kind.to_owned(),
        event: Some(event.to_owned()),
        subject: subject.to_owned(),
        text: format!("did something with {event} {subject}"),
    }
}

/// A disturbance of the traceback.
pub(super) fn disturbed(frames: &str) -> DivergenceRecord {
    DivergenceRecord {
        meaning: None,
        kind: "disturbed".to_owned(),
        event: None,
        subject: "traceback".to_owned(),
        text: format!("changed the program's traceback from none to {frames}"),
    }
}

/// A footprint of 17 frames and 165 nested imports.
pub(super) fn footprint(
    strategy: &str,
    label: &str,
    divergences: &[DivergenceRecord],
) -> FootprintRecord {
    FootprintRecord {
        interpreter: interpreter(label),
        strategy: strategy.to_owned(),
        verdict: if divergences.is_empty() { VerdictWord::Conforms } else { VerdictWord::Diverges },
        reason: None,
        divergences: divergences.to_vec(),
        depth: Some(17),
        headroom: Some(165),
        rounds: Some(1000),
        blocks: Some(0),
        references: Some(0),
        provenance: provenance(),
    }
}

/// A disturbance in something else than the traceback.
pub(super) fn taken(aspect: &str, text: &str) -> DivergenceRecord {
    let (subject, text) = (aspect.to_owned(), text.to_owned());
    DivergenceRecord { kind: "disturbed".to_owned(), event: None, subject, meaning: None, text }
}

/// A cost in workload `cold-100` that is known to 1 per cent.
pub(super) fn cost(strategy: &str, label: &str, ratio: f64) -> OverheadRecord {
    OverheadRecord {
        interpreter: interpreter(label),
        strategy: strategy.to_owned(),
        workload: "cold-100".to_owned(),
        control: (strategy == "none").then(|| ControlRecord {
            kind: "again".to_owned(),
            known: None,
            holds: true,
        }),
        operations: 100,
        ratio: Some(ratio),
        interval: Some([ratio - 0.01, ratio + 0.01]),
        confidence: 0.95,
        fast: Some(ratio),
        p: Some(0.001),
        confirmation: None,
        counted: None,
        conditions: Vec::new(),
        detectable: Some(0.012),
        verdict: "slower".to_owned(),
        launches: 20,
        samples: 400,
        void: 0,
        complaint: None,
        nanos: Vec::new(),
        ratios: Vec::new(),
        provenance: provenance(),
    }
}

/// A company in which every strategy fares as it does alone.
pub(super) fn company(hooks: &[&str], removal: &str) -> CompositionRecord {
    let like = cell("none", "packages/nested", "3.13.0");
    CompositionRecord {
        interpreter: like.interpreter,
        company: hooks.join(", "),
        removal: removal.to_owned(),
        hooks: hooks.iter().map(|hook| (*hook).to_owned()).collect(),
        neighbour: None,
        copies: 1,
        scenario: like.scenario,
        digest: String::new(),
        verdict: VerdictWord::Conforms,
        reason: None,
        members: hooks.iter().enumerate().map(|(position, hook)| member(hook, position)).collect(),
        program: Vec::new(),
        provenance: like.provenance,
    }
}

/// A hook of a company, as it fares alone.
pub(super) fn member(strategy: &str, position: usize) -> MemberRecord {
    let share = ShareRecord { due: 4, divergences: Vec::new() };
    MemberRecord {
        strategy: strategy.to_owned(),
        position,
        refused: Vec::new(),
        together: share.clone(),
        left: ShareRecord::default(),
        afterwards: Vec::new(),
    }
}
