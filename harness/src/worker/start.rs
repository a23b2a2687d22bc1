//! The seam behind which children are started, and the plain way: one interpreter a cell.

use std::{ffi::OsString, io, os::fd::OwnedFd, path::Path, sync::Arc};

use super::Target;
use crate::{
    child::{self, Answer, Ended, Limits},
    scenario::StartUp,
};

/// What a worker is started for.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The interpreter.
    pub target: &'a Target,
    /// The request, as frames.
    pub request: &'a [u8],
    /// An empty directory to work in.
    pub folder: &'a Path,
    /// Not beside others: an earlier attempt may have taken its neighbours down.
    pub alone: bool,
    /// Statements that its interpreter may have executed before it reads the request: imports from
    /// the standard library with which the program begins.
    pub imports: &'a str,
    /// Options with which the interpreter starts beside the usual ones. A fork of one that was started
    /// with them will do.
    pub options: &'a [String],
    /// How the interpreter starts, for a job that must have a fresh one.
    pub own: Option<OwnProcess<'a>>,
    /// What its interpreter inherits as descriptors 4, 5 and so on, if it is a fresh one.
    pub descriptors: &'a [Arc<OwnedFd>],
}

impl<'a> Job<'a> {
    /// A job that asks for nothing special.
    pub(super) fn new(target: &'a Target, request: &'a [u8], folder: &'a Path) -> Self {
        let (imports, options, descriptors) = ("", [].as_slice(), [].as_slice());
        Self { target, request, folder, alone: false, imports, options, own: None, descriptors }
    }
}

/// How the interpreter of a job starts that has one for itself.
#[derive(Clone, Copy, Debug)]
pub struct OwnProcess<'a> {
    /// What the scenario says.
    pub start_up: &'a StartUp,
    /// The folder that holds the user's site directory.
    pub user_base: &'a Path,
}

/// A way to have a worker answer one request.
pub trait Start: Send + Sync {
    /// Runs a worker and returns all that came of it.
    fn start(&self, job: Job<'_>) -> io::Result<Ended>;

    /// What went wrong beside the jobs, in words.
    fn troubles(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A fresh interpreter for every request.
#[derive(Clone, Debug)]
pub struct Spawn {
    /// What each child may use.
    pub limits: Limits,
    /// Added to the child's environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The seed of `hash()` for strings; without it each child has a random one. With it the worker
    /// runs under `-s` and not `-I`, because an interpreter that ignores the environment takes none.
    pub hash_seed: Option<u32>,
    /// A program that runs the interpreter, such as valgrind, with its options; usually empty.
    pub under: Vec<OsString>,
}

impl Spawn {
    /// Children run under `limits`.
    pub fn new(limits: Limits) -> Self {
        Self { limits, environment: Vec::new(), hash_seed: None, under: Vec::new() }
    }

    /// Adds to a child's environment what all of them get, and has its options admit it.
    pub(super) fn extend(&self, environment: &mut Vec<(OsString, OsString)>, options: &mut [&str]) {
        environment.extend(self.environment.iter().cloned());
        if let (Some(seed), Some(first)) = (self.hash_seed, options.first_mut()) {
            *first = "-s";
            environment.push(("PYTHONHASHSEED".into(), seed.to_string().into()));
        }
    }
}

impl Start for Spawn {
    fn start(&self, job: Job<'_>) -> io::Result<Ended> {
        let mut environment = child::inherited_environment(job.folder);
        let mut options = match job.own {
            Some(own) => own.prepare(&mut environment),
            None => ISOLATED.to_vec(),
        };
        options.extend(job.options.iter().map(String::as_str));
        self.extend(&mut environment, &mut options);
        let interpreter = job.target.interpreter.path.clone().into_os_string();
        let arguments = [interpreter].into_iter().chain(arguments(&options, job.target));
        let mut command = self.under.iter().cloned().chain(arguments);
        let program = child::Program {
            executable: command.next().unwrap_or_default().into(),
            arguments: command.collect(),
            environment,
            directory: job.folder.to_owned(),
            input: job.request.to_owned(),
            answer: Answer::Channel,
            descriptors: job.descriptors.to_vec(),
        };
        child::run(&program, &self.limits)
    }
}

impl<'a> OwnProcess<'a> {
    /// Adds to the environment what belongs there, and returns the options.
    fn prepare(self, environment: &mut Vec<(OsString, OsString)>) -> Vec<&'a str> {
        let Self { start_up, user_base } = self;
        let own = start_up.environment.iter().map(|(name, value)| (name.into(), value.into()));
        environment.extend(own);
        let mut options: Vec<&str> = if !start_up.site.is_empty() {
            environment.push(("PYTHONUSERBASE".into(), user_base.into()));
            vec!["-B"]
        } else if start_up.configures_by_environment() {
            vec!["-s", "-S", "-B"]
        } else {
            ISOLATED.to_vec()
        };
        options.extend(start_up.options.iter().map(String::as_str));
        options
    }
}

/// Isolated and without `site`: whatever is installed beside the interpreter (`.pth` files with
/// finders of their own) must not take part. No byte code is written.
pub(super) const ISOLATED: [&str; 3] = ["-I", "-S", "-B"];

/// The arguments that start the worker with these options.
pub(super) fn arguments(options: &[&str], target: &Target) -> Vec<OsString> {
    let options = options.iter().map(Into::into);
    options.chain([target.worker.clone().into_os_string()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{self, SourceFile};

    fn check(start_up: &StartUp, options: &[&str], variables: &[(&str, &str)]) {
        let mut environment = Vec::new();
        let own = OwnProcess { start_up, user_base: Path::new("/user") };
        assert_eq!(own.prepare(&mut environment), options);
        let expected: Vec<_> =
            variables.iter().map(|&(name, value)| (name.into(), value.into())).collect();
        assert_eq!(environment, expected);
    }

    #[test]
    fn an_interpreter_is_isolated_as_far_as_the_scenario_lets_it() {
        let plain = StartUp::default();
        check(&plain, &["-I", "-S", "-B"], &[]);
        let options = StartUp { options: vec!["-X".into(), "dev".into()], ..plain.clone() };
        check(&options, &["-I", "-S", "-B", "-X", "dev"], &[]);
        let variable = |name: &str| StartUp {
            environment: vec![(name.to_owned(), "1".to_owned())],
            ..plain.clone()
        };
        check(&variable("LC_ALL"), &["-I", "-S", "-B"], &[("LC_ALL", "1")]);
        check(&variable("PYTHONUTF8"), &["-s", "-S", "-B"], &[("PYTHONUTF8", "1")]);
        let file = SourceFile { path: "a.pth".parse().expect("a path"), body: String::new() };
        let site = StartUp { site: vec![file], ..variable("PYTHONUTF8") };
        check(&site, &["-B"], &[("PYTHONUTF8", "1"), ("PYTHONUSERBASE", "/user")]);
    }

    #[test]
    fn no_scenario_sets_what_we_set() {
        for (name, _) in child::inherited_environment(Path::new("/work")) {
            let name = name.into_string().expect("a name in ASCII");
            let environment = format!("isolation: {{spawn: {{environment: {{{name}: x}}}}}}");
            let text = format!("summary: s\n{environment}\nrun: r\ntrace: \"\"\n");
            let scenario = scenario::parse(
                Path::new("x.yaml"),
                "x".parse().expect("a scenario's name"),
                &text,
            );
            let errors = scenario.expect_err(&name);
            assert!(errors[0].message.contains("not a scenario's to set"), "{}", errors[0]);
        }
    }
}
