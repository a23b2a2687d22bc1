//! Writing many small files quickly.

use std::{
    collections::{BTreeSet, HashMap},
    io,
    path::Path,
};

use rustix::{
    fd::{AsFd, BorrowedFd, OwnedFd},
    fs::{Mode, OFlags, Timespec, Timestamps, futimens, mkdirat, openat},
    io::{self as calls, Errno, retry_on_intr},
};

use super::{
    about,
    descent::{Descent, open_root},
};
use crate::{parallel, scenario::SourceFile};

/// When every file and folder of a tree was last changed, in seconds since 1970: the start of 2020.
///
/// Byte code names the time of its source in whole seconds, and finders trust a folder's listing
/// while its time stands still. With one time, long past, every change that a program makes to its
/// own tree is a change of the time as well, whatever second it falls into, and two runs of one
/// program find the same.
pub const MODIFIED: u32 = 1_577_836_800;

/// Files that one thread writes at a time. Large folders are divided, small ones taken together.
const BATCH: usize = 256;

/// Writes `sources` below `root`, a folder that exists, on all cores.
///
/// Every file and folder is made anew: whatever is already there, a symbolic link too, is an error
/// and is left as it is. So nothing outside `root` is touched. The error names a file or folder;
/// some of the others may have been written. All of them, and `root`, get the time [`MODIFIED`].
pub fn write(root: &Path, sources: impl IntoIterator<Item = SourceFile>) -> io::Result<()> {
    write_all(root, &sources.into_iter().collect::<Vec<_>>())
}

/// As [`write`], for sources that are there already.
pub(super) fn write_all(root: &Path, sources: &[SourceFile]) -> io::Result<()> {
    let files = sources.iter().map(|source| (source.path.as_str(), source.body.as_bytes()));
    write_files(root, files, Folders::New)
}

/// What becomes of the folders of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folders {
    /// None of them exists.
    New,
    /// All of them exist, but perhaps the innermost, which may.
    InnermostNew,
}

/// Files of one folder: names and contents.
type Files<'a> = Vec<(&'a str, &'a [u8])>;

/// As [`write`], with paths and contents.
pub(super) fn write_files<'a>(
    root: &Path,
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
    folders: Folders,
) -> io::Result<()> {
    let opened = open_root(root).map_err(|error| about("write", root, error))?;
    let by_folder = group(files);
    make_folders(&opened, &by_folder, folders)
        .and_then(|()| parallel::map(&batches(&by_folder), |batch| write_batch(&opened, batch)))
        .map_err(|(path, error)| about("write", &root.join(path.trim_start_matches('/')), error))?;
    Ok(())
}

/// Files by folder; folders in the order of their names, so that neighbours stand together.
fn group<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<(&'a str, Files<'a>)> {
    let mut by_folder: HashMap<_, Files<'_>> = HashMap::new();
    for (path, content) in files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        by_folder.entry(folder).or_default().push((name, content));
    }
    let mut by_folder: Vec<_> = by_folder.into_iter().collect();
    by_folder.sort_unstable_by_key(|(folder, _)| *folder);
    by_folder
}

type Batch<'a, 'b> = Vec<(&'a str, &'b [(&'a str, &'a [u8])])>;

fn batches<'a, 'b>(by_folder: &'b [(&'a str, Files<'a>)]) -> Vec<Batch<'a, 'b>> {
    let mut batches: Vec<Batch<'_, '_>> = Vec::new();
    let mut room = 0;
    for (folder, files) in by_folder {
        for part in files.chunks(BATCH) {
            if part.len() > room {
                batches.push(Vec::new());
                room = BATCH;
            }
            batches.last_mut().expect("there was no room").push((folder, part));
            room -= part.len();
        }
    }
    batches
}

/// Where something failed, below the root, and how.
type Failed = (String, Errno);

/// The folders to make, each after the one that holds it.
fn missing<'a>(by_folder: &[(&'a str, Files<'a>)], folders: Folders) -> BTreeSet<&'a str> {
    let innermost = by_folder.iter().map(|&(folder, _)| folder).filter(|path| !path.is_empty());
    match folders {
        Folders::InnermostNew => innermost.collect(),
        Folders::New => innermost
            .flat_map(|path| {
                let ends = path.match_indices('/').map(|(end, _)| end);
                ends.chain([path.len()]).map(move |end| &path[..end])
            })
            .collect(),
    }
}

fn make_folders(
    root: &OwnedFd,
    by_folder: &[(&str, Files<'_>)],
    folders: Folders,
) -> Result<(), Failed> {
    let mut descent = Descent::new(root);
    missing(by_folder, folders).into_iter().try_for_each(|path| {
        make_folder(&mut descent, path, folders).map_err(|error| (path.to_owned(), error))
    })
}

fn make_folder(descent: &mut Descent<'_>, path: &str, folders: Folders) -> Result<(), Errno> {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = descent.to(parent)?;
    match mkdirat(parent, name, Mode::from_raw_mode(0o777)) {
        Err(Errno::EXIST) if folders == Folders::InnermostNew => Ok(()),
        Err(error) => Err(error),
        Ok(()) => date(parent),
    }
}

fn write_batch(root: &OwnedFd, batch: &Batch<'_, '_>) -> Result<(), Failed> {
    let mut descent = Descent::new(root);
    for &(folder, files) in batch {
        let here = descent.to(folder).map_err(|error| (folder.to_owned(), error))?;
        for &(name, content) in files {
            write_new(here, name, content).map_err(|error| (format!("{folder}/{name}"), error))?;
        }
        date(here).map_err(|error| (folder.to_owned(), error))?;
    }
    Ok(())
}

fn write_new(folder: BorrowedFd<'_>, name: &str, mut content: &[u8]) -> Result<(), Errno> {
    // with CREATE and EXCL together, a symbolic link in the file's place is not followed either
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let file = openat(folder, name, flags, Mode::from_raw_mode(0o666))?;
    while !content.is_empty() {
        content = &content[retry_on_intr(|| calls::write(&file, content))?..];
    }
    date(&file)
}

/// Sets the times of a file or folder to [`MODIFIED`].
fn date(file: impl AsFd) -> Result<(), Errno> {
    let time = Timespec { tv_sec: MODIFIED.into(), tv_nsec: 0 };
    futimens(file, &Timestamps { last_access: time, last_modification: time })
}
