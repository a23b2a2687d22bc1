//! What the modules say of themselves, and that no program notices that they do.
//!
//! In `testimonies/` the trace of a scenario is what its modules say. The programs of `unnoticed/`
//! show what they can see of the testimony, which is nothing.

mod support;

use support::{folder, layout, runner, targets, without_hook};
use tollgate::{
    child::Limits,
    scenario::{self, Scenario},
    strategy::{self, Strategy},
    worker::{Observation, Program, Runner, Target, Zygotes},
};

fn testimony() -> Strategy {
    strategy::read(&layout().testimony()).expect("part of the checkout")
}

fn scenarios(name: &str) -> Vec<Scenario> {
    let scenarios = scenario::load(&folder(name)).unwrap_or_else(|error| panic!("{error}"));
    assert!(!scenarios.is_empty());
    scenarios
}

/// Calls `check` with every scenario on every interpreter that it is for.
fn on_all(scenarios: &[Scenario], check: impl Fn(&Runner, &Target, &Scenario)) {
    let runner = runner(Zygotes::new(Limits::default()));
    for target in targets() {
        for scenario in scenarios.iter().filter(|it| it.applies_to(&target.interpreter.version)) {
            check(&runner, &target, scenario);
        }
    }
}

fn observe(
    runner: &Runner,
    target: &Target,
    (scenario, strategy): (&Scenario, &Strategy),
) -> Observation {
    let observed = runner.observe(target, Program { scenario, strategy });
    observed.unwrap_or_else(|failure| {
        panic!("{} on {}: {failure}", scenario.name, target.interpreter.label())
    })
}

#[test]
fn modules_say_which_bodies_ran_and_how_they_ended() {
    on_all(&scenarios("testimonies"), |runner, target, scenario| {
        let said = observe(runner, target, (scenario, &testimony()));
        let place = format!("{} on {}", scenario.name, target.interpreter.label());
        let said_trace = said.spans().expect("balanced");
        let expected = scenario.trace_for(&target.interpreter.version).expect("a trace");
        let narrowed = scenario.scope().narrow(&said_trace);
        assert_eq!(narrowed.to_string(), expected.to_string(), "{place}: {}", said.behaviour.end);
    });
}

#[test]
fn no_program_notices() {
    for folder in ["testimonies", "unnoticed"] {
        on_all(&scenarios(folder), |runner, target, scenario| {
            let alone = observe(runner, target, (scenario, &without_hook())).behaviour;
            let watched = observe(runner, target, (scenario, &testimony())).behaviour;
            let place = format!("{} on {}", scenario.name, target.interpreter.label());
            assert_eq!(alone, watched, "{place}");
            assert!(folder != "unnoticed" || !alone.stdout.is_empty(), "{place} shows nothing");
        });
    }
}

#[test]
fn a_program_that_replaces_exec_is_told() {
    let replacing = scenarios("abstentions").swap_remove(0);
    on_all(&[replacing], |runner, target, scenario| {
        let program = Program { scenario, strategy: &testimony() };
        let failure = runner.observe(target, program).expect_err("no testimony").to_string();
        assert!(failure.contains(&scenario.summary), "{failure}");
    });
}
