//! Scripts that show a failure without Tollgate, and scenarios made smaller.

mod support;

use std::path::Path;

use support::{PYTHON, code, command, output, scenarios, stderr, stdout, xtask};

/// `audit` hears nothing of a module that `import_module` imports on most versions, and `bootstrap`
/// adds frames to tracebacks on all.
const FAILS: &str = "\
summary: A module fails, among others that do not matter.
files:
  shop.py: |
    import till
    import cart
  till.py: \"\"
  cart.py: |
    x = 1
    if x:
        import nowhere
  unused.py: |
    import till
run: |
  a = 1
  import shop
raises: ModuleNotFoundError
trace: |
  import shop !ModuleNotFoundError
    find shop
    load shop !ModuleNotFoundError
      import till
        find till
        load till
      import cart !ModuleNotFoundError
        find cart
        load cart !ModuleNotFoundError
          import nowhere !ModuleNotFoundError
            find nowhere ?
";

fn place(folder: &Path) -> [&str; 4] {
    ["--scenarios", folder.to_str().expect("UTF-8"), "--python", &PYTHON]
}

#[test]
fn a_failure_is_shown_without_tollgate() {
    let folder = scenarios(&[("fails.yaml", FAILS)]);
    let out = folder.path().join("repro");
    let arguments = ["repro", "fails", "bootstrap", "--out", out.to_str().expect("UTF-8")];
    let written = output(xtask().args(arguments).args(place(folder.path())));
    assert_eq!(code(&written), Some(0), "{}", stderr(&written));
    let told = stdout(&written);
    let shown_by =
        told.lines().find_map(|line| line.strip_prefix("Shown by: ")).expect("a command");
    let (python, script) = shown_by.split_once(' ').expect("two words");
    let shown = output(command(python).arg(script).env_remove("TOLLGATE_PYTHONS"));
    assert_eq!(code(&shown), Some(1), "{}{}", stdout(&shown), stderr(&shown));
    assert!(
        stdout(&shown).contains("\nshown: bootstrap changed the program's traceback from "),
        "{}",
        stdout(&shown)
    );
    assert!(!stdout(&shown).contains("NOT shown"), "{}", stdout(&shown));

    // again, over the earlier one, but not over anything else
    let again = output(xtask().args(arguments).args(place(folder.path())));
    assert_eq!(code(&again), Some(0), "{}", stderr(&again));
    let over = ["repro", "fails", "bootstrap", "--out", folder.path().to_str().expect("UTF-8")];
    let refused = output(xtask().args(over).args(place(folder.path())));
    assert_eq!(code(&refused), Some(2), "{}", stderr(&refused));
}

#[test]
fn events_that_a_hook_misses_are_shown() {
    let folder = scenarios(&[("fails.yaml", FAILS)]);
    let deaf = folder.path().join("deaf.py");
    let text = "CLAIMS = {'find.start'}\ndef install(emit):\n    return lambda: None\n";
    std::fs::write(&deaf, text).expect("a file");
    let out = folder.path().join("repro");
    let (deaf, out) = (deaf.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
    let written =
        output(xtask().args(["repro", "fails", deaf, "--out", out]).args(place(folder.path())));
    assert_eq!(code(&written), Some(0), "{}", stderr(&written));
    let shown = output(command(&PYTHON).arg(format!("{out}/repro.py")));
    assert_eq!(code(&shown), Some(1), "{}{}", stdout(&shown), stderr(&shown));
    let told = stdout(&shown);
    assert_eq!(told.matches("\nshown: deaf missed search_started ").count(), 4, "{told}");
    assert!(told.contains("\n  -find.start cart"), "{told}");
}

#[test]
fn what_cannot_be_shown_is_refused_with_the_reason() {
    let folder = scenarios(&[("fails.yaml", FAILS)]);
    for (strategy, expected, part) in [
        ("audit_native", 2, "native code of Tollgate's probe"),
        ("importtime", 2, "needs an interpreter that is started with options"),
        ("none", 4, "none gets nothing wrong in fails on "),
        ("nowhere", 4, "there is no strategy `nowhere`"),
    ] {
        let output = output(xtask().args(["repro", "fails", strategy]).args(place(folder.path())));
        assert_eq!((code(&output), stdout(&output)), (Some(expected), String::new()), "{strategy}");
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}

#[test]
fn a_scenario_is_made_smaller_while_the_divergence_stays() {
    let folder = scenarios(&[("fails.yaml", FAILS)]);
    let small = folder.path().join("small.yaml");
    let arguments = ["shrink", "fails", "--strategy", "bootstrap", "--divergence", "traceback"];
    let shrunk = output(
        xtask()
            .args(arguments)
            .args(["--out", small.to_str().expect("UTF-8")])
            .args(place(folder.path())),
    );
    assert_eq!(code(&shrunk), Some(0), "{}", stderr(&shrunk));
    assert!(stderr(&shrunk).contains("from 4 files and 8 lines to "), "{}", stderr(&shrunk));
    let text = std::fs::read_to_string(&small).expect("a scenario");
    let program = text.split_once("summary: ").expect("a summary").1;
    // the version is this machine's
    let lines = program.lines().filter(|line| !line.starts_with("python: "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    // it holds, and shows the same
    let checked = output(
        xtask()
            .args(["check", "--scenario", "small", "--strategy", "bootstrap", "--details"])
            .args(place(folder.path())),
    );
    assert_eq!(code(&checked), Some(0), "{}", stdout(&checked));
    assert!(stdout(&checked).contains("changed the program's traceback"), "{}", stdout(&checked));
}
