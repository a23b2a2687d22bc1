//! Searches and selections among interpreters played by shell scripts, and one among those that
//! this machine really has.

use std::{fs, os::unix::fs::symlink, time::Duration};

use tempfile::TempDir;

use super::*;
use crate::child;

/// A machine with nothing on it but what a test puts there.
struct Machine {
    root: TempDir,
}

impl Machine {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().canonicalize().unwrap().join(path)
    }

    /// Puts a script there. A shell writes it: a file that we held open for writing could not be
    /// executed while a fork of another test's thread still held it too.
    fn script(&self, path: &str, body: &str) -> PathBuf {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let program = child::Program {
            executable: "/bin/sh".into(),
            arguments: vec![
                "-c".into(),
                r#"cat >"$0" && chmod +x "$0""#.into(),
                path.clone().into(),
            ],
            environment: child::inherited_environment(self.root.path()),
            directory: self.root.path().to_owned(),
            input: format!("#!/bin/sh\n{body}\n").into_bytes(),
            answer: child::Answer::None,
            descriptors: Vec::new(),
        };
        let ended = child::run(&program, &child::Limits::default()).unwrap();
        assert!(ended.ending.is_success(), "{ended:?}");
        path
    }

    fn python(&self, path: &str, answers: &Fake) -> PathBuf {
        self.script(path, &answers.script())
    }

    fn search(&self) -> Search {
        Search {
            extra: vec![],
            path: vec![self.at("bin")],
            pyenv: Some(self.at("pyenv")),
            uv: Some(self.at("uv")),
            deadline: Duration::from_mins(2),
        }
    }

    /// What is said about this machine, without where it is.
    fn tell(&self, message: &str) -> String {
        message.replace(self.at("").to_str().unwrap(), "[ROOT]/")
    }
}

/// What a fake interpreter says of itself.
struct Fake {
    implementation: &'static str,
    version: &'static str,
    free_threaded: u8,
    executable: String,
}

impl Fake {
    fn cpython(version: &'static str) -> Self {
        let executable = String::new();
        Self { implementation: "cpython", version, free_threaded: 0, executable }
    }

    fn free_threaded(version: &'static str) -> Self {
        Self { free_threaded: 1, ..Self::cpython(version) }
    }

    fn script(&self) -> String {
        let Self { implementation, version, free_threaded, executable } = self;
        format!(
            "cat <<'END'\n\
             implementation={implementation}\nversion={version}\n\
             full_version={version} (main, 50%25)\n\
             executable={executable}\ncache_tag=fake-1\nmagic=%f3%0d%0d%0a\nfree_threaded={free_threaded}\n\
             gil_enabled=1\ndebug=0\nshared=1\nplatform=linux-fake\ncan_fork=1\nsoabi=\n\
             configure='--with-lto' 'CC=cc'\ncomplete=1\nEND"
        )
    }
}

fn labels(found: &Found) -> Vec<String> {
    found.usable.iter().map(Interpreter::label).collect()
}

fn requests(requests: &[&str]) -> Vec<String> {
    requests.iter().map(|&request| request.to_owned()).collect()
}

#[test]
fn every_place_is_looked_in() {
    let machine = Machine::new();
    machine.python("bin/python3", &Fake::cpython("3.12.1"));
    machine.python("bin/python3.14t", &Fake::free_threaded("3.14.0"));
    machine.python("bin/python3.12-config", &Fake::cpython("3.12.2"));
    machine.python("pyenv/versions/3.9.18/bin/python", &Fake::cpython("3.9.18"));
    machine.python("pyenv/shims/python3", &Fake::cpython("3.9.19"));
    machine.python("uv/cpython-3.16.0-linux/bin/python3", &Fake::cpython("3.16.0"));
    machine.python("uv/cpython-3.10.1-linux/README", &Fake::cpython("3.10.1"));
    let extra = machine.python("elsewhere/my-python", &Fake::cpython("3.11.0"));

    let mut search = Search { extra: vec![extra], ..machine.search() };
    search.path.extend([machine.at("pyenv/shims"), machine.at("absent"), ".".into()]);
    let found = search.find().unwrap();
    assert_eq!(labels(&found), ["3.9.18", "3.11.0", "3.12.1", "3.14.0t", "3.16.0"]);
    assert_eq!(found.skipped, []);
}

#[test]
fn an_interpreter_is_described() {
    let machine = Machine::new();
    let path = machine.python("bin/python3", &Fake::free_threaded("3.14.2"));
    let expected = Interpreter {
        real_path: path.clone(),
        path,
        ordinal: 1,
        version: Version::new(3, 14, 2),
        full_version: "3.14.2 (main, 50%)".to_owned(),
        implementation: "CPython".to_owned(),
        cache_tag: Some("fake-1".to_owned()),
        magic: Some([0xf3, 13, 13, 10]),
        threading: Threading::FreeThreaded,
        gil_enabled: true,
        debug: false,
        libpython: Libpython::Shared,
        platform: "linux-fake".to_owned(),
        can_fork: true,
        soabi: None,
        build_flags: vec!["lto".to_owned()],
        probe: ProbeKind::FreeThreaded,
    };
    assert_eq!(machine.search().find().unwrap().usable, [expected]);
}

#[test]
fn what_is_passed_over_is_named_with_the_reason() {
    let machine = Machine::new();
    let pypy = Fake { implementation: "pypy", ..Fake::cpython("3.10.14") };
    machine.python("bin/pypy3", &pypy);
    machine.python("bin/python", &Fake::cpython("2.7.18"));
    machine.python("bin/python3.8", &Fake::cpython("3.8.18"));
    machine.python("bin/python3.13t", &Fake::free_threaded("3.13.0"));
    machine.script("bin/python3.90", "echo hello");
    machine.script("bin/python3.91", "echo 'python3.91: not found' >&2; exit 127");
    machine
        .script("bin/python3.92", "printf 'Traceback (…):\\n  File\\nOSError: no\\n' >&2; exit 1");
    machine.script("bin/python3.93", "kill -SEGV $$");
    machine.script("bin/python3.89", "");
    machine.script("bin/python3.94", "echo version=3.13.0; echo complete=1");
    machine.python("bin/python3.95", &Fake::cpython("three"));
    let extra = vec![machine.at("absent")];

    let found = Search { extra, ..machine.search() }.find().unwrap();
    assert_eq!(found.usable, []);
    let lines: Vec<String> = found.skipped.iter().map(Skipped::to_string).collect();
    insta::assert_snapshot!(machine.tell(&lines.join("\n")), @r"
    unknown at `[ROOT]/absent`: cannot be started: entity not found
    PyPy 3.10.14 at `[ROOT]/bin/pypy3`: not CPython, whose import system is the one under test
    CPython 2.7.18 at `[ROOT]/bin/python`: older than 3.9
    CPython 3.13.0 at `[ROOT]/bin/python3.13t`: PyO3 0.30 supports free-threaded builds from 3.14 on
    CPython 3.8.18 at `[ROOT]/bin/python3.8`: older than 3.9
    unknown at `[ROOT]/bin/python3.89`: ended well, but did not answer
    unknown at `[ROOT]/bin/python3.90`: ended well, but did not answer: hello
    unknown at `[ROOT]/bin/python3.91`: did not answer: exit code 127: python3.91: not found
    unknown at `[ROOT]/bin/python3.92`: did not answer: exit code 1: OSError: no
    unknown at `[ROOT]/bin/python3.93`: did not answer: killed by signal 11 (SIGSEGV)
    unknown at `[ROOT]/bin/python3.94`: its answer does not make sense: `free_threaded` is missing
    unknown at `[ROOT]/bin/python3.95`: its answer does not make sense: `version` is `three`
    ");
}

#[test]
fn one_that_hangs_is_passed_over() {
    let machine = Machine::new();
    machine.script("bin/python3", "while :; do :; done");
    let search = Search { deadline: Duration::from_millis(200), ..machine.search() };
    let found = search.find().unwrap();
    assert_eq!(found.skipped[0].reason, "did not answer within 0.2 s");
}

#[test]
fn two_ways_to_one_interpreter_are_one() {
    let machine = Machine::new();
    let real = machine.python("pyenv/versions/3.12.1/bin/python", &Fake::cpython("3.12.1"));
    fs::create_dir_all(machine.at("bin")).unwrap();
    symlink(&real, machine.at("bin/python3")).unwrap();
    // A wrapper script starts an interpreter that names itself, and not the wrapper.
    let named = Fake { executable: real.to_str().unwrap().into(), ..Fake::cpython("3.12.1") };
    machine.python("bin/python3.12", &named);

    let found = machine.search().find().unwrap();
    assert_eq!(labels(&found), ["3.12.1"]);
    assert_eq!(found.usable[0].path, machine.at("bin/python3"));
    assert_eq!(found.usable[0].real_path, real);
}

#[test]
fn an_executable_that_names_nothing_that_exists_is_what_was_started() {
    let machine = Machine::new();
    for path in ["bin/python3.12", "bin/python3.13"] {
        let moved = Fake { executable: "/nowhere/python".to_owned(), ..Fake::cpython("3.12.1") };
        machine.python(path, &moved);
    }
    let found = machine.search().find().unwrap();
    assert_eq!(labels(&found), ["3.12.1", "3.12.1#2"]);
    assert_eq!(found.usable[1].real_path, machine.at("bin/python3.13"));
}

fn well_equipped() -> Machine {
    let machine = Machine::new();
    machine.python("bin/python3.8", &Fake::cpython("3.8.18"));
    machine.python("bin/python3.9", &Fake::cpython("3.9.18"));
    machine.python("bin/python3.13", &Fake::cpython("3.13.0"));
    machine.python("bin/python3.14", &Fake::cpython("3.14.0"));
    machine.python("bin/python3.14t", &Fake::free_threaded("3.14.0"));
    machine.python("uv/b/bin/python3", &Fake::cpython("3.13.0"));
    machine
}

#[test]
fn patterns_are_held_against_labels() {
    let machine = well_equipped();
    let selected =
        |patterns: &[&str]| labels(&machine.search().select(&requests(patterns)).expect("a match"));
    let all = ["3.9.18", "3.13.0", "3.13.0#2", "3.14.0", "3.14.0t"];
    assert_eq!(selected(&[]), all);
    assert_eq!(selected(&["*"]), all);
    assert_eq!(selected(&["3.9"]), ["3.9.18"]);
    assert_eq!(selected(&["3.13"]), ["3.13.0", "3.13.0#2"]);
    assert_eq!(selected(&["3.13.0#2"]), ["3.13.0#2"]);
    assert_eq!(selected(&["3.14"]), ["3.14.0"]);
    assert_eq!(selected(&["3.14*"]), ["3.14.0", "3.14.0t"]);
    assert_eq!(selected(&["*t", "3.9.*", "3.9"]), ["3.9.18", "3.14.0t"]);
    assert_eq!(selected(&["3.{9,14}"]), ["3.9.18", "3.14.0"]);
}

#[test]
fn a_path_is_used_as_it_was_named() {
    let machine = well_equipped();
    let named = machine.python("elsewhere/mine", &Fake::cpython("3.13.0"));
    let link = machine.at("elsewhere/link");
    symlink(machine.at("bin/python3.9"), &link).unwrap();
    let select = |asked: &[&str]| machine.search().select(&requests(asked)).expect("a match");
    let (named, link) = (named.to_str().unwrap(), link.to_str().unwrap());

    let alone = select(&[named]);
    assert_eq!((labels(&alone), alone.skipped), (vec!["3.13.0".to_owned()], vec![]));
    let both = select(&[link, "3.9", "3.14", link]);
    assert_eq!(labels(&both), ["3.9.18", "3.14.0"]);
    assert_eq!(both.usable[0].path.to_str(), Some(link));
    assert_eq!(labels(&select(&[named, "3.13"])).len(), 3);
}

#[test]
fn a_request_that_cannot_be_met_says_what_there_is() {
    let machine = well_equipped();
    let error = |request: &str| {
        let error = machine.search().select(&requests(&["3.9", request])).expect_err("no match");
        machine.tell(&error.to_string())
    };
    let old = machine.at("bin/python3.8");
    let folder = machine.at("bin");
    let absent = machine.at("absent");
    insta::assert_snapshot!(error("3.8"), @r"
    `--python 3.8` fits no usable interpreter; there are:
      3.9.18 at `[ROOT]/bin/python3.9`
      3.13.0 at `[ROOT]/bin/python3.13`
      3.13.0#2 at `[ROOT]/uv/b/bin/python3`
      3.14.0 at `[ROOT]/bin/python3.14`
      3.14.0t at `[ROOT]/bin/python3.14t`
    ");
    let first = |request| error(request).lines().next().unwrap_or_default().to_owned();
    let meant = "fits no usable interpreter; did you mean `3.13.0`? There are:";
    for request in ["3.31", "313", "python3.13"] {
        assert_eq!(first(request), format!("`--python {request}` {meant}"));
    }
    insta::assert_snapshot!(error("3.{9"), @"`--python 3.{9` is no pattern: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?); expected 3.13, 3.1*, *t or a path");
    insta::assert_snapshot!(error(old.to_str().unwrap()), @"`--python` names what cannot be used: CPython 3.8.18 at `[ROOT]/bin/python3.8`: older than 3.9");
    insta::assert_snapshot!(error(folder.to_str().unwrap()), @"`--python [ROOT]/bin`: is a folder; expected the path of a Python executable");
    insta::assert_snapshot!(error(absent.to_str().unwrap()), @"`--python [ROOT]/absent`: No such file or directory (os error 2); expected the path of a Python executable");
}

/// A search passes over what does not answer; what somebody has named is a mistake.
#[test]
fn what_the_variable_names_has_to_be_a_python() {
    let machine = well_equipped();
    let silent = machine.script("elsewhere/silent", "exit 3");
    machine.script("bin/python3.10", "exit 3");
    let select = |extra: &[PathBuf]| {
        let search = Search { extra: extra.to_vec(), ..machine.search() };
        search.select(&[]).map_err(|error| machine.tell(&error.to_string()))
    };
    let old = machine.at("bin/python3.8");
    let found = select(&[old]).expect("old ones are passed over");
    assert_eq!((found.skipped.len(), found.worth_telling().count()), (2, 1));
    let told =
        [silent, machine.at("absent"), machine.at("bin")].map(|it| select(&[it]).unwrap_err());
    insta::assert_snapshot!(told.join("\n"), @r"
    TOLLGATE_PYTHONS names `[ROOT]/elsewhere/silent`, which is no Python that answers (did not answer: exit code 3)
    help: correct the path, or take it out of the variable; executables stand there as folders do in PATH
    TOLLGATE_PYTHONS names `[ROOT]/absent`, which is no Python that answers (cannot be started: entity not found)
    help: correct the path, or take it out of the variable; executables stand there as folders do in PATH
    TOLLGATE_PYTHONS names `[ROOT]/bin`, which is no Python that answers (cannot be started: permission denied)
    help: correct the path, or take it out of the variable; executables stand there as folders do in PATH
    ");
}

#[test]
fn without_any_interpreter_there_is_advice() {
    let machine = Machine::new();
    let error = |asked: &[&str]| {
        let error = machine.search().select(&requests(asked)).expect_err("nothing is there");
        assert!(matches!(error, SelectError::NoneUsable(_)), "{error:?}");
        machine.tell(&error.to_string())
    };
    insta::assert_snapshot!(error(&[]), @r"
    no usable Python was found
    Tollgate needs a CPython from 3.9 on. Install one (`uv python install 3.13`,
    `pyenv install 3.13`, or your system's packages), or name one with `--python /path/to/python`.
    ");
    machine.python("bin/python3.8", &Fake::cpython("3.8.18"));
    insta::assert_snapshot!(error(&["3.13"]), @r"
    no usable Python was found; passed over:
      CPython 3.8.18 at `[ROOT]/bin/python3.8`: older than 3.9
    Tollgate needs a CPython from 3.9 on. Install one (`uv python install 3.13`,
    `pyenv install 3.13`, or your system's packages), or name one with `--python /path/to/python`.
    ");
}

#[test]
fn the_interpreters_of_this_machine_describe_themselves_consistently() {
    let found = Search::from_environment().find().unwrap();
    for skipped in &found.skipped {
        println!("passed over: {skipped}");
    }
    for interpreter in &found.usable {
        println!("{}: {interpreter:?}", interpreter.label());
        let Interpreter { version, .. } = interpreter;
        assert!(interpreter.real_path.is_file());
        assert!(
            interpreter.full_version.starts_with(&format!("{}.{}", version.major, version.minor))
        );
        let tag = format!("cpython-{}{}", version.major, version.minor);
        assert_eq!(interpreter.cache_tag.as_deref(), Some(tag.as_str()));
        assert!(interpreter.gil_enabled || interpreter.threading == Threading::FreeThreaded);
        assert!(!interpreter.platform.is_empty());
    }
    let mut labels = labels(&found);
    labels.dedup();
    assert_eq!(labels.len(), found.usable.len(), "a label is there twice");
}
