//! Removing trees quickly, whatever has become of them.

use std::{
    ffi::{CStr, CString, OsStr},
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
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
/// followed. What is mounted there is left alone.
///
/// A program may have nested folders deeper than paths or descriptors reach, or have taken our
/// permissions away. So nothing here goes down; folders come up: each folder within a folder is
/// moved to the root, and there they are emptied one by one.
///
/// # Errors
///
/// What could not be removed, by its path as it is now, and why; all else is gone.
pub fn remove(root: &Path) -> io::Result<()> {
    // an empty one, or one that another file system is mounted on: that is not ours to empty
    match unlinkat(CWD, root, AtFlags::REMOVEDIR) {
        Err(Errno::BUSY) => return Err(about("remove", root, Errno::BUSY)),
        Err(_) => {}
        Ok(()) => return Ok(()),
    }
    let about_root = |error| about("remove", root, error);
    let attic = Attic::new(open_root(root).map_err(about_root)?);
    attic.clear().map_err(about_root)?;
    let left = attic.left.into_inner().unwrap_or_else(PoisonError::into_inner);
    let Some((name, error)) = left.first() else {
        return unlinkat(CWD, root, AtFlags::REMOVEDIR).map_err(about_root);
    };
    let error = about("remove", &root.join(name), *error);
    let more =
        if left.len() > 1 { format!(" (and {} more)", left.len() - 1) } else { String::new() };
    Err(io::Error::new(error.kind(), format!("{error}{more}")))
}

/// The root of a tree that is taken apart.
struct Attic {
    root: OwnedFd,
    /// Makes names that nobody else has used.
    mark: u64,
    moved: AtomicU64,
    /// What cannot be removed, by its path below the root, and why.
    left: Mutex<Vec<(PathBuf, Errno)>>,
}

impl Attic {
    fn new(root: OwnedFd) -> Self {
        Self { root, mark: rand::random(), moved: AtomicU64::new(0), left: Mutex::default() }
    }

    /// Leaves nothing in the root but what cannot be removed.
    fn clear(&self) -> Result<(), Errno> {
        // everything else comes here
        fchmod(&self.root, Mode::RWXU)?;
        let (mut folders, _) = self.empty(&self.root, c".")?;
        while !folders.is_empty() {
            let batches: Vec<_> = folders.chunks(BATCH).collect();
            let lifted = parallel::map(&batches, |batch| {
                Ok::<_, Errno>(batch.iter().flat_map(|name| self.raze(name)).collect::<Vec<_>>())
            })?;
            folders = lifted.concat();
        }
        Ok(())
    }

    /// Removes a folder of the root; returns the names under which those within it are now.
    fn raze(&self, name: &CStr) -> Vec<CString> {
        let emptied = open_folder(&self.root, name).or_else(|error| {
            unlock(error, &self.root, name)?;
            open_folder(&self.root, name)
        });
        let emptied = emptied.and_then(|folder| self.empty(&folder, name));
        let (lifted, is_empty) = emptied.unwrap_or_else(|error| {
            self.leave(name, c"", error);
            (Vec::new(), false)
        });
        if is_empty && let Err(error) = unlinkat(&self.root, name, AtFlags::REMOVEDIR) {
            self.leave(name, c"", error);
        }
        lifted
    }

    /// Removes what is no folder in `folder`, which the root has as `name`, and moves the others to the
    /// root. Returns what they are called there, and whether nothing is left here.
    fn empty(&self, folder: &OwnedFd, name: &CStr) -> Result<(Vec<CString>, bool), Errno> {
        let (mut folders, mut is_empty) = (Vec::new(), true);
        for entry in list(folder)? {
            let gone = if entry.is_folder {
                self.lift(folder, &entry.name).map(|fresh| folders.push(fresh))
            } else {
                unlink(folder, &entry.name)
            };
            if let Err(error) = gone {
                // somebody else may be at it as well
                is_empty &= error == Errno::NOENT;
                self.leave(name, &entry.name, error);
            }
        }
        Ok((folders, is_empty))
    }

    /// Moves the folder `name` of `folder` to the root, where it has a name that nobody else has. That
    /// fails for one that something is mounted on, which is not ours to empty.
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

    /// Takes note of what cannot be removed: `name` in the root's `folder`.
    fn leave(&self, folder: &CStr, name: &CStr, error: Errno) {
        if error != Errno::NOENT {
            let part = |name: &CStr| OsStr::from_bytes(name.to_bytes()).to_owned();
            let path =
                [folder, name].into_iter().filter(|it| !it.is_empty() && *it != c".").map(part);
            let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            left.push((path.collect(), error));
        }
    }
}

fn unlink(folder: &OwnedFd, name: &CStr) -> Result<(), Errno> {
    unlinkat(folder, name, AtFlags::empty()).or_else(|error| {
        unlock(error, folder, c".")?;
        unlinkat(folder, name, AtFlags::empty())
    })
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
    fn tree() -> (tempfile::TempDir, PathBuf) {
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

    /// Has `tool` do something to a path that needs the rights of root and a file system that knows it; whether it
    /// did.
    #[cfg(target_os = "linux")]
    #[expect(clippy::disallowed_methods, reason = "a tool of the system, run by hand")]
    fn has_done(tool: &str, arguments: &[&str], path: &Path) -> bool {
        let ended = std::process::Command::new(tool).args(arguments).arg(path).output();
        let is_done = ended.is_ok_and(|ended| ended.status.success());
        if !is_done {
            eprintln!("skipped: {tool} cannot be tried on {}", path.display());
        }
        is_done
    }

    /// What `remove` says of a tree with `a/b` in it that `keep` makes unremovable, and `let_go` removable.
    #[cfg(target_os = "linux")]
    fn check_left(keep: (&str, &[&str]), let_go: (&str, &[&str]), reason: &str) {
        // where trees are, and where everything else is: one of them may know what is to be tried
        for place in [crate::tree::place(), ".".into()] {
            let outer = tempfile::tempdir_in(place).expect("a folder");
            let tree = outer.path().join("tree");
            fs::create_dir_all(tree.join("a/b/c")).expect("folders");
            fs::create_dir_all(tree.join("d/e")).expect("folders");
            fs::write(tree.join("a/file"), "").expect("a file");
            let kept = tree.join("a/b");
            if !has_done(keep.0, keep.1, &kept) {
                continue;
            }
            let error = remove(&tree).expect_err("it cannot be removed").to_string();
            let folder = |path: &Path| fs::read_dir(path).expect("a folder").collect::<Vec<_>>();
            assert_eq!(folder(&tree).len(), 1, "all else is gone: {error}");
            // the folder around it has another name now
            let named = error.strip_prefix("cannot remove ").and_then(|it| it.split_once(": "));
            let (path, why) = named.expect("a path and a reason");
            assert!(why.starts_with(reason), "{error}");
            assert!(has_done(let_go.0, let_go.1, Path::new(path)), "{error}");
            assert!(Path::new(path).join("c").exists() || reason.contains("busy"), "{error}");
            remove(&tree).expect("removed");
            assert!(!tree.exists());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_immutable_is_told_and_all_else_removed() {
        check_left(("chattr", &["+i"]), ("chattr", &["-i"]), "Operation not permitted");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_mounted_is_told_and_left_alone() {
        let mount = ["-t", "tmpfs", "-o", "size=64k", "tollgate"];
        check_left(("mount", &mount), ("umount", &[]), "Device or resource busy");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let (_outer, tree) = tree();
        let error = remove(&tree.join("absent")).expect_err("nothing to remove").to_string();
        assert!(error.starts_with("cannot remove ") && error.contains("absent"), "{error}");
    }
}
