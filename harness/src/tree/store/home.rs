//! The folder that one harness has for its trees.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process,
};

use rustix::{
    event::{Timespec, poll},
    fd::OwnedFd,
    fs::{FlockOperation, Timestamps, UTIME_NOW, flock, fstat, futimens},
    io::Errno,
    process::{Pid, geteuid, test_kill_process},
};

use super::seal::{Moment, changed};
use crate::tree::{descent::open_root, discard};

const PREFIX: &str = "tollgate-";
/// Shorter than the tick of most kernels' clocks for files, 4 ms.
const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 500_000 };

/// A folder of our own, gone when this is dropped.
///
/// It is called `tollgate-PID-…` and locked while we live. One that was left behind, because its
/// harness was killed, is removed by the next harness of the same user.
#[derive(Debug)]
pub(super) struct Home {
    path: PathBuf,
    _lock: OwnedFd,
    /// A file whose only use is that it can be changed.
    clock: fs::File,
}

impl Home {
    pub(super) fn new_in(place: &Path) -> io::Result<Self> {
        sweep(place)?;
        let prefix = format!("{PREFIX}{}-", process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(place)?;
        let lock = claim(folder.path())?;
        let clock = fs::File::create_new(folder.path().join("clock"))?;
        Ok(Self { path: folder.keep(), _lock: lock, clock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns when whatever is changed from now on is changed later than `moment`.
    ///
    /// File systems take the time from a clock that ticks every few milliseconds. Two changes within
    /// a tick have the same time, and the second would not show. (Linux gives files finer times from
    /// 6.13 on; this then returns at once.)
    pub(super) fn outlast(&self, moment: Moment) -> io::Result<()> {
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let now = Timestamps { last_access: now, last_modification: now };
        loop {
            futimens(&self.clock, &now)?;
            if changed(&fstat(&self.clock)?) > moment {
                return Ok(());
            }
            match poll(&mut [], Some(&TICK)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        discard(&self.path);
    }
}

/// Marks a folder as in use for as long as what is returned lives.
///
/// # Errors
///
/// If there is no such folder, or its file system has no locks.
pub fn claim(folder: &Path) -> io::Result<OwnedFd> {
    let lock = open_root(folder)?;
    flock(&lock, FlockOperation::LockExclusive)?;
    Ok(lock)
}

/// Removes what harnesses that were killed have left at `place`.
fn sweep(place: &Path) -> io::Result<()> {
    for entry in fs::read_dir(place)? {
        let path = entry?.path();
        if is_left_behind(&path) {
            discard(&path);
        }
    }
    Ok(())
}

/// Whether `path` is the folder of a harness of ours that lives no more.
///
/// The lock tells as well where the number does not: in another container, or when it has gone to
/// another process since.
fn is_left_behind(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let number = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-'));
    let Some(pid) = number.and_then(|(pid, _)| process_of(pid)) else {
        return false;
    };
    let ours = fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == geteuid().as_raw());
    let dead = test_kill_process(pid) == Err(Errno::SRCH);
    let unlocked = || {
        let folder = open_root(path)?;
        flock(folder, FlockOperation::NonBlockingLockExclusive)
    };
    ours && dead && unlocked().is_ok()
}

/// The process of a number in a name, which anybody may have chosen: 0 and less are none.
fn process_of(number: &str) -> Option<Pid> {
    let number: i32 = number.parse().ok()?;
    if number > 0 { Pid::from_raw(number) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No process has this number: Linux and macOS end far below.
    const NOBODY: i32 = i32::MAX;

    #[test]
    fn a_home_goes_with_its_owner() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let home = Home::new_in(place.path()).expect("a home");
        let path = home.path().to_owned();
        fs::create_dir_all(path.join("a/b")).expect("folders");
        drop(home);
        assert!(!path.exists());
    }

    #[test]
    fn only_what_the_dead_left_is_removed() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let make = |name: &str| {
            fs::create_dir_all(place.path().join(name).join("tree")).expect("folders");
        };
        let left = format!("tollgate-{NOBODY}-left");
        let locked = format!("tollgate-{NOBODY}-locked");
        let alive = format!("tollgate-{}-alive", process::id());
        let parent = format!("tollgate-{}-parent", std::os::unix::process::parent_id());
        let others = ["tollgate-abc", "tollgate-x-1", "tollgate--1-x", "tollgate-0-x", "other"];
        for name in [&left, &locked, &alive, &parent].into_iter().map(String::as_str).chain(others)
        {
            make(name);
        }
        let link = place.path().join(format!("tollgate-{NOBODY}-link"));
        std::os::unix::fs::symlink("other", &link).expect("a link");
        let lock = open_root(&place.path().join(&locked)).expect("a folder");
        flock(&lock, FlockOperation::LockExclusive).expect("a lock");

        let home = Home::new_in(place.path()).expect("a home");
        let mut there: Vec<_> = fs::read_dir(place.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .filter(|name| !home.path().ends_with(name))
            .collect();
        there.sort();
        let link = link.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        let mut kept = vec![link, &locked, &alive, &parent];
        kept.extend(others);
        kept.sort_unstable();
        assert_eq!(there, kept);
    }

    #[test]
    fn changes_after_waiting_are_later() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let home = Home::new_in(place.path()).expect("a home");
        for round in 0..20 {
            let file = place.path().join(round.to_string());
            let moment = |file| changed(&rustix::fs::stat(file).expect("metadata"));
            fs::write(&file, "a").expect("written");
            let before = moment(&file);
            home.outlast(before).expect("a clock that goes on");
            fs::write(&file, "b").expect("written");
            assert!(moment(&file) > before);
        }
    }
}
