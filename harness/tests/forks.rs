//! Only the process that was asked answers: forks of a program and of a strategy say nothing, in whatever mode the worker
//! runs them, and end by themselves.
#![cfg(unix)]

mod support;

use std::rc::Rc;

use support::{files, first_target, layout, strategies, targets, without_hook};
use tollgate::{
    child::Limits,
    scenario::{self, Run, Scenario},
    strategy::{self, Strategy},
    worker::{
        Arm, Launch, Plan, Play, Program, Quantity, Runner, Settling, Spawn, Step, Subject, Target,
        Workload, launch,
    },
};

fn spawning() -> Runner {
    support::runner(Spawn::new(Limits::default()))
}

#[cfg(target_os = "linux")]
fn runners() -> Vec<Runner> {
    use tollgate::worker::Zygotes;
    vec![support::runner(Zygotes::new(Limits::default())), spawning()]
}

#[cfg(not(target_os = "linux"))]
fn runners() -> Vec<Runner> {
    vec![spawning()]
}

/// The scenarios whose names begin so.
fn scenarios(names: &str) -> Vec<Scenario> {
    let mut all = scenario::load(&layout().scenarios()).expect("good scenarios");
    all.retain(|it| it.name.to_string().starts_with(names));
    assert!(!all.is_empty(), "{names}");
    all
}

fn oldest_and_newest() -> Vec<Target> {
    let mut targets = targets();
    targets.sort_by_key(|target| target.interpreter.version);
    targets.drain(1..targets.len().max(2) - 1);
    targets
}

/// Every way to start a child, with each of these interpreters.
fn everywhere() -> Vec<(Rc<Runner>, Target)> {
    let with_all = |runner| {
        let runner = Rc::new(runner);
        oldest_and_newest().into_iter().map(move |target| (Rc::clone(&runner), target))
    };
    runners().into_iter().flat_map(with_all).collect()
}

fn named(name: &str) -> Strategy {
    strategies().into_iter().find(|it| it.name.as_str() == name).expect("it is ours")
}

#[test]
fn in_company_a_fork_says_nothing() {
    let (first, second) = (named("meta_path"), named("bootstrap"));
    let members = [&first, &second];
    let steps = [Step::Install(0), Step::Run, Step::Install(1), Step::Run, Step::Remove(0)];
    for (runner, target) in everywhere() {
        for scenario in scenarios("fork/") {
            let play = Play { scenario: &scenario, members: &members, steps: &steps };
            let label = format!("{} on {}", scenario.name, target.interpreter.label());
            let performed = runner.compose(&target, play);
            let performed = performed.unwrap_or_else(|failure| panic!("{label}: {failure}"));
            assert_eq!((performed.stages.len(), performed.failures.len()), (2, 0), "{label}");
            let heard = performed.stages.iter().flat_map(|stage| stage.events.concat());
            let names: Vec<_> = heard.map(|event| event.name).collect();
            assert!(names.iter().any(|name| name == "shop"), "{label}: {names:?}");
            // in each of these it is a child that imports it
            assert!(names.iter().all(|name| name != "till"), "{label}: {names:?}");
        }
    }
}

/// Of the way through the worker nothing is shown.
#[test]
fn what_a_fork_raises_is_shown_as_without_us() {
    let run = "import sys\nposix = sys.modules['posix']\ndef fails():\n    raise ValueError('no')\n\
               if posix.fork():\n    posix.wait()\nelse:\n    fails()\n";
    let scenario = scenarios("packages/nested").swap_remove(0);
    let scenario = Scenario { run: Run::Code(run.to_owned()), ..scenario };
    let strategy = without_hook();
    for (runner, target) in everywhere() {
        let program = Program { scenario: &scenario, strategy: &strategy };
        let observed = runner.observe(&target, program).unwrap_or_else(|it| panic!("{it}"));
        let expected = "Traceback (most recent call last):\n  File \"<run>\", line 8, in <module>\n  \
                        File \"<run>\", line 4, in fails\nValueError: no\n";
        assert_eq!(observed.behaviour.stderr, expected, "{}", target.interpreter.label());
    }
}

#[test]
fn a_strategy_may_fork_wherever_its_code_runs() {
    let scenario = scenarios("packages/nested").swap_remove(0);
    for file in files("forking-strategies") {
        let strategy = strategy::read(&file).expect("a readable file");
        for (runner, target) in everywhere() {
            let label = format!("{} on {}", strategy.name, target.interpreter.label());
            let program = Program { scenario: &scenario, strategy: &strategy };
            let observed = runner.observe(&target, program);
            let observed = observed.unwrap_or_else(|failure| panic!("{label}: {failure}"));
            assert_eq!(observed.events.len(), 3, "{label}");
        }
    }
}

#[test]
fn what_a_hook_takes_is_told_once_whoever_forks() {
    let file = support::folder("forking-strategies").join("in_file.py");
    let strategy = strategy::read(&file).expect("a readable file");
    for runner in runners() {
        let footprint = runner.footprint(&first_target(), &strategy);
        assert!(footprint.unwrap_or_else(|failure| panic!("{failure}")).depth > 5);
    }
}

/// What a forked child does in the middle of what is timed, and what its parent does meanwhile.
const FORKS: [(&str, &str, &str); 5] = [
    ("it goes on", "pass", "posix.waitpid(child, 0)"),
    ("it raises", "posix.close(2); raise ValueError", "posix.waitpid(child, 0)"),
    ("it leaves", "raise SystemExit(3)", "posix.waitpid(child, 0)"),
    ("it outlives its parent", "while True: posix.read(hold, 1)", "pass"),
    ("it forks in its turn", "posix.fork()", "posix.waitpid(child, 0)"),
];

fn measured(target: &Target, quantity: Quantity, child: &str, parent: &str) -> Launch {
    let timed = format!(
        "import sys\ndef timed():\n    posix = sys.modules['posix']\n    hold, there = posix.pipe()\n    \
         tollgate_lap()\n    child = posix.fork()\n    if child:\n        {parent}\n    else:\n        {child}\n    \
         tollgate_lap()\n"
    );
    let workload = Workload { decoy: String::new(), timed, subject: Subject::Call, stride: 1 };
    let none = without_hook();
    let arms = [Arm::plain(&none), Arm::plain(&none)];
    let plan = Plan {
        arms: &arms,
        order: vec![0, 0, 1, 1, 0],
        warm_up: 1,
        pad: 0,
        core: None,
        seat: None,
        settling: Settling::Nothing,
        quantity,
    };
    let folder = tempfile::tempdir().expect("a folder");
    let start = Spawn::new(Limits::default());
    launch(&start, target, (&workload, folder.path()), &plan).unwrap_or_else(|it| panic!("{it}"))
}

#[test]
fn a_fork_in_a_sample_is_no_sample() {
    for target in oldest_and_newest() {
        for ((what, child, parent), quantity) in
            FORKS.iter().flat_map(|it| [(it, Quantity::Time), (it, Quantity::Memory)])
        {
            let taken = measured(&target, quantity, child, parent);
            let label = format!("{what}, {quantity:?} on {}", target.interpreter.label());
            assert_eq!(taken.complaint, None, "{label}");
            let laps = if quantity == Quantity::Time { 3 } else { 1 };
            let counts =
                taken.samples.iter().map(|it| it.measured.as_ref().map(|it| it.laps.len()));
            assert_eq!(counts.collect::<Vec<_>>(), vec![Some(laps); 5], "{label}");
        }
    }
}
