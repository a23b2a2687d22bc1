//! `cargo xtask bless` end to end, on one interpreter and scenarios that are for its version only.

mod support;

use std::fs;

use support::{PYTHON, code, output, run, scenarios, stderr, stdout, xtask};

/// The range of versions that holds the interpreter of the tests and no other minor version.
fn only_its_version() -> String {
    let listed = stdout(&output(xtask().args(["list", "interpreters", "--python", &PYTHON])));
    let mut parts = listed.split('.');
    let minor = (parts.next(), parts.next()).1.expect("a version").to_owned();
    format!("python: \"==3.{minor}.*\"\n")
}

const WRONG: &str = "\
# keep this
summary: A module is imported.   # and this
files:
  shop.py: \"\"
run: |
  import shop
trace: |
  import shop
    load shop !ValueError

# and this
see: [x]
";

const RIGHT: &str = "  import shop\n    find shop\n    load shop\n";

/// A program that does more where nobody watches from inside importlib.
const TWO_FACED: &str = "\
summary: The recorder cannot see what the modules say.
files:
  shop.py: \"\"
run: |
  import sys
  if \"original\" not in sys.modules[\"_frozen_importlib\"]._load_unlocked.__code__.co_varnames:
      import shop
trace: \"\"
";

#[test]
fn a_wrong_trace_is_shown_and_then_written() {
    let before = only_its_version() + WRONG;
    let folder = scenarios(&[("shop/open.yaml", before.as_str())]);
    let file = folder.path().join("shop/open.yaml");
    let after = before.replace("  import shop\n    load shop !ValueError\n", RIGHT);

    let checked = run("bless", folder.path(), &["--check"]);
    assert_eq!(code(&checked), Some(1), "{}", stderr(&checked));
    assert_eq!(fs::read_to_string(&file).expect("there"), before);

    let blessed = run("bless", folder.path(), &["shop/*"]);
    assert_eq!(code(&blessed), Some(0), "{}", stderr(&blessed));
    assert_eq!(fs::read_to_string(&file).expect("there"), after);
    let (checked, blessed) = (stdout(&checked), stdout(&blessed));
    let traces = |told: &str| told.split("exit code ").next().unwrap_or_default().to_owned();
    assert_eq!(traces(&checked.replace("would be written", "written")), traces(&blessed));
    for line in ["-    load shop !ValueError", "+    find shop", "+    load shop"] {
        assert!(blessed.lines().any(|it| it == line), "{blessed}");
    }
    assert!(
        blessed.contains("Traces: 0 hold, 1 written, 0 refused.\nexit code 0: traces were written"),
        "{blessed}"
    );

    let again = run("bless", folder.path(), &[]);
    let holds = "Traces: 1 hold, 0 written, 0 refused.\nexit code 0: every trace holds\n";
    assert_eq!(stdout(&again), holds);
    assert_eq!(code(&again), Some(0));
}

#[test]
fn what_is_not_sure_is_refused_with_a_reason() {
    let range = only_its_version();
    let disputed = format!("{range}{TWO_FACED}");
    let unlike = format!("{range}{WRONG}raises: KeyError\n");
    for (text, told) in [
        (disputed.as_str(), "the recorder and the modules disagree on which bodies ran"),
        (&unlike, "the scenario stands alone against the program on how the program ends"),
        (WRONG, "no interpreter there shows it"),
    ] {
        let folder = scenarios(&[("shop.yaml", text)]);
        let refused = run("bless", folder.path(), &[]);
        assert_eq!(code(&refused), Some(1), "{told}");
        assert!(stderr(&refused).contains(told), "{told}: {}", stderr(&refused));
        let last = "Traces: 0 hold, 0 written, 1 refused.\nexit code 1: the witnesses do not agree on every trace\n";
        assert_eq!(stdout(&refused), last);
        let file = folder.path().join("shop.yaml");
        assert_eq!(fs::read_to_string(file).expect("there"), text);
    }
}

#[test]
fn a_pattern_that_fits_nothing_is_an_error() {
    let folder = scenarios(&[("shop.yaml", WRONG)]);
    assert_eq!(code(&run("bless", folder.path(), &["market/*"])), Some(4));
}
