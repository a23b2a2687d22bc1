//! Names that were given and are not there, in every task; what is listed; and which interpreters are told of.

mod support;

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use serde_json::Value;
use support::{PLAIN, PYTHON, code, output, run, scenarios, stderr, stdout, xtask};

#[test]
fn what_is_misspelt_gets_a_suggestion_in_every_task() {
    let nested = "no scenario fits `package/nested`; did you mean `packages/nested`?";
    let folder = "no scenario fits `package/*`; did you mean `packages/*`?";
    let audit = "no strategy fits `audti`; did you mean `audit`?";
    let one_audit = "there is no strategy `audti`; did you mean `audit`?";
    let one_nested = "there is no scenario `package/nested`; did you mean `packages/nested`?";
    let proposal = "`proposl`; did you mean `proposal`?";
    for (arguments, told) in [
        (&["check", "--scenario", "package/nested"][..], nested),
        (&["check", "--scenario", "package/*"], folder),
        // one that fits does not make up for one that does not
        (&["check", "--scenario", "calls/*", "--strategy", "audit", "--strategy", "audti"], audit),
        (&["bench", "--strategy", "audti", "--scenario", "package/nested"], nested),
        (&["bench", "--compose", "--strategy", "audti"], audit),
        (&["growth", "--strategy", "audti"], audit),
        (&["growth", "--copies", "--strategy", "audti"], audit),
        (&["bless", "--check", "package/nested"], nested),
        (&["bless", "--check", "--scenario", "package/nested"], nested),
        (&["list", "scenarios", "package/nested"], nested),
        (&["list", "strategies", "audti"], audit),
        (&["list", "candidates", "proposl"], proposal),
        (&["trace", "package/nested", "audit"], one_nested),
        (&["trace", "packages/nested", "audti"], one_audit),
        (&["trace", "packages/nested", "--candidate", "proposl"], proposal),
        (&["repro", "packages/nested", "audti"], one_audit),
        (&["repro", "packages/nested", "--candidate", "proposl"], proposal),
        (&["shrink", "package/nested", "--strategy", "audit"], one_nested),
        (&["shrink", "packages/nested", "--strategy", "audti"], one_audit),
        (&["evaluate", "proposl"], proposal),
        (&["evaluate", "--scenario", "package/nested"], nested),
        (
            &["mutants", "doubled-strat"],
            "`doubled-strat` in its name; did you mean `proposal/doubled-start`?",
        ),
        (&["mutants", "--scenario", "package/nested"], nested),
    ] {
        let ended = output(xtask().args(arguments));
        assert_eq!((code(&ended), stdout(&ended)), (Some(4), String::new()), "{arguments:?}");
        assert!(stderr(&ended).contains(told), "{arguments:?}: {}", stderr(&ended));
    }
}

fn json(arguments: &[&str]) -> Vec<Value> {
    let ended = output(xtask().arg("list").args(arguments).args(["--format", "json"]));
    assert_eq!(code(&ended), Some(0), "{}", stderr(&ended));
    serde_json::from_str(&stdout(&ended)).expect("a list")
}

#[test]
fn lists_are_json_for_programs_and_take_patterns() {
    let calls = json(&["scenarios", "calls/*", "packages/nested"]);
    let names: Vec<_> = calls.iter().map(|it| it["name"].as_str().expect("a name")).collect();
    assert!(names.len() > 2 && names.contains(&"packages/nested"), "{names:?}");
    assert!(names.iter().all(|it| it.starts_with("calls/") || *it == "packages/nested"));
    assert_eq!(calls[0]["python"], ">=3.9");

    let strategies = json(&["strategies", "audit", "--python", &PYTHON]);
    assert_eq!(strategies[1]["on"][0]["claims"], serde_json::json!(["import.start"]));
    let candidates = json(&["candidates", "prop*"]);
    assert_eq!((candidates.len(), &candidates[0]["name"]), (1, &"proposal".into()));
    let interpreters = json(&["interpreters", &PYTHON]);
    assert_eq!((interpreters.len(), &interpreters[0]["path"]), (1, &PYTHON.as_str().into()));
}

#[test]
fn the_version_is_told() {
    let ended = output(xtask().arg("--version"));
    assert_eq!(code(&ended), Some(0));
    assert_eq!(stdout(&ended), concat!("tollgate ", env!("CARGO_PKG_VERSION"), "\n"));
}

/// Says that it is a CPython 3.8.
const OLD: &str = "\
#!/bin/sh
cat <<'END'
implementation=cpython
version=3.8.18
full_version=3.8.18 (main)
executable=
cache_tag=cpython-38
magic=%f3%0d%0d%0a
free_threaded=0
gil_enabled=1
debug=0
shared=1
platform=linux-fake
can_fork=1
soabi=
configure=
complete=1
END
";

fn script(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("python");
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    path
}

#[test]
fn old_interpreters_are_the_doctors() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = script(&folder, OLD);
    let task = |arguments: &[&str]| output(xtask().args(arguments).env("TOLLGATE_PYTHONS", &old));
    let wrong = task(&["list", "strategies", "audit", "--python", "3.99"]);
    assert_eq!(code(&wrong), Some(4));
    assert!(!stderr(&wrong).contains("3.8.18"), "{}", stderr(&wrong));
    let told = stdout(&task(&["doctor"]));
    assert!(told.contains("CPython 3.8.18") && told.contains("older than 3.9"), "{told}");
    let scenarios = scenarios(&[("plain.yaml", PLAIN)]);
    let place = scenarios.path().to_str().expect("UTF-8");
    let ended = task(&["check", "--scenarios", place, "--strategy", "audit"]);
    assert!(!stderr(&ended).contains("3.8.18"), "{}", stderr(&ended));
}

#[test]
fn what_the_variable_names_has_to_be_a_python() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in [script(&folder, "#!/bin/sh\nexit 3\n"), folder.path().join("nowhere")] {
        let ended = output(xtask().args(["list", "interpreters"]).env("TOLLGATE_PYTHONS", &path));
        assert_eq!((code(&ended), stdout(&ended)), (Some(2), String::new()));
        let told = stderr(&ended);
        for part in
            [path.to_str().expect("UTF-8"), "no Python that answers (", "help: correct the path"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}

/// Of a run with cells that nobody expects, those are run again, and nothing else.
#[test]
fn cells_that_diverged_are_run_again() {
    let folder = scenarios(&[
        ("plain.yaml", PLAIN),
        ("empty.yaml", "summary: No.\nrun: pass\ntrace: \"\"\n"),
    ]);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (own, out) = (folder.path().join("deaf.py"), elsewhere.path().join("out"));
    let (own, out) = (own.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
    let deaf = "CLAIMS = {'find.start'}\ndef install(emit):\n    return lambda: None\n";
    fs::write(own, deaf).expect("written");
    let first = run("check", folder.path(), &["--strategy", own, "--out", out, "--jobs", "1"]);
    assert_eq!(code(&first), Some(3), "{}", stderr(&first));
    let rerun = || output(xtask().args(["check", "--rerun", "diverged", "--out", out]));
    let second = rerun();
    assert_eq!(code(&second), Some(3), "{}", stderr(&second));
    // the first line, the truth and the cell; the baseline, the other scenario and footprints are not run
    let records = fs::read_to_string(format!("{out}/latest/records.jsonl")).expect("the records");
    assert_eq!(records.lines().count(), 3, "{records}");
    let resumed =
        output(xtask().args(["check", "--resume", &format!("{out}/latest"), "--jobs", "2"]));
    assert_eq!(code(&resumed), Some(3), "{}", stderr(&resumed));
    assert!(stderr(&resumed).contains(" goes on after 2 records"), "{}", stderr(&resumed));

    fs::write(own, "CLAIMS = set()\ndef install(emit):\n    return lambda: None\n")
        .expect("written");
    let mended = rerun();
    assert_eq!(code(&mended), Some(0), "{}", stderr(&mended));
    let nothing = rerun();
    assert_eq!(code(&nothing), Some(4), "{}", stderr(&nothing));
    assert!(stderr(&nothing).contains("no cell diverged in what nobody expects"));
}

/// Children that say when they begin and end: with one job, none begins before another has ended.
#[test]
fn one_job_is_one_cell_at_once() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let log = elsewhere.path().join("log");
    let at_once = |jobs: &str| {
        fs::write(&log, "").expect("written");
        let told = format!(
            "summary: It says when it begins and ends.\nrun: |\n  import os, time\n  def say(word):\n      \
             file = os.open({log:?}, os.O_WRONLY | os.O_APPEND)\n      os.write(file, word)\n      os.close(file)\n  \
             say(b'<')\n  time.sleep(0.1)\n  say(b'>')\ntrace: \"\"\n"
        );
        let folder = scenarios(&[("a.yaml", &*told), ("b.yaml", &told), ("c.yaml", &told)]);
        let ended = run("check", folder.path(), &["--strategy", "none", "--jobs", jobs]);
        assert_eq!(code(&ended), Some(0), "{}", stderr(&ended));
        fs::read_to_string(&log).expect("the log")
    };
    let one = at_once("1");
    assert!(!one.is_empty() && !one.contains("<<"), "{one}");
    assert!(at_once("3").contains("<<"), "three are at work at once");
}
