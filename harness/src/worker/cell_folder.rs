//! The working directory of one cell.

use std::{fs, io, path::Path, process};

use tempfile::TempDir;

use crate::tree;

/// An empty directory, gone with all that was put there when this is dropped.
#[derive(Debug)]
pub(super) struct CellFolder(TempDir);

impl CellFolder {
    /// The name tells whose it is: what a harness that was killed leaves is removed by the next one,
    /// see [`tree::Store::new`].
    pub(super) fn new() -> io::Result<Self> {
        let prefix = format!("tollgate-{}-", process::id());
        Ok(Self(tempfile::Builder::new().prefix(&prefix).tempdir_in(tree::place())?))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for CellFolder {
    fn drop(&mut self) {
        // Most programs leave nothing, and then there is nothing to look through.
        if fs::remove_dir(self.path()).is_ok() {
            self.0.disable_cleanup(true);
        }
    }
}
