//! Runs that are asked to end.

mod support;

use std::{
    fs::{self, Permissions},
    io::{self, PipeReader, PipeWriter, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use support::{
    PLAIN, PYTHON,
    running::{PATIENT, RUNS, Running, appears, hanging, runs, until},
    scenarios, xtask,
};

#[test]
fn a_signal_ends_a_run_within_a_second_and_leaves_nothing_behind() {
    for (signal, name, exit_code) in [(Signal::INT, "SIGINT", 130), (Signal::TERM, "SIGTERM", 143)]
    {
        let folder = scenarios(&[("a.yaml", PLAIN)]);
        let marker = folder.path().join("marker");
        fs::write(folder.path().join("hangs.yaml"), hanging(&marker)).expect("a file");
        let place = folder.path().to_str().expect("UTF-8");
        let running = Running::start(&["check", "--scenarios", place, "--python", &PYTHON]);
        let (child, directory) = appears(&marker)
            .split_once(' ')
            .map(|(child, directory)| {
                let child = child.parse().ok().and_then(Pid::from_raw).expect("a process");
                (child, PathBuf::from(directory))
            })
            .expect("two words");
        assert!(directory.is_dir() && runs(child));

        let begun = Instant::now();
        running.send(signal);
        let told = running.ends_within(PATIENT).expect("an end").join("\n");
        let id = running.id.clone();
        assert_eq!(running.reap().code(), Some(exit_code), "{told}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        assert!(told.contains(&format!("ended by {name}: ")), "{told}");
        let strategies = support::strategies();
        let all = 2 * (1 + strategies) + strategies;
        let intact = format!("of {all} records were written and are intact");
        assert!(told.contains(&intact), "{told}");
        assert!(told.contains(&format!("`cargo xtask check --resume {id}`")), "{told}");
        until("the child's end", || (!runs(child)).then_some(()));
        assert!(!directory.exists(), "{}", directory.display());

        let records = Path::new(RUNS).join(&id).join("records.jsonl");
        let records = fs::read_to_string(records).expect("the records");
        assert!(!records.contains("hangs"), "what was in flight is not recorded: {records}");
    }
}

/// A pipe that takes nothing more: whoever writes to it waits until somebody reads.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = io::pipe().expect("a pipe");
    rustix::io::ioctl_fionbio(&writer, true).expect("it can be asked not to wait");
    while writer.write(&[b'.'; 4096]).is_ok() {}
    while writer.write(b".").is_ok() {}
    rustix::io::ioctl_fionbio(&writer, false).expect("it can be asked to wait");
    (reader, writer)
}

/// Sends SIGINT to a process that waits for nobody but us, and returns its exit code.
fn interrupted(mut child: Child) -> Option<i32> {
    kill_process(Pid::from_child(&child), Signal::INT).expect("it is there");
    until("an end", || child.try_wait().expect("it can be waited for")).code()
}

#[test]
fn a_second_signal_ends_a_run_on_the_spot() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let (marker, python) = (folder.path().join("marker"), folder.path().join("python"));
    let shown = marker.display();
    let script =
        format!("#!/bin/sh\necho $$ >{shown}.new\nmv {shown}.new {shown}\nwhile :; do :; done\n");
    fs::write(&python, script).expect("a file");
    fs::set_permissions(&python, Permissions::from_mode(0o755)).expect("an executable");
    let (_reader, stderr) = full_pipe();
    let mut command = xtask();
    command.args(["check", "--python"]).arg(&python).stdout(Stdio::null()).stderr(stderr);
    let child = command.spawn().expect("xtask starts");
    let asked = appears(&marker).trim().parse().ok().and_then(Pid::from_raw).expect("a process");
    kill_process(Pid::from_child(&child), Signal::INT).expect("it is there");
    until("the child's end", || (!runs(asked)).then_some(()));
    // the first signal has done its work, and what it has to say finds nobody
    assert_eq!(interrupted(child), Some(130));
}

#[test]
fn once_all_is_recorded_a_signal_ends_a_run_on_the_spot() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let place = folder.path().to_str().expect("UTF-8");
    let (_reader, stdout) = full_pipe();
    let running =
        Running::start_into(&["check", "--scenarios", place, "--python", &PYTHON], stdout);
    let report = Path::new(RUNS).join(&running.id).join("report.txt");
    appears(&report);
    assert_eq!(interrupted(running.child), Some(130));
}
