//! Copies of the probe, so that each of several hooks in one process has one to itself.
//!
//! A process that loads the same file twice has it once, with one buffer of events. Native hooks
//! write into the buffer of the probe that they came from, so events are told apart by their probe.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use tempfile::TempDir;

/// The copies that were made so far; gone when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Probes {
    folders: Mutex<HashMap<PathBuf, TempDir>>,
}

impl Probes {
    /// As many copies of `probe`, each a file of its own.
    pub(super) fn copies(&self, probe: &Path, count: usize) -> io::Result<Vec<PathBuf>> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if !folders.contains_key(probe) {
            // beside the probe: memory, where cells are, may be mounted without leave to execute
            let beside = probe.parent().unwrap_or(probe);
            folders.insert(probe.to_owned(), TempDir::with_prefix_in("copies-", beside)?);
        }
        let folder = folders[probe].path();
        let copy = |number| {
            let copy = folder.join(format!("probe-{number}.so"));
            if !copy.exists() {
                fs::copy(probe, &copy)?;
            }
            Ok(copy)
        };
        (0..count).map(copy).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_made_once_and_are_gone_in_the_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let probe = folder.path().join("probe");
        fs::write(&probe, "code").expect("written");
        let probes = Probes::default();
        let two = probes.copies(&probe, 2).expect("two copies");
        let three = probes.copies(&probe, 3).expect("three copies");
        assert_eq!(three[..2], two);
        assert_ne!(three[2], three[0]);
        assert!(three.iter().all(|copy| fs::read(copy).is_ok_and(|bytes| bytes == b"code")));
        drop(probes);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
