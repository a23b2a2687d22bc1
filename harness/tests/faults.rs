//! Whatever a child does instead of answering is a failure with its reason, never a pass.
//!
//! Each file says in a line `# expect:` what the failure must say. Fake interpreters are shell
//! scripts that break the protocol; broken strategies and bad programs run on a real interpreter.

mod support;

use std::{fs, path::Path, time::Duration};

use support::{expectation, files, first_target, layout, matrix, without_hook};
use tollgate::{
    child::Limits,
    matrix::{Truth, establish},
    scenario, strategy,
    worker::{Program, Spawn, Target},
};

fn limits() -> Limits {
    Limits {
        deadline: Duration::from_secs(2),
        output_bytes: 64 * 1024,
        answer_bytes: 1 << 20,
        memory_bytes: Some(256 << 20),
        ..Limits::default()
    }
}

fn check(file: &Path, expected: &str, found: &str) {
    assert!(
        found.contains(expected),
        "{}\nexpected: {expected}\nfound:    {found}",
        file.display()
    );
}

#[test]
fn every_fake_interpreter_is_found_out() {
    let runner = support::runner(Spawn::new(limits()));
    let scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    for file in files("fake-interpreters") {
        let target = support::fake_target(&file);
        let program = Program { scenario: &scenarios[0], strategy: &without_hook() };
        let failure = runner.observe(&target, program).expect_err("a failure");
        check(&file, &expectation(&file), &failure.to_string());
    }
}

#[test]
fn every_broken_strategy_is_explained() {
    let (runner, target) = (support::runner(Spawn::new(limits())), first_target());
    let scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    for file in files("broken-strategies") {
        let strategy = strategy::read(&file).expect("a readable file");
        let program = Program { scenario: &scenarios[0], strategy: &strategy };
        let failure = runner.observe(&target, program).expect_err("a failure").to_string();
        assert!(failure.starts_with("the strategy failed"), "{}: {failure}", file.display());
        check(&file, &expectation(&file), &failure);
    }
}

#[test]
fn every_bad_program_is_told() {
    let (runner, target) = (support::runner(Spawn::new(limits())), first_target());
    let folder = support::folder("bad-programs");
    let scenarios = scenario::load(&folder).expect("well-formed scenarios");
    assert!(!scenarios.is_empty());
    let matrix = matrix(vec![target.clone()], scenarios);
    for scenario in &matrix.scenarios {
        let told = match establish(&matrix, &runner, &target, scenario).truth {
            Truth::Disputed(dispute) => dispute.to_string(),
            Truth::Unknown(reason) => reason,
            truth => panic!("{}: {truth:?}", scenario.name),
        };
        // what to expect stands in the place of the summary
        check(Path::new(&scenario.name.to_string()), &scenario.summary, &told);
    }
}

#[test]
fn an_interpreter_that_is_gone_is_a_failure() {
    let runner = support::runner(Spawn::new(limits()));
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("python");
    fs::write(&script, "").expect("a file");
    let target: Target = support::fake_target(&script);
    let failure = runner.describe(&target, &without_hook()).expect_err("a failure").to_string();
    assert!(failure.contains("the child could not be run"), "{failure}");
}
