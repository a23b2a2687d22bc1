//! Every kind of bad scenario file gives a message that says where, what, and what was expected.
//!
//! The folders of `bad-scenarios` are the cases; what is said about each is the snapshot of the
//! same name. To add a case, add a folder. What cannot lie in a repository is written by its test.

use std::{fs, path::Path};

use insta::assert_snapshot;
use proptest::prelude::*;
use tollgate::scenario::{self, MAX_BYTES};

/// What is said about the scenario files of `folder`, with the folder itself as `SCENARIOS`.
fn said_about(folder: &Path) -> String {
    let errors = scenario::load(folder).expect_err("bad scenario files");
    errors.to_string().replace(&*folder.to_string_lossy(), "SCENARIOS")
}

/// What is said about a folder with this one file in it.
fn said_about_file(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(name), bytes).expect("written");
    said_about(folder.path())
}

#[test]
fn every_case_is_explained() {
    let cases = fs::read_dir("tests/bad-scenarios").expect("the cases");
    let mut folders: Vec<_> = cases.map(|case| case.expect("a case").path()).collect();
    folders.sort();
    assert!(folders.len() > 15, "only {} cases", folders.len());
    for folder in folders {
        let name = folder.file_name().and_then(|name| name.to_str()).expect("a name");
        assert_snapshot!(name, said_about(&folder));
    }
}

#[test]
fn a_folder_without_scenarios_is_no_success() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("notes.md"), "").expect("written");
    fs::write(folder.path().join(".hidden.yaml"), "").expect("written");
    assert_snapshot!(said_about(folder.path()));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_snapshot!(said_about(&folder.path().join("senarios")));
}

#[test]
fn a_file_is_no_folder() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    assert_snapshot!(said_about(file.path()));
}

#[test]
fn what_is_not_utf_8_is_pointed_at() {
    assert_snapshot!(said_about_file("x.yaml", b"summary: one\nrun: caf\xe9 = 1\ntrace: \"\"\n"));
}

#[test]
fn utf_16_is_not_utf_8() {
    let bytes: Vec<u8> = "\u{feff}run: x".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_snapshot!(said_about_file("x.yaml", bytes));
}

#[test]
fn two_byte_order_marks_are_one_too_many() {
    let text = "summary: s\nrun: r\ntrace: \"\"\n";
    assert_snapshot!(said_about_file("x.yaml", format!("\u{feff}\u{feff}{text}")));
    let name = "x".parse().expect("a name");
    scenario::parse(Path::new("x.yaml"), name, &format!("\u{feff}{text}")).expect("one is fine");
}

#[test]
fn no_line_about_a_long_file_is_long() {
    let long = "x".repeat(500_000);
    for text in [
        format!("summary: s\n\"{long}\": 1\n"),
        format!("summary: s\nexits: {long}\nrun: r\ntrace: \"\"\n"),
        format!("summary: s\nrun: r\ntrace: {long}\n"),
        format!("{long}: {long}\n"),
    ] {
        let said = said_about_file("x.yaml", text);
        let longest = said.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(longest < 1_000, "{longest}");
    }
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let limit = usize::try_from(MAX_BYTES).expect("a small number");
    assert_snapshot!(said_about_file("x.yaml", "#".repeat(limit + 1)));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, folder.path().join(name)).expect("a link");
    };
    link("/etc/passwd", "file.yaml");
    link("/etc", "folder");
    link("nowhere", "dangling.yaml");
    link("nowhere", "notes.md");
    assert_snapshot!(said_about(folder.path()));
}

proptest! {
    #[test]
    fn any_text_is_a_scenario_or_an_explained_error(text: String) {
        explains(&text);
    }

    #[test]
    fn any_mixture_of_yaml_is_a_scenario_or_an_explained_error(
        parts in prop::collection::vec(prop::sample::select(PARTS), 0..12),
    ) {
        explains(&parts.concat());
    }

    #[test]
    fn any_trace_is_read_or_pointed_at(
        header in prop::sample::select(&["|", "|-", "|2", "|+", ">", "", "\"", "'"][..]),
        trace in "([a-z! ?\"#\r\t\n]|\n  |\n    |import |find ){0,12}",
    ) {
        explains(&format!("summary: s\nrun: r\ntrace: {header}\n  {trace}\n"));
    }
}

const PARTS: &[&str] = &[
    "summary: s\n",
    "run: r\n",
    "trace: |\n",
    "trace:\n",
    "  import a\n",
    "    find a\n",
    "   x\n",
    "  \">=3.9\": |\n",
    "  \"<3.12\": &a x\n",
    "files:\n",
    "  a.py: |\n",
    "  ../a: b\n",
    "\n",
    "# c\n",
    "python: \">=3.9\"\n",
    "generate: {shape: chain, modules: 3}\n",
    "- a\n",
    "\t",
    "---\n",
    "[",
    "*a",
    "é\r\n",
    "raises: ~\n",
    "see: [a]\n",
    "\u{feff}",
];

/// Reading must not panic, and each error must name a line that the file has.
fn explains(text: &str) {
    let name = "packages/x".parse().expect("a name");
    let Err(errors) = scenario::parse(Path::new("x.yaml"), name, text) else { return };
    assert!(!errors.is_empty());
    for error in errors {
        let position = error.position.as_ref().expect("errors of the text have a position");
        assert!(position.line >= 1 && position.column >= 1, "{error}");
        let lines = text.split(['\n', '\r']).count();
        assert!(position.line <= lines, "line {} of {lines}: {error}", position.line);
    }
}
