//! The seam behind which children are started: one process a cell, until a fork server takes over.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::Target;
use crate::{
    child::{self, Answer, Ended, Limits},
    tree,
};

/// A way to have a worker answer one request.
pub trait Start: Sync {
    /// Runs a worker on `request` in an empty directory `folder` and returns all that came of it.
    fn start(&self, target: &Target, request: Vec<u8>, folder: &Path) -> io::Result<Ended>;
}

/// A fresh interpreter for every request.
#[derive(Clone, Debug)]
pub struct Spawn {
    /// What each child may use.
    pub limits: Limits,
    /// Added to the child's environment.
    pub environment: Vec<(OsString, OsString)>,
}

impl Spawn {
    /// Children run under `limits`.
    pub fn new(limits: Limits) -> Self {
        Self { limits, environment: Vec::new() }
    }
}

impl Start for Spawn {
    fn start(&self, target: &Target, request: Vec<u8>, folder: &Path) -> io::Result<Ended> {
        let mut environment = child::inherited_environment(folder);
        environment.extend(self.environment.iter().cloned());
        let program = child::Program {
            executable: target.interpreter.path.clone(),
            // Isolated and without `site`: whatever is installed beside the interpreter (`.pth`
            // files with finders of their own) must not take part. No byte code is written.
            arguments: ["-I", "-S", "-B"]
                .map(Into::into)
                .into_iter()
                .chain([target.worker.clone().into_os_string()])
                .collect(),
            environment,
            directory: folder.to_owned(),
            input: request,
            answer: Answer::Channel,
        };
        child::run(&program, &self.limits)
    }
}

/// The folder of one cell: an empty working directory beside the scenario's tree.
pub(super) struct CellFolder {
    root: TempDir,
}

impl CellFolder {
    pub(super) fn new() -> io::Result<Self> {
        let root = tempfile::Builder::new().prefix("tollgate-").tempdir_in(tree::place())?;
        let folder = Self { root };
        fs::create_dir(folder.tree())?;
        fs::create_dir(folder.working_directory())?;
        Ok(folder)
    }

    pub(super) fn tree(&self) -> PathBuf {
        self.root.path().join("tree")
    }

    pub(super) fn working_directory(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// `text` without what differs from cell to cell: where the tree and the directory are.
    pub(super) fn normalise(&self, text: &str) -> String {
        let tree = self.tree().to_string_lossy().into_owned();
        let work = self.working_directory().to_string_lossy().into_owned();
        text.replace(&tree, "<tree>").replace(&work, "<work>")
    }
}
