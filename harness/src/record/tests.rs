//! Runs that were ended early, and what becomes of them.

use std::fs;

use tempfile::TempDir;

use super::{
    Asked, Earlier, EarlierRun, Key, Plan, Record, ResumeError, RunFolder, Timing,
    fixtures::{cell, cost, inputs, truth},
    read,
};
use crate::{layout::Layout, stop::Stop};

/// A checkout without anything in it but runs.
struct Checkout {
    layout: Layout,
    _folder: TempDir,
}

fn checkout() -> Checkout {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Checkout { layout: Layout::at(folder.path()), _folder: folder }
}

impl Checkout {
    /// A run that was killed after it had written `records`.
    fn killed_run(&self, records: &[Record]) -> RunFolder {
        let plan = Plan::new(Timing::Full, Asked::default(), 7, inputs());
        let folder = RunFolder::create(&self.layout, &plan).expect("a folder");
        for record in records {
            folder.append(std::slice::from_ref(record)).expect("appended");
        }
        folder
    }

    fn resume(&self, request: &str) -> Result<(RunFolder, Earlier), ResumeError> {
        EarlierRun::find(&self.layout, request)?.resume(&self.layout, &inputs(), &Stop::default())
    }

    /// Why the run `latest` cannot go on.
    fn refusal(&self) -> ResumeError {
        self.resume("latest").expect_err("it cannot go on")
    }
}

fn written(folder: &RunFolder) -> Vec<Record> {
    read(folder.records()).and_then(Iterator::collect).expect("good records")
}

#[test]
fn a_run_is_found_by_its_name_its_folder_and_as_the_latest() {
    let checkout = checkout();
    let first = checkout.killed_run(&[]).id().clone();
    let second = checkout.killed_run(&[]);
    let find = |request: &str| EarlierRun::find(&checkout.layout, request).expect("it is there");
    for request in ["latest", &second.id().to_string(), second.path().to_str().expect("UTF-8")] {
        assert_eq!(find(request).id(), second.id(), "{request}");
    }
    checkout.resume(&first.to_string()).expect("it goes on");
    assert_eq!(*find("latest").id(), first, "the run that went on last");
}

#[test]
fn a_run_goes_on_with_the_plan_that_it_had() {
    let checkout = checkout();
    let asked = Asked { python: vec!["3.1*".to_owned()], ..Asked::default() };
    let plan = Plan::new(Timing::Quick, asked, u64::MAX, inputs());
    RunFolder::create(&checkout.layout, &plan).expect("a folder");
    let found = EarlierRun::find(&checkout.layout, "latest").expect("it is there");
    assert_eq!(*found.plan(), plan);
}

#[test]
fn what_is_recorded_is_known_and_counts_once() {
    let checkout = checkout();
    let records = [truth("a"), cell("a", "none"), cell("a", "none"), cell("b", "none")];
    drop(checkout.killed_run(&records));
    let (folder, earlier) = checkout.resume("latest").expect("it goes on");
    assert_eq!((earlier.keys.len(), earlier.counts.all(), earlier.cut), (3, 3, 0));
    assert!(records.iter().all(|record| earlier.keys.contains(record.key())));
    let (interpreter, scenario) = ("3.13.0", "b");
    assert!(!earlier.keys.contains(Key::Truth { interpreter, scenario }));
    folder.append(&[truth("b")]).expect("appended");
    assert_eq!(written(&folder), [&records[..], &[truth("b")]].concat());
}

#[test]
fn a_torn_line_is_cut_off() {
    let checkout = checkout();
    let folder = checkout.killed_run(&[truth("a"), cell("a", "none")]);
    let bytes = fs::read(folder.records()).expect("read");
    fs::write(folder.records(), &bytes[..bytes.len() - 9]).expect("written");
    drop(folder);
    let (folder, earlier) = checkout.resume("latest").expect("it goes on");
    let line = serde_json::to_string(&cell("a", "none")).expect("JSON").len() as u64 + 1;
    assert_eq!(earlier.cut, line - 9);
    assert_eq!(written(&folder), [truth("a")]);
}

#[test]
fn a_run_that_was_killed_before_its_first_record_goes_on() {
    let checkout = checkout();
    let records = checkout.killed_run(&[]).records().to_owned();
    for left in [Some(""), Some("{\"record\":\"form"), None] {
        match left {
            Some(bytes) => fs::write(&records, bytes).expect("written"),
            None => fs::remove_file(&records).expect("removed"),
        }
        let (folder, earlier) = checkout.resume("latest").expect("it goes on");
        assert_eq!(earlier.counts.all(), 0, "{left:?}");
        assert!(written(&folder).is_empty());
    }
}

#[test]
fn costs_of_which_some_are_missing_are_measured_again() {
    let checkout = checkout();
    let unit = |workload| ["none", "sham", "planted", "audit"].map(|arm| cost(workload, arm));
    let whole = [&[truth("a")][..], &unit("cold-100")].concat();
    let more = unit("cached");
    for (more, kept, cut) in
        [(&[][..], 5, false), (&more[..1], 5, true), (&more[..3], 5, true), (&more, 9, false)]
    {
        drop(checkout.killed_run(&[&whole[..], more].concat()));
        let (folder, earlier) = checkout.resume("latest").expect("it goes on");
        assert_eq!((earlier.counts.all(), earlier.cut > 0), (kept, cut), "{}", more.len());
        assert_eq!(written(&folder).len(), kept);
    }
}

#[test]
fn what_changed_is_told_and_nothing_is_touched() {
    let checkout = checkout();
    let folder = checkout.killed_run(&[truth("a")]);
    let torn = [&fs::read(folder.records()).expect("read")[..], b"{"].concat();
    fs::write(folder.records(), &torn).expect("written");
    let mut now = inputs();
    now.scenarios.insert("a".to_owned(), "other".to_owned());
    now.strategies.extend((0..12).map(|number| (format!("s{number:02}"), String::new())));
    let run = EarlierRun::find(&checkout.layout, "latest").expect("it is there");
    let refusal = run
        .resume(&checkout.layout, &now, &Stop::default())
        .expect_err("it is another run")
        .to_string();
    let id = folder.id();
    let expected = format!("run {id} cannot go on, because its records would not fit together:\n");
    assert!(refusal.starts_with(&expected), "{refusal}");
    assert!(refusal.contains("\n  strategy s00 is new\n"), "{refusal}");
    assert!(refusal.contains("\n  and 3 more\nhelp: undo that, or start a new run"), "{refusal}");
    assert_eq!(fs::read(folder.records()).expect("read"), torn);
}

#[test]
fn a_run_that_still_goes_on_is_left_alone() {
    let checkout = checkout();
    let folder = checkout.killed_run(&[truth("a")]);
    assert!(matches!(checkout.refusal(), ResumeError::Busy(id) if id == *folder.id()));
    drop(folder);
    checkout.resume("latest").expect("it goes on");
}

#[test]
fn a_torn_line_among_others_is_an_error() {
    let checkout = checkout();
    let folder = checkout.killed_run(&[truth("a"), cell("a", "none")]);
    let text = fs::read_to_string(folder.records()).expect("read");
    fs::write(folder.records(), text.replace("{\"record\":\"truth\"", "{\"re")).expect("written");
    drop(folder);
    let refusal = checkout.refusal();
    assert!(matches!(refusal, ResumeError::Records(_)));
    assert!(refusal.to_string().contains("records.jsonl: line 2 is no record"), "{refusal}");
}

#[test]
fn what_is_no_run_is_told() {
    let checkout = checkout();
    let refusal = checkout.refusal().to_string();
    assert!(refusal.starts_with("`latest`: there is no such run; expected "), "{refusal}");
    let folder = checkout.killed_run(&[]);
    let plan = folder.path().join("run.json");
    for (text, expected) in [
        ("{}", "run.json: missing field `format`"),
        (&fs::read_to_string(&plan).expect("read").replace("\"format\": 1", "\"format\": 2"), "2;"),
    ] {
        fs::write(&plan, text).expect("written");
        let refusal = checkout.refusal();
        assert!(matches!(refusal, ResumeError::NoPlan(_)), "{refusal}");
        assert!(refusal.to_string().contains(expected), "{refusal}");
    }
    fs::remove_file(&plan).expect("removed");
    assert!(checkout.refusal().to_string().contains("run.json: No such file"));
}
