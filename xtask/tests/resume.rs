//! Runs that go on, those that cannot, and what is told of it.

mod support;

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    path::Path,
};

use rustix::process::Signal;
use support::{
    PLAIN, PYTHON, code, output,
    records::{key, records, resume, settled},
    run,
    running::{Running, appears, hanging},
    scenarios, stderr, stdout, xtask,
};

#[test]
fn what_was_torn_is_told_and_run_again() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let whole = records(&stdout(&run("check", folder.path(), &["--seed", "7"])));
    let expected = settled(&whole);
    let length = fs::metadata(&whole).expect("the records").len();
    OpenOptions::new()
        .write(true)
        .open(&whole)
        .and_then(|file| file.set_len(length - 20))
        .expect("cut");
    let id = whole.parent().expect("a folder").to_str().expect("UTF-8");
    let output = output(xtask().args(["check", "--resume", id]));
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("mended: cut off the last"), "{}", stderr(&output));
    // the truth, for each strategy a cell and a footprint, and one that was torn
    let left = format!("goes on after {} records", 2 * support::strategies());
    assert!(stderr(&output).contains(&left), "{}", stderr(&output));
    assert_eq!(settled(&whole), expected);
}

#[test]
fn a_run_that_goes_on_is_not_resumed() {
    let folder = scenarios(&[]);
    let marker = folder.path().join("marker");
    fs::write(folder.path().join("hangs.yaml"), hanging(&marker)).expect("a file");
    let place = folder.path().to_str().expect("UTF-8");
    let running = Running::start(&["check", "--scenarios", place, "--python", &PYTHON]);
    appears(&marker);
    let refused = output(xtask().args(["check", "--resume", &running.id]));
    running.send(Signal::INT);
    running.reap();
    assert_eq!(code(&refused), Some(2));
    assert!(
        stderr(&refused).contains("is still going on in another process"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn what_cannot_go_on_is_refused_with_the_reason() {
    let folder = scenarios(&[("plain.yaml", PLAIN), ("gone.yaml", PLAIN)]);
    let whole = records(&stdout(&run("check", folder.path(), &["--strategy", "audit"])));
    let id = whole.parent().and_then(Path::file_name).expect("a name").to_str().expect("UTF-8");
    fs::write(folder.path().join("plain.yaml"), format!("{PLAIN}# changed\n")).expect("a file");
    fs::remove_file(folder.path().join("gone.yaml")).expect("removed");
    for (arguments, expected) in [
        (&["check", "--resume", id][..], "  scenario gone is gone\n  scenario plain has changed\n"),
        (&["bench", "--resume", id], "this is a `check`; go on with that task"),
        (&["check", "--resume", "no-such-run"], "there is no such run"),
        (&["check", "--resume", id, "--seed", "7"], "cannot be used with"),
        (&["bench", "--resume", id, "--quick"], "cannot be used with"),
    ] {
        let output = output(xtask().args(arguments));
        assert_eq!(code(&output), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
    }
}

/// A limit on the size of files stands for the end of the disk: the write that meets it takes a
/// part and then fails, as it does there.
#[test]
fn a_full_disk_ends_the_run_with_what_was_recorded_intact() {
    let folder = scenarios(&[]);
    for number in 0..30 {
        fs::write(folder.path().join(format!("s{number:02}.yaml")), PLAIN).expect("a file");
    }
    // everything that is made once and kept is made before there is a limit
    run("check", folder.path(), &["--scenario", "s00"]);
    let mut shell = support::command("sh");
    shell.args(["-c", "ulimit -f 128; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_xtask"), "check"]);
    shell.args(["--scenarios", folder.path().to_str().expect("UTF-8"), "--python", &PYTHON]);
    let full = output(&mut shell);
    let told = stderr(&full);
    assert_eq!(code(&full), Some(5), "{told}");
    assert_eq!(stdout(&full), "");
    assert!(told.contains("records.jsonl: File too large"), "{told}");
    let id =
        told.split("--resume ").nth(1).and_then(|rest| rest.split('`').next()).expect("advice");
    let strategies = support::strategies();
    let all = 30 * (1 + strategies) + strategies;
    let intact = format!(" of {all} records were written and are intact");
    let kept = told.split(&intact).next().expect("a text");
    let kept: usize = kept.lines().last().and_then(|word| word.parse().ok()).expect("a number");
    assert!((1..all).contains(&kept), "{told}");

    let whole = resume("check", id);
    let text = fs::read_to_string(&whole).expect("the records");
    let keys: BTreeSet<_> = text.lines().skip(1).map(key).collect();
    assert_eq!((keys.len(), text.lines().count()), (all, all + 1));
}

#[test]
fn a_bench_that_was_killed_goes_on_with_its_workloads() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let output = run("bench", folder.path(), &["--quick", "--strategy", "dunder_import"]);
    let whole = records(&stdout(&output));
    let text = fs::read_to_string(&whole).expect("the records");
    // what is left if a cell and the last cost of the last workload were not written
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    // three controls and the strategy are measured together
    let (first, [rest @ .., none, sham, planted, _missing]) = (&lines[..2], &lines[3..]) else {
        panic!("{text}");
    };
    fs::write(&whole, [first, rest, &[none, sham, planted]].concat().concat()).expect("written");

    let id = whole.parent().expect("a folder").to_str().expect("UTF-8");
    assert_eq!(resume("bench", id), whole);
    let again = fs::read_to_string(&whole).expect("the records");
    assert!(again.starts_with(&[first, rest].concat().concat()), "the others are left alone");
    assert!(!again.contains(none), "what was measured together is measured together again");
    let sorted = |text: &str| {
        let mut keys: Vec<_> = text.lines().skip(1).map(key).collect();
        keys.sort();
        keys
    };
    assert_eq!(sorted(&again), sorted(&text));
}
