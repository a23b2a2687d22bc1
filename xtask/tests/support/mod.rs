//! What the tests share: the program under test, an interpreter, and scenarios.
#![allow(dead_code, reason = "each test file uses a part")]
#![expect(clippy::disallowed_methods, reason = "the tests start the program under test")]

pub(crate) mod browser;
pub(crate) mod records;
pub(crate) mod running;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    sync::LazyLock,
};

use tempfile::TempDir;

/// The program under test.
pub(crate) fn xtask() -> Command {
    command(env!("CARGO_BIN_EXE_xtask"))
}

pub(crate) fn command(program: &str) -> Command {
    Command::new(program)
}

pub(crate) fn output(command: &mut Command) -> Output {
    command.output().expect("xtask starts")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on standard output")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8 on standard error")
}

pub(crate) fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// It came to its end, and found nothing wrong. A machine that runs other tests meanwhile may be unfit
/// to time anything; that is told by an exit code of its own and is not what is tested.
#[track_caller]
pub(crate) fn assert_ran(output: &Output) {
    assert!(matches!(code(output), Some(0 | 6)), "{:?}: {}", code(output), stderr(output));
}

/// One interpreter, by its path.
pub(crate) static PYTHON: LazyLock<String> = LazyLock::new(|| {
    let listed = stdout(&output(xtask().args(["list", "interpreters"])));
    let first =
        listed.lines().next().expect("an interpreter: the tests need a CPython from 3.9 on");
    first.split_whitespace().last().expect("a path").to_owned()
});

/// A folder of scenarios made for one test.
pub(crate) fn scenarios(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// How many strategies come with Tollgate.
pub(crate) fn strategies() -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness/strategies");
    let names = fs::read_dir(folder).expect("part of the checkout").map(|entry| {
        let path = entry.expect("an entry").path();
        path.extension().is_some_and(|extension| extension == "py")
    });
    names.filter(|is_python| *is_python).count()
}

pub(crate) const PLAIN: &str = "\
summary: A module is imported.
files:
  shop.py: \"\"
run: |
  import shop
trace: |
  import shop
    find shop
    load shop
";

/// Runs one task on scenarios of its own and one interpreter.
pub(crate) fn run(task: &str, folder: &Path, more: &[&str]) -> Output {
    let folder = folder.to_str().expect("a UTF-8 path");
    output(xtask().args([task, "--scenarios", folder, "--python", &PYTHON]).args(more))
}
