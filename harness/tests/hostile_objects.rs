//! The worker survives what it describes: programs that leave behind objects which raise, lie, or are of another type,
//! in every place that the worker or a strategy asks. Each has a whole answer under every strategy.

mod support;

use std::thread;

use support::{folder, layout, strategies, targets, without_hook};
use tollgate::{
    child::Limits,
    scenario::{self, Scenario},
    strategy::{self, Strategy},
    worker::{Failure, Play, Program, Runner, Spawn, Step, Target, Zygotes},
};

fn programs() -> Vec<Scenario> {
    scenario::load(&folder("hostile-objects")).unwrap_or_else(|error| panic!("{error}"))
}

/// Does `one` with every program on every interpreter; what it says is wrong is told for all at once.
fn check(programs: &[Scenario], one: impl Fn(&Target, &Scenario) -> Vec<String> + Sync) {
    let targets = targets();
    let all = |target: &Target| programs.iter().flat_map(|it| one(target, it)).collect::<Vec<_>>();
    let wrong: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = targets.iter().map(|it| scope.spawn(|| all(it))).collect();
        threads.into_iter().flat_map(|it| it.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{} have no whole answer:\n{}", wrong.len(), wrong.join("\n"));
}

fn observed(
    runner: &Runner,
    target: &Target,
    scenario: &Scenario,
    strategy: &Strategy,
) -> Option<String> {
    match runner.observe(target, Program { scenario, strategy }) {
        Ok(observation) => {
            assert_eq!(observation.behaviour.traces.state.len().min(5), 5, "{}", scenario.name);
            None
        }
        Err(Failure::NotApplicable(_)) => None,
        Err(failure) => {
            let label = target.interpreter.label();
            Some(format!("{} under {} on {label}: {failure}", scenario.name, strategy.name))
        }
    }
}

#[test]
fn every_strategy_and_witness_has_a_whole_answer() {
    let mut all = strategies();
    let witnesses = [layout().recorder(), layout().testimony()];
    all.extend(witnesses.iter().map(|it| strategy::read(it).expect("a witness")));
    let runner = support::runner(Zygotes::new(Limits::default()));
    check(&programs(), |target, scenario| {
        all.iter().filter_map(|it| observed(&runner, target, scenario, it)).collect()
    });
}

#[test]
fn a_fresh_interpreter_has_a_whole_answer() {
    let (runner, none) = (support::runner(Spawn::new(Limits::default())), without_hook());
    check(&programs(), |target, scenario| {
        observed(&runner, target, scenario, &none).into_iter().collect()
    });
}

/// In company the program runs again, with what it has left of itself.
#[test]
fn two_hooks_have_a_whole_answer() {
    let all = strategies();
    let named = |name: &str| all.iter().find(|it| it.name.as_str() == name).expect("it is ours");
    let members = [named("meta_path"), named("path_hook")];
    let steps = [
        Step::Install(0),
        Step::Install(1),
        Step::Run,
        Step::Remove(0),
        Step::Run,
        Step::Remove(1),
        Step::Run,
    ];
    let runner = support::runner(Zygotes::new(Limits::default()));
    check(&programs(), |target, scenario| {
        let performed = runner.compose(target, Play { scenario, members: &members, steps: &steps });
        let label = format!("{} on {}", scenario.name, target.interpreter.label());
        match performed {
            Ok(performance) => {
                let refused = performance.failures.iter();
                refused.map(|(step, reason)| format!("{label}: {step}: {reason}")).collect()
            }
            Err(failure) => vec![format!("{label}: {failure}")],
        }
    });
}
