//! Where interpreters are looked for.

use std::{
    collections::{BTreeMap, HashSet},
    env,
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{self, Path, PathBuf},
    time::Duration,
};

use rayon::prelude::*;

use super::{
    Found, Interpreter, Skipped,
    ask::{Asked, ask, real_path},
};

/// Time in which an executable has to say who it is. A cold start takes a fraction of a second.
const DEADLINE: Duration = Duration::from_secs(10);

/// The places to look in, in the order in which they are looked through: of two paths to the same
/// interpreter, the first is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Executables that are named one by one; each is asked, whatever it is called.
    pub extra: Vec<PathBuf>,
    /// Folders in which names such as `python3.13` are looked for.
    pub path: Vec<PathBuf>,
    /// pyenv's root.
    pub pyenv: Option<PathBuf>,
    /// The folder in which uv keeps its interpreters.
    pub uv: Option<PathBuf>,
    /// Time in which each executable has to answer.
    pub deadline: Duration,
}

impl Search {
    /// The places that the environment tells of:
    ///
    /// - `TOLLGATE_PYTHONS`: executables, separated like the folders of `PATH`;
    /// - `PATH`;
    /// - pyenv: `PYENV_ROOT`, or `~/.pyenv`;
    /// - uv: `UV_PYTHON_INSTALL_DIR`, or `uv/python` in `XDG_DATA_HOME` or `~/.local/share`.
    pub fn from_environment() -> Self {
        Self::from_variables(env::home_dir().as_deref(), |name| env::var_os(name))
    }

    fn from_variables(home: Option<&Path>, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let list = |name: &str| split(&variable(name).unwrap_or_default());
        let folder = |name: &str| variable(name).filter(|value| !value.is_empty());
        let folder = |name: &str| folder(name).map(PathBuf::from);
        let in_home = |folder: &str| home.map(|home| home.join(folder));
        let data = || folder("XDG_DATA_HOME").or_else(|| in_home(".local/share"));
        Self {
            extra: list("TOLLGATE_PYTHONS"),
            path: list("PATH"),
            pyenv: folder("PYENV_ROOT").or_else(|| in_home(".pyenv")),
            uv: folder("UV_PYTHON_INSTALL_DIR").or_else(|| Some(data()?.join("uv/python"))),
            deadline: DEADLINE,
        }
    }

    /// Asks everything that there is who it is.
    ///
    /// # Errors
    ///
    /// Only if the host failed, for example because no temporary folder could be made. Whatever an
    /// executable does is in the result.
    pub fn find(&self) -> io::Result<Found> {
        let asked: Vec<Asked> = self
            .candidates()?
            .par_iter()
            .map(|path| ask(path, self.deadline))
            .collect::<io::Result<_>>()?;
        Ok(gather(asked))
    }

    /// The executables to ask, each file once. Asking costs a process.
    fn candidates(&self) -> io::Result<Vec<PathBuf>> {
        let extra = self.extra.iter().map(path::absolute).collect::<io::Result<Vec<_>>>()?;
        let on_path = self.path.iter().filter(|folder| self.is_searched(folder));
        let on_path = on_path.flat_map(|folder| pythons_in(folder));
        let pyenv = self.pyenv.iter().flat_map(|root| entries(&root.join("versions")));
        let pyenv = pyenv.map(|version| version.join("bin/python"));
        let uv = self.uv.iter().flat_map(|root| entries(root));
        let uv = uv.map(|version| version.join("bin/python3"));
        let installed = on_path.chain(pyenv).chain(uv).filter(|path| is_executable(path));
        let mut seen = HashSet::new();
        Ok(extra.into_iter().chain(installed).filter(|path| seen.insert(real_path(path))).collect())
    }

    /// pyenv's shims only forward to its versions, each through a shell. A relative folder would
    /// make what is found depend on where we are.
    fn is_searched(&self, folder: &Path) -> bool {
        let in_pyenv = self.pyenv.as_ref().is_some_and(|root| folder.starts_with(root));
        folder.is_absolute() && !in_pyenv
    }
}

fn split(list: &OsStr) -> Vec<PathBuf> {
    env::split_paths(list).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// What is in a folder, by name; nothing if it cannot be read, as a folder on `PATH` may not exist.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    entries.sort();
    entries
}

fn pythons_in(folder: &Path) -> Vec<PathBuf> {
    let named =
        |path: &PathBuf| path.file_name().and_then(OsStr::to_str).is_some_and(is_name_of_python);
    entries(folder).into_iter().filter(named).collect()
}

/// `python`, `python3`, `pypy3`, and `python3.N` with the marks of free-threaded and debug builds.
fn is_name_of_python(name: &str) -> bool {
    match name.strip_prefix("python3.") {
        Some(rest) => {
            let minor = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            minor.len() < rest.len() && ["", "t", "d", "td"].contains(&minor)
        }
        None => ["python", "python3", "pypy3"].contains(&name),
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// Sorts what was asked, and keeps the first of those that turned out to be the same file.
fn gather(asked: Vec<Asked>) -> Found {
    let mut seen = HashSet::new();
    let mut found = Found::default();
    for (real_path, judged) in asked {
        if seen.insert(real_path) {
            match judged {
                Ok(interpreter) => found.usable.push(interpreter),
                Err(skipped) => found.skipped.push(skipped),
            }
        }
    }
    sort_and_number(&mut found.usable);
    found.skipped.sort_by(|one: &Skipped, other| one.path.cmp(&other.path));
    found
}

/// Puts interpreters in their order, and gives those with the same label their numbers.
pub(super) fn sort_and_number(interpreters: &mut [Interpreter]) {
    interpreters.sort_by(|one, other| {
        let key = |i: &Interpreter| (i.version, i.threading, i.debug);
        key(one).cmp(&key(other)).then_with(|| one.path.cmp(&other.path))
    });
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for interpreter in interpreters {
        let number = seen.entry((interpreter.version, interpreter.markers())).or_default();
        *number += 1;
        interpreter.ordinal = *number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_pythons() {
        for name in ["python", "python3", "python3.9", "python3.14t", "python3.14td", "pypy3"] {
            assert!(is_name_of_python(name), "{name}");
        }
        for name in ["python2", "python3.", "python3.9-config", "python3.x", "pythonw", "pypy3.10"]
        {
            assert!(!is_name_of_python(name), "{name}");
        }
    }

    #[test]
    fn the_environment_says_where_to_look() {
        let home = Some(Path::new("/home/me"));
        let bare = Search::from_variables(home, |_| None);
        let expected = Search {
            extra: vec![],
            path: vec![],
            pyenv: Some("/home/me/.pyenv".into()),
            uv: Some("/home/me/.local/share/uv/python".into()),
            deadline: DEADLINE,
        };
        assert_eq!(bare, expected);

        let full = Search::from_variables(home, |name| match name {
            "TOLLGATE_PYTHONS" => Some("/a/python:/b/python".into()),
            "PATH" => Some("/bin::/usr/bin".into()),
            "PYENV_ROOT" => Some("/pyenv".into()),
            "XDG_DATA_HOME" => Some("/data".into()),
            _ => Some("".into()),
        });
        let expected = Search {
            extra: vec!["/a/python".into(), "/b/python".into()],
            path: vec!["/bin".into(), "/usr/bin".into()],
            pyenv: Some("/pyenv".into()),
            uv: Some("/data/uv/python".into()),
            deadline: DEADLINE,
        };
        assert_eq!(full, expected);
        assert_eq!(Search::from_variables(None, |_| None).uv, None);
    }
}
