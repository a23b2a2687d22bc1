//! The folder of one cell.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::tree;

/// An empty working directory beside the scenario's tree.
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

    /// Where the user's site directory is, for interpreters that have one.
    pub(super) fn user_base(&self) -> PathBuf {
        self.root.path().join("user")
    }

    /// Makes the user's site directory, which lies at `relative` below the base.
    pub(super) fn create_site(&self, relative: &Path) -> io::Result<PathBuf> {
        let site = self.user_base().join(relative);
        fs::create_dir_all(&site)?;
        Ok(site)
    }

    /// `text` without what differs from cell to cell: where the folders are.
    pub(super) fn normalise(&self, text: &str) -> String {
        let tree = self.tree().to_string_lossy().into_owned();
        let work = self.working_directory().to_string_lossy().into_owned();
        let user = self.user_base().to_string_lossy().into_owned();
        text.replace(&tree, "<tree>").replace(&work, "<work>").replace(&user, "<user>")
    }
}
