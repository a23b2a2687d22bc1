//! Every scenario shows the same in a fork of a warm interpreter and in a fresh one.
#![cfg(target_os = "linux")]

mod support;

use std::{collections::BTreeMap, fs, os::unix::fs::symlink, sync::Mutex};

use support::{layout, matrix, targets};
use tollgate::{
    child::Limits,
    interpreter,
    matrix::{Finding, Matrix, Truth, establish, run},
    scenario,
    worker::{Runner, Spawn, Target, Zygotes},
};
use tollgate_event::Event;

/// Everything that one runner found out, as text, by what it is about.
fn findings(matrix: &Matrix, runner: &Runner) -> BTreeMap<String, String> {
    let findings = Mutex::new(BTreeMap::new());
    run(matrix, runner, &|finding| {
        let (about, found) = described(&finding);
        findings.lock().expect("no sink has failed").insert(about, found);
    });
    let findings = findings.into_inner().expect("no sink has failed");
    assert_eq!(findings.len(), matrix.findings());
    findings
}

fn described(finding: &Finding<'_>) -> (String, String) {
    match finding {
        Finding::Truth(target, scenario, witnessed) => {
            let baseline = witnessed.baseline.as_ref().map(|it| (&it.header, &it.behaviour));
            let found = format!("{:?}\n{}{baseline:#?}", witnessed.truth, witnessed.recorded);
            (format!("{} on {}", scenario.name, target.interpreter.label()), found)
        }
        Finding::Cell(target, scenario, cell) => {
            let label = target.interpreter.label();
            let events = timeless(&cell.events);
            let found = format!("{:?}\n{:?}\n{events}", cell.verdict, cell.tally);
            (format!("{} on {label} under {}", scenario.name, cell.strategy), found)
        }
    }
}

/// Events without times, thread by thread in the order in which these come: how threads take turns
/// is not the program's doing.
fn timeless(events: &[Event]) -> String {
    let mut threads: Vec<(u64, Vec<String>)> = Vec::new();
    for event in events {
        let line = format!("{:?} {} {:?}", event.kind, event.name, event.outcome);
        match threads.iter_mut().find(|(thread, _)| *thread == event.thread) {
            Some((_, lines)) => lines.push(line),
            None => threads.push((event.thread, vec![line])),
        }
    }
    threads.iter().map(|(_, lines)| lines.join("\n")).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn a_fork_and_a_fresh_interpreter_show_the_same() {
    let scenarios = scenario::load(&layout().scenarios()).unwrap_or_else(|error| panic!("{error}"));
    let mut targets = targets();
    // fresh interpreters take their time, and how a child is started differs little by version: the
    // oldest, the newest, and one between them
    let last = targets.len() - 1;
    let chosen = [0, last / 2, last];
    let mut number = 0..;
    targets.retain(|_| number.next().is_some_and(|it| chosen.contains(&it)));
    let mut matrix = matrix(targets, scenarios);
    // one beside the witnesses: the others hook in the same places
    matrix.strategies.retain(|it| it.name.as_str() == "bootstrap");
    let forked = findings(&matrix, &support::runner(Zygotes::new(Limits::default())));
    let spawned = findings(&matrix, &support::runner(Spawn::new(Limits::default())));
    let differing: Vec<_> = forked
        .iter()
        .filter(|&(about, found)| spawned.get(about) != Some(found))
        .map(|(about, found)| {
            let other = spawned.get(about).map_or("nothing", String::as_str);
            format!("{about}\n{}", similar::TextDiff::from_lines(found, other).unified_diff())
        })
        .collect();
    let (count, all) = (differing.len(), forked.len());
    assert!(count == 0, "{count} of {all} differ:\n{}", differing[..count.min(5)].join("\n"));
}

/// `pyvenv.cfg` beside a link to the interpreter is all that a virtual environment needs.
#[test]
fn start_up_files_do_not_apply_in_a_virtual_environment() {
    let scenarios = scenario::load(&layout().scenarios()).unwrap_or_else(|error| panic!("{error}"));
    let needs_site = |scenario: &scenario::Scenario| {
        scenario.start_up().is_some_and(|start_up| !start_up.site.is_empty())
    };
    let matrix = matrix(Vec::new(), scenarios);
    let runner = support::runner(Zygotes::new(Limits::default()));
    let real = support::first_target().interpreter.real_path;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = real.parent().expect("a folder of the interpreter").display();
    let link = folder.path().join("bin/python");
    fs::create_dir(folder.path().join("bin")).expect("written");
    let configuration = format!("home = {home}\ninclude-system-site-packages = false\n");
    fs::write(folder.path().join("pyvenv.cfg"), configuration).expect("written");
    symlink(&real, &link).expect("a link");
    let found = interpreter::select(&[link.display().to_string()]);
    let interpreter = found.unwrap_or_else(|error| panic!("{error}")).usable.swap_remove(0);
    let target = Target::new(&layout(), interpreter).unwrap_or_else(|error| panic!("{error}"));
    let mut seen = 0;
    for scenario in matrix.scenarios.iter().filter(|scenario| needs_site(scenario)) {
        if !scenario.applies_to(&target.interpreter.version) {
            continue;
        }
        match establish(&matrix, &runner, &target, scenario).truth {
            Truth::NotApplicable(reason) => assert!(reason.contains("switched off"), "{reason}"),
            truth => panic!("{}: {truth:?}", scenario.name),
        }
        seen += 1;
    }
    assert!(seen >= 3, "only {seen} scenarios with start-up files");
}
