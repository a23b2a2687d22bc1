//! `cargo xtask evaluate` and `mutants`, as a user meets them.

mod support;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Output};

use support::{PLAIN, PYTHON, code, output, scenarios, stderr, stdout, xtask};
use tempfile::TempDir;

fn evaluate(scenarios: &Path, more: &[&str]) -> Output {
    let scenarios = scenarios.to_str().expect("a UTF-8 path");
    output(xtask().args(["evaluate", "--scenarios", scenarios]).args(more))
}

/// A candidate's folder.
fn candidate(contract: &str, overlay: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("contract.yaml"), contract).expect("written");
    fs::write(folder.path().join("bootstrap.py"), overlay).expect("written");
    folder
}

const CONTRACT: &str = "\
summary: The start of an import.
link: https://example.org
events:
  importlib.begun: {marks: import.start, arguments: [name]}
";

const OVERLAY: &str = "\
def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit('importlib.begun', name)
    return _find_and_load(name, import_, **options)
";

fn run_own(contract: &str, overlay: &str) -> Output {
    let (folder, own) = (scenarios(&[("x/plain.yaml", PLAIN)]), candidate(contract, overlay));
    let own = own.path().to_str().expect("a UTF-8 path").to_owned();
    evaluate(folder.path(), &[&own, "--python", &PYTHON])
}

#[test]
fn a_candidate_of_ones_own_is_held_against_its_contract() {
    let kept = run_own(CONTRACT, OVERLAY);
    assert_eq!(code(&kept), Some(0), "{}", stderr(&kept));
    assert!(stdout(&kept).contains("The contract is kept."), "{}", stdout(&kept));
    let broken =
        run_own(CONTRACT, &OVERLAY.replace("name)\n    return", "name.upper())\n    return"));
    assert_eq!(code(&broken), Some(3), "{}", stderr(&broken));
    assert!(
        stdout(&broken).contains("importlib.begun of shop: its name is another"),
        "{}",
        stdout(&broken)
    );
}

/// The printed report, the page and a later page of a run are made of the same record.
#[test]
fn an_evaluation_is_recorded_and_shown_beside_a_run() {
    let kept = run_own(CONTRACT, OVERLAY);
    let said = stderr(&kept);
    let line = said.lines().find_map(|line| line.strip_prefix("Record: ")).expect("its path");
    let record = Path::new(line);
    let text = fs::read_to_string(record).expect("the record");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let shown = &json["candidates"][0]["shown"][0];
    assert_eq!((&json["format"], &shown["conforming"]), (&3.into(), &1.into()), "{text}");
    assert_eq!(shown["heard"]["x/plain"], serde_json::json!([["importlib.begun", "shop"]]));
    let command = json["command"].as_str().expect("a command");
    assert!(command.starts_with("cargo xtask evaluate --scenarios "), "{command}");
    let read = |name: &str| fs::read_to_string(record.with_file_name(name)).expect("a report");
    assert_eq!(read("report.md"), stdout(&kept));
    assert!(read("report.html").contains("1 of 1 cells"));

    let folder = scenarios(&[("x/plain.yaml", PLAIN)]);
    let run = support::run("check", folder.path(), &["--strategy", "audit"]);
    let run = support::records::records(&stdout(&run));
    let run = run.parent().and_then(Path::to_str).expect("a folder");
    let report = |format: &str, evaluation: &str| {
        output(xtask().args(["report", run, "--format", format, "--evaluation", evaluation]))
    };
    let evaluation = record.parent().and_then(Path::to_str).expect("a folder");
    let markdown = report("markdown", evaluation);
    assert!(stdout(&markdown).contains("| yes | no | no |"), "{}", stdout(&markdown));
    let page = stdout(&report("html", evaluation));
    let page = fs::read_to_string(page.trim()).expect("the page");
    assert!(page.contains("id=\"candidates\"") && page.contains("id=\"matrix\""));
    for (format, evaluation, told) in [
        ("html", "nowhere", "`nowhere`: there is no such evaluation"),
        ("json", evaluation, "`--evaluation` is for the formats `html` and `markdown`"),
    ] {
        let refused = report(format, evaluation);
        assert_eq!(code(&refused), Some(2));
        assert!(stderr(&refused).contains(told), "{}", stderr(&refused));
    }
}

#[test]
fn what_cannot_be_run_is_explained_and_nothing_is_run() {
    let bad = run_own(&CONTRACT.replace("import.start", "import.begin"), OVERLAY);
    assert_eq!(code(&bad), Some(2));
    assert!(stderr(&bad).contains("contract.yaml:4:28"), "{}", stderr(&bad));
    let bad = run_own(CONTRACT, "def _find_and_load(:\n");
    assert_eq!(code(&bad), Some(2));
    assert!(stderr(&bad).contains("SyntaxError"), "{}", stderr(&bad));
    let folder = scenarios(&[("x/plain.yaml", PLAIN)]);
    let unknown = evaluate(folder.path(), &["alternate-9"]);
    assert_eq!(code(&unknown), Some(4));
    assert!(
        stderr(&unknown).contains("did you mean `alternate-1`? There are proposal, alternate-1"),
        "{}",
        stderr(&unknown)
    );
    let nowhere = evaluate(folder.path(), &["--source", "/nowhere"]);
    assert_eq!(code(&nowhere), Some(2));
    assert!(stderr(&nowhere).contains("there is no `configure`"), "{}", stderr(&nowhere));
}

#[test]
fn a_mutant_that_no_scenario_finds_out_is_a_failure() {
    let folder = scenarios(&[("x/plain.yaml", PLAIN)]);
    let run = |name: &str| {
        let scenarios = folder.path().to_str().expect("a UTF-8 path");
        output(xtask().args(["mutants", name, "--scenarios", scenarios, "--python", &PYTHON]))
    };
    let found = run("doubled-start");
    assert_eq!(code(&found), Some(0), "{}", stderr(&found));
    assert!(
        stdout(&found).contains("1 of 1 mutant found out, each by at least"),
        "{}",
        stdout(&found)
    );
    // no scenario of this folder has a second thread
    let survivor = run("main-thread-only");
    assert_eq!(code(&survivor), Some(3), "{}", stderr(&survivor));
    assert!(stdout(&survivor).contains("Survived: main-thread-only"), "{}", stdout(&survivor));
}

#[test]
fn finished_interpreters_are_compared_where_they_are_of_one_version() {
    let folder = scenarios(&[("x/plain.yaml", PLAIN)]);
    let run =
        |base: &str| evaluate(folder.path(), &["status-quo", "--base", base, "--python", &PYTHON]);
    let same = run(&PYTHON);
    assert_eq!(code(&same), Some(0), "{}", stderr(&same));
    assert!(stdout(&same).contains("The contract is kept."), "{}", stdout(&same));
    let nowhere = run("/nowhere/python");
    assert_eq!(code(&nowhere), Some(2), "{}", stderr(&nowhere));
    assert!(stderr(&nowhere).contains("/nowhere/python"), "{}", stderr(&nowhere));
}

/// A source tree that is built at once: its `python` is an interpreter of this machine, whose
/// importlib is nobody's to change.
fn source(make: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    };
    write("Lib/importlib/_bootstrap.py", "one = 1\ntwo = 2\n");
    let configure = format!("#!/bin/sh\nprintf '{make}' > Makefile\n");
    write("configure", &configure);
    // what an earlier run of the tests has built is another tree
    write("README", &folder.path().to_string_lossy());
    folder
}

#[test]
fn a_build_that_fails_ends_with_its_first_error_and_its_log() {
    let failing = "all:\\n\\t@echo \"a.c:7: error: no such thing\" >&2; echo more >&2; false\\n";
    let (tree, folder) = (source(failing), scenarios(&[("x/plain.yaml", PLAIN)]));
    let tree = tree.path().to_str().expect("a UTF-8 path");
    let failed = evaluate(folder.path(), &["--source", tree]);
    assert_eq!(code(&failed), Some(5));
    let said = stderr(&failed);
    assert!(
        said.contains("make of the base failed (exit code 2):\na.c:7: error: no such thing"),
        "{said}"
    );
    let log = said.lines().find_map(|line| line.strip_prefix("log: ")).expect("the log is named");
    assert!(fs::read_to_string(log).expect("a log").contains("more"));
}

#[test]
fn a_patch_that_does_not_apply_is_shown_before_anything_is_built() {
    let (tree, folder) = (source("all:\\n\\tfalse\\n"), scenarios(&[("x/plain.yaml", PLAIN)]));
    let diff = tree.path().join("my.diff");
    let text = "--- a/Lib/importlib/_bootstrap.py\n+++ b/Lib/importlib/_bootstrap.py\n\
                @@ -1,2 +1,2 @@\n one = 1\n-three = 3\n+four = 4\n";
    fs::write(&diff, text).expect("written");
    let (tree, diff) = (tree.path().to_str().expect("a path"), diff.to_str().expect("a path"));
    let refused = evaluate(folder.path(), &["--source", tree, "--patch", diff]);
    assert_eq!(code(&refused), Some(2));
    let said = stderr(&refused);
    assert!(said.contains("patch failed: Lib/importlib/_bootstrap.py:1"), "{said}");
    assert!(said.contains("  -three = 3\n"), "{said}");
}

#[test]
fn what_was_built_is_kept_and_a_build_without_the_events_is_found_out() {
    let tree = source("all:\\n\\t@cp wrapper python\\n");
    let wrapper = tree.path().join("wrapper");
    fs::write(&wrapper, format!("#!/bin/sh\nexec {} \"$@\"\n", *PYTHON)).expect("written");
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).expect("a mode");
    let folder = scenarios(&[("x/plain.yaml", PLAIN)]);
    let tree = tree.path().to_str().expect("a UTF-8 path");
    let first = evaluate(folder.path(), &["--source", tree]);
    assert_eq!(code(&first), Some(3), "{}", stderr(&first));
    assert!(stderr(&first).contains("make of proposal"), "{}", stderr(&first));
    let told = stdout(&first);
    assert!(told.contains("| build | 1 | 0 |"), "{told}");
    assert!(told.contains("did not hear the same in 1: x/plain"), "{told}");
    let second = evaluate(folder.path(), &["--source", tree]);
    assert!(!stderr(&second).contains("make of"), "{}", stderr(&second));
    assert_eq!(stdout(&second), told);
}
