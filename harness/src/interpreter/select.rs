//! The interpreters of a run: what `--python` asks for, out of what there is.

use std::{
    collections::HashSet,
    fmt, fs, io,
    path::{self, Path, PathBuf},
};

use globset::{Glob, GlobMatcher};

use super::{Found, Interpreter, Search, SkipSort, Skipped, ask::ask, search::sort_and_number};

/// Why there is nothing to run with.
#[derive(Debug, thiserror::Error)]
pub enum SelectError {
    /// Nothing that could be used was found anywhere.
    #[error("no usable Python was found{}{ADVICE}", PassedOver(.0))]
    NoneUsable(Vec<Skipped>),
    /// A request fits none of the usable interpreters.
    #[error("`--python {request}` fits no usable interpreter{}:{}", Meant(request, .found), Listed(.found))]
    NoMatch {
        /// The value of `--python`.
        request: String,
        /// What there is.
        found: Found,
    },
    /// A request is not a version or a pattern.
    #[error("`--python {request}` is no pattern: {message}; expected 3.13, 3.1*, *t or a path")]
    BadPattern {
        /// The value of `--python`.
        request: String,
        /// What is wrong with it.
        message: String,
    },
    /// A request names a file that is not there.
    #[error("`--python {request}`: {message}; expected the path of a Python executable")]
    BadPath {
        /// The value of `--python`.
        request: String,
        /// What is wrong with it.
        message: String,
    },
    /// A request names an executable that cannot be used.
    #[error("`--python` names what cannot be used: {0}")]
    Unusable(Skipped),
    /// `TOLLGATE_PYTHONS` names what is no Python.
    #[error("TOLLGATE_PYTHONS names `{}`, which is no Python that answers ({})\n\
             help: correct the path, or take it out of the variable; executables stand there as folders do in PATH",
            .0.path.display(), .0.reason)]
    NoPython(Skipped),
    /// The host failed.
    #[error("looking for interpreters failed: {0}")]
    Host(#[from] io::Error),
}

const ADVICE: &str = "
Tollgate needs a CPython from 3.9 on. Install one (`uv python install 3.13`,
`pyenv install 3.13`, or your system's packages), or name one with `--python /path/to/python`.";

/// The interpreters that `requests` ask for; all that are usable if there are none.
///
/// A request with a path separator names an executable. Any other is a pattern that is held against
/// labels: in full (`3.13.0`, `3.14.0t`), without the micro version (`3.13`, `3.14t`), and without
/// the number that tells duplicates apart. So `3.14` leaves the free-threaded builds out, which
/// `3.14*` and `*t` include. Several requests are a union. If all are paths, nothing is searched.
pub fn select(requests: &[String]) -> Result<Found, SelectError> {
    Search::from_environment().select(requests)
}

impl Search {
    /// [`select`], from these places.
    pub fn select(&self, requests: &[String]) -> Result<Found, SelectError> {
        if requests.is_empty() {
            return self.find_some();
        }
        let (paths, patterns): (Vec<_>, Vec<_>) =
            requests.iter().partition(|request| request.contains(path::MAIN_SEPARATOR));
        let patterns = patterns
            .into_iter()
            .map(|request| Pattern::parse(request))
            .collect::<Result<Vec<_>, _>>()?;
        let named =
            paths.into_iter().map(|path| self.named(path)).collect::<Result<Vec<_>, _>>()?;

        let found = if patterns.is_empty() { Found::default() } else { self.find_some()? };
        if let Some(unmet) = patterns.iter().find(|pattern| !pattern.fits_any(&found.usable)) {
            return Err(SelectError::NoMatch { request: unmet.request.clone(), found });
        }
        Ok(Found { usable: unite(found.usable, named, &patterns), skipped: Vec::new() })
    }

    fn find_some(&self) -> Result<Found, SelectError> {
        let found = self.find()?;
        // what is found by a search is passed over; what somebody has named is a mistake
        let is_named = |it: &&Skipped| {
            it.sort == SkipSort::NoAnswer && self.extra.iter().any(|extra| is_same(extra, &it.path))
        };
        if let Some(wrong) = found.skipped.iter().find(is_named) {
            return Err(SelectError::NoPython(wrong.clone()));
        }
        if found.usable.is_empty() {
            return Err(SelectError::NoneUsable(found.skipped));
        }
        Ok(found)
    }

    fn named(&self, request: &str) -> Result<Interpreter, SelectError> {
        let bad_path =
            |message: String| SelectError::BadPath { request: request.to_owned(), message };
        let path: PathBuf = path::absolute(Path::new(request))?;
        match fs::metadata(&path) {
            Ok(data) if data.is_dir() => return Err(bad_path("is a folder".to_owned())),
            Ok(_) => {}
            Err(error) => return Err(bad_path(error.to_string())),
        }
        ask(&path, self.deadline)?.1.map_err(SelectError::Unusable)
    }
}

/// Those found that a pattern fits, and those named, each once.
///
/// Numbers are given out before the choice is made, so that `3.13.0#2` is the same whatever else
/// was asked for.
fn unite(
    mut all: Vec<Interpreter>,
    named: Vec<Interpreter>,
    patterns: &[Pattern],
) -> Vec<Interpreter> {
    let mut chosen = HashSet::new();
    for interpreter in named {
        if chosen.insert(interpreter.real_path.clone()) {
            all.retain(|other| other.real_path != interpreter.real_path);
            all.push(interpreter);
        }
    }
    sort_and_number(&mut all);
    all.retain(|interpreter| {
        chosen.contains(&interpreter.real_path)
            || patterns.iter().any(|pattern| pattern.fits(interpreter))
    });
    all
}

struct Pattern {
    request: String,
    matcher: GlobMatcher,
}

impl Pattern {
    fn parse(request: &str) -> Result<Self, SelectError> {
        let glob = Glob::new(request).map_err(|error| SelectError::BadPattern {
            request: request.to_owned(),
            message: error.kind().to_string(),
        })?;
        Ok(Self { request: request.to_owned(), matcher: glob.compile_matcher() })
    }

    fn fits(&self, interpreter: &Interpreter) -> bool {
        let version = interpreter.version;
        let markers = interpreter.markers();
        let names = [
            interpreter.label(),
            format!("{version}{markers}"),
            format!("{}.{}{markers}", version.major, version.minor),
        ];
        names.iter().any(|name| self.matcher.is_match(name))
    }

    fn fits_any(&self, interpreters: &[Interpreter]) -> bool {
        interpreters.iter().any(|interpreter| self.fits(interpreter))
    }
}

/// What was passed over, one indented line each.
struct PassedOver<'a>(&'a [Skipped]);

impl fmt::Display for PassedOver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() {
            f.write_str("; passed over:")?;
        }
        self.0.iter().try_for_each(|skipped| write!(f, "\n  {skipped}"))
    }
}

/// All that was found, one indented line each.
struct Listed<'a>(&'a Found);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for interpreter in &self.0.usable {
            write!(f, "\n  {} at `{}`", interpreter.label(), interpreter.path.display())?;
        }
        self.0.worth_telling().try_for_each(|skipped| write!(f, "\n  not usable: {skipped}"))
    }
}

/// The interpreter that a request means if its digits are in another order, or have no points between them.
struct Meant<'a>(&'a str, &'a Found);

impl fmt::Display for Meant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = |text: &str| {
            let mut digits: Vec<_> = text.chars().filter(char::is_ascii_digit).collect();
            digits.sort_unstable();
            digits
        };
        let Self(request, found) = self;
        let asked = digits(request);
        let is_meant = |it: &&Interpreter| {
            let version = it.version;
            let short = format!("{}.{}", version.major, version.minor);
            [short, version.to_string()].iter().any(|name| digits(name) == asked)
        };
        match found.usable.iter().find(is_meant) {
            Some(meant) => write!(f, "; did you mean `{}`? There are", meant.label()),
            None => f.write_str("; there are"),
        }
    }
}

/// Whether `path`, which is absolute, is that of `named`.
fn is_same(named: &Path, path: &Path) -> bool {
    path::absolute(named).is_ok_and(|named| named == path)
}
