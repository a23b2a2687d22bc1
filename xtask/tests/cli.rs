//! The command line end to end: what it prints where, and its exit codes.
//!
//! Tests that run Python use the first interpreter that is found, so that they say the same on
//! every machine; what differs between machines is filtered out of snapshots.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use support::{PLAIN, PYTHON, assert_ran, code, output, run, scenarios, stderr, stdout, xtask};

/// `text` without what differs from run to run and from machine to machine.
fn settled(text: &str, folder: &Path) -> String {
    let text = text.replace(folder.to_str().expect("a UTF-8 path"), "<folder>");
    let keep = |line: &&str| {
        !["Report:", "Page:"].iter().any(|it| line.starts_with(it)) && !line.starts_with("Records:")
    };
    text.lines().filter(keep).collect::<Vec<_>>().join("\n")
}

#[test]
fn bad_scenarios_are_all_told_and_nothing_is_run() {
    let folder = scenarios(&[
        ("good.yaml", PLAIN),
        ("unknown-key.yaml", "summary: x\nfilez: {}\nrun: pass\ntrace: \"\"\n"),
        ("bad-trace.yaml", "summary: x\nrun: import a\ntrace: |\n  import a\n     find a\n"),
        ("leaves-the-tree.yaml", "summary: x\nfiles:\n  ../a.py: \"\"\nrun: pass\ntrace: \"\"\n"),
    ]);
    let output = run("check", folder.path(), &[]);
    assert_eq!(code(&output), Some(2));
    assert_eq!(stdout(&output), "");
    insta::assert_snapshot!(settled(&stderr(&output), folder.path()));
}

#[test]
fn an_empty_folder_is_an_error() {
    let folder = scenarios(&[]);
    let output = run("check", folder.path(), &[]);
    assert_eq!(code(&output), Some(2));
    insta::assert_snapshot!(settled(&stderr(&output), folder.path()));
}

#[test]
fn filters_that_fit_nothing_name_what_there_is() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    for (flag, value, told) in [
        ("--scenario", "packages/*", "no scenario fits `packages/*`; there are plain"),
        (
            "--strategy",
            "audits",
            "no strategy fits `audits`; did you mean `audit`? There are none, audit, audit_native",
        ),
    ] {
        let output = run("check", folder.path(), &[flag, value]);
        assert_eq!(code(&output), Some(4), "{flag}");
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
}

#[test]
fn a_version_that_is_not_there_is_an_error() {
    let output = output(xtask().args(["check", "--python", "3.99"]));
    assert_eq!(code(&output), Some(4));
    assert!(stderr(&output).contains("`--python 3.99` fits no usable interpreter"));
}

#[test]
fn what_is_timed_can_be_fewer_interpreters_than_are_checked() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let timed = |time_on: &str| {
        let asked = ["--quick", "--strategy", "audit", "--time-on", time_on, "--details"];
        run("bench", folder.path(), &asked)
    };
    let told = timed(&PYTHON);
    assert_ran(&told);
    assert!(stdout(&told).contains("cold-100"), "{}", stdout(&told));
    let unknown = timed("3.99");
    assert_eq!(code(&unknown), Some(4));
    assert!(stderr(&unknown).contains("--time-on"), "{}", stderr(&unknown));
}

#[test]
fn without_any_interpreter_there_is_advice() {
    let empty = tempfile::tempdir().expect("a folder");
    for task in ["check", "bench", "doctor"] {
        let mut command = xtask();
        command.arg(task).env("PATH", empty.path()).env("HOME", empty.path());
        command.env_remove("PYENV_ROOT").env_remove("XDG_DATA_HOME");
        command.env_remove("UV_PYTHON_INSTALL_DIR").env_remove("TOLLGATE_PYTHONS");
        let output = output(&mut command);
        assert_eq!(code(&output), Some(4), "{task}: {}", stderr(&output));
        let told = stderr(&output);
        assert!(told.contains("no usable Python was found"), "{told}");
        assert!(told.contains("--python /path/to/python"), "{told}");
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let output = output(xtask().args(["bench", "--fast"]));
    assert_eq!(code(&output), Some(2));
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_bad_pattern_is_wrong_usage() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let output = run("check", folder.path(), &["--scenario", "a[b"]);
    assert_eq!(code(&output), Some(2), "{}", stderr(&output));
}

#[test]
fn a_trace_that_does_not_hold_is_exit_code_1() {
    let wrong = PLAIN.replace("    find shop\n", "");
    let folder = scenarios(&[("plain.yaml", PLAIN), ("wrong.yaml", &wrong)]);
    let output = run("check", folder.path(), &["--strategy", "audit"]);
    assert_eq!(code(&output), Some(1), "{}", stderr(&output));
    let told = stdout(&output);
    assert!(told.contains("wrong"), "{told}");
    assert!(told.contains("find shop"), "{told}");
}

#[test]
fn a_check_prints_the_matrix_and_keeps_records() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let output = run("check", folder.path(), &["--seed", "7", "--details"]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let told = stdout(&output);
    assert!(!told.contains('\u{1b}'), "no colour in a pipe");
    let records = told.lines().find_map(|line| line.strip_prefix("Records: ")).expect("a path");
    let lines = fs::read_to_string(records).expect("the records");
    // the format, the truth, and for each strategy a cell and a footprint
    assert_eq!(lines.lines().count(), 2 + 2 * support::strategies(), "{lines}");
    assert!(lines.lines().skip(1).all(|line| line.contains("\"seed\":7")));
    let report = told.lines().find_map(|line| line.strip_prefix("Report:  ")).expect("a path");
    assert!(told.starts_with(&fs::read_to_string(report).expect("the report")));
}

#[test]
fn a_bench_times_every_strategy() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let asked = ["--quick", "--strategy", "dunder_import", "--details"];
    let output = run("bench", folder.path(), &asked);
    assert_ran(&output);
    let told = stdout(&output);
    for workload in ["cold-100", "chain-50", "cached"] {
        assert!(told.contains(workload), "{workload}: {told}");
    }
    let records = told.lines().find_map(|line| line.strip_prefix("Records: ")).expect("a path");
    let lines = fs::read_to_string(records).expect("the records");
    let overhead = lines.lines().filter(|line| line.contains("\"record\":\"overhead\""));
    // the A/A arm, the sham, the planted cost and the strategy in three workloads
    assert_eq!(overhead.count(), 12);
}

/// The number that stands between two texts.
fn between(text: &str, before: &str, after: &str) -> u64 {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no `{before}` in {text}"));
    let (number, _) = rest.split_once(after).unwrap_or_else(|| panic!("no `{after}` in {text}"));
    number.parse().unwrap_or_else(|_| panic!("`{number}` in {text}"))
}

#[test]
fn a_budget_is_kept_or_refused_with_what_would_do() {
    let folder = scenarios(&[("part/plain.yaml", PLAIN)]);
    let bench = |budget: u64| {
        run("bench", folder.path(), &["--strategy", "audit", "--budget", &budget.to_string()])
    };
    let refused = bench(1);
    assert_eq!(code(&refused), Some(2), "{}", stderr(&refused));
    assert_eq!(stdout(&refused), "");
    // other tests run beside this one: what would do by now may not do when they are at their busiest
    let enough = |told: &Output| 2 * between(&stderr(told), "give at least `--budget ", "`");
    let (mut budget, mut told) = (0, refused);
    for _ in 0..3 {
        if code(&told) == Some(2) {
            budget = enough(&told);
            told = bench(budget);
        }
    }
    assert_ran(&told);
    let took = between(&stderr(&told), "costs: 3 workloads in ", " s");
    assert!(took <= budget, "{took} s of {budget}");
}

#[test]
fn strategies_are_set_beside_each_other() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let arguments = ["--compose", "--strategy", "bootstrap", "--strategy", "importtime"];
    let first = run("bench", folder.path(), &arguments);
    assert_ran(&first);
    let told = stdout(&first);
    for part in [
        "bootstrap beside bootstrap (installed first and removed first): reports 4 events after",
        "importtime takes no part: it needs an interpreter that is started with -X importtime",
        "refuses_audit_hooks",
        "bootstrap \u{d7}40",
        // alone, in a crowd, twice beside itself and twice beside each of seven neighbours
        "19 companies: 17 as alone, 1 disturbed, 1 not applicable, 0 inconclusive.",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let records = told.lines().find_map(|line| line.strip_prefix("Records: ")).expect("a path");
    let lines = || fs::read_to_string(records).expect("the records").lines().count();
    // the format, the companies, and the costs of the three controls and the crowd
    assert_eq!(lines(), 1 + 19 + 4);
    let folder = Path::new(records).parent().and_then(Path::to_str).expect("UTF-8");
    let again = output(xtask().args(["bench", "--resume", folder]));
    assert_ran(&again);
    assert!(stderr(&again).contains("companies: 0 in"), "{}", stderr(&again));
    assert_eq!(lines(), 24, "nothing is there twice");
}

#[test]
fn a_quick_composition_is_wrong_usage() {
    let output = output(xtask().args(["bench", "--compose", "--quick"]));
    assert_eq!(code(&output), Some(2), "{}", stderr(&output));
}

#[test]
fn a_strategy_of_ones_own_takes_part() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let own = folder.path().join("deaf.py");
    fs::write(&own, "CLAIMS = {'find.start'}\ndef install(emit):\n    return lambda: None\n")
        .expect("a file");
    let output = run("check", folder.path(), &["--strategy", own.to_str().expect("UTF-8")]);
    assert_eq!(code(&output), Some(3), "{}", stderr(&output));
    let told = stdout(&output);
    assert!(told.contains("deaf missed search_started in plain"), "{told}");
    let last = "exit code 3: 1 divergence that no entry expects, 0 expected ones gone";
    assert_eq!(told.lines().last(), Some(last));
}

/// The files say by their names what is wrong with them.
#[test]
fn a_strategy_that_is_broken_is_explained_and_nothing_is_run() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness/tests/broken-strategies");
    let mut files: Vec<_> = fs::read_dir(&broken)
        .expect("part of the checkout")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let mut told = Vec::new();
    for file in &files {
        let output = run("check", folder.path(), &["--strategy", file.to_str().expect("UTF-8")]);
        assert_eq!((code(&output), stdout(&output)), (Some(2), String::new()), "{file:?}");
        let error = stderr(&output);
        let lines = error.lines().skip_while(|line| !line.starts_with("error")).take(1);
        told.extend(lines.map(|line| line.replace(broken.to_str().expect("UTF-8"), "<folder>")));
    }
    assert_eq!(told.len(), files.len());
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"on 3\.\d+\.\d+\S*,", "on <version>,");
    settings.add_filter("SyntaxError: .*", "SyntaxError: <words of the version>");
    settings.bind(|| insta::assert_snapshot!(told.join("\n")));
}

/// A strategy with a folder `expected` beside it, in one of our scenarios.
#[test]
fn what_nobody_expects_and_what_no_longer_happens_is_exit_code_3() {
    let folder = tempfile::tempdir().expect("a folder");
    let (own, expected) = (folder.path().join("deaf.py"), folder.path().join("expected"));
    fs::create_dir(&expected).expect("a folder");
    let text = "CLAIMS = {'find.start'}\ndef install(emit):\n    return lambda: None\n";
    fs::write(&own, text).expect("a file");
    let file = expected.join("deaf.yaml");
    let own = own.to_str().expect("UTF-8");
    let scenario = "packages/namespace";
    let check = |entries: &str| {
        fs::write(&file, entries).expect("a file");
        let arguments = ["check", "--scenario", scenario, "--strategy", own, "--python", &PYTHON];
        output(xtask().args(arguments))
    };
    let entry = format!("- {{reason: It is deaf., missing: [find.start], in: [{scenario}]}}\n");
    let as_expected = check(&entry);
    assert_eq!(code(&as_expected), Some(0), "{}", stderr(&as_expected));
    let last = "exit code 0: 2 divergences, all expected, with reasons";
    assert_eq!(stdout(&as_expected).lines().last(), Some(last));
    let new = check("# nothing is expected\n");
    assert_eq!(code(&new), Some(3));
    assert!(stdout(&new).contains("deaf missed search_started in packages/namespace"));
    assert!(stderr(&new).contains("unexpected.yaml has entries to paste"), "{}", stderr(&new));
    let gone =
        check(&format!("{entry}- {{reason: No more., missing: [load.end], in: [{scenario}]}}"));
    assert_eq!(code(&gone), Some(3));
    assert!(
        stdout(&gone).contains("missed module_loaded in packages/namespace"),
        "{}",
        stdout(&gone)
    );
    let unreasoned = check("- {missing: [find.start], in: [packages/namespace]}\n");
    assert_eq!((code(&unreasoned), stdout(&unreasoned)), (Some(2), String::new()));
    assert!(stderr(&unreasoned).contains("deaf.yaml"), "{}", stderr(&unreasoned));
}

#[test]
fn lists_are_for_machines_and_people() {
    let folder = scenarios(&[("a/plain.yaml", PLAIN), ("b.yaml", PLAIN)]);
    let listed = stdout(&run("list", folder.path(), &["scenarios"]));
    insta::assert_snapshot!(listed, @r"
    a/plain  A module is imported.
    b        A module is imported.
    ");
    let listed = stdout(&run("list", folder.path(), &["strategies", "--strategy", "audit"]));
    insta::assert_snapshot!(listed);
}

#[test]
fn a_trace_shows_truth_and_observation() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let folder_name = folder.path().to_str().expect("UTF-8");
    let arguments = ["trace", "plain", "--strategy", "audit", "--scenarios", folder_name];
    let output = output(xtask().args(arguments).args(["--python", &PYTHON]));
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let told: Vec<_> = stdout(&output).lines().skip(2).map(str::to_owned).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_doctor_says_what_each_interpreter_can_do() {
    let output = output(xtask().args(["doctor", "--python", &PYTHON]));
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let told = stdout(&output);
    assert!(told.contains("conformance: yes"), "{told}");
    assert!(told.contains("overhead: yes, by forking"), "{told}");
}

#[test]
fn a_calibration_says_what_each_arm_measured() {
    for (part, expected) in [
        ("alarms", &["False alarms: none differs from itself"][..]),
        ("detection", &["20 s, nothing planted: found in", "+5.00 % planted", "all launches:"]),
        ("bias", &["all pages populated", "both"]),
        ("parents", &["none: ", "meta_path: ", "2 blocks"]),
    ] {
        let asked = ["calibrate", "--python", &PYTHON, "--seconds", "1", "--part", part];
        let output = output(xtask().args(asked));
        let told = stdout(&output);
        assert!(output.status.success(), "{part}: {told}");
        for words in expected {
            assert!(told.contains(words), "{part}: {told}");
        }
        assert!(told.ends_with('\n') && told.starts_with("Calibration on "), "{part}: {told}");
    }
}

#[test]
fn the_schema_is_written_where_editors_look() {
    let output = output(xtask().arg("schema"));
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let told = stdout(&output);
    let paths: Vec<_> = told.lines().map(PathBuf::from).collect();
    let [scenario, report, evaluation] = paths.as_slice() else { panic!("{told}") };
    assert!(scenario.ends_with("scenarios/scenario.schema.json"));
    assert!(report.ends_with("reports/report.schema.json"));
    assert!(evaluation.ends_with("reports/evaluation.schema.json"));
}
