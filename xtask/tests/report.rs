//! `cargo xtask report`: each format from one small run, and what is refused.

mod support;

use std::{fs, path::Path, sync::LazyLock};

use serde_json::Value;
use support::{code, output, records::records, run, scenarios, stderr, stdout, xtask};

/// A program that ends its script element, if anybody lets it.
const ODD: &str = "\
summary: A module is imported. </script><script>document.title = 'obeyed'</script>
files:
  shop.py: |
    text = '</script><script>document.title = \"obeyed\"</script>'
run: |
  import shop
trace: |
  import shop
    find shop
    load shop
";

/// A program that ends with an exception.
const FAILS: &str = "\
summary: A module that is not there.
run: import missing
raises: ModuleNotFoundError
trace: |
  import missing !ModuleNotFoundError
    find missing ?
";

/// The folder of a run of two scenarios under two strategies.
static RUN: LazyLock<String> = LazyLock::new(|| {
    let folder = scenarios(&[("part/odd.yaml", ODD), ("part/fails.yaml", FAILS)]);
    let told = run("check", folder.path(), &["--strategy", "bootstrap", "--strategy", "audit"]);
    let records = records(&stdout(&told));
    records.parent().expect("a folder").to_str().expect("UTF-8").to_owned()
});

fn report(arguments: &[&str]) -> String {
    let output = output(xtask().args(["report", &RUN]).args(arguments));
    assert_eq!(code(&output), Some(0), "{arguments:?}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn the_page_is_in_the_runs_folder_and_has_the_scenarios_files() {
    let path = report(&["--format", "html"]);
    assert_eq!(Path::new(path.trim()), Path::new(&*RUN).join("report.html"));
    let page = fs::read_to_string(path.trim()).expect("the page");
    assert!(page.contains("part/fails") && page.contains("text = '"), "files are shown");
    assert!(!page.contains("<script>document.title"), "a file is obeyed");
}

#[test]
fn every_other_format_goes_to_standard_output() {
    let text = report(&[]);
    assert!(text.contains("2 scenarios under 3 strategies"), "{text}");
    let markdown = report(&["--format", "markdown"]);
    assert!(
        markdown.contains("| strategy | started | ended | loading | loaded | wrong |"),
        "{markdown}"
    );
    let json: Value = serde_json::from_str(&report(&["--format", "json"])).expect("JSON");
    assert_eq!((&json["format"], json["cells"].as_array().map(Vec::len)), (&2.into(), Some(6)));
    let junit = report(&["--format", "junit"]);
    assert!(junit.contains("<testsuites name=\"tollgate\" tests=\"6\""), "{junit}");
    let trace = ["--format", "trace", "--scenario", "part/odd", "--strategy", "bootstrap"];
    let trace: Value = serde_json::from_str(&report(&trace)).expect("JSON");
    let shown = trace["traceEvents"].as_array().expect("events");
    let is_report = |event: &&Value| event["pid"] == 2 && event["name"] == "import shop";
    assert_eq!(shown.iter().filter(is_report).count(), 1, "from its start to its end: {trace}");
}

#[test]
fn what_ours_do_in_scenarios_of_somebody_else_is_no_failure() {
    let told = report(&["--format", "junit"]);
    assert_eq!(told.matches("<failure").count(), 0, "{told}");
    assert!(told.contains("not held against anything: changed the program"), "{told}");
    let is_timed = |name: &str| {
        told.lines().filter(|line| line.contains(name)).all(|line| {
            line.contains(" time=\"") && (name == "<testcase" || line.contains(" timestamp=\"20"))
        })
    };
    assert!(["<testsuites ", "<testsuite ", "<testcase"].into_iter().all(is_timed), "{told}");
}

#[test]
fn a_readme_gets_what_stands_between_its_markers() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("README.md");
    let before = "# Mine\n<!-- tollgate: matrix -->\n<!-- /tollgate -->\nand mine\n";
    fs::write(&file, before).expect("written");
    let path = file.to_str().expect("UTF-8");
    assert_eq!(report(&["--format", "markdown", "--splice", path]), "");
    let after = fs::read_to_string(&file).expect("read");
    assert!(after.starts_with("# Mine\n<!-- tollgate: matrix -->\n<!-- written by `cargo"));
    assert!(after.ends_with("<!-- /tollgate -->\nand mine\n") && after.contains("| audit |"));
}

#[test]
fn what_cannot_be_done_is_said() {
    let refused = |arguments: &[&str]| {
        let output = output(xtask().arg("report").args(arguments));
        (code(&output), stderr(&output))
    };
    for (arguments, expected, told) in [
        (&["no-such-run"][..], 2, "`no-such-run`: there is no such run"),
        (
            &[&*RUN, "--format", "json", "--splice", "x"],
            2,
            "`--splice` is for the formats `markdown`",
        ),
        (&[&*RUN, "--format", "trace"], 2, "a trace is of one cell"),
        (&[&*RUN, "--format", "pyperf"], 4, "the run has no samples"),
        (
            &[&*RUN, "--format", "trace", "--scenario", "part/odd", "--strategy", "x"],
            4,
            "the run has no strategy `x`; there are audit, bootstrap, none",
        ),
        (&[&*RUN, "--format", "markdown", "--splice", "/no/such/file"], 5, "/no/such/file"),
    ] {
        let (code, said) = refused(arguments);
        assert_eq!(code, Some(expected), "{arguments:?}: {said}");
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
}
