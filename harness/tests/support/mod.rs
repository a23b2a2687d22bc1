//! What the tests share: where things are, and interpreters, real and fake.
#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod programs;

use std::{
    fs,
    path::{Path, PathBuf},
};

use tollgate::{
    interpreter::{self, Interpreter, Libpython, ProbeKind, Threading},
    layout::Layout,
    matrix::Matrix,
    scenario::Scenario,
    strategy::{self, BASELINE, Strategy},
    version::Version,
    worker::{Runner, Start, Target},
};

pub(crate) fn layout() -> Layout {
    Layout::of_this_checkout()
}

/// A folder of test data.
pub(crate) fn folder(name: &str) -> PathBuf {
    layout().root().join("harness/tests").join(name)
}

/// The files of a folder of test data, sorted; at least one.
pub(crate) fn files(name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder(name)).expect("the folder is part of the checkout");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    assert!(!files.is_empty(), "{name} is empty");
    files
}

/// What stands behind `# expect:` in a file.
pub(crate) fn expectation(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a readable file");
    let line = text.lines().find_map(|line| line.strip_prefix("# expect: "));
    line.unwrap_or_else(|| panic!("{} has no line `# expect:`", file.display())).to_owned()
}

/// Every usable interpreter with its probe. What is passed over is told; none at all is a failure.
pub(crate) fn targets() -> Vec<Target> {
    let found = interpreter::select(&[]).unwrap_or_else(|error| panic!("{error}"));
    found.skipped.iter().for_each(|skipped| eprintln!("skipped: {skipped}"));
    let target = |interpreter: Interpreter| {
        eprintln!("on {}: {}", interpreter.label(), interpreter.path.display());
        Target::new(&layout(), interpreter).unwrap_or_else(|error| panic!("{error}"))
    };
    found.usable.into_iter().map(target).collect()
}

/// One usable interpreter.
pub(crate) fn first_target() -> Target {
    targets().swap_remove(0)
}

/// A file that poses as an interpreter.
pub(crate) fn fake_target(executable: &Path) -> Target {
    let interpreter = Interpreter {
        path: executable.to_owned(),
        real_path: executable.to_owned(),
        ordinal: 1,
        version: Version::new(3, 13, 0),
        full_version: "3.13.0 (fake)".to_owned(),
        implementation: "CPython".to_owned(),
        cache_tag: None,
        magic: None,
        threading: Threading::Gil,
        gil_enabled: true,
        debug: false,
        libpython: Libpython::Static,
        platform: "fake".to_owned(),
        can_fork: false,
        soabi: None,
        build_flags: Vec::new(),
        probe: ProbeKind::StableAbi,
    };
    Target { interpreter, probe: "no-probe".into(), worker: "no-worker".into() }
}

/// A runner that starts children by `start`.
pub(crate) fn runner(start: impl Start + 'static) -> Runner {
    Runner::new(start).expect("a place for trees")
}

/// Every strategy that comes with Tollgate.
pub(crate) fn strategies() -> Vec<Strategy> {
    strategy::read_all(&layout().strategies()).expect("readable strategies")
}

/// The baseline.
pub(crate) fn without_hook() -> Strategy {
    let strategies = strategies();
    strategies.into_iter().find(|strategy| strategy.name.as_str() == BASELINE).expect("a baseline")
}

/// A matrix of `scenarios` on `targets` with every strategy.
pub(crate) fn matrix(targets: Vec<Target>, scenarios: Vec<Scenario>) -> Matrix {
    let recorder = strategy::read(&layout().recorder()).expect("a recorder");
    let requests = strategy::read(&layout().requests()).expect("requests");
    Matrix {
        targets,
        strategies: strategies(),
        baseline: without_hook(),
        requests: requests.behind(&recorder),
        recorder,
        testimony: strategy::read(&layout().testimony()).expect("a testimony"),
        scenarios,
    }
}
