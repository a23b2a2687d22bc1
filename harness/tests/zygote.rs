//! A forked child is as a spawned one: what a program can see of its process before it has done
//! anything is compared on every interpreter.
#![cfg(target_os = "linux")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::{folder, targets, without_hook};
use tollgate::{
    child::Limits,
    scenario::{self, Scenario},
    worker::{Memory, Program, Runner, Spawn, Target, Zygotes},
};

/// What a program can tell a fork by, and why that is so. `PROTOCOL.md` names the same.
const DIFFERENT: [(&str, &str); 3] = [
    ("environment at start", "the kernel keeps what the zygote was started with"),
    ("hash", "the seed is chosen when an interpreter starts, so forks of one zygote share it"),
    ("parent", "the zygote is the parent"),
];

/// What the program of `state/` sees, by name.
fn state(runner: &Runner, target: &Target, scenario: &Scenario) -> BTreeMap<String, String> {
    let program = Program { scenario, strategy: &without_hook() };
    let observed = runner.observe(target, program).unwrap_or_else(|failure| panic!("{failure}"));
    let behaviour = observed.behaviour;
    let lines = behaviour.stdout.lines().filter_map(|line| line.split_once(" = "));
    let state: BTreeMap<_, _> =
        lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert!(state.len() > 300, "{}{}", behaviour.end, behaviour.stderr);
    state
}

fn names_that_differ<'a>(
    one: &'a BTreeMap<String, String>,
    other: &'a BTreeMap<String, String>,
) -> BTreeSet<&'a str> {
    let names = one.keys().chain(other.keys());
    names.filter(|name| one.get(*name) != other.get(*name)).map(String::as_str).collect()
}

fn the_scenario() -> Scenario {
    scenario::load(&folder("state")).unwrap_or_else(|error| panic!("{error}")).swap_remove(0)
}

/// On every interpreter, and with what a difference looks like.
fn check(scenario: &Scenario) {
    let (fork, spawn) = (
        support::runner(Zygotes::new(Limits::default())),
        support::runner(Spawn::new(Limits::default())),
    );
    for target in targets() {
        let forked = state(&fork, &target, scenario);
        let spawned = state(&spawn, &target, scenario);
        let differing = names_that_differ(&forked, &spawned);
        let show = |name: &&str| {
            format!(
                "{name}\n  forked:  {:?}\n  spawned: {:?}",
                forked.get(*name),
                spawned.get(*name)
            )
        };
        let shown: Vec<_> = differing.iter().map(show).collect();
        let named: BTreeSet<_> = DIFFERENT.iter().map(|&(name, _)| name).collect();
        assert_eq!(differing, named, "{}\n{}", target.interpreter.label(), shown.join("\n"));
    }
    assert_eq!(fork.troubles(), Vec::<String>::new());
}

#[test]
fn a_fork_differs_from_a_fresh_interpreter_in_what_is_named_only() {
    check(&the_scenario());
}

#[test]
fn what_a_zygote_has_imported_ahead_is_as_if_the_program_had() {
    for setup in ["import threading, zipfile", "import importlib.util\nimport json", "import ast"] {
        check(&Scenario { setup: Some(setup.to_owned()), ..the_scenario() });
    }
}

/// Such a zygote ends before it has forked a child, and that is nobody's fault.
#[test]
fn what_cannot_be_imported_ahead_is_left_to_the_program() {
    let target = support::first_target();
    let fork = support::runner(Zygotes::new(Limits::default()));
    let setup = "import zipfile\nfrom zipfile import no_such_name";
    let scenario = Scenario { setup: Some(setup.to_owned()), ..the_scenario() };
    for _ in 0..2 {
        let program = Program { scenario: &scenario, strategy: &without_hook() };
        let failure = fork.observe(&target, program).expect_err("`setup` fails").to_string();
        assert!(failure.contains("ImportError: cannot import name 'no_such_name'"), "{failure}");
    }
    assert_eq!(fork.troubles(), Vec::<String>::new());
}

#[test]
fn forks_of_one_zygote_are_alike() {
    let fork = support::runner(Zygotes::new(Limits::default()));
    let scenario = the_scenario();
    for target in targets() {
        let (one, other) = (state(&fork, &target, &scenario), state(&fork, &target, &scenario));
        assert_eq!(names_that_differ(&one, &other), BTreeSet::new());
    }
}

#[test]
fn a_zygote_has_the_layout_that_was_chosen() {
    let scenario = the_scenario();
    let target = support::first_target();
    let under = |memory: Memory| {
        let fork = support::runner(Zygotes::with_memory(Limits::default(), memory));
        state(&fork, &target, &scenario)
    };
    let plain = Memory { hash_seed: Some(7), ..Memory::default() };
    let first = under(plain);
    assert_eq!(first["hash"], under(plain)["hash"], "the same seed, the same hash");
    let other = under(Memory { hash_seed: Some(8), ..plain });
    assert_ne!(first["hash"], other["hash"]);
    assert_ne!(first["hash"], under(Memory::default())["hash"], "by chance: once in 2^64");
    let padded = under(Memory { environment_pad: 1000, heap_pad: 1 << 20, ..plain });
    let pad = format!("TOLLGATE_PAD={}", "x".repeat(1000));
    assert!(padded["environment at start"].contains(&pad));
    assert!(!first["environment at start"].contains("TOLLGATE_PAD"));
}
