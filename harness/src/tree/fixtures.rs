//! What the tests of trees share.

use std::{
    fs, io,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::{Compile, Dialect, place};
use crate::scenario::SourceFile;

pub(super) fn source(path: &str, body: &str) -> SourceFile {
    SourceFile { path: path.parse().expect("a path within a tree"), body: body.to_owned() }
}

pub(super) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(place()).expect("a temporary folder")
}

/// The files below `root`, sorted, each with its text.
pub(super) fn listing(root: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let name = path.strip_prefix(root).expect("a file below the root");
                let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
                files.push((name.to_str().expect("UTF-8").to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

/// Compiles to the text itself, but nothing that has an `!` in it; counts the sources.
pub(super) struct Echo {
    pub(super) dialect: Option<Dialect>,
    pub(super) asked: AtomicUsize,
}

impl Echo {
    pub(super) fn new(cache_tag: &str, magic: [u8; 4]) -> Self {
        let dialect = Some(Dialect { cache_tag: cache_tag.to_owned(), magic });
        Self { dialect, asked: AtomicUsize::new(0) }
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Compile for Echo {
    fn dialect(&self) -> Option<Dialect> {
        self.dialect.clone()
    }

    fn compile(&self, sources: &[&str]) -> io::Result<Vec<Option<Vec<u8>>>> {
        self.asked.fetch_add(sources.len(), Ordering::Relaxed);
        let code = |source: &&str| (!source.contains('!')).then(|| source.as_bytes().to_vec());
        Ok(sources.iter().map(code).collect())
    }
}
