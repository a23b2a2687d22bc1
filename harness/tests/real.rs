//! The whole matrix on real interpreters: what the hand-written traces and the README claim.
//!
//! The matrix is run once for all tests of this file. Interpreters are those that `cargo xtask` would
//! use; `TOLLGATE_PYTHONS` adds more.

mod support;

use std::sync::{LazyLock, Mutex};

use support::{layout, matrix, targets};
use tollgate::{
    agreement::Party,
    child::Limits,
    command::Places,
    expected::{Check, Expectations},
    matrix::{Cell, Finding, Truth, run},
    record::{Provenance, Record, cell_record},
    report, scenario,
    verdict::{Aspect, Divergence, Verdict},
    version::Version,
    worker::Zygotes,
};
use tollgate_event::Edge;

/// One finding, without borrows.
struct Found {
    version: Version,
    scenario: String,
    what: What,
    /// Of a cell.
    record: Option<Record>,
}

enum What {
    /// With the witnesses that abstain.
    Truth(Truth, Vec<(Party, String)>),
    Cell(Cell),
}

static FINDINGS: LazyLock<Vec<Found>> = LazyLock::new(|| {
    let scenarios = scenario::load(&layout().scenarios()).unwrap_or_else(|error| panic!("{error}"));
    let matrix = matrix(targets(), scenarios);
    let provenance = Provenance::of_run(&layout(), "test", 0);
    let findings = Mutex::new(Vec::new());
    run(&matrix, &support::runner(Zygotes::new(Limits::default())), &|finding| {
        let (target, scenario, what, record) = match finding {
            Finding::Truth(target, scenario, witnessed) => (
                target,
                scenario,
                What::Truth(witnessed.truth.clone(), witnessed.silent.clone()),
                None,
            ),
            Finding::Cell(target, scenario, cell) => {
                let record = cell_record(target, scenario, cell, &provenance);
                (target, scenario, What::Cell(cell.clone()), Some(record))
            }
        };
        let version = target.interpreter.version;
        let found = Found { version, scenario: scenario.name.to_string(), what, record };
        findings.lock().expect("no test has failed yet").push(found);
    });
    let findings = findings.into_inner().expect("no test has failed yet");
    assert_eq!(findings.len(), matrix.findings());
    findings
});

/// The cells of one strategy, with their versions and scenarios.
fn cells(strategy: &'static str) -> impl Iterator<Item = (&'static Found, &'static Cell)> {
    FINDINGS.iter().filter_map(move |found| match &found.what {
        What::Cell(cell) if cell.strategy.as_str() == strategy => Some((found, cell)),
        _ => None,
    })
}

/// The cells of one strategy in one scenario; at least one.
fn cells_of(strategy: &'static str, scenario: &str) -> Vec<(Version, &'static Cell)> {
    let cells: Vec<_> = cells(strategy)
        .filter(|(found, _)| found.scenario == scenario)
        .map(|(found, cell)| (found.version, cell))
        .collect();
    assert!(!cells.is_empty(), "{strategy} was never run in {scenario}");
    cells
}

fn divergences(cell: &Cell) -> &[Divergence] {
    match &cell.verdict {
        Verdict::Diverges(divergences) => divergences,
        _ => &[],
    }
}

fn missed(cell: &Cell) -> Vec<&str> {
    let mut missed = Vec::new();
    for divergence in divergences(cell) {
        if let Divergence::Missing(point) = divergence {
            missed.push(point.name.as_str());
        }
    }
    missed
}

#[test]
fn all_witnesses_agree_with_every_hand_written_trace_on_every_interpreter() {
    let disputes: Vec<_> = FINDINGS
        .iter()
        .filter_map(|found| match &found.what {
            What::Truth(Truth::Disputed(dispute), _) => {
                Some(format!("{} on {}: {dispute}", found.scenario, found.version))
            }
            What::Truth(Truth::Unknown(reason), _) => {
                Some(format!("{} on {}: {reason}", found.scenario, found.version))
            }
            _ => None,
        })
        .collect();
    assert!(disputes.is_empty(), "{}", disputes.join("\n"));
}

#[test]
fn the_modules_and_the_recorder_always_speak() {
    let silent = FINDINGS.iter().filter_map(|found| match &found.what {
        What::Truth(_, silent) => Some((found, silent)),
        What::Cell(_) => None,
    });
    let silent = silent.flat_map(|(found, silent)| silent.iter().map(move |it| (found, it)));
    let modules: Vec<_> = silent
        .filter(|(_, (party, _))| *party != Party::Model)
        .map(|(found, (party, why))| {
            format!("{party}, {} on {}: {why}", found.scenario, found.version)
        })
        .collect();
    assert!(modules.is_empty(), "{}", modules.join("\n"));
}

#[test]
fn no_cell_is_inconclusive() {
    let unclear: Vec<_> = FINDINGS
        .iter()
        .filter_map(|found| match &found.what {
            What::Cell(Cell { verdict: Verdict::Inconclusive(reason), strategy, .. }) => {
                Some(format!("{strategy}, {} on {}: {reason}", found.scenario, found.version))
            }
            _ => None,
        })
        .collect();
    assert!(unclear.is_empty(), "{}", unclear.join("\n"));
}

#[test]
fn what_strategies_get_wrong_is_what_is_expected_of_them() {
    let expectations = Expectations::read(&support::strategies());
    let expectations = expectations.unwrap_or_else(|error| panic!("{error}"));
    let mut check = Check::new(&expectations, true);
    for record in FINDINGS.iter().filter_map(|found| found.record.as_ref()) {
        check.add(record);
    }
    let outcome = check.finish();
    assert!(outcome.expected > 0);
    assert!(outcome.is_as_expected(), "{}", report::deviations(&outcome, &Places::default()));
}

#[test]
fn the_baseline_sees_and_disturbs_nothing() {
    let applies = |cell: &Cell| !matches!(cell.verdict, Verdict::NotApplicable(_));
    for (found, cell) in cells("none").filter(|(_, cell)| applies(cell)) {
        assert_eq!(cell.verdict, Verdict::Conforms, "{}", found.scenario);
        assert_eq!(cell.events, []);
    }
}

#[test]
fn audit_misses_import_module_before_3_15() {
    for (version, cell) in cells_of("audit", "calls/import-module") {
        if version < Version::new(3, 15, 0) {
            assert_eq!(missed(cell), ["shop.cart.items", "shop.cart", "shop"], "{version}");
            assert_eq!(cell.events, [], "{version}");
        } else {
            assert_eq!(cell.verdict, Verdict::Conforms, "{version}");
            assert_eq!(cell.events.len(), 3, "{version}");
        }
    }
}

#[test]
fn audit_never_sees_an_end() {
    let events: Vec<_> = cells("audit").flat_map(|(_, cell)| &cell.events).collect();
    assert!(!events.is_empty());
    assert!(events.iter().all(|event| event.kind.edge == Edge::Start));
}

#[test]
fn dunder_import_does_not_see_parents() {
    for (version, cell) in cells_of("dunder_import", "packages/nested") {
        let missed = missed(cell);
        assert!(missed.contains(&"shop") && missed.contains(&"shop.cart"), "{version}: {missed:?}");
        assert!(!missed.contains(&"shop.cart.items"), "{version}: {missed:?}");
    }
}

#[test]
fn only_meta_path_notices_a_reload() {
    for strategy in ["audit", "bootstrap", "dunder_import"] {
        for (version, cell) in cells_of(strategy, "reload/reload") {
            let own = cell.events.iter().filter(|event| event.name == "shop");
            assert_eq!(own.count(), 0, "{strategy} on {version}");
        }
    }
    for (version, cell) in cells_of("meta_path", "reload/reload") {
        assert_eq!(cell.events.len(), 1, "{version}");
        assert_eq!(cell.verdict, Verdict::Conforms, "{version}");
    }
}

#[test]
fn only_meta_path_notices_a_find_spec_that_imports_nothing() {
    for strategy in ["audit", "bootstrap", "dunder_import"] {
        for (version, cell) in cells_of(strategy, "find/find-spec-only") {
            assert_eq!(cell.events, [], "{strategy} on {version}");
        }
    }
    for (version, cell) in cells_of("meta_path", "find/find-spec-only") {
        assert_eq!(cell.events.len(), 1, "{version}");
        assert_eq!(cell.verdict, Verdict::Conforms, "{version}");
    }
}

#[test]
fn bootstrap_sees_starts_and_ends_and_adds_frames() {
    for (version, cell) in cells_of("bootstrap", "packages/nested") {
        assert_eq!(cell.verdict, Verdict::Conforms, "{version}");
        assert_eq!(cell.events.len(), 12, "{version}");
    }
    for (version, cell) in cells_of("bootstrap", "failures/not-found") {
        let disturbed = |divergence: &Divergence| {
            matches!(divergence, Divergence::Disturbed { aspect: Aspect::Traceback, .. })
        };
        assert!(divergences(cell).iter().any(disturbed), "{version}");
    }
}
