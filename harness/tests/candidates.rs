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
const SCENARIOS: [&str; 51] = [
    "bytecode/sourceless",
    "calls/cached-import-module",
    "calls/cached-many-times",
    "calls/dunder-import-fromlist",
    "calls/import-module",
    "calls/warning-of-import-module",
    "failures/cascade",
    "failures/error-attributes",
    "failures/error-is-the-same",
    "failures/exception-while-handling",
    "failures/finder-raises",
    "failures/freed-in-cascade",
    "failures/generator-exit",
    "failures/keyboard-interrupt",
    "failures/not-found",
    "failures/retry-after-failure",
    "failures/system-exit",
    "finders/another-name",
    "finders/creates-module",
    "from/none-entry",
    "from/relative-import-module",
    "from/submodule",
    "from/submodule-fails",
    "generated/hundreds-in-a-package",
    "generated/long-chain",
    "kinds/builtin",
    "kinds/extension",
    "kinds/frozen",
    "lazy/loader-fails",
    "names/main",
    "names/main-as-child",
    "names/shapes",
    "names/shapes-of-children",
    "names/subclass-of-str-fails",
    "packages/child-fails",
    "packages/names-of-modules",
    "packages/namespace",
    "packages/nested",
    "path/hook-raises",
    "reload/reload",
    "reload/within-import",
    "startup/development-mode-well",
    "startup/frozen-modules-off-fails",
    "startup/very-optimised",
    "sys-modules/freed",
    "sys-modules/reimport-after-deletion",
    "threads/second-thread",
    "threads/waits-for-body",
    "zip/nested-packages",
    "zip/on-sys-path",
    "zip/within-a-zip-folder",
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
    let sum = run(&matrix, candidates, &Probe::ALL);
    for (entrant, name) in names.iter().enumerate() {
        assert_eq!(flaws(&sum, entrant), Vec::<String>::new(), "{name}");
        assert!(sum.conforms(entrant), "{name}");
        let judged: usize = sum.of(entrant).iter().map(|(_, it)| it.judged).sum();
        assert!(judged > 20 * matrix.targets.len(), "{name}: only {judged} were judged");
    }
}

#[test]
fn every_mutant_is_found_out() {
    // the newest: some are wrong only with options that old ones do not have
    let matrix = some(vec![targets().pop().expect("an interpreter")]);
    let folder = layout().candidates().join(PROPOSAL);
    let proposal = candidate::read(&folder).unwrap_or_else(|error| panic!("{error}"));
    let mutants = candidate::mutants(&folder, &proposal).unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<_> = mutants.iter().map(|mutant| mutant.candidate.name.clone()).collect();
    let only_slower: Vec<_> = mutants.iter().map(|mutant| mutant.only_slower).collect();
    let candidates: Vec<_> = mutants.into_iter().map(|mutant| mutant.candidate).collect();
    let sum = run(&matrix, candidates.clone(), &[]);
    let is_left = |mutant: &usize| sum.caught_by(*mutant).is_empty();
    let left: Vec<_> = (0..names.len()).filter(is_left).collect();
    let without = Matrix { scenarios: Vec::new(), ..matrix };
    let of_left = left.iter().map(|mutant| candidates[*mutant].clone()).collect();
    let probed = run(&without, of_left, &Probe::ALL);
    // whoever is slower and nothing else must not look like anything else
    let survivors = (0..left.len()).filter(|place| probed.caught_by(*place).is_empty());
    let survivors: Vec<_> = survivors.map(|place| &names[left[place]]).collect();
    let slower: Vec<_> =
        (0..names.len()).filter(|it| only_slower[*it]).map(|it| &names[it]).collect();
    assert_eq!(survivors, slower);
}

/// Each is found out by what it does, and not by what comes of that.
#[test]
fn the_cause_is_told_first() {
    let matrix = some(vec![targets().pop().expect("an interpreter")]);
    let folder = layout().candidates().join(PROPOSAL);
    let proposal = candidate::read(&folder).unwrap_or_else(|error| panic!("{error}"));
    let mutants = candidate::mutants(&folder, &proposal).unwrap_or_else(|error| panic!("{error}"));
    let rows = [
        ("value-error-as-import-error", "to ImportError"),
        ("wrong-name", "its name is another"),
        ("other-spec-at-start", "importlib.module_loading of "),
        ("copy-of-spec-at-start", "importlib.module_loading of "),
        ("copy-of-spec", "importlib.module_loading of "),
        ("swallows-interrupts", "a hook raises "),
    ];
    let mutant = |name: &str| {
        let is_it = |it: &&candidate::Mutant| it.candidate.name == format!("{PROPOSAL}/{name}");
        mutants.iter().find(is_it).expect("there is such a mutant").candidate.clone()
    };
    let sum = run(&matrix, rows.iter().map(|(name, _)| mutant(name)).collect(), &Probe::ALL);
    for (entrant, (name, told)) in rows.iter().enumerate() {
        let first = sum.first_flaw(entrant).unwrap_or_default();
        assert!(first.contains(told), "{name}: {first}");
    }
}

#[test]
fn what_hooks_can_do_is_found_out_on_every_interpreter() {
    let mut matrix = some(targets());
    matrix.scenarios.clear();
    let proposal = candidate::read(&layout().candidates().join(PROPOSAL)).expect("it is ours");
    let contract = proposal.contract.clone();
    let load = "load.start".parse().ok();
    let sum = run(&matrix, vec![proposal], &Probe::ALL);
    let answers: Vec<_> = sum.answers(0).collect();
    assert!(answers.len() > 30 * matrix.targets.len(), "only {}", answers.len());
    for answer in answers {
        let facts = answer.facts.as_ref().unwrap_or_else(|why| panic!("{answer:?}: {why:?}"));
        let expected = evaluation::expectations(&contract, answer.probe, answer.edge);
        // what is printed is held against something, unless the contract leaves it open
        let mut known: Vec<_> = expected.iter().map(|it| it.fact).collect();
        known.sort_unstable();
        assert_eq!(facts.keys().collect::<Vec<_>>(), known, "{answer:?}");
        let open = expected.iter().filter(|it| it.value.is_none()).map(|it| it.fact);
        let is_same = answer.probe == Probe::Same;
        assert!(
            open.eq(if is_same && answer.edge == load { vec!["bodies"] } else { vec![] }),
            "{answer:?}"
        );
        assert_eq!(answer.flaws(&contract), [], "{answer:?}");
    }
}
