//! Asking an executable who it is.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Interpreter, SkipSort, Skipped, answer::Answers};
use crate::child::{self, Ended, Ending, Limits, Program};

const SCRIPT: &str = include_str!("ask.py");

/// Characters of a foreign program's output that are quoted.
const TELLING_LENGTH: usize = 120;

/// The real path of the executable that answered or was started, and what it is.
pub(super) type Asked = (PathBuf, Result<Interpreter, Skipped>);

/// Asks the executable at `path`, which is absolute, who it is.
pub(super) fn ask(path: &Path, deadline: Duration) -> io::Result<Asked> {
    let directory = tempfile::tempdir()?;
    let started = real_path(path);
    // Not starting is the executable's fault here, and a fact about it like any other.
    let answers = child::run(&question(path, directory.path()), &limits(deadline))
        .map_err(|error| format!("cannot be started: {}", error.kind()))
        .and_then(|ended| read(&ended, deadline));
    Ok(match answers {
        Ok(answers) => {
            let real_path = named_executable(&answers).unwrap_or(started);
            let judged = answers.judge(path, &real_path);
            (real_path, judged)
        }
        Err(reason) => {
            let skipped = Skipped {
                path: path.to_owned(),
                what: "unknown".to_owned(),
                reason,
                sort: SkipSort::NoAnswer,
            };
            (started, Err(skipped))
        }
    })
}

/// Nothing of the user's takes part: neither `PYTHON*` variables nor `site`. The working directory,
/// from which `-c` imports, is an empty one of its own.
fn question(path: &Path, directory: &Path) -> Program {
    Program::new(path, ["-E", "-s", "-S", "-B", "-c", SCRIPT], directory)
}

fn limits(deadline: Duration) -> Limits {
    // Interpreters on a Java machine reserve far more address space than they use, and should get
    // as far as being named.
    Limits { deadline, memory_bytes: None, ..Limits::default() }
}

fn read(ended: &Ended, deadline: Duration) -> Result<Answers, String> {
    match ended.ending {
        Ending::Exited(0) => Answers::parse(&ended.stdout).ok_or_else(|| {
            format!("ended well, but did not answer{}", telling_line(&ended.stdout))
        }),
        Ending::TimedOut => Err(format!("did not answer within {} s", deadline.as_secs_f64())),
        ending => Err(format!("did not answer: {ending}{}", telling_line(&ended.stderr))),
    }
}

/// The line that says most of an output: the first, and after a Python traceback the last. What is
/// not Python may print anything, so it is cut short.
fn telling_line(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = match lines.next() {
        Some(first) if first.starts_with("Traceback ") => lines.next_back(),
        first => first,
    };
    let line: String = line.unwrap_or_default().chars().take(TELLING_LENGTH).collect();
    if line.is_empty() { line } else { format!(": {line}") }
}

/// The executable that the interpreter itself names, behind its links. A wrapper script is thereby
/// told from the interpreter that it starts; one that names nothing that exists, as one moved from
/// where it was built may, is what was started.
fn named_executable(answers: &Answers) -> Option<PathBuf> {
    let named = PathBuf::from(answers.executable().ok()?);
    if named.is_absolute() { fs::canonicalize(named).ok() } else { None }
}

/// The file behind all links, or the path itself where there is none.
pub(super) fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
