//! The folder of one run.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{FORMAT, Record};
use crate::layout::Layout;

/// Name of a run: the UTC time of its start, made unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(String);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The folder that a run writes to.
#[derive(Debug)]
pub struct RunFolder {
    id: RunId,
    path: PathBuf,
    records: Mutex<File>,
}

impl RunFolder {
    /// Makes a new folder for a run that starts now, and points `latest` at it.
    pub fn create(layout: &Layout) -> io::Result<Self> {
        let runs = layout.runs();
        fs::create_dir_all(&runs).map_err(|error| name(&error, &runs))?;
        let (id, path) = new_folder(&runs)?;
        let file = path.join("records.jsonl");
        let mut records = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(&file)
            .map_err(|error| name(&error, &file))?;
        writeln!(records, "{{\"record\":\"format\",\"version\":{FORMAT}}}")?;
        point_latest(&runs, &id);
        Ok(Self { id, path, records: Mutex::new(records) })
    }

    /// The run's name.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of records.
    pub fn records(&self) -> PathBuf {
        self.path.join("records.jsonl")
    }

    /// Appends one record. It is handed to the operating system whole before this returns.
    pub fn append(&self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        let mut file = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&line).map_err(|error| name(&error, &self.records()))
    }

    /// Writes a report beside the records and returns its path.
    pub fn write_report(&self, file: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.path.join(file);
        fs::write(&path, text).map_err(|error| name(&error, &path))?;
        Ok(path)
    }
}

fn name(error: &io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn new_folder(runs: &Path) -> io::Result<(RunId, PathBuf)> {
    let stamp = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    for attempt in 1..1000 {
        let id = if attempt == 1 { stamp.clone() } else { format!("{stamp}-{attempt}") };
        let path = runs.join(&id);
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => {
                return created.map_err(|error| name(&error, &path)).map(|()| (RunId(id), path));
            }
        }
    }
    Err(io::Error::other(format!("{}: a thousand runs started this second", runs.display())))
}

/// A convenience for people; a run is complete without it.
fn point_latest(runs: &Path, id: &RunId) {
    let latest = runs.join("latest");
    let _ = fs::remove_file(&latest);
    #[cfg(unix)]
    let _ = std::os::unix::fs::symlink(&id.0, &latest);
}

/// Reads the records of a file that a run wrote. The error names the file and the line.
pub fn read(path: &Path) -> io::Result<Vec<Record>> {
    let text = fs::read_to_string(path).map_err(|error| name(&error, path))?;
    let mut lines = text.lines().enumerate();
    let expected = format!("{{\"record\":\"format\",\"version\":{FORMAT}}}");
    if lines.next().is_none_or(|(_, line)| line != expected) {
        let message = format!("{}: line 1 is not `{expected}`", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let record = |(index, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| {
            let message = format!("{}: line {}: {error}", path.display(), index + 1);
            io::Error::new(io::ErrorKind::InvalidData, message)
        })
    };
    lines.map(record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{InterpreterRecord, OverheadRecord, Provenance};

    fn record() -> Record {
        Record::Overhead(OverheadRecord {
            interpreter: InterpreterRecord {
                label: "3.13.0".to_owned(),
                version: "3.13.0 (main)".to_owned(),
                path: "python".to_owned(),
                platform: "linux-x86_64".to_owned(),
            },
            strategy: "audit".to_owned(),
            workload: "cold-100".to_owned(),
            ratio: Some(1.03),
            interval: Some([1.01, 1.05]),
            detectable: None,
            verdict: "slower".to_owned(),
            launches: 1,
            samples: 1,
            void: 1,
            complaint: None,
            nanos: vec![vec![[Some(100), Some(103)], [Some(101), None]]],
            provenance: Provenance {
                run: "20261121T120000Z".to_owned(),
                tollgate: "0.1.0".to_owned(),
                revision: None,
                host: "linux x86_64".to_owned(),
                seed: 7,
            },
        })
    }

    fn file(lines: &[String]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(lines.join("\n").as_bytes()).expect("written");
        file
    }

    fn format() -> String {
        format!("{{\"record\":\"format\",\"version\":{FORMAT}}}")
    }

    #[test]
    fn what_is_written_is_read() {
        let line = serde_json::to_string(&record()).expect("a record is JSON");
        let file = file(&[format(), line.clone(), line]);
        assert_eq!(read(file.path()).expect("good records"), [record(), record()]);
    }

    #[test]
    fn what_is_no_record_is_named_with_its_line() {
        let line = serde_json::to_string(&record()).expect("a record is JSON");
        let torn = file(&[format(), line.clone(), line[..40].to_owned()]);
        let error = read(torn.path()).expect_err("a torn line").to_string();
        assert!(error.contains("line 3"), "{error}");
        let other = file(&["{\"record\":\"format\",\"version\":99}".to_owned()]);
        let error = read(other.path()).expect_err("another format").to_string();
        assert!(error.contains("line 1 is not"), "{error}");
    }
}
