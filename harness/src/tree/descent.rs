//! Going down a tree folder by folder.

use std::{ffi::CString, path::Path};

use rustix::{
    fd::{AsFd, BorrowedFd, OwnedFd},
    fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, statat},
    io::Errno,
    path::Arg,
};

/// How folders are opened: as such, and never through a symbolic link.
const FOLDER: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Opens a folder by its path, to be the root of a tree; the last part may not be a symbolic link.
pub(super) fn open_root(path: &Path) -> Result<OwnedFd, Errno> {
    openat(CWD, path, FOLDER, Mode::empty())
}

/// Opens the folder `name` in `parent`; a symbolic link is an error.
pub(super) fn open_folder(parent: impl AsFd, name: impl Arg) -> Result<OwnedFd, Errno> {
    openat(parent, name, FOLDER, Mode::empty())
}

/// What a folder holds under a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: CString,
    pub(super) is_folder: bool,
}

/// All that is in `folder`, in no particular order.
pub(super) fn list(folder: impl AsFd) -> Result<Vec<Entry>, Errno> {
    let mut entries = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        let file_type = match entry.file_type() {
            // some file systems do not say
            FileType::Unknown => {
                FileType::from_raw_mode(statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode)
            }
            known => known,
        };
        entries.push(Entry { name: name.to_owned(), is_folder: file_type.is_dir() });
    }
    Ok(entries)
}

/// A place in a tree, with every folder on the way there held open.
///
/// Each folder is opened from the one that holds it, so what is reached is below the root whatever
/// became of the tree in the meantime, and a move to a neighbour costs one call.
pub(super) struct Descent<'a> {
    root: BorrowedFd<'a>,
    way: Vec<(String, OwnedFd)>,
}

impl<'a> Descent<'a> {
    pub(super) fn new(root: &'a OwnedFd) -> Self {
        Self { root: root.as_fd(), way: Vec::new() }
    }

    /// Goes to `folder`, a path below the root with `/` between its parts; the root is "".
    pub(super) fn to(&mut self, folder: &str) -> Result<BorrowedFd<'_>, Errno> {
        let parts = || folder.split('/').filter(|part| !part.is_empty());
        let common = self.way.iter().zip(parts()).take_while(|((name, _), part)| name == part);
        let common = common.count();
        self.way.truncate(common);
        for part in parts().skip(common) {
            let opened = open_folder(self.here(), part)?;
            self.way.push((part.to_owned(), opened));
        }
        Ok(self.here())
    }

    fn here(&self) -> BorrowedFd<'_> {
        self.way.last().map_or(self.root, |(_, folder)| folder.as_fd())
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::MetadataExt};

    use rustix::fs::fstat;

    use super::*;

    #[test]
    fn every_folder_is_reached_from_every_other() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let folders = ["", "a", "a/b", "a/b/c", "a/bc", "d", "d/b"];
        for folder in folders {
            fs::create_dir_all(root.path().join(folder)).expect("a folder");
        }
        let opened = open_root(root.path()).expect("a folder");
        let mut descent = Descent::new(&opened);
        for (from, to) in folders.iter().flat_map(|from| folders.map(|to| (from, to))) {
            descent.to(from).expect("a folder");
            let reached = fstat(descent.to(to).expect("a folder")).expect("metadata").st_ino;
            let expected = fs::metadata(root.path().join(to)).expect("metadata").ino();
            assert_eq!(reached, expected, "from {from:?} to {to:?}");
        }
    }

    #[test]
    fn links_are_not_followed() {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join("a")).expect("a folder");
        std::os::unix::fs::symlink("a", root.path().join("b")).expect("a link");
        let opened = open_root(root.path()).expect("a folder");
        assert!(Descent::new(&opened).to("b").is_err());
    }
}
