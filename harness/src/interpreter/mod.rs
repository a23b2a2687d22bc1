//! Python interpreters: found, asked once who they are, and selected by the user.
//!
//! [`Search`] knows where to look, `ask.py` is what each executable is asked with, and [`select`]
//! turns the values of `--python` into the interpreters of a run. Nothing here depends on what is
//! done with an interpreter, except that those for which no probe can be built are passed over.

mod answer;
mod ask;
mod search;
mod select;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use search::Search;
pub use select::{SelectError, select};

use crate::version::Version;

/// A CPython that Tollgate can work with, as it described itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// The executable as it was found or named; this is what is started.
    pub path: PathBuf,
    /// The executable behind all links and wrapper scripts, which tells two interpreters apart.
    pub real_path: PathBuf,
    /// Its place among the interpreters that would have the same label, from 1.
    pub ordinal: usize,
    /// Its release; for pre-releases see `full_version`.
    pub version: Version,
    /// The first line of `sys.version`.
    pub full_version: String,
    /// `CPython`.
    pub implementation: String,
    /// `sys.implementation.cache_tag`: the middle of the names of `.pyc` files.
    pub cache_tag: Option<String>,
    /// The first bytes of its `.pyc` files, which change with every change to its byte code.
    pub magic: Option<[u8; 4]>,
    /// Whether the build has a global interpreter lock.
    pub threading: Threading,
    /// Whether the lock is on when it starts: always in a build with one; in a free-threaded build
    /// it can still be switched on.
    pub gil_enabled: bool,
    /// Whether it is a debug build (`--with-pydebug`).
    pub debug: bool,
    /// Where the interpreter's code is, as the build says.
    pub libpython: Libpython,
    /// Operating system and machine as `sysconfig.get_platform()` states them: `linux-x86_64`.
    pub platform: String,
    /// Whether it can fork, and so serve as a warm parent of children.
    pub can_fork: bool,
    /// The tag of extension modules built for it alone.
    pub soabi: Option<String>,
    /// What of its configuration makes it faster or slower: `pgo`, `lto`, `jit`, `assertions` and
    /// the like, in this spelling.
    pub build_flags: Vec<String>,
    /// The build of the probe that it can load.
    pub probe: ProbeKind,
}

impl Interpreter {
    /// Its name in tables and for `--python`, unique among those found together: `3.13.0`, with `t`
    /// for a free-threaded and `d` for a debug build (`3.14.0t`). The second of the same name, by
    /// path, is `3.13.0#2`.
    pub fn label(&self) -> String {
        let plain = format!("{}{}", self.version, self.markers());
        if self.ordinal > 1 { format!("{plain}#{}", self.ordinal) } else { plain }
    }

    fn markers(&self) -> String {
        let threading = if self.threading == Threading::FreeThreaded { "t" } else { "" };
        let debug = if self.debug { "d" } else { "" };
        format!("{threading}{debug}")
    }
}

/// How a build runs threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Threading {
    /// One at a time, under the global interpreter lock.
    Gil,
    /// Side by side (`--disable-gil`).
    FreeThreaded,
}

/// How a build is divided into files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Libpython {
    /// The interpreter is in a shared library.
    Shared,
    /// The interpreter is in the executable.
    Static,
}

/// Which build of the probe an interpreter can load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// The one for the stable ABI, which serves every build with a global interpreter lock.
    StableAbi,
    /// One of its own: the stable ABI does not cover free-threaded builds.
    FreeThreaded,
}

/// What a search came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The interpreters to work with, by version, threading and path. No two have the same label
    /// or the same real path.
    pub usable: Vec<Interpreter>,
    /// What was passed over, by path.
    pub skipped: Vec<Skipped>,
}

impl Found {
    /// What of that which was passed over somebody may have meant: all but what is too old.
    pub fn worth_telling(&self) -> impl Iterator<Item = &Skipped> {
        self.skipped.iter().filter(|it| it.sort != SkipSort::Old)
    }
}

/// An executable that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at `{}`: {reason}", path.display())]
pub struct Skipped {
    /// The executable as it was found.
    pub path: PathBuf,
    /// What it is, as far as it said: `CPython 3.8.18`, `PyPy 3.10.14`.
    pub what: String,
    /// Why it was passed over.
    pub reason: String,
    /// What sort of reason that is.
    pub sort: SkipSort,
}

/// Why an executable is passed over, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipSort {
    /// It does not say who it is: no Python, or a broken one.
    NoAnswer,
    /// It is too old. Machines have many of these, and nobody means them.
    Old,
    /// It is another implementation, or a build that the probe does not support.
    Unsupported,
}
