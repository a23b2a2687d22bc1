//! Removing trees quickly, whatever has become of them.

use std::{
    ffi::{CStr, CString},
    io,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use rustix::{
    fd::{AsFd, OwnedFd},
    fs::{AtFlags, CWD, Mode, chmodat, fchmod, renameat, unlinkat},
    io::Errno,
};

use super::{
    about,
    descent::{list, open_folder, open_root},
};
use crate::parallel;

/// Folders that one thread empties at a time.
const BATCH: usize = 64;

/// Removes the folder `root` with all that is in it, on all cores. Symbolic links are removed, not
/// followed.
///
/// A program may have nested folders deeper than paths or descriptors reach, or have taken our
/// permissions away. So nothing here goes down; folders come up: each folder within a folder is
/// moved to the root, and there they are emptied one by one.
pub fn remove(root: &Path) -> io::Result<()> {
    open_root(root)
        .and_then(|opened| Attic::new(opened).clear())
        .and_then(|()| unlinkat(CWD, root, AtFlags::REMOVEDIR))
        .map_err(|error| about("remove", root, error))
}

/// The root of a tree that is taken apart.
struct Attic {
    root: OwnedFd,
    /// Makes names that nobody else has used.
    mark: u64,
    moved: AtomicU64,
}

impl Attic {
    fn new(root: OwnedFd) -> Self {
        Self { root, mark: rand::random(), moved: AtomicU64::new(0) }
    }

    /// Leaves nothing in the root.
    fn clear(&self) -> Result<(), Errno> {
        // everything else comes here
        fchmod(&self.root, Mode::RWXU)?;
        let mut folders = empty(&self.root, |name| Ok(name.to_owned()))?;
        while !folders.is_empty() {
            let batches: Vec<_> = folders.chunks(BATCH).collect();
            let lifted = parallel::map(&batches, |batch| {
                let lifted: Result<Vec<_>, _> = batch.iter().map(|name| self.raze(name)).collect();
                Ok(lifted?.concat())
            })?;
            folders = lifted.concat();
        }
        Ok(())
    }

    /// Removes a folder of the root; returns the names under which those within it are now.
    fn raze(&self, name: &CStr) -> Result<Vec<CString>, Errno> {
        let folder = open_folder(&self.root, name).or_else(|error| {
            unlock(error, &self.root, name)?;
            open_folder(&self.root, name)
        })?;
        let lifted = empty(&folder, |inner| self.lift(&folder, inner))?;
        unlinkat(&self.root, name, AtFlags::REMOVEDIR)?;
        Ok(lifted)
    }

    /// Moves the folder `name` of `folder` to the root.
    fn lift(&self, folder: &OwnedFd, name: &CStr) -> Result<CString, Errno> {
        let number = self.moved.fetch_add(1, Ordering::Relaxed);
        let fresh = CString::new(format!("{:016x}-{number}", self.mark)).expect("no NUL in it");
        renameat(folder, name, &self.root, &fresh).or_else(|error| {
            unlock(error, folder, c".")?;
            unlock(error, folder, name)?;
            renameat(folder, name, &self.root, &fresh)
        })?;
        Ok(fresh)
    }
}

/// Removes what is no folder in `folder`, and does `with` the others.
fn empty(
    folder: &OwnedFd,
    with: impl Fn(&CStr) -> Result<CString, Errno>,
) -> Result<Vec<CString>, Errno> {
    let mut folders = Vec::new();
    for entry in list(folder)? {
        if entry.is_folder {
            folders.push(with(&entry.name)?);
        } else {
            unlinkat(folder, &entry.name, AtFlags::empty()).or_else(|error| {
                unlock(error, folder, c".")?;
                unlinkat(folder, &entry.name, AtFlags::empty())
            })?;
        }
    }
    Ok(folders)
}

/// Gives us back the permissions on a folder, if it is for want of them that something failed.
fn unlock(error: Errno, parent: impl AsFd, name: &CStr) -> Result<(), Errno> {
    if error == Errno::ACCESS {
        chmodat(parent, name, Mode::RWXU, AtFlags::empty())
    } else {
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use rustix::fs::mkdirat;

    use super::*;
    use crate::tree::fixtures::folder;

    /// A temporary folder with `tree` in it, to be removed.
    fn tree() -> (tempfile::TempDir, std::path::PathBuf) {
        let outer = folder();
        let tree = outer.path().join("tree");
        fs::create_dir(&tree).expect("a folder");
        (outer, tree)
    }

    #[test]
    fn links_are_removed_and_not_followed() {
        let (outer, tree) = tree();
        let kept = outer.path().join("kept");
        fs::create_dir_all(kept.join("inner")).expect("a folder");
        fs::write(kept.join("file"), "").expect("a file");
        fs::create_dir(tree.join("a")).expect("a folder");
        for link in ["link", "a/link"] {
            std::os::unix::fs::symlink(&kept, tree.join(link)).expect("a link");
        }
        remove(&tree).expect("removed");
        assert!(!tree.exists());
        assert_eq!(fs::read_dir(&kept).expect("the folder is still there").count(), 2);
    }

    /// More folders than descriptors, in a path that no call takes as a whole.
    #[test]
    fn no_depth_is_too_deep() {
        let (_outer, tree) = tree();
        let mut here = open_root(&tree).expect("a folder");
        for _ in 0..3_000 {
            mkdirat(&here, "deeper", Mode::RWXU).expect("a folder");
            here = open_folder(&here, "deeper").expect("a folder");
        }
        remove(&tree).expect("removed");
        assert!(!tree.exists());
    }

    /// (Whoever runs this as root needs no permissions, and tests less.)
    #[test]
    fn permissions_are_taken_back() {
        let (_outer, tree) = tree();
        fs::create_dir_all(tree.join("a/b/c")).expect("folders");
        fs::write(tree.join("a/b/file"), "").expect("a file");
        for (path, mode) in [("a/b/c", 0o000), ("a/b", 0o555), ("a", 0o000), ("", 0o555)] {
            let mode = fs::Permissions::from_mode(mode);
            fs::set_permissions(tree.join(path), mode).expect("permissions");
        }
        remove(&tree).expect("removed");
        assert!(!tree.exists());
    }

    #[test]
    fn what_is_not_there_is_named() {
        let (_outer, tree) = tree();
        let error = remove(&tree.join("absent")).expect_err("nothing to remove").to_string();
        assert!(error.starts_with("cannot remove ") && error.contains("absent"), "{error}");
    }
}
