//! The folder of one run.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{Plan, Record, journal::Journal, name};
use crate::{command::Places, layout::Layout};

/// Name of a run: the UTC time of its start, made unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(pub(super) String);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The folder that a run writes to. No other process writes to it meanwhile.
#[derive(Debug)]
pub struct RunFolder {
    pub(super) id: RunId,
    pub(super) path: PathBuf,
    pub(super) journal: Journal,
}

impl RunFolder {
    /// Makes a new folder for a run that starts now, and points `latest` at it.
    pub fn create(layout: &Layout, plan: &Plan) -> io::Result<Self> {
        let runs = layout.runs();
        fs::create_dir_all(&runs).map_err(|error| name(&error, &runs))?;
        let (id, path) = new_folder(&runs)?;
        plan.write(&path)?;
        let journal = Journal::open(records(&path))?;
        journal.mend()?;
        point_latest(&runs, &id);
        Ok(Self { id, path, journal })
    }

    /// The run's name.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where things are that commands about the run's cells have to name.
    pub fn places(&self) -> io::Result<Places> {
        Ok(Plan::read(&self.path)?.places)
    }

    /// The file of records.
    pub fn records(&self) -> &Path {
        self.journal.path()
    }

    /// Appends records that belong together. They are handed to the operating system in one write
    /// before this returns; if that fails, none of them is in the file.
    pub fn append(&self, records: &[Record]) -> io::Result<()> {
        self.journal.append(records)
    }

    /// Returns when all records are on the disk, so that they outlive the machine's going down too.
    pub fn sync(&self) -> io::Result<()> {
        self.journal.sync()
    }

    /// Writes a report beside the records and returns its path.
    pub fn write_report(&self, file: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.path.join(file);
        fs::write(&path, text).map_err(|error| name(&error, &path))?;
        Ok(path)
    }
}

/// Where a run's folder has its records.
pub(super) fn records(folder: &Path) -> PathBuf {
    folder.join("records.jsonl")
}

pub(super) fn new_folder(runs: &Path) -> io::Result<(RunId, PathBuf)> {
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

/// A convenience for people, replaced in one step; a run is complete without it.
pub(super) fn point_latest(runs: &Path, id: &RunId) {
    let unfinished = runs.join(format!("latest-{id}"));
    #[cfg(unix)]
    let _ = std::os::unix::fs::symlink(&id.0, &unfinished);
    if fs::rename(&unfinished, runs.join("latest")).is_err() {
        let _ = fs::remove_file(&unfinished);
    }
}
