//! What runs leave on disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{assert_ran, output, stdout, xtask};

/// Resumes the run, which has to end well, and returns the path of its records.
pub(crate) fn resume(task: &str, id: &str) -> PathBuf {
    let output = output(xtask().args([task, "--resume", id]));
    assert_ran(&output);
    records(&stdout(&output))
}

pub(crate) fn records(told: &str) -> PathBuf {
    told.lines().find_map(|line| line.strip_prefix("Records: ")).expect("a path").into()
}

/// The records of a file without what differs between two runs of the same, in order.
pub(crate) fn settled(records: &Path) -> Vec<String> {
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
            if let Some(micros) = record.get_mut("micros") {
                *micros = Value::Null;
            }
            // caches fill up by a block or two more or less
            if let Some(blocks) = record.get_mut("blocks") {
                *blocks = Value::Null;
            }
            record.to_string()
        })
        .collect();
    settled.sort();
    settled
}

/// What a record is about.
pub(crate) fn key(record: &str) -> Vec<String> {
    let record: Value = serde_json::from_str(record).expect("a record");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut key = vec![text(&record["interpreter"]["label"])];
    key.extend(["record", "scenario", "strategy", "workload"].map(|name| text(&record[name])));
    key
}

pub(crate) fn report(records: &Path) -> String {
    fs::read_to_string(records.with_file_name("report.txt")).expect("the report")
}
