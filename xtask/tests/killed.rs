//! Runs that are killed at random moments and go on: nothing is lost and nothing is twice.

mod support;

use std::{
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use rustix::process::Signal;
use support::{
    PLAIN, PYTHON,
    records::{report, resume, settled},
    running::{PATIENT, Running},
    scenarios,
};

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
    // the format, for each scenario the truth and every strategy, and the footprints
    let strategies = support::strategies();
    assert_eq!(expected.len(), 1 + 6 * (1 + strategies) + strategies);

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
