//! Children that hang, crash and lie, on real interpreters: each ends in a verdict with its reason,
//! and the next cell never notices.
//!
//! Each program says in place of its summary what must be found of it: `agreed` where it does its
//! harm and behaves otherwise, or a part of the reason for which nothing is known.

mod support;

use std::time::Duration;

use support::{folder, matrix, targets};
use tollgate::{
    child::Limits,
    matrix::{Matrix, Truth, establish},
    scenario::{self, Scenario},
    worker::{Runner, Spawn, Target},
};

fn limits() -> Limits {
    Limits {
        deadline: Duration::from_secs(1),
        output_bytes: 1 << 20,
        answer_bytes: 1 << 20,
        memory_bytes: Some(256 << 20),
        open_files: 64,
        file_bytes: Some(64 << 20),
        ..Limits::default()
    }
}

/// The oldest and the newest interpreter: what differs here differs by version.
fn oldest_and_newest() -> Vec<Target> {
    let mut targets = targets();
    let newest = targets.pop();
    targets.truncate(1);
    targets.extend(newest);
    targets
}

/// A program that does no harm, to be run after each that does.
fn harmless() -> Scenario {
    let scenarios = scenario::load(&support::layout().scenarios()).expect("good scenarios");
    let nested = |scenario: &Scenario| scenario.name.to_string() == "packages/nested";
    scenarios.into_iter().find(nested).expect("the scenario is there")
}

fn found(matrix: &Matrix, runner: &Runner, target: &Target, scenario: &Scenario) -> String {
    match establish(matrix, runner, target, scenario).truth {
        Truth::Agreed => "agreed".to_owned(),
        Truth::Disputed(dispute) => dispute.to_string(),
        Truth::Unknown(reason) => reason,
        Truth::NotApplicable(reason) => panic!("{}: {reason}", scenario.name),
    }
}

/// Runs all programs of a folder, and after each the harmless one.
fn check(data: &str, runner: &Runner) {
    let (programs, harmless) = (scenario::load(&folder(data)).expect("good files"), harmless());
    let matrix = matrix(oldest_and_newest(), programs);
    let mut wrong = Vec::new();
    for target in &matrix.targets {
        for program in &matrix.scenarios {
            let label = format!("{} on {}", program.name, target.interpreter.label());
            let told = found(&matrix, runner, target, program);
            if !told.contains(&program.summary) {
                wrong.push(format!("{label}\n  expected: {}\n  found: {told}", program.summary));
            }
            let after = found(&matrix, runner, target, &harmless);
            if after != "agreed" {
                wrong.push(format!("after {label}: {after}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn spawned_children_do_no_harm() {
    check("bad-children", &support::runner(Spawn::new(limits())));
}

#[cfg(target_os = "linux")]
mod forked {
    use std::{path::Path, time::Instant};

    use tollgate::worker::{Program, Zygotes};

    use super::*;

    #[test]
    fn forked_children_do_no_harm() {
        let runner = support::runner(Zygotes::new(limits()));
        check("bad-children", &runner);
        assert_eq!(runner.troubles(), [""; 0], "no zygote died");
    }

    /// A process that leaves its group is out of a group's reach, but not out of its zygote's.
    #[test]
    fn who_leaves_the_group_does_not_outlive_the_cell() {
        let runner = support::runner(Zygotes::new(limits()));
        let scenarios = scenario::load(&folder("bad-children")).expect("good files");
        let leaver =
            |scenario: &&Scenario| scenario.name.to_string() == "grandchild-leaves-the-group";
        let scenario = scenarios.iter().find(leaver).expect("the program is there");
        let program = Program { scenario, strategy: &support::without_hook() };
        let observed = runner.observe(&support::first_target(), program).expect("an answer");
        let number: u32 = observed.behaviour.stdout.trim().parse().expect("a process number");
        let begun = Instant::now();
        let process = Path::new("/proc").join(number.to_string());
        while process.exists() {
            assert!(begun.elapsed() < Duration::from_secs(5), "{number} still lives");
            std::thread::yield_now();
        }
    }
}
