//! Children of every kind, played by `/bin/sh` and its neighbours.

use super::*;

/// A limit that a healthy child never meets, on a machine however busy.
const PATIENT: Duration = Duration::from_mins(2);

fn patient() -> Limits {
    Limits { deadline: PATIENT, ..Limits::default() }
}

fn shell(script: &str) -> Program {
    let directory = std::env::temp_dir();
    Program {
        executable: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        environment: inherited_environment(&directory),
        directory,
        input: Vec::new(),
        answer: Answer::Channel,
        descriptors: Vec::new(),
    }
}

#[track_caller]
fn run_shell(script: &str, limits: &Limits) -> Ended {
    run(&shell(script), limits).expect("the shell starts")
}

#[test]
fn exit_code_and_streams_are_kept_apart() {
    let ended = run_shell("echo out; echo error >&2; echo answer >&3; exit 7", &patient());
    let expected = Ended {
        ending: Ending::Exited(7),
        stdout: b"out\n".to_vec(),
        stderr: b"error\n".to_vec(),
        answer: b"answer\n".to_vec(),
    };
    assert_eq!(ended, expected);
    assert!(!ended.ending.is_success());
}

#[test]
fn without_a_channel_descriptor_3_is_not_ours() {
    let program = Program { answer: Answer::None, ..shell("echo answer >&3") };
    let ended = run(&program, &patient()).unwrap();
    assert!(ended.answer.is_empty());
    assert!(!ended.ending.is_success(), "{ended:?}");
}

#[test]
fn what_is_passed_on_has_the_numbers_that_follow() -> io::Result<()> {
    let (ours, theirs) = io::pipe()?;
    let (reader, mut writer) = io::pipe()?;
    io::Write::write_all(&mut writer, b"said\n")?;
    let program = shell("read word <&4; echo $word >&5; echo $word >&3");
    for descriptors in [vec![], vec![Arc::new(reader.into()), Arc::new(theirs.into())]] {
        let (is_passed, program) =
            (!descriptors.is_empty(), Program { descriptors, ..program.clone() });
        let ended = run(&program, &patient())?;
        assert_eq!(ended.answer == b"said\n", is_passed, "{ended:?}");
    }
    assert_eq!(io::read_to_string(ours)?, "said\n");
    Ok(())
}

#[test]
fn a_signal_is_not_an_exit_code() {
    let ended = run_shell("kill -SEGV $$", &patient());
    assert_eq!(ended.ending, Ending::Signalled(11));
    assert_eq!(ended.ending.to_string(), "killed by signal 11 (SIGSEGV)");
}

#[test]
fn an_endless_loop_ends_at_the_deadline_and_keeps_what_was_said() {
    let limits = Limits { deadline: Duration::from_millis(500), ..Limits::default() };
    let ended = run_shell("echo begun; while :; do :; done", &limits);
    assert_eq!(ended.ending, Ending::TimedOut);
    assert_eq!(ended.stdout, b"begun\n");
}

#[test]
fn a_child_that_closed_its_streams_still_has_its_deadline() {
    let limits = Limits { deadline: Duration::from_millis(300), ..Limits::default() };
    let ended = run_shell("exec >&- 2>&- 3>&-; while :; do :; done", &limits);
    assert_eq!(ended.ending, Ending::TimedOut);
}

#[test]
fn endless_output_is_cut_at_its_limit() {
    let limits = Limits { output_bytes: 100_000, ..patient() };
    let ended = run_shell("while :; do echo xxxxxxxxxxxxxxxx; done", &limits);
    assert_eq!(ended.ending, Ending::TooMuchOutput(Stream::Stdout));
    assert_eq!(ended.stdout.len(), 100_000);
    assert_eq!(ended.ending.to_string(), "wrote more than allowed on standard output");

    let limits = Limits { answer_bytes: 1_000, ..patient() };
    let ended = run_shell("while :; do echo xxxxxxxxxxxxxxxx >&3; done", &limits);
    assert_eq!(ended.ending, Ending::TooMuchOutput(Stream::Answer));
    assert_eq!(ended.answer.len(), 1_000);
}

#[test]
fn the_limit_itself_is_allowed() {
    let limits = Limits { output_bytes: 4, ..patient() };
    assert_eq!(run_shell("printf 1234", &limits).ending, Ending::Exited(0));
    let ended = run_shell("printf 12345 >&2; exit 3", &limits);
    assert_eq!(ended.ending, Ending::TooMuchOutput(Stream::Stderr));
    assert_eq!(ended.stderr, b"1234");
}

#[test]
fn a_grandchild_that_holds_the_pipes_is_not_waited_for() {
    let ended = run_shell("sleep 1000 & exit 5", &patient());
    assert_eq!(ended.ending, Ending::Exited(5));
}

#[test]
fn a_grandchild_is_killed_with_its_group() {
    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        fs::{Mode, OFlags, open},
    };

    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    let at_fifo = |script: &str| format!("fifo='{}'; {script}", fifo.display());
    assert!(run_shell(&at_fifo("mkfifo \"$fifo\""), &patient()).ending.is_success());
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let reader = open(&fifo, flags, Mode::empty()).unwrap();
    run_shell(&at_fifo("exec 9>\"$fifo\"; sleep 1000 & exit 0"), &patient());

    // The fifo hangs up when its last writer is gone; nothing is ever written to it.
    let mut ends = [PollFd::new(&reader, PollFlags::empty())];
    let patience = Timespec::try_from(PATIENT).unwrap();
    poll(&mut ends, Some(&patience)).unwrap();
    assert!(ends[0].revents().contains(PollFlags::HUP), "the grandchild still lives");
}

#[test]
fn the_environment_is_what_was_given() {
    let mut program = shell("");
    program.executable = "/usr/bin/env".into();
    program.arguments.clear();
    program.environment = vec![("ONE".into(), "1".into()), ("TWO".into(), "second\nline".into())];
    let ended = run(&program, &patient()).unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "ONE=1\nTWO=second\nline\n");
}

#[test]
fn the_usual_environment_lets_nothing_of_python_in() {
    let directory = Path::new("/somewhere");
    let environment = inherited_environment(directory);
    let value = |wanted: &str| {
        let mut found = environment.iter().filter(|(name, _)| name == wanted);
        let value = found.next().map(|(_, value)| value.clone());
        assert_eq!(found.next(), None, "{wanted} is there twice");
        value
    };
    assert_eq!(value("HOME"), Some("/somewhere".into()));
    assert_eq!(value("TMPDIR"), Some("/somewhere".into()));
    assert_eq!(value("PATH"), Some("/usr/bin:/bin".into()));
    let known = ["PATH", "LANG", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];
    for (name, _) in &environment {
        assert!(known.iter().any(|known| name == known), "{} got in", name.display());
    }
}

#[test]
fn the_input_arrives_whole_and_then_ends() {
    let input: Vec<u8> = (0_u32..1 << 18).flat_map(u32::to_le_bytes).collect();
    assert_eq!(input.len(), 1 << 20);
    let program = Program { input: input.clone(), ..shell("cat >&3") };
    let ended = run(&program, &patient()).unwrap();
    assert!(ended.ending.is_success());
    assert!(ended.answer == input, "{} bytes came back", ended.answer.len());
}

#[test]
fn an_input_that_nobody_reads_blocks_nobody() {
    let program = Program { input: vec![b'x'; 1 << 20], ..shell("exit 0") };
    assert!(run(&program, &patient()).unwrap().ending.is_success());
}

#[test]
fn limits_reach_the_child() {
    let limits = Limits {
        open_files: 37,
        memory_bytes: Some(1 << 30),
        file_bytes: Some(1 << 20),
        ..patient()
    };
    // `ulimit -f` counts blocks of 512 bytes in POSIX shells and of 1,024 in bash.
    let ended = run_shell("ulimit -n; ulimit -c; ulimit -v; ulimit -f", &limits);
    let said = String::from_utf8(ended.stdout).unwrap();
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(said[..2], ["37", "0"]);
    if cfg!(target_os = "linux") {
        assert_eq!(said[2], "1048576");
    }
    assert!(["2048", "1024"].contains(&said[3]), "{said:?}");
}

#[test]
fn what_cannot_be_started_is_named() {
    let absent = Program { executable: "/nowhere/python".into(), ..shell("") };
    let error = run(&absent, &patient()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert!(error.to_string().starts_with("cannot run `/nowhere/python` in `"), "{error}");

    let adrift = Program { directory: "/nowhere".into(), ..shell("") };
    let error = run(&adrift, &patient()).unwrap_err();
    assert!(error.to_string().contains("in `/nowhere`"), "{error}");
}

#[test]
fn a_tool_has_our_environment_and_shows_the_end_of_its_complaints() {
    let script = "echo 1 >&2; echo 2 >&2; echo $ADDED-${PYO3_NO_PYTHON-unset}-$CARGO_PKG_NAME >&2";
    let arguments = ["-c".into(), format!("{script}; exit 101").into()];
    let added = [("ADDED".into(), "added".into())];
    let ended = run_tool(Path::new("sh"), &arguments, Path::new("/"), &added).unwrap();
    assert_eq!(ended.ending, Ending::Exited(101));
    assert_eq!(ended.error_tail(2), "2\nadded-unset-tollgate");
    assert_eq!(ended.error_tail(100), "1\n2\nadded-unset-tollgate");
}
