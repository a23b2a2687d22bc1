//! The model against hand-written traces, and against real interpreters.
//!
//! `model-programs/` holds small programs without traces: there CPython alone decides. What it predicts
//! of scenarios is held against interpreters by `real.rs`, with what the other witnesses say.

mod support;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    sync::LazyLock,
    time::{Duration, Instant},
};

use rayon::prelude::*;
use support::{layout, runner, targets, without_hook};
use tollgate::{
    child::Limits,
    fuzz::{Seen, difference},
    model::{Abstention, End, Prediction, Program, Rules, predict},
    scenario::{self, ExitStatus, Scenario},
    strategy::{self, Strategy},
    version::{SUPPORTED_MINORS, Version},
    worker::{self, Failure, Observation, Runner, Target, Zygotes},
};

static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    scenario::load(&layout().scenarios()).unwrap_or_else(|error| panic!("{error}"))
});

static PROGRAMS: LazyLock<Vec<Scenario>> = LazyLock::new(support::programs::programs);

fn versions() -> impl Iterator<Item = Version> {
    SUPPORTED_MINORS.map(|minor| Version::new(3, minor, 0))
}

fn prediction(scenario: &Scenario, version: Version) -> Result<Prediction, Abstention> {
    predict(&Program::from(scenario), Rules::of(version))
}

#[test]
fn predictions_are_what_people_wrote() {
    let mut wrong = String::new();
    for (scenario, version) in SCENARIOS.iter().flat_map(|one| versions().map(move |v| (one, v))) {
        let Some(written) = scenario.trace_for(&version) else { continue };
        let Ok(prediction) = prediction(scenario, version) else { continue };
        let narrowed = scenario.scope().narrow(&prediction.trace);
        let ended = match &prediction.end {
            End::Returned => (None, None),
            End::Raised { exception, .. } => (Some(exception.as_str()), None),
            End::Exited(status) => (None, Some(ExitStatus::Code(*status))),
        };
        let says = (scenario.raises_for(&version), scenario.exits_for(&version));
        if narrowed.to_string() != written.to_string() || ended != says {
            writeln!(wrong, "{} on {version}: {ended:?}\n{narrowed}", scenario.name).expect("room");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// All of them take 50 ms in a release build on an idle machine; this one may be neither.
#[test]
fn predictions_are_quick() {
    let programs: Vec<_> = SCENARIOS.iter().map(Program::from).collect();
    let rules = Rules::of(Version::new(3, 13, 0));
    let time = || {
        let begun = Instant::now();
        let predicted = programs.iter().filter(|program| predict(program, rules).is_ok()).count();
        assert!(predicted > 0);
        begun.elapsed()
    };
    let fastest = (0..5).map(|_| time()).min().expect("five times");
    assert!(fastest < Duration::from_secs(1), "{fastest:?}");
}

#[test]
fn the_model_predicts_most_scenarios_and_abstains_from_known_ones() {
    let mut lines = BTreeSet::new();
    let mut abstaining = BTreeSet::new();
    for (scenario, version) in SCENARIOS.iter().flat_map(|one| versions().map(move |v| (one, v))) {
        if let (true, Err(abstention)) =
            (scenario.applies_to(&version), prediction(scenario, version))
        {
            lines.insert(format!("{}: {abstention}", scenario.name));
            abstaining.insert(&scenario.name);
        }
    }
    let lines: Vec<_> = lines.into_iter().collect();
    insta::assert_snapshot!(lines.join("\n"));
    assert!(abstaining.len() * 5 <= SCENARIOS.len(), "it abstains from {}", abstaining.len());
}

static RECORDER: LazyLock<Strategy> =
    LazyLock::new(|| strategy::read(&layout().recorder()).expect("a recorder"));
static BASELINE: LazyLock<Strategy> = LazyLock::new(without_hook);

fn watch(runner: &Runner, target: &Target, scenario: &Scenario) -> Result<Seen, Failure> {
    let run = |strategy: &Strategy| -> Result<Observation, Failure> {
        runner.observe(target, worker::Program { scenario, strategy })
    };
    let mut seen = Seen::of(run(&RECORDER)?).expect("a recorder without faults");
    // the recorder may disturb a program
    seen.behaviour = run(&BASELINE)?.behaviour;
    Ok(seen)
}

fn hold_against_interpreters(scenarios: &[Scenario]) {
    let (targets, runner) = (targets(), runner(Zygotes::new(Limits::default())));
    for target in &targets {
        runner.prepare(target, scenarios, &[&RECORDER, &BASELINE]);
    }
    let cells: Vec<_> =
        scenarios.iter().flat_map(|one| targets.iter().map(move |t| (one, t))).collect();
    let wrong: Vec<_> = cells
        .into_par_iter()
        .filter(|(scenario, target)| scenario.applies_to(&target.interpreter.version))
        .filter_map(|(scenario, target)| {
            let version = target.interpreter.version;
            let prediction = prediction(scenario, version).ok()?;
            let wrong = match watch(&runner, target, scenario) {
                Ok(seen) => difference(scenario, &prediction, &seen)?.to_string(),
                // the machine's own sitecustomize would come first
                Err(Failure::NotApplicable(_)) => return None,
                Err(failure) => failure.to_string(),
            };
            Some(format!("{} ({}) on {version}: {wrong}\n", scenario.name, scenario.summary))
        })
        .collect();
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn programs_are_predicted_as_interpreters_run_them() {
    hold_against_interpreters(&PROGRAMS);
}

#[test]
fn no_program_is_left_out() {
    let abstains = |(program, version): (&Scenario, Version)| {
        if !program.applies_to(&version) {
            return None;
        }
        let abstention = prediction(program, version).err()?;
        Some(format!("{} on {version}: {abstention}", program.summary))
    };
    let all = PROGRAMS.iter().flat_map(|one| versions().map(move |version| (one, version)));
    let left_out: Vec<_> = all.filter_map(abstains).collect();
    assert!(left_out.is_empty(), "{}", left_out.join("\n"));
}
