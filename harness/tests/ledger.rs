//! What of a matrix is run depends on what its ledger has.

mod support;

use std::{
    collections::BTreeSet,
    io,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use support::{fake_target, matrix};
use tollgate::{
    child::Ended,
    matrix::{Finding, Ledger, run_into},
    scenario::{self, Scenario},
    strategy::Strategy,
    worker::{Job, Start, Target},
};

/// Starts nothing, and counts how often it was asked to run a program. What is compiled ahead does
/// not count.
#[derive(Clone, Default)]
struct Nothing {
    asked: Arc<AtomicUsize>,
}

impl Start for Nothing {
    fn start(&self, job: Job<'_>) -> io::Result<Ended> {
        if job.request.starts_with(b"mode 7\nobserve\n") {
            self.asked.fetch_add(1, Ordering::SeqCst);
        }
        Err(io::Error::other("nothing is started"))
    }
}

/// Findings by name: the scenario's, and the strategy's unless it is a truth.
type Names = BTreeSet<(String, Option<String>)>;

/// Has some findings, takes some more, and is closed.
struct Limited {
    has: Names,
    takes: usize,
    taken: Mutex<Names>,
}

impl Ledger for Limited {
    fn has_truth(&self, _: &Target, scenario: &Scenario) -> bool {
        self.has.contains(&(scenario.name.to_string(), None))
    }

    fn has_cell(&self, _: &Target, scenario: &Scenario, strategy: &Strategy) -> bool {
        self.has.contains(&(scenario.name.to_string(), Some(strategy.name.to_string())))
    }

    fn keep(&self, finding: Finding<'_>) {
        let name = match finding {
            Finding::Truth(_, scenario, _) => (scenario.name.to_string(), None),
            Finding::Cell(_, scenario, cell) => {
                (scenario.name.to_string(), Some(cell.strategy.to_string()))
            }
        };
        assert!(self.taken.lock().expect("no test has failed").insert(name), "kept twice");
    }

    fn is_closed(&self) -> bool {
        self.taken.lock().expect("no test has failed").len() >= self.takes
    }
}

fn scenario(name: &str) -> Scenario {
    let text = "summary: A module is imported.\nrun: import shop\ntrace: \"\"\n";
    let scenario = scenario::parse(Path::new("x.yaml"), name.parse().expect("a name"), text);
    scenario.unwrap_or_else(|errors| panic!("{}", errors[0]))
}

fn names(names: &[(&str, Option<&str>)]) -> Names {
    names
        .iter()
        .map(|(scenario, strategy)| ((*scenario).to_owned(), strategy.map(str::to_owned)))
        .collect()
}

/// Runs scenario `a` under `none` and `audit`, as far as `has` does not have it and at most `takes`
/// findings; returns what is found, and how many children were asked for.
fn found(has: &[(&str, Option<&str>)], takes: usize) -> (Names, usize) {
    let mut matrix = matrix(vec![fake_target(Path::new("python"))], vec![scenario("a")]);
    matrix.strategies.retain(|strategy| ["none", "audit"].contains(&strategy.name.as_str()));
    let start = Nothing::default();
    let ledger = Limited { has: names(has), takes, taken: Mutex::default() };
    run_into(&matrix, &support::runner(start.clone()), &ledger);
    (ledger.taken.into_inner().expect("no test has failed"), start.asked.load(Ordering::SeqCst))
}

const TRUTH: (&str, Option<&str>) = ("a", None);
const NONE: (&str, Option<&str>) = ("a", Some("none"));
const AUDIT: (&str, Option<&str>) = ("a", Some("audit"));

#[test]
fn what_is_there_is_not_run_again() {
    // the recorder is asked for the truth; it fails here, so nobody else is asked
    for (has, expected, children) in [
        (&[][..], &[TRUTH, NONE, AUDIT][..], 1),
        (&[TRUTH], &[NONE, AUDIT], 1),
        (&[TRUTH, AUDIT], &[NONE], 1),
        (&[NONE, AUDIT], &[TRUTH], 1),
        (&[TRUTH, NONE, AUDIT], &[], 0),
    ] {
        assert_eq!(found(has, usize::MAX), (names(expected), children), "with {has:?}");
    }
}

#[test]
fn a_closed_ledger_gets_nothing() {
    assert_eq!(found(&[], 0), (names(&[]), 0));
    assert_eq!(found(&[], 1), (names(&[TRUTH]), 1));
    assert_eq!(found(&[TRUTH], 1), (names(&[NONE]), 1));
}
