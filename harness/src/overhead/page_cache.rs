//! Where two interpreters' own code lies in memory.
//!
//! The kernel keeps an executable in the page cache in pieces of the size in which it was written or read, wherever there was
//! room. That lasts for days, and differs between two files of the same content: `benches/METHODOLOGY.md` has what it comes to.
//! So whoever compares two executables has them read anew, and often.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    child::{self, Limits, Program},
    worker::Target,
};

/// The files that interpreters have their code from.
pub(super) struct CodeFiles(Vec<File>);

impl CodeFiles {
    /// The executables of these interpreters, and the libraries that they load at their start. None where the system doesn't
    /// say, and none that we may not read.
    pub(super) fn of(targets: [&Target; 2]) -> io::Result<Self> {
        let mut paths = BTreeSet::new();
        for target in targets {
            paths.extend(mapped(&target.interpreter.path)?);
        }
        let files: Vec<_> = paths.iter().filter_map(|path| File::open(path).ok()).collect();
        for file in &files {
            // only what has been written to the disk can be forgotten; where it cannot be written it is not new either
            file.sync_data().ok();
        }
        Ok(Self(files))
    }

    /// Has whoever needs them next read them from the disk again. The system keeps what a running process has mapped.
    pub(super) fn forget(&self) {
        self.0.iter().for_each(forget);
    }
}

#[cfg(target_os = "linux")]
fn forget(file: &File) {
    // advice, as the name says: where it is not taken the layout of a block is that of the block before
    rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed).ok();
}

#[cfg(not(target_os = "linux"))]
fn forget(_: &File) {}

/// Prints the memory map of the process, where the system tells.
const SCRIPT: &str = "\
try:
    print(open('/proc/self/maps').read())
except OSError:
    pass
";

fn mapped(interpreter: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let folder = TempDir::new()?;
    let program = Program::new(interpreter, ["-I", "-S", "-B", "-c", SCRIPT], folder.path());
    let ended = child::run(&program, &Limits::default())?;
    Ok(executable_files(&String::from_utf8_lossy(&ended.stdout)))
}

/// The files of which a map says that their content is executed.
fn executable_files(maps: &str) -> BTreeSet<PathBuf> {
    let file = |line: &str| {
        let mut words = line.splitn(6, ' ');
        let is_code = words.nth(1)?.contains('x');
        let path = words.last()?.trim_start();
        (is_code && path.starts_with('/')).then(|| PathBuf::from(path))
    };
    maps.lines().filter_map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_comes_from_files_that_are_executed() {
        let maps = "\
55d0-55d1 r--p 00000000 fe:00 12 /usr/bin/python3
55d1-55d2 r-xp 00001000 fe:00 12                         /usr/bin/python3
7f00-7f01 r-xp 00001000 fe:00 13       /usr/lib/lib with space.so
7f02-7f03 r--p 00001000 fe:00 14       /usr/share/locale
7f04-7f05 rw-p 00000000 00:00 0
7ffe-7fff r-xp 00000000 00:00 0                          [vdso]
";
        let found: Vec<_> = executable_files(maps).into_iter().collect();
        assert_eq!(found, [Path::new("/usr/bin/python3"), Path::new("/usr/lib/lib with space.so")]);
    }
}
