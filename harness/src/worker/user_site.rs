//! Where an interpreter's `site` looks for the start-up files of its user.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use super::{Failure, Target};
use crate::{
    child::{self, Answer, Limits, Program},
    scenario::SourceFile,
    tree,
};

/// The path differs by version, by build (`t` with free threading) and by platform (framework builds
/// of macOS have no version in it), so the interpreter is asked.
const SCRIPT: &str = include_str!("user_site.py");

/// Where one interpreter looks, and what it would find there or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UserSite {
    /// The user's site directory, relative to the base that `PYTHONUSERBASE` names.
    pub(super) path: PathBuf,
    /// Whether it is processed at all. Virtual environments leave it out.
    enabled: bool,
    /// The files that the interpreter imports at start-up whoever its user is, by module.
    own: [(&'static str, String); 2],
}

impl UserSite {
    /// Whether start-up processes these files; the error is the reason why not.
    pub(super) fn admits(&self, files: &[SourceFile]) -> Result<(), String> {
        if !self.enabled {
            let reason = "the interpreter has its user site switched off, as virtual environments \
                          do";
            return Err(reason.to_owned());
        }
        let modules = || files.iter().filter_map(|file| file.path.top_level());
        let in_the_way = |(name, file): &&(&str, String)| {
            !file.is_empty() && modules().any(|module| module == *name)
        };
        match self.own.iter().find(in_the_way) {
            Some((name, file)) => Err(format!("the interpreter has a {name} of its own, {file}")),
            None => Ok(()),
        }
    }

    fn read(answer: &str) -> Option<Self> {
        let lines: Vec<_> = answer.split('\n').collect();
        let [enabled, path, site, user] = lines[..] else { return None };
        Some(Self {
            path: path.into(),
            enabled: enabled == "on",
            own: [("sitecustomize", site.to_owned()), ("usercustomize", user.to_owned())],
        })
    }
}

/// What is known of interpreters, each of which is asked when it is first needed.
#[derive(Debug, Default)]
pub(super) struct UserSites {
    known: Mutex<HashMap<PathBuf, UserSite>>,
}

impl UserSites {
    /// Where `target` looks.
    pub(super) fn of(&self, target: &Target) -> Result<UserSite, Failure> {
        let path = &target.interpreter.path;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let asked = ask(target)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(path.clone(), asked.clone());
        Ok(asked)
    }
}

fn ask(target: &Target) -> Result<UserSite, Failure> {
    let folder = tempfile::Builder::new().prefix("tollgate-").tempdir_in(tree::place())?;
    let plain = Program::new(&target.interpreter.path, ["-B", "-c", SCRIPT], folder.path());
    let mut program = Program { answer: Answer::Channel, ..plain };
    program.environment.push(("PYTHONUSERBASE".into(), folder.path().into()));
    let ended = child::run(&program, &Limits::default())?;
    if !ended.ending.is_success() {
        return Err(Failure::of(&ended));
    }
    let answer = String::from_utf8_lossy(&ended.answer);
    let garbage = || Failure::Garbage(format!("where the user's site is: `{answer}`"));
    UserSite::read(&answer).ok_or_else(garbage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &str, files: &[&str]) -> Result<(), String> {
        let file = |path: &&str| SourceFile {
            path: path.parse().expect("a path within a tree"),
            body: String::new(),
        };
        let files: Vec<_> = files.iter().map(file).collect();
        UserSite::read(answer).expect("an answer").admits(&files)
    }

    #[test]
    fn files_are_admitted_where_start_up_would_process_them() {
        assert_eq!(check("on\nlib\n\n", &["sitecustomize.py", "a.pth"]), Ok(()));
        assert_eq!(check("on\nlib\n/etc/sitecustomize.py\n", &["usercustomize.py"]), Ok(()));
        let off = check("off\nlib\n\n", &["a.pth"]).expect_err("off");
        assert!(off.contains("switched off"), "{off}");
        let taken = check("on\nlib\n/etc/sitecustomize.py\n", &["sitecustomize.py"]);
        let expected = "the interpreter has a sitecustomize of its own, /etc/sitecustomize.py";
        assert_eq!(taken, Err(expected.to_owned()));
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        assert_eq!(UserSite::read(""), None);
        assert_eq!(UserSite::read("on\nlib"), None);
    }
}
