//! Small records for tests.

use std::collections::BTreeMap;

use super::{
    CellRecord, DivergenceRecord, Inputs, InterpreterInput, InterpreterRecord, Machine,
    OverheadRecord, Provenance, Record, TruthRecord, TruthWord, VerdictWord,
};

fn interpreter() -> InterpreterRecord {
    InterpreterRecord {
        label: "3.13.0".to_owned(),
        version: "3.13.0 (main)".to_owned(),
        path: "python".to_owned(),
        platform: "linux-x86_64".to_owned(),
    }
}

fn provenance() -> Provenance {
    Provenance {
        run: "20261121T120000Z".to_owned(),
        tollgate: "0.1.0".to_owned(),
        revision: None,
        host: "linux x86_64".to_owned(),
        seed: 7,
    }
}

/// One record of each sort.
pub(super) fn three() -> [Record; 3] {
    [truth("packages/nested"), cell("packages/nested", "audit"), cost("cold-100", "audit")]
}

pub(crate) fn truth(scenario: &str) -> Record {
    Record::Truth(TruthRecord {
        interpreter: interpreter(),
        scenario: scenario.to_owned(),
        digest: "cbf29ce484222325".to_owned(),
        truth: TruthWord::Agreed,
        reason: None,
        silent: Vec::new(),
        dispute: None,
        recorded: "import shop\n  find shop\n".to_owned(),
        preloaded: vec!["sys".to_owned()],
        provenance: provenance(),
    })
}

pub(crate) fn cell(scenario: &str, strategy: &str) -> Record {
    Record::Cell(CellRecord {
        micros: 0,
        interpreter: interpreter(),
        strategy: strategy.to_owned(),
        scenario: scenario.to_owned(),
        digest: "cbf29ce484222325".to_owned(),
        verdict: VerdictWord::Inconclusive,
        reason: Some("the child said “\u{1b}[2J”\nand hung".to_owned()),
        divergences: Vec::new(),
        tally: Vec::new(),
        observed: Vec::new(),
        provenance: provenance(),
    })
}

/// A cell of `audit` that missed the starts of these modules' imports.
pub(crate) fn cell_that_missed(scenario: &str, modules: &[&str]) -> Record {
    let Record::Cell(cell) = cell(scenario, "audit") else { unreachable!("it is a cell") };
    let missing = |module: &&str| DivergenceRecord {
        meaning: None,
        kind: "missing".to_owned(),
        event: Some("import.start".to_owned()),
        subject: (*module).to_owned(),
        text: format!("missed import.start {module}"),
    };
    let divergences: Vec<_> = modules.iter().map(missing).collect();
    let verdict = if modules.is_empty() { VerdictWord::Conforms } else { VerdictWord::Diverges };
    Record::Cell(CellRecord { verdict, reason: None, divergences, ..cell })
}

pub(crate) fn cost(workload: &str, strategy: &str) -> Record {
    Record::Overhead(OverheadRecord {
        interpreter: interpreter(),
        strategy: strategy.to_owned(),
        workload: workload.to_owned(),
        control: None,
        operations: 100,
        ratio: Some(1.03),
        interval: Some([1.01, 1.05]),
        confidence: 0.95,
        fast: Some(1.03),
        p: Some(0.01),
        confirmation: None,
        counted: None,
        conditions: Vec::new(),
        detectable: None,
        verdict: "slower".to_owned(),
        launches: 1,
        samples: 1,
        void: 1,
        complaint: None,
        nanos: vec![vec![[Some(100), Some(103)], [Some(101), None]]],
        ratios: vec![Some(1.03)],
        provenance: provenance(),
    })
}

/// What a run of two scenarios under two strategies on one interpreter depends on.
pub(crate) fn inputs() -> Inputs {
    let map = |names: &[&str]| {
        names.iter().map(|name| ((*name).to_owned(), format!("digest of {name}"))).collect()
    };
    let interpreter = InterpreterInput {
        path: "/usr/bin/python3.13".into(),
        version: "3.13.0 (main)".to_owned(),
        platform: "linux-x86_64".to_owned(),
        probe: "digest of the probe".to_owned(),
    };
    Inputs {
        harness: "digest of the harness".to_owned(),
        worker: map(&["harness/worker/worker.py"]),
        scenarios: map(&["a", "b"]),
        strategies: map(&["none", "audit"]),
        interpreters: BTreeMap::from([("3.13.0".to_owned(), interpreter)]),
    }
}

/// A sort of machine.
pub(crate) fn machine() -> Machine {
    let processor = Some("A processor".to_owned());
    Machine {
        host: "linux x86_64".to_owned(),
        processor,
        threads: Some(2),
        is_virtual: false,
        governor: None,
    }
}
