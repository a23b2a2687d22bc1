//! Each format read by somebody else's reader: a schema validator, a `JUnit` parser, pyperf, and a viewer of
//! traces. What is not installed is skipped by its name.

mod support;

use std::{env, fs, io::Cursor, path::Path, sync::LazyLock};

use junit_parser::TestStatus;
use serde_json::{Value, json};
use support::{
    assert_ran, browser::Browser, code, command, output, records::records, run, scenarios, stderr,
    stdout, xtask,
};

const PLAIN: &str = "\
summary: A module is imported.
files:
  shop/__init__.py: import shop.cart
  shop/cart.py: \"\"
run: |
  import shop
  try:
      import nowhere
  except ImportError:
      pass
trace: |
  import shop
    find shop
    load shop
      import shop.cart
        find shop.cart
        load shop.cart
  import nowhere !ModuleNotFoundError
    find nowhere ?
";

/// The folder of a run with every sort of record.
static RUN: LazyLock<String> = LazyLock::new(|| {
    let folder = scenarios(&[("x/plain.yaml", PLAIN)]);
    let told = run("bench", folder.path(), &["--quick", "--strategy", "dunder_import"]);
    assert_ran(&told);
    let records = records(&stdout(&told));
    records.parent().and_then(Path::to_str).expect("UTF-8").to_owned()
});

fn report(arguments: &[&str]) -> String {
    let output = output(xtask().args(["report", &RUN]).args(arguments));
    assert_eq!(code(&output), Some(0), "{arguments:?}: {}", stderr(&output));
    stdout(&output)
}

/// Whether the machine's `python3` has this module. Where it has not, that is said.
fn has_module(module: &str, format: &str) -> bool {
    let code = format!("import {module}");
    let found = command("python3").args(["-c", &code]).output();
    let has = found.is_ok_and(|it| it.status.success());
    if !has {
        eprintln!("skipped: python3 has no module {module}; {format} was read by nobody else");
    }
    has
}

/// Prints what is wrong with one file by the schema in another.
const VALIDATE: &str = "\
import json, jsonschema, sys
schema, report = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
for error in jsonschema.Draft202012Validator(schema).iter_errors(report):
    print(error.json_path, error.message)
";

/// What is wrong with a document by a schema in `reports/`.
fn faults(schema: &str, document: &Value) -> String {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reports").join(schema);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("document.json");
    fs::write(&file, document.to_string()).expect("written");
    let told = output(command("python3").args(["-c", VALIDATE]).args([&schema, &file]));
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    stdout(&told)
}

#[test]
fn a_validator_of_schemas_finds_nothing_in_a_report() {
    if !has_module("jsonschema", "JSON") {
        return;
    }
    let mut report: Value = serde_json::from_str(&report(&["--format", "json"])).expect("JSON");
    assert!(report["costs"].as_array().is_some_and(|it| !it.is_empty()), "nothing is validated");
    assert_eq!(faults("report.schema.json", &report), "");
    report["cells"][0]["verdict"] = "fine".into();
    let told = faults("report.schema.json", &report);
    assert!(told.starts_with("$.cells[0].verdict "), "it sees what is wrong: {told}");
}

#[test]
fn a_validator_of_schemas_finds_nothing_in_an_evaluation() {
    if !has_module("jsonschema", "evaluations") {
        return;
    }
    let folder = scenarios(&[("x/plain.yaml", PLAIN)]);
    let told = run("evaluate", folder.path(), &[]);
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    let said = stderr(&told);
    let record = said.lines().find_map(|line| line.strip_prefix("Record: ")).expect("its path");
    let text = fs::read_to_string(record).expect("the record");
    let mut evaluation: Value = serde_json::from_str(&text).expect("JSON");
    assert!(evaluation["candidates"][0]["shown"][0].is_object(), "{text}");
    assert_eq!(faults("evaluation.schema.json", &evaluation), "");
    evaluation["candidates"][0]["rules"][0]["fires"] = "seldom".into();
    let told = faults("evaluation.schema.json", &evaluation);
    assert!(told.starts_with("$.candidates[0].rules[0].fires "), "it sees what is wrong: {told}");
}

#[test]
fn a_parser_of_junit_finds_each_cell() {
    let xml = report(&["--format", "junit"]);
    let suites = junit_parser::from_reader(Cursor::new(xml)).expect("JUnit");
    let cases: Vec<_> = suites.suites.iter().flat_map(|it| &it.cases).collect();
    assert_eq!((cases.len(), suites.tests, suites.errors, suites.skipped), (2, 2, 0, 0));
    let is_failure = |status: &TestStatus| matches!(status, TestStatus::Failure(_));
    let failures = cases.iter().filter(|case| is_failure(&case.status)).count();
    assert_eq!((failures, suites.failures), (0, 0), "no entry is about these scenarios");
    let told = cases.iter().find_map(|case| case.system_out.as_deref()).unwrap_or_default();
    assert!(told.contains("not held against anything: reported import_started _io"), "{told}");
    let dunder_import = cases.iter().find(|case| case.system_out.is_some()).expect("it diverges");
    assert_eq!(dunder_import.original_name, "x/plain");
}

#[test]
fn pyperf_compares_two_strategies() {
    let pyperf = || {
        let mut python = command("python3");
        python.args(["-m", "pyperf"]);
        python
    };
    if !has_module("pyperf", "its format") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let files = ["none", "dunder_import"].map(|strategy| {
        let file = folder.path().join(strategy).with_extension("json");
        let path = file.to_str().expect("UTF-8");
        report(&["--format", "pyperf", "--strategy", strategy, "--output", path]);
        file
    });
    let told = output(pyperf().arg("compare_to").args(&files));
    assert_eq!(code(&told), Some(0), "{}", stderr(&told));
    // statements whose module is there take several times as long
    assert!(stdout(&told).contains("x slower"), "{}", stdout(&told));
    let checked = output(pyperf().arg("check").arg(&files[0]));
    assert!(stderr(&checked).is_empty(), "{}", stderr(&checked));
}

/// speedscope, by the path of its `index.html` in `TOLLGATE_SPEEDSCOPE`: it is a package of npm and no part
/// of this repository.
#[test]
fn speedscope_imports_the_trace_of_a_cell() {
    let Ok(viewer) = env::var("TOLLGATE_SPEEDSCOPE") else {
        eprintln!(
            "skipped: TOLLGATE_SPEEDSCOPE is not set to the path of speedscope's index.html; the \
             trace was read by nobody else"
        );
        return;
    };
    let Some(mut browser) = Browser::start("speedscope") else { return };
    let cell = ["--format", "trace", "--scenario", "x/plain", "--strategy", "dunder_import"];
    let trace = report(&cell);
    // as its own command line has it load a file
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("trace.js");
    let load = "(told) => speedscope.loadFileFromBase64('trace.json', \
                btoa(String.fromCharCode(...new TextEncoder().encode(told))))";
    fs::write(&script, format!("({load})({})", json!(trace))).expect("written");
    browser.open(&format!("file://{viewer}#localProfilePath={}", script.display()));
    let titles = browser.evaluate(TITLES);
    // what it can make no sense of it says on the console
    assert_eq!(browser.complaints, [""; 0], "{trace}");
    let titles = titles.as_array().expect("a list");
    for process in ["what happened", "reported by dunder_import"] {
        let is_it = |title: &&Value| title.as_str().is_some_and(|it| it.starts_with(process));
        assert_eq!(titles.iter().filter(is_it).count(), 1, "{process}: {titles:?}");
    }
}

/// The threads that it lists, once it does.
const TITLES: &str = "(async () => {
    const titles = () => [...document.querySelectorAll('tr[title]')].map((it) => it.title);
    for (let tries = 0; tries < 200 && titles().length === 0; tries++) {
        await new Promise((done) => setTimeout(done, 100));
    }
    return titles();
})()";
