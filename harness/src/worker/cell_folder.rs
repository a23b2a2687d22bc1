//! The working directory of one cell.

use std::{fs, io, os::fd::OwnedFd, path::Path, process};

use tempfile::TempDir;

use crate::tree;

/// An empty directory, gone with all that was put there when this is dropped.
#[derive(Debug)]
pub(super) struct CellFolder {
    folder: TempDir,
    _claim: OwnedFd,
}

impl CellFolder {
    /// The name tells whose it is: what a harness that was killed leaves is removed by the next one,
    /// see [`tree::Store::new`]. The claim tells those who cannot see our process, from another
    /// container, that it is not left behind.
    pub(super) fn new() -> io::Result<Self> {
        let prefix = format!("tollgate-{}-", process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(tree::place())?;
        let claim = tree::claim(folder.path())?;
        Ok(Self { folder, _claim: claim })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for CellFolder {
    fn drop(&mut self) {
        // Most programs leave nothing, and then there is nothing to look through.
        if fs::remove_dir(self.path()).is_err() {
            tree::discard(self.path());
        }
        self.folder.disable_cleanup(true);
    }
}
