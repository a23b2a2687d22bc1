//! Building CPython from source: once as it is, and once with a change.
//!
//! The source tree is copied and never touched. What was built is kept by a digest of everything that
//! went into it, so that the next evaluation of the same change starts at once. A changed build
//! begins as a copy of the base, so only what the change touches is compiled again.

mod log;
mod patch;
mod source;

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread,
};

use sha2::{Digest as _, Sha256};

use crate::{
    child::{self, Ended},
    layout::Layout,
};

/// The file that every change to the import system's Python code is about.
const BOOTSTRAP: &str = "Lib/importlib/_bootstrap.py";

/// What is done to a source tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Python that is appended to `Lib/importlib/_bootstrap.py`.
    Append(String),
    /// A unified diff, by its path and its text.
    Patch(PathBuf, String),
}

/// Why there is no build.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The folder is no source tree.
    #[error("--source {}: {reason}; expected a source tree of CPython, with `configure` in it", folder.display())]
    NoSource {
        /// The folder.
        folder: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// The diff does not apply; with git's words and the hunk.
    #[error("--patch {} does not apply:\n{told}", file.display())]
    Patch {
        /// The diff.
        file: PathBuf,
        /// What does not fit, and the hunk.
        told: String,
    },
    /// A step failed.
    #[error("{step} of {what} failed ({ending}):\n{told}\nlog: {}", log.display())]
    Failed {
        /// `configure`, `make`.
        step: &'static str,
        /// Which build.
        what: String,
        /// How it ended.
        ending: String,
        /// The first error, or the last lines.
        told: String,
        /// Where all of it is.
        log: PathBuf,
    },
    /// The host failed.
    #[error("building CPython: {0}")]
    Host(#[from] io::Error),
}

/// A source tree, and how it is built.
#[derive(Debug)]
pub struct Builder<'a> {
    layout: &'a Layout,
    source: PathBuf,
    configure: Vec<String>,
    /// Of the source and how it is configured.
    digest: String,
}

/// What is told while a build goes on.
pub type Progress<'a> = &'a dyn Fn(&str);

impl<'a> Builder<'a> {
    /// Looks at the source tree in `folder`; `configure` is what its script is called with.
    pub fn new(
        layout: &'a Layout,
        folder: &Path,
        configure: Vec<String>,
    ) -> Result<Self, BuildError> {
        for file in ["configure", BOOTSTRAP] {
            if !folder.join(file).is_file() {
                let reason = format!("there is no `{file}`");
                return Err(BuildError::NoSource { folder: folder.to_owned(), reason });
            }
        }
        let mut hasher = Sha256::new();
        source::digest(folder, &mut hasher)?;
        hasher.update(configure.join("\0"));
        let digest = short(hasher);
        Ok(Self { layout, source: folder.to_owned(), configure, digest })
    }

    /// The interpreter without a change.
    pub fn base(&self, progress: Progress<'_>) -> Result<PathBuf, BuildError> {
        let folder = self.folder(&self.digest);
        self.once(&folder, &|| {
            progress("copying the source");
            source::copy(&self.source, &folder)?;
            progress("configure of the base");
            let log = &folder.join("tollgate-configure.log");
            let configure = folder.join("configure");
            run("configure", "the base", (&configure, &self.configure), &folder, log)?;
            progress("make of the base, which takes minutes");
            make("the base", &folder)
        })
    }

    /// The interpreter with a change that is called `name`. The base is built first.
    pub fn changed(
        &self,
        name: &str,
        change: &Change,
        progress: Progress<'_>,
    ) -> Result<PathBuf, BuildError> {
        let base = self.folder(&self.digest);
        // before minutes are spent
        if let Change::Patch(file, text) = change
            && let Some(told) = patch::check(file, text, &self.source)?
        {
            return Err(BuildError::Patch { file: file.clone(), told });
        }
        self.base(progress)?;
        let mut hasher = Sha256::new();
        hasher.update(&self.digest);
        match change {
            Change::Append(text) => hasher.update(text),
            Change::Patch(_, text) => hasher.update([b"diff\0", text.as_bytes()].concat()),
        }
        let folder = self.folder(&short(hasher));
        self.once(&folder, &|| {
            progress(&format!("copying the base for {name}"));
            let copy = ["-a".into(), base.join(".").into_os_string(), folder.clone().into()];
            fs::create_dir_all(&folder)?;
            let log = &folder.join("tollgate-copy.log");
            check("copy", name, &child::run_tool(Path::new("cp"), &copy, &folder, &[])?, log)?;
            apply(change, &folder)?;
            progress(&format!("make of {name}"));
            make(name, &folder)
        })
    }

    fn folder(&self, digest: &str) -> PathBuf {
        self.layout.python_builds().join(digest)
    }

    /// Builds in `folder` unless that was done, and one process at a time; returns the executable.
    fn once(
        &self,
        folder: &Path,
        build: &dyn Fn() -> Result<(), BuildError>,
    ) -> Result<PathBuf, BuildError> {
        let builds = self.layout.python_builds();
        fs::create_dir_all(&builds)?;
        let lock = File::create(folder.with_extension("lock"))?;
        lock.lock()?;
        let complete = folder.with_extension("complete");
        if !complete.exists() {
            // what an earlier attempt has left
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
            build()?;
            File::create(complete)?;
        }
        // on systems whose files' names do not know upper case, `Python` is a folder
        let names = ["python", "python.exe"].map(|name| folder.join(name));
        let found = names.into_iter().find(|name| name.is_file());
        found.ok_or_else(|| io::Error::other("the build left no executable").into())
    }
}

fn short(hasher: Sha256) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in &hasher.finalize()[..8] {
        _ = write!(text, "{byte:02x}");
    }
    text
}

fn apply(change: &Change, folder: &Path) -> Result<(), BuildError> {
    match change {
        Change::Append(text) => {
            let file = folder.join(BOOTSTRAP);
            let own = fs::read_to_string(&file)?;
            fs::write(&file, format!("{own}\n\n{text}"))?;
            Ok(())
        }
        Change::Patch(file, text) => {
            let told = patch::apply(file, text, folder)?;
            match told {
                None => Ok(()),
                Some(told) => Err(BuildError::Patch { file: file.clone(), told }),
            }
        }
    }
}

fn make(what: &str, folder: &Path) -> Result<(), BuildError> {
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    // A copy has the absolute paths of what it was copied from in its `Makefile`. `config.status` would
    // write it anew, and all modules be compiled again for it.
    let place = folder.display();
    let own = [format!("abs_srcdir={place}"), format!("abs_builddir={place}")];
    let arguments = [&[format!("-j{jobs}")], &own[..]].concat();
    let log = folder.join("tollgate-make.log");
    run("make", what, (Path::new("make"), &arguments), folder, &log)
}

fn run(
    step: &'static str,
    what: &str,
    (executable, arguments): (&Path, &[String]),
    folder: &Path,
    log: &Path,
) -> Result<(), BuildError> {
    let arguments: Vec<OsString> = arguments.iter().map(Into::into).collect();
    check(step, what, &child::run_tool(executable, &arguments, folder, &[])?, log)
}

/// Keeps what a step printed, and fails if the step did.
fn check(step: &'static str, what: &str, ended: &Ended, log: &Path) -> Result<(), BuildError> {
    let text = [ended.stdout.as_slice(), b"\n--- standard error ---\n", &ended.stderr].concat();
    fs::write(log, text)?;
    if ended.ending.is_success() {
        return Ok(());
    }
    Err(BuildError::Failed {
        step,
        what: what.to_owned(),
        ending: ended.ending.to_string(),
        told: log::first_error(ended),
        log: log.to_owned(),
    })
}
