//! Planted disagreements, end to end: whichever witness is broken is the one that is named.
//!
//! Each file of `broken-witnesses/` takes the place of the recorder or of the modules' testimony, as
//! its name says, and has what that leads to in a line `# expect:`, and the scenario that shows it in a
//! line `# scenario:` where it is not the usual one.

mod support;

use std::{collections::BTreeSet, fs, path::Path};

use support::{expectation, files, first_target, layout, matrix, runner};
use tollgate::{
    agreement::Party,
    child::Limits,
    matrix::{Matrix, Truth, establish, hear},
    model::{Fault, Program, Rules, predict},
    scenario, strategy,
    worker::{Runner, Target, Zygotes},
};

fn forks() -> Runner {
    runner(Zygotes::new(Limits::default()))
}

/// One scenario on one interpreter.
fn small_matrix(name: &str) -> Matrix {
    let mut scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    scenarios.retain(|scenario| scenario.name.to_string() == name);
    matrix(vec![first_target()], scenarios)
}

/// What comes of a scenario when the file takes the place of the witness that its name says.
fn told(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a readable file");
    let named = text.lines().find_map(|line| line.strip_prefix("# scenario: "));
    let mut matrix = small_matrix(named.unwrap_or("packages/parent-imports-child"));
    let broken = strategy::read(file).expect("a readable file");
    if broken.name.as_str().starts_with("recorder-") {
        matrix.recorder = broken;
    } else {
        matrix.testimony = broken;
    }
    let witnessed = establish(&matrix, &forks(), &matrix.targets[0], &matrix.scenarios[0]);
    match (witnessed.truth, &witnessed.silent[..]) {
        (Truth::Disputed(dispute), _) => dispute.sentence(),
        (Truth::Agreed, [(Party::Modules, why)]) => format!("abstains: {why}"),
        (truth, silent) => format!("{truth:?}, {silent:?}"),
    }
}

#[test]
fn a_broken_witness_is_named() {
    let wrong = files("broken-witnesses").into_iter().filter_map(|file| {
        let (told, expected) = (told(&file), expectation(&file));
        (told != expected).then(|| format!("{}\n  {told}\n  {expected}\n", file.display()))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn a_fault_of_the_model_is_the_models() {
    let scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    let matrix = matrix(vec![first_target()], scenarios);
    let (runner, target): (_, &Target) = (forks(), &matrix.targets[0]);
    let version = target.interpreter.version;
    let mut found = BTreeSet::new();
    for scenario in &matrix.scenarios {
        let Ok(mut heard) = hear(&matrix, &runner, target, scenario) else { continue };
        let written = scenario.trace_for(&version);
        if heard.dispute(target, scenario, written).is_some() {
            // nothing is planted here; `real.rs` is about these
            continue;
        }
        for fault in Fault::ALL {
            let rules = Rules { fault: Some(fault), ..Rules::of(version) };
            heard.predicted = predict(&Program::from(scenario), rules);
            let Some(dispute) = heard.dispute(target, scenario, written) else { continue };
            let place = format!("{fault:?} in {}: {dispute}", scenario.name);
            assert_eq!(dispute.culprit, Some(Party::Model), "{place}");
            found.insert(format!("{fault:?}"));
        }
    }
    let all: BTreeSet<_> = Fault::ALL.iter().map(|fault| format!("{fault:?}")).collect();
    let hidden: Vec<_> = all.difference(&found).collect();
    assert!(hidden.len() * 2 <= all.len(), "no scenario shows {hidden:?}");
    eprintln!("{} of {} faults show in a scenario; not {hidden:?}", found.len(), all.len());
}
