//! Finding the folder of a run that is there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Plan, Records, Sources, name, read, run::records};
use crate::{command::Places, layout::Layout};

/// There is no such run.
#[derive(Debug, thiserror::Error)]
#[error("`{request}`: there is no such run; expected the name of a folder in {}, the path of a \
         run's folder, or `latest`", runs.display())]
pub struct NoRun {
    /// What was asked for.
    pub request: String,
    /// Where runs usually are.
    pub runs: PathBuf,
}

/// The folder of a run that is read and not written to, whether the run has ended or not.
#[derive(Clone, Debug)]
pub struct FoundRun {
    path: PathBuf,
}

impl FoundRun {
    /// Finds the run that `request` means: its name, the path of its folder, or `latest`.
    pub fn find(layout: &Layout, request: &str) -> Result<Self, NoRun> {
        let runs = layout.runs();
        let by_name = runs.join(request);
        let place = if by_name.is_dir() { by_name } else { PathBuf::from(request) };
        match fs::canonicalize(place) {
            Ok(path) if records(&path).is_file() => Ok(Self { path }),
            _ => Err(NoRun { request: request.to_owned(), runs }),
        }
    }

    /// Its folder, without links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What it was asked for, and what it ran. The error names the file.
    pub fn plan(&self) -> io::Result<Plan> {
        Plan::read(&self.path)
    }

    /// Its records. The error names the file.
    pub fn records(&self) -> io::Result<Records> {
        read(&records(&self.path))
    }

    /// Where things are that commands about its cells have to name. Where that was not recorded, names have to do.
    pub fn places(&self) -> Places {
        Plan::read(&self.path).map(|plan| plan.places).unwrap_or_default()
    }

    /// What its scenarios say; nothing where that was not recorded.
    pub fn sources(&self) -> io::Result<Option<Sources>> {
        Sources::read(&self.path)
    }

    /// Writes a report beside the records and returns its path.
    pub fn write_report(&self, file: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.path.join(file);
        fs::write(&path, text).map_err(|error| name(&error, &path))?;
        Ok(path)
    }
}
