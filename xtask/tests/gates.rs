//! `compare` and its exit codes, on real runs with something planted in them.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use support::{
    PLAIN, PYTHON, assert_ran, code, output, records::records, run, scenarios, stderr, stdout,
    xtask,
};
use tempfile::TempDir;

/// A copy of a run in which `change` was made to every record.
fn planted(run: &Path, change: impl Fn(&mut Value)) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("planted");
    fs::create_dir(&copy).expect("a folder");
    fs::copy(run.join("run.json"), copy.join("run.json")).expect("a plan");
    let text = fs::read_to_string(run.join("records.jsonl")).expect("the records");
    let line = |line: &str| {
        let mut record: Value = serde_json::from_str(line).expect("a record");
        change(&mut record);
        record.to_string() + "\n"
    };
    fs::write(copy.join("records.jsonl"), text.lines().map(line).collect::<String>())
        .expect("written");
    (folder, copy)
}

fn compare(old: &Path, new: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = output(xtask().arg("compare").args([old, new]).args(more));
    (code(&output), stdout(&output) + &stderr(&output))
}

/// The run that these arguments make, of one scenario.
fn a_run(task: &str, more: &[&str]) -> PathBuf {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let output = run(task, folder.path(), more);
    assert_ran(&output);
    records(&stdout(&output)).parent().expect("a folder").to_owned()
}

fn is_cell(record: &Value) -> bool {
    record["record"] == "cell" && record["strategy"] == "audit"
}

#[test]
fn behaviour_turns_the_gate_with_its_own_exit_code() {
    let old = a_run("check", &["--strategy", "audit"]);
    // the same once more
    let new = a_run("check", &["--strategy", "audit"]);
    let gate = ["--fail-on", "behaviour"];
    assert_eq!(compare(&old, &new, &gate).0, Some(0), "{}", compare(&old, &new, &gate).1);

    let (_folder, changed) = planted(&new, |record| {
        if is_cell(record) {
            record["verdict"] = "diverges".into();
            record["divergences"] = serde_json::json!([{
                "kind": "missing", "event": "import.start", "subject": "shop",
                "text": "missed import.start shop",
            }]);
        }
    });
    let (code, told) = compare(&old, &changed, &gate);
    assert_eq!(code, Some(7), "{told}");
    assert!(told.contains("new: audit in plain on "), "{told}");
    assert!(
        told.contains(&format!("cargo xtask repro plain audit --python {} --scenarios /", *PYTHON)),
        "{told}"
    );
    assert_eq!(compare(&old, &changed, &[]).0, Some(0), "nobody asked for a gate");

    let (_folder, unclear) = planted(&new, |record| {
        if is_cell(record) {
            record["verdict"] = "inconclusive".into();
            record["reason"] = "it hung".into();
        }
    });
    assert_eq!(compare(&old, &unclear, &gate).0, Some(9));

    let (_folder, other) = planted(&new, |record| {
        if record["digest"].is_string() {
            record["digest"] = "another text".into();
        }
        if let Some(interpreter) = record.get_mut("interpreter") {
            interpreter["version"] = "another build".into();
        }
    });
    let (code, told) = compare(&old, &other, &gate);
    assert_eq!(code, Some(4), "{told}");
    assert!(told.contains("is another build: another build was "), "{told}");

    // costs were asked for, and there are none
    assert_eq!(compare(&old, &new, &["--fail-on", "behaviour,cost"]).0, Some(4));
}

#[test]
fn costs_turn_the_gate_with_their_own_exit_code() {
    let run = a_run("bench", &["--quick", "--strategy", "dunder_import"]);
    // launches without noise, so that a quick run on a busy machine can show something
    let plan = |permille: u32| {
        move |record: &mut Value| {
            let cost = if record["strategy"] == "none" { 1000 } else { permille };
            if record["record"] == "overhead" {
                let ratio = |number| f64::from(cost + number) / 1000.0 - f64::from(number) / 1001.0;
                record["ratios"] = (0..6).map(ratio).collect();
                record["interval"] = serde_json::json!([0.998, 1.002]);
            }
        }
    };
    let gate = ["--fail-on", "cost"];
    let (_old, old) = planted(&run, plan(1030));
    for (permille, expected) in [(1030, 0), (1082, 8), (979, 0)] {
        let (_new, new) = planted(&run, plan(permille));
        let (code, told) = compare(&old, &new, &gate);
        assert_eq!(code, Some(expected), "{told}");
    }
    let (_folder, few) = planted(&run, |record| {
        if record["record"] == "overhead" {
            record["ratios"] = serde_json::json!([1.03]);
        }
    });
    assert_eq!(compare(&old, &few, &gate).0, Some(9), "one launch says nothing");
}

#[test]
fn what_is_no_run_is_wrong_usage_and_what_cannot_be_read_is_not() {
    let nowhere = Path::new("nowhere");
    let (code, told) = compare(nowhere, nowhere, &[]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("there is no such run"), "{told}");
    assert_eq!(compare(nowhere, nowhere, &["--fail-on", "speed"]).0, Some(2));

    let run = a_run("check", &["--strategy", "audit"]);
    let (_folder, torn) = planted(&run, |_| {});
    fs::write(torn.join("records.jsonl"), "{}\n").expect("written");
    assert_eq!(compare(&run, &torn, &[]).0, Some(5));
}

#[test]
fn nights_are_appended_and_shown() {
    let run = a_run("bench", &["--quick", "--strategy", "dunder_import"]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.jsonl");
    let history = |arguments: &[&str]| {
        output(
            xtask().arg("history").args(["--file", file.to_str().expect("UTF-8")]).args(arguments),
        )
    };
    assert_eq!(code(&history(&["dunder_import"])), Some(4), "there is nothing yet");
    let place = run.to_str().expect("UTF-8");
    for words in ["is now in", "was already in"] {
        let appended = history(&["--append", place]);
        assert_eq!(code(&appended), Some(0), "{}", stderr(&appended));
        assert!(stderr(&appended).contains(words), "{}", stderr(&appended));
    }
    let shown = history(&["dunder_import"]);
    assert_eq!(code(&shown), Some(0), "{}", stderr(&shown));
    assert!(stdout(&shown).contains("No change in 3 lines."), "{}", stdout(&shown));
    let missing = history(&["audits"]);
    assert_eq!(code(&missing), Some(4));
    assert!(
        stderr(&missing).contains("has no cost of `audits`; there are dunder_import"),
        "{}",
        stderr(&missing)
    );
}

/// A run that timed nothing, of a part of all, may not be published.
#[test]
fn only_a_bench_of_everything_is_published() {
    let run = a_run("check", &["--strategy", "audit"]);
    let refused = output(xtask().args(["publish", run.to_str().expect("UTF-8")]));
    assert_eq!((code(&refused), stdout(&refused)), (Some(2), String::new()));
    assert!(stderr(&refused).contains("it is a `check`, not a `bench`"), "{}", stderr(&refused));
}

/// What is published may have had its day: that is told, and fails no test, because whoever changes a
/// scenario has no machine for a full run at hand. That somebody has edited it does.
#[test]
fn the_picture_and_the_table_of_the_readme_are_what_is_published() {
    let checked = output(xtask().args(["publish", "--check"]));
    assert!(matches!(code(&checked), Some(0 | 1)), "{}", stderr(&checked));
    let told = stdout(&checked);
    for missing in told.lines().filter(|line| line.contains("nothing is published yet")) {
        eprintln!("skipped: {missing}");
    }
    assert!(!told.contains("README.md"), "{told}\nhelp: `cargo xtask publish RUN` writes them");
}
