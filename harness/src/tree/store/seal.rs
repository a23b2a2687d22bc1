//! Seals: whether anybody has touched a tree.

use std::{
    ffi::CString,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::Path,
};

use rustix::{
    fd::{AsFd, OwnedFd},
    fs::{AtFlags, Stat, fstat, statat},
    io::Errno,
};

use crate::{
    parallel,
    tree::descent::{Descent, list, open_root},
};

/// Folders that one thread looks at at a time.
const BATCH: usize = 64;

/// What a tree looked like when it was sealed: of every file and folder its name, number, sort, size
/// and times. No content is read.
///
/// The time of the last change of status is among them, and no program can set that one. So an edit
/// shows even if size and time of modification were put back. Reading leaves no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seal {
    /// Each folder's path below the root, and a hash of what there is to see in it.
    folders: Vec<(String, u64)>,
    newest: Moment,
}

/// A time of a file system: seconds and nanoseconds.
pub(super) type Moment = (i128, i128);

/// When the status of a file last changed.
pub(super) fn changed(stat: &Stat) -> Moment {
    (stat.st_ctime.into(), stat.st_ctime_nsec.into())
}

impl Seal {
    /// Seals the tree below `root`.
    pub(super) fn take(root: &Path) -> io::Result<Self> {
        let opened = open_root(root)?;
        let mut seal = Self { folders: Vec::new(), newest: Moment::default() };
        let mut level = vec![String::new()];
        while !level.is_empty() {
            let batches: Vec<_> = level.chunks(BATCH).collect();
            let sights = parallel::map(&batches, |batch| look(&opened, batch))?;
            let mut below = Vec::new();
            for (path, sight) in level.into_iter().zip(sights.into_iter().flatten()) {
                seal.newest = seal.newest.max(sight.newest);
                below.extend(within(&path, sight.folders)?);
                seal.folders.push((path, sight.hash));
            }
            level = below;
        }
        seal.folders.sort_unstable();
        Ok(seal)
    }

    /// Whether the tree below `root` is still the one that was sealed. What cannot be looked at is
    /// not.
    pub(super) fn holds(&self, root: &Path) -> bool {
        let Ok(opened) = open_root(root) else { return false };
        let batches: Vec<_> = self.folders.chunks(BATCH).collect();
        let checked = parallel::map(&batches, |batch| {
            let paths: Vec<_> = batch.iter().map(|(path, _)| path.as_str()).collect();
            let sights = look(&opened, &paths).map_err(|_| Broken)?;
            let same = batch.iter().zip(sights).all(|((_, hash), sight)| sight.hash == *hash);
            if same { Ok(()) } else { Err(Broken) }
        });
        checked.is_ok()
    }

    /// The latest change of status in the tree.
    pub(super) fn newest(&self) -> Moment {
        self.newest
    }
}

struct Broken;

/// What there is to see in one folder.
struct Sight {
    hash: u64,
    newest: Moment,
    folders: Vec<CString>,
}

fn look(root: &OwnedFd, folders: &[impl AsRef<str>]) -> Result<Vec<Sight>, Errno> {
    let mut descent = Descent::new(root);
    folders.iter().map(|path| look_into(descent.to(path.as_ref())?)).collect()
}

fn look_into(folder: impl AsFd) -> Result<Sight, Errno> {
    let mut entries = list(&folder)?;
    entries.sort_unstable();
    let mut hasher = DefaultHasher::new();
    let own = fstat(&folder)?;
    note(&own, &mut hasher);
    let mut sight = Sight { hash: 0, newest: changed(&own), folders: Vec::new() };
    for entry in entries {
        let stat = statat(&folder, &entry.name, AtFlags::SYMLINK_NOFOLLOW)?;
        entry.name.hash(&mut hasher);
        note(&stat, &mut hasher);
        sight.newest = sight.newest.max(changed(&stat));
        sight.folders.extend(entry.is_folder.then_some(entry.name));
    }
    sight.hash = hasher.finish();
    Ok(sight)
}

fn note(stat: &Stat, hasher: &mut DefaultHasher) {
    (stat.st_dev, stat.st_ino, stat.st_mode, stat.st_size).hash(hasher);
    (stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec).hash(hasher);
}

fn within(path: &str, folders: Vec<CString>) -> io::Result<Vec<String>> {
    let join = |name: CString| {
        let name = name.into_string().map_err(io::Error::other)?;
        Ok(if path.is_empty() { name } else { format!("{path}/{name}") })
    };
    folders.into_iter().map(join).collect()
}
