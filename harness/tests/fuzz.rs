//! The fuzzer: a small campaign, and whether it finds faults that are planted in the model.

mod support;

use std::{collections::BTreeMap, path::Path};

use support::{layout, targets, without_hook};
use tollgate::{
    child::Limits,
    fuzz::{Panel, Plan, program, programs, run, scenario_file},
    model::{Fault, Program, Rules, predict},
    scenario,
    stop::Stop,
    strategy,
    version::Version,
    worker::{Runner, Target, Zygotes},
};

/// How many programs the fuzzer may need for a fault.
const MOST: u64 = 10_000;

/// How many programs it takes to find each fault: the first on which the model with the fault
/// predicts something else than the sound one, which stands for CPython.
fn needed(version: Version) -> BTreeMap<String, u64> {
    let programs = programs();
    let sound = Rules::of(version);
    let mut hidden: Vec<Fault> = Fault::ALL.to_vec();
    let mut needed = BTreeMap::new();
    for seed in 0..MOST {
        let program = Program::from(&program(&programs, seed).scenario("fuzz/fault", "x"));
        let Ok(right) = predict(&program, sound) else { continue };
        hidden.retain(|&fault| {
            let wrong = predict(&program, Rules { fault: Some(fault), ..sound });
            let found = wrong.is_ok_and(|wrong| wrong != right);
            if found {
                needed.insert(format!("{fault:?}"), seed + 1);
            }
            !found
        });
        if hidden.is_empty() {
            return needed;
        }
    }
    panic!("{MOST} programs do not show {hidden:?}")
}

#[test]
fn every_planted_fault_is_found() {
    for (fault, programs) in needed(Version::new(3, 13, 0)) {
        println!("| `{fault}` | {programs} |");
    }
}

#[test]
fn a_seed_makes_the_same_program_each_time() {
    for seed in [0, 1, u64::MAX] {
        let made = || program(&programs(), seed).scenario("fuzz/seed", "x");
        assert_eq!(made(), made());
    }
}

fn on_panel<T>(targets: &[Target], fault: Option<Fault>, work: impl FnOnce(&Panel<'_>) -> T) -> T {
    let recorder = strategy::read(&layout().recorder()).expect("a recorder");
    let testimony = strategy::read(&layout().testimony()).expect("a testimony");
    let baseline = without_hook();
    let runner = || Runner::new(Zygotes::new(Limits::default()));
    let (recorder, testimony, baseline) = (&recorder, &testimony, &baseline);
    work(&Panel { targets, recorder, testimony, baseline, runner: &runner, fault })
}

fn plan(cases: u64) -> Plan {
    Plan { seed: 1, cases, most: 1, ends: None, stop: Stop::default() }
}

#[test]
fn the_model_and_the_interpreters_agree_on_random_programs() {
    on_panel(&targets(), None, |panel| {
        let (tally, disagreements) = run(panel, &plan(400), &|_| {}).expect("a place for trees");
        let told = disagreements.iter().map(|one| format!("{}: {}", one.seed, one.difference));
        assert_eq!(told.collect::<Vec<_>>(), Vec::<String>::new());
        assert_eq!(tally.programs, 400);
        assert!(tally.compared * 10 >= tally.programs * 9, "{tally:?}");
        assert!(tally.testified * 6 >= tally.cells, "{tally:?}");
    });
}

/// From a fault in the model to a scenario that CPython agrees with and a person can read.
#[test]
fn what_an_interpreter_contradicts_becomes_a_small_scenario() {
    let targets = [support::first_target()];
    let version = targets[0].interpreter.version;
    for fault in [Fault::ParentBesideChild, Fault::FailedModuleStays, Fault::NoSubmoduleFallback] {
        on_panel(&targets, Some(fault), |panel| {
            let (_, disagreements) = run(panel, &plan(100), &|_| {}).expect("a place for trees");
            let found = disagreements.first().unwrap_or_else(|| panic!("{fault:?} is not found"));
            assert!(found.repeats, "{fault:?}");
            let runner = (panel.runner)().expect("a place for trees");
            let text = scenario_file(found, panel, &runner).expect("the recorder sees it");
            let name = "fuzz/found".parse().expect("a name");
            let scenario = scenario::parse(Path::new("found.yaml"), name, &text)
                .unwrap_or_else(|errors| panic!("{}\n{text}", errors[0]));
            let prediction = predict(&Program::from(&scenario), Rules::of(version));
            let trace = prediction.expect("a prediction").trace;
            let expected = scenario.trace_for(&version).expect("it applies").to_string();
            assert_eq!(scenario.scope().narrow(&trace).to_string(), expected, "{fault:?}");
            let code = scenario.files.iter().map(|file| file.body.lines().count()).sum::<usize>();
            assert!(code <= 12, "{fault:?}: {text}");
        });
    }
}
