//! Runs that are ended early, by whatever means, and go on: nothing is lost and nothing is twice.

mod support;

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions, Permissions},
    io::{self, BufRead, BufReader, PipeReader, PipeWriter, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::Value;
use support::{PLAIN, PYTHON, code, output, run, scenarios, stderr, stdout, xtask};

/// A scenario that never ends, and whose child says where it is: its number and its directory.
fn hanging(marker: &Path) -> String {
    let marker = marker.to_str().expect("UTF-8");
    format!(
        "summary: A program hangs.\nrun: |\n  import os\n  with open('{marker}.new', 'w') as file:\n    \
         file.write(f'{{os.getpid()}} {{os.getcwd()}}')\n  os.rename('{marker}.new', '{marker}')\n  \
         while True: pass\ntrace: \"\"\n"
    )
}

/// Where runs leave their folders.
const RUNS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tollgate/runs");

/// A run in progress.
struct Running {
    child: Child,
    id: String,
    /// What it says on standard error after its name, line by line, until it ends.
    told: Receiver<String>,
}

impl Running {
    /// Starts `check` or `bench` with `arguments`, and waits until it says which run it is.
    fn start(arguments: &[&str]) -> Self {
        Self::start_into(arguments, Stdio::null())
    }

    fn start_into(arguments: &[&str], stdout: impl Into<Stdio>) -> Self {
        let mut command = xtask();
        command.args(arguments).stdout(stdout).stderr(Stdio::piped());
        let mut child = command.spawn().expect("xtask starts");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let (sender, told) = mpsc::channel();
        thread::spawn(move || {
            lines.map_while(Result::ok).take_while(|line| sender.send(line.clone()).is_ok()).count()
        });
        let mut before = Vec::new();
        let id = told.iter().find_map(|line| {
            let id = line.strip_prefix("run ").map(|rest| rest.split(' ').next().unwrap_or(rest));
            let id = id.map(str::to_owned);
            before.push(line);
            id
        });
        let id = id.unwrap_or_else(|| panic!("it does not say which run it is: {before:?}"));
        Self { child, id, told }
    }

    /// Waits for its end, but no longer than `time`. Returns what it said.
    fn ends_within(&self, time: Duration) -> Option<Vec<String>> {
        let (end, mut lines) = (Instant::now() + time, Vec::new());
        loop {
            match self.told.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => return Some(lines),
                Err(RecvTimeoutError::Timeout) => return None,
            }
        }
    }

    fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it is there");
    }

    fn reap(mut self) -> ExitStatus {
        self.child.wait().expect("it can be waited for")
    }
}

/// What no child should take, on a machine however busy.
const PATIENT: Duration = Duration::from_mins(2);

/// Looks again and again until there is something.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let (_sender, never) = mpsc::channel::<()>();
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENT, "no sign of {what}");
        let _ = never.recv_timeout(Duration::from_millis(2));
    }
}

/// Waits until `file` is there, and reads it.
fn appears(file: &Path) -> String {
    until(&file.display().to_string(), || fs::read_to_string(file).ok())
}

/// Resumes the run, which has to end well, and returns the path of its records.
fn resume(task: &str, id: &str) -> PathBuf {
    let output = output(xtask().args([task, "--resume", id]));
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    records(&stdout(&output))
}

fn records(told: &str) -> PathBuf {
    told.lines().find_map(|line| line.strip_prefix("Records: ")).expect("a path").into()
}

/// The records of a file without what differs between two runs of the same, in order.
fn settled(records: &Path) -> Vec<String> {
    let text = fs::read_to_string(records).expect("the records");
    let mut settled: Vec<_> = text
        .lines()
        .map(|line| {
            let mut record: Value = serde_json::from_str(line).expect("a record");
            if let Some(provenance) = record.get_mut("provenance") {
                provenance["run"] = Value::Null;
            }
            for event in
                record.get_mut("observed").and_then(Value::as_array_mut).into_iter().flatten()
            {
                event["nanos"] = Value::Null;
            }
            record.to_string()
        })
        .collect();
    settled.sort();
    settled
}

/// What a record is about.
fn key(record: &str) -> Vec<String> {
    let record: Value = serde_json::from_str(record).expect("a record");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut key = vec![text(&record["interpreter"]["label"])];
    key.extend(["record", "scenario", "strategy", "workload"].map(|name| text(&record[name])));
    key
}

fn report(records: &Path) -> String {
    fs::read_to_string(records.with_file_name("report.txt")).expect("the report")
}

/// Small scenarios of different kinds: enough for a run of half a second.
fn several() -> tempfile::TempDir {
    let fails = "summary: A module raises.\nfiles:\n  shop.py: raise ValueError('closed')\nrun: import shop\n\
                 raises: ValueError\ntrace: |\n  import shop !ValueError\n    find shop\n    \
                 load shop !ValueError\n";
    let late = format!("{PLAIN}python: \">=3.15\"\n");
    scenarios(&[
        ("a/plain.yaml", PLAIN),
        ("a/fails.yaml", fails),
        ("b/plain.yaml", PLAIN),
        ("b/late.yaml", &late),
        ("c/fails.yaml", fails),
        ("c/plain.yaml", PLAIN),
    ])
}

const KILLED_RUNS: usize = 20;
/// How often one run is killed at most; once at least.
const KILLS: usize = 2;

/// Starts a run, kills it at random moments until it has ended by itself, and returns its records.
fn killed_and_resumed(arguments: &[&str], longest: Duration, random: &mut StdRng) -> PathBuf {
    let mut running = Running::start(arguments);
    let mut killed_after = Vec::new();
    while killed_after.len() < KILLS {
        let moment = random.random_range(Duration::ZERO..longest);
        if running.ends_within(moment).is_none() {
            running.send(Signal::KILL);
            running.ends_within(PATIENT).expect("nobody survives SIGKILL");
            killed_after.push(moment);
        } else if !killed_after.is_empty() {
            break;
        }
        let id = running.id.clone();
        running.reap();
        running = match killed_after[..] {
            [] => Running::start(arguments),
            [..] => Running::start(&["check", "--resume", &id]),
        };
    }
    running.ends_within(PATIENT).expect("an end");
    let id = running.id.clone();
    eprintln!("{id}: killed after {killed_after:?}");
    assert_eq!(running.reap().code(), Some(0), "{id}");
    resume("check", &id)
}

#[test]
fn runs_that_were_killed_end_as_one_that_was_not() {
    let folder = several();
    let place = folder.path().to_str().expect("UTF-8");
    let arguments = ["check", "--scenarios", place, "--python", &PYTHON, "--seed", "7"];
    let undisturbed = Running::start(&arguments);
    let (begun, id) = (Instant::now(), undisturbed.id.clone());
    undisturbed.ends_within(PATIENT).expect("an end");
    let longest = begun.elapsed();
    assert_eq!(undisturbed.reap().code(), Some(0));
    let whole = resume("check", &id);
    let (expected, expected_report) = (settled(&whole), report(&whole));
    // the format, and for each scenario the truth and five strategies
    assert_eq!(expected.len(), 1 + 6 * 6);

    let seed: u64 = rand::random();
    eprintln!("seed {seed}; an undisturbed run takes {longest:?}");
    let check = |half: u64| {
        let mut random = StdRng::seed_from_u64(seed ^ half);
        for _ in 0..KILLED_RUNS / 2 {
            let records = killed_and_resumed(&arguments, longest, &mut random);
            assert_eq!(settled(&records), expected, "{}", records.display());
            assert_eq!(report(&records), expected_report, "{}", records.display());
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| check(1));
        check(2);
    });
}

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
    assert!(stderr(&output).contains("goes on after 5 records"), "{}", stderr(&output));
    assert_eq!(settled(&whole), expected);
}

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
        assert!(directory.is_dir() && test_kill_process(child).is_ok());

        let begun = Instant::now();
        running.send(signal);
        let told = running.ends_within(PATIENT).expect("an end").join("\n");
        let id = running.id.clone();
        assert_eq!(running.reap().code(), Some(exit_code), "{told}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        assert!(told.contains(&format!("ended by {name}: ")), "{told}");
        assert!(told.contains("of 12 records were written and are intact"), "{told}");
        assert!(told.contains(&format!("`cargo xtask check --resume {id}`")), "{told}");
        assert!(test_kill_process(child).is_err(), "the child is gone");
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
    until("the child's end", || test_kill_process(asked).err());
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
    let kept = told.split(" of 180 records were written and are intact").next().expect("a text");
    let kept: usize = kept.lines().last().and_then(|word| word.parse().ok()).expect("a number");
    assert!((1..180).contains(&kept), "{told}");

    let whole = resume("check", id);
    let text = fs::read_to_string(&whole).expect("the records");
    let keys: BTreeSet<_> = text.lines().skip(1).map(key).collect();
    assert_eq!((keys.len(), text.lines().count()), (180, 181));
}

#[test]
fn a_bench_that_was_killed_goes_on_with_its_workloads() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let output = run("bench", folder.path(), &["--quick", "--strategy", "dunder_import"]);
    let whole = records(&stdout(&output));
    let text = fs::read_to_string(&whole).expect("the records");
    // what is left if a cell and the last cost of the last workload were not written
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let (first, [rest @ .., none, _missing]) = (&lines[..2], &lines[3..]) else {
        panic!("{text}");
    };
    fs::write(&whole, [first, rest, &[none]].concat().concat()).expect("written");

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
