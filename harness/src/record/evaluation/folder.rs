//! The folder of one evaluation.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{EvaluationRecord, FORMAT};
use crate::{
    layout::Layout,
    record::{
        name,
        run::{RunId, new_folder, point_latest},
    },
};

const FILE: &str = "evaluation.json";

/// The folder that an evaluation is written to.
#[derive(Debug)]
pub struct EvaluationFolder {
    id: RunId,
    path: PathBuf,
}

/// There is no such evaluation.
#[derive(Debug, thiserror::Error)]
#[error("`{request}`: there is no such evaluation; expected the name of a folder in {}, the path of \
         an evaluation's folder, or `latest`", evaluations.display())]
pub struct NoEvaluation {
    /// What was asked for.
    pub request: String,
    /// Where evaluations usually are.
    pub evaluations: PathBuf,
}

impl EvaluationFolder {
    /// Makes a new folder for an evaluation that starts now.
    pub fn create(layout: &Layout) -> io::Result<Self> {
        let evaluations = layout.evaluations();
        fs::create_dir_all(&evaluations).map_err(|error| name(&error, &evaluations))?;
        let (id, path) = new_folder(&evaluations)?;
        Ok(Self { id, path })
    }

    /// The evaluation's name.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Writes the record, points `latest` at it, and returns its path.
    pub fn write(&self, evaluation: &EvaluationRecord) -> io::Result<PathBuf> {
        let text = serde_json::to_string(evaluation)? + "\n";
        let path = self.write_report(FILE, &text)?;
        point_latest(self.path.parent().unwrap_or(&self.path), &self.id);
        Ok(path)
    }

    /// Writes a report beside the record and returns its path.
    pub fn write_report(&self, file: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.path.join(file);
        fs::write(&path, text).map_err(|error| name(&error, &path))?;
        Ok(path)
    }
}

/// Reads the evaluation that `request` means: its name, the path of its folder, or `latest`. The outer
/// error is one of reading and names the file.
pub fn find_evaluation(
    layout: &Layout,
    request: &str,
) -> io::Result<Result<EvaluationRecord, NoEvaluation>> {
    let evaluations = layout.evaluations();
    let by_name = evaluations.join(request);
    let folder = if by_name.is_dir() { by_name } else { PathBuf::from(request) };
    let path = folder.join(FILE);
    if path.is_file() {
        return read(&path).map(Ok);
    }
    Ok(Err(NoEvaluation { request: request.to_owned(), evaluations }))
}

fn read(path: &Path) -> io::Result<EvaluationRecord> {
    let text = fs::read_to_string(path).map_err(|error| name(&error, path))?;
    let invalid =
        |message: String| name(&io::Error::new(io::ErrorKind::InvalidData, message), path);
    let record: EvaluationRecord =
        serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
    match record.format {
        FORMAT => Ok(record),
        other => Err(invalid(format!("format {other}; this Tollgate reads format {FORMAT}"))),
    }
}
