//! Candidates on real interpreters: those that keep their contract, and those that are broken on
//! purpose.

mod support;

use std::sync::Mutex;

use support::{layout, matrix, targets};
use tollgate::{
    candidate::{self, Candidate, PROPOSAL},
    child::Limits,
    evaluation::{self, Entrant, Probe, Sum},
    matrix::Matrix,
    scenario,
    stop::Stop,
    worker::{Target, Zygotes},
};

/// A scenario or two for each part of the import system: enough to find out every mutant.
const SCENARIOS: [&str; 27] = [
    "bytecode/sourceless",
    "calls/cached-import-module",
    "calls/dunder-import-fromlist",
    "calls/import-module",
    "failures/cascade",
    "failures/exception-while-handling",
    "failures/finder-raises",
    "failures/keyboard-interrupt",
    "failures/not-found",
    "failures/retry-after-failure",
    "failures/system-exit",
    "finders/creates-module",
    "finders/another-name",
    "from/none-entry",
    "from/submodule",
    "from/submodule-fails",
    "kinds/builtin",
    "kinds/extension",
    "kinds/frozen",
    "lazy/loader-fails",
    "packages/child-fails",
    "packages/namespace",
    "packages/nested",
    "path/hook-raises",
    "reload/reload",
    "threads/second-thread",
    "zip/on-sys-path",
];

fn some(targets: Vec<Target>) -> Matrix {
    let mut scenarios =
        scenario::load(&layout().scenarios()).unwrap_or_else(|error| panic!("{error}"));
    scenarios.retain(|scenario| SCENARIOS.contains(&scenario.name.to_string().as_str()));
    assert_eq!(scenarios.len(), SCENARIOS.len(), "a scenario was renamed");
    matrix(targets, scenarios)
}

fn run(matrix: &Matrix, candidates: Vec<Candidate>, probes: &[Probe]) -> Sum {
    let entrant = |candidate: Candidate| {
        let listener = candidate.listener(&layout()).expect("a listener");
        Entrant { candidate, listener, build: None }
    };
    let entrants: Vec<_> = candidates.into_iter().map(entrant).collect();
    let runner = support::runner(Zygotes::new(Limits::default()));
    let (sum, stop) = (Mutex::new(Sum::default()), Stop::default());
    evaluation::run(matrix, &entrants, (&runner, &stop), &|trial| {
        sum.lock().expect("no sink has failed").add(trial);
    });
    evaluation::probe(matrix, &entrants, probes, (&runner, &stop), &|answer| {
        let contract = &entrants[answer.entrant].candidate.contract;
        sum.lock().expect("no sink has failed").add_answer(answer, contract);
    });
    sum.into_inner().expect("no sink has failed")
}

fn flaws(sum: &Sum, entrant: usize) -> Vec<String> {
    let own = sum.of(entrant);
    let told = own.iter().flat_map(|(python, it)| {
        let flaws = it.flaws.values().map(|found| found.example.clone());
        let unclear = it.inconclusive.iter().map(|(name, why)| format!("{name}: {why}"));
        flaws.chain(unclear).map(move |text| format!("{python}: {text}"))
    });
    told.collect()
}

#[test]
fn every_candidate_keeps_its_contract_on_every_interpreter() {
    let matrix = some(targets());
    let candidates = candidate::read_all(&layout().candidates());
    let candidates = candidates.unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<_> = candidates.iter().map(|candidate| candidate.name.clone()).collect();
    let sum = run(&matrix, candidates, &[Probe::Refusal]);
    for (entrant, name) in names.iter().enumerate() {
        assert_eq!(flaws(&sum, entrant), Vec::<String>::new(), "{name}");
        assert!(sum.conforms(entrant), "{name}");
        let judged: usize = sum.of(entrant).iter().map(|(_, it)| it.judged).sum();
        assert!(judged > 20 * matrix.targets.len(), "{name}: only {judged} were judged");
    }
}

#[test]
fn every_mutant_is_found_out() {
    let matrix = some(vec![support::first_target()]);
    let folder = layout().candidates().join(PROPOSAL);
    let proposal = candidate::read(&folder).unwrap_or_else(|error| panic!("{error}"));
    let mutants = candidate::mutants(&folder, &proposal).unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<_> = mutants.iter().map(|mutant| mutant.candidate.name.clone()).collect();
    let only_slower: Vec<_> = mutants.iter().map(|mutant| mutant.only_slower).collect();
    let candidates = mutants.into_iter().map(|mutant| mutant.candidate).collect();
    let sum = run(&matrix, candidates, &[Probe::Refusal]);
    let is_found_out: Vec<_> =
        (0..names.len()).map(|mutant| !sum.caught_by(mutant).is_empty()).collect();
    // whoever is slower and nothing else must not look like anything else
    let expected: Vec<_> = only_slower.iter().map(|only| !only).collect();
    assert_eq!(is_found_out, expected, "{names:#?}");
}

#[test]
fn what_hooks_can_do_is_found_out_on_every_interpreter() {
    let mut matrix = some(targets());
    matrix.scenarios.clear();
    let proposal = candidate::read(&layout().candidates().join(PROPOSAL)).expect("it is ours");
    let sum = run(&matrix, vec![proposal], &Probe::ALL);
    let answers: Vec<_> = sum.answers(0).collect();
    assert!(answers.len() > 15 * matrix.targets.len(), "only {}", answers.len());
    for answer in answers {
        assert!(answer.facts.is_ok(), "{answer:?}");
        // a hook that raises when all is done leaves the module behind, its body run
        let is_end_of_load = answer.edge.is_some_and(|edge| edge.word() == "load.end");
        if answer.probe == Probe::Refusal && is_end_of_load {
            assert_eq!(answer.fact("raised"), Some("PermissionError"), "{answer:?}");
            assert_eq!(answer.fact("left"), Some("shop, shop.cart"), "{answer:?}");
            assert_eq!(answer.fact("bound"), Some("False"), "{answer:?}");
        }
    }
}
