//! Every command that is printed, pasted into a shell from another folder: of runs with scenarios, hooks and
//! candidates of one's own, whose paths a shell has to be told of with care.

mod support;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;
use support::{PYTHON, code, command, output, stderr, stdout, xtask};
use tempfile::TempDir;

/// A hook misses the start of `shop`, others change the traceback.
const FAILS: &str = "\
summary: A module fails.
files:
  shop.py: |
    import nowhere
run: |
  import shop
raises: ModuleNotFoundError
trace: |
  import shop !ModuleNotFoundError
    find shop
    load shop !ModuleNotFoundError
      import nowhere !ModuleNotFoundError
        find nowhere ?
";

/// No plain script shows this one: it has files in the user's site directory.
const AT_START: &str = "\
summary: A line of a .pth file runs before.
isolation:
  spawn:
    site:
      agent.pth: |
        import agent
      agent.py: \"\"
files:
  shop.py: \"\"
run: |
  import shop
trace: |
  import shop
    find shop
    load shop
";

const DEAF: &str = "CLAIMS = {'find.start'}\ndef install(emit):\n    return lambda: None\n";

const CONTRACT: &str = "\
summary: The start of an import, and of a load.
link: https://example.org
events:
  importlib.begun: {marks: import.start, arguments: [name]}
  importlib.loading: {marks: load.start, arguments: [name, spec]}
";

/// The first comes with another argument, the second does not come.
const OVERLAY: &str = "\
def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit('importlib.begun', name, 1)
    return _find_and_load(name, import_, **options)
";

/// A folder whose name a shell would not read as one word, and everything in it.
struct Place {
    _folder: TempDir,
    root: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("it's my $HOME");
        for (name, text) in [
            ("scenarios/own/fails.yaml", FAILS),
            ("scenarios/start.yaml", AT_START),
            ("hooks/my deaf.py", DEAF),
            ("candidates/mine/contract.yaml", CONTRACT),
            ("candidates/mine/bootstrap.py", OVERLAY),
        ] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("written");
        }
        Self { _folder: folder, root }
    }

    /// Gives a task, with paths that are relative to this folder.
    fn task(&self, arguments: &[&str]) -> Output {
        output(xtask().current_dir(&self.root).args(arguments))
    }
}

/// The commands in a text: a line of its own, or the rest of one, or between backticks.
fn commands(text: &str) -> BTreeSet<String> {
    let of_line = |line: &str| -> Vec<String> {
        let coded = line.split('`').skip(1).step_by(2).filter(|it| it.starts_with("cargo xtask "));
        let coded: Vec<_> = coded.map(str::to_owned).collect();
        match line.find("cargo xtask ") {
            Some(start) if coded.is_empty() => vec![line[start..].trim_end().to_owned()],
            _ => coded,
        }
    };
    text.lines().flat_map(of_line).collect()
}

/// What a page has its script fill in, filled in for each cell that has a command.
fn commands_of_page(page: &str) -> BTreeSet<String> {
    let (_, data) = page.split_once("id=\"data\">").expect("the data");
    let (data, _) = data.split_once("</script>").expect("their end");
    let data: Value = serde_json::from_str(data).expect("JSON");
    let list = |name: &str| data[name].as_array().expect("a list").clone();
    let [strategies, scenarios, interpreters] =
        ["strategies", "scenarios", "interpreters"].map(list);
    let commands = &data["commands"];
    let word = |name: &Value| {
        let name = name.as_str().expect("a name");
        commands["words"][name].as_str().unwrap_or(name).to_owned()
    };
    let mut found = BTreeSet::new();
    for (number, cell) in list("cells").iter().enumerate() {
        let Some(shown) = cell.as_u64().and_then(|it| data["shown"].get(usize::try_from(it).ok()?))
        else {
            continue;
        };
        let (cell, interpreter) = (number / interpreters.len(), number % interpreters.len());
        let (strategy, scenario) = (cell / scenarios.len(), cell % scenarios.len());
        let filled = |task: &str| {
            let text = commands[task].as_str().expect("a template");
            text.replace("{scenario}", &word(&scenarios[scenario]))
                .replace("{strategy}", &word(&strategies[strategy]))
                .replace("{python}", &word(&interpreters[interpreter][0]))
        };
        // conforms, diverges, and others
        if shown[0].as_u64() < Some(2) {
            found.insert(filled("trace"));
        }
        let bound = commands["bound"].as_array().expect("names");
        let is_bound =
            bound.contains(&strategies[strategy]) || bound.contains(&scenarios[scenario]);
        if shown[0] == 1 && !is_bound {
            found.insert(filled("repro"));
        }
    }
    found
}

/// Pastes each into a shell, in a folder that has nothing to do with them.
fn paste(commands: &BTreeSet<String>, scripts: &Path) {
    for told in commands {
        let rest = told.strip_prefix("cargo xtask ").expect("a command");
        let out = if rest.starts_with("repro ") { " --out \"$SCRIPTS\"" } else { "" };
        let line = format!("'{}' {rest}{out}", env!("CARGO_BIN_EXE_xtask"));
        let mut shell = command("/bin/sh");
        shell.args(["-c", &line]).current_dir("/").env("SCRIPTS", scripts);
        let ended = output(&mut shell);
        assert_eq!(code(&ended), Some(0), "{told}: {}{}", stdout(&ended), stderr(&ended));
        if rest.starts_with("repro ") {
            shown(told, &stdout(&ended));
            fs::remove_dir_all(scripts).expect("it was made");
        }
    }
}

/// Has the script that was written show what it is for.
fn shown(told: &str, said: &str) {
    let line = said.lines().find_map(|line| line.strip_prefix("Shown by: ")).expect("a command");
    let ended = output(command("/bin/sh").args(["-c", line]).env_remove("TOLLGATE_PYTHONS"));
    assert_eq!(code(&ended), Some(1), "{told}: {}{}", stdout(&ended), stderr(&ended));
}

fn with(commands: &BTreeSet<String>, part: &str) -> usize {
    commands.iter().filter(|it| it.contains(part)).count()
}

/// In the screen, the report, Markdown, `JUnit`, the page, and what `compare` says.
#[test]
fn what_a_run_prints_can_be_pasted() {
    let place = Place::new();
    let check = |more: &[&str]| {
        let asked = ["check", "--scenarios", "scenarios", "--python", &PYTHON, "--out", "out"];
        place.task(&[&asked, more].concat())
    };
    let hooks = ["hooks/my deaf.py", "bootstrap", "audit_native", "dunder_import_native"];
    let hooks: Vec<_> = hooks.iter().flat_map(|it| ["--strategy", it]).collect();
    let ended = check(&[&hooks[..], &["--details"]].concat());
    assert_eq!(code(&ended), Some(3), "{}", stderr(&ended));
    let run = place.root.join("out/latest").canonicalize().expect("the run");
    let report = |format: &str| {
        let ended = place.task(&["report", "out/latest", "--format", format]);
        assert_eq!(code(&ended), Some(0), "{}", stderr(&ended));
        stdout(&ended)
    };
    let xml = report("junit").replace("&apos;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    let mut all = BTreeSet::new();
    for (name, text) in [("screen", stdout(&ended)), ("JUnit", xml), ("text", report("text"))] {
        let found = commands(&text);
        assert!(
            with(&found, "my deaf.py") > 0 && with(&found, "trace start") > 0,
            "{name}: {found:?}"
        );
        all.extend(found);
    }
    all.extend(commands(&report("markdown")));
    let page = fs::read_to_string(run.join("report.html")).expect("the page");
    let found = commands_of_page(&page);
    assert!(with(&found, "repro own/fails") > 0 && with(&found, "trace start") > 0, "{found:?}");
    all.extend(found);

    // the same without the hook's mistake is what came before
    let hears = "CLAIMS = set()\ndef install(emit):\n    return lambda: None\n";
    fs::write(place.root.join("hooks/my deaf.py"), hears).expect("written");
    let before = check(&hooks);
    assert_eq!(code(&before), Some(0), "{}", stderr(&before));
    let new = run.to_str().expect("UTF-8");
    fs::write(place.root.join("hooks/my deaf.py"), DEAF).expect("written");
    let compared = stdout(&place.task(&["compare", "out/latest", new]));
    let found = commands(&compared);
    assert!(with(&found, "repro own/fails") > 0, "{compared}");
    all.extend(found);
    paste(&all, &place.root.join("script"));
}

/// In the report and on the page: with a plain script where one shows it.
#[test]
fn what_an_evaluation_prints_can_be_pasted() {
    let place = Place::new();
    let asked = ["evaluate", "./candidates/mine", "--scenarios", "scenarios", "--python", &PYTHON];
    let ended = place.task(&[&asked[..], &["--out", "out"]].concat());
    assert_eq!(code(&ended), Some(3), "{}", stderr(&ended));
    let found = commands(&stdout(&ended));
    assert!(with(&found, "trace own/fails --candidate ") > 0, "{found:?}");
    assert!(with(&found, "repro own/fails --candidate ") > 0, "{found:?}");
    let page = fs::read_to_string(place.root.join("out/latest/report.html")).expect("the page");
    let record = fs::read_to_string(place.root.join("out/latest/evaluation.json"));
    let record: Value = serde_json::from_str(&record.expect("the record")).expect("JSON");
    let again = record["command"].as_str().expect("a command").to_owned();
    assert!(again.contains("/candidates/mine") && !again.contains(" ./"), "{again}");
    let page = page.replace("&#x2f;", "/");
    assert!(page.contains("repro own/fails --candidate "), "the page has them too");
    paste(&found, &place.root.join("script"));
    let last = stderr(&ended).lines().last().unwrap_or_default().to_owned();
    assert_eq!(last, "exit code 3: not every contract is kept");
}

/// An interpreter that is said to have been built with the candidate, and raises none of its events.
#[test]
fn what_an_evaluation_of_a_build_prints_can_be_pasted() {
    let place = Place::new();
    let asked = ["evaluate", "./candidates/mine", "--scenarios", "scenarios", "--out", "out"];
    let ended = place.task(&[&asked[..], &["--base", &PYTHON, "--python", &PYTHON]].concat());
    assert_eq!(code(&ended), Some(3), "{}", stderr(&ended));
    let found = commands(&stdout(&ended));
    assert!(with(&found, " --built ") == found.len() && with(&found, "repro ") > 0, "{found:?}");
    paste(&found, &place.root.join("script"));
}

/// Both forms, of every task about one cell.
#[test]
fn a_strategy_is_named_with_its_flag_and_without() {
    let place = Place::new();
    let own = "hooks/my deaf.py";
    for task in ["trace", "repro", "shrink"] {
        let cell = [task, "own/fails", "--scenarios", "scenarios", "--python", &PYTHON];
        let mut told = BTreeSet::new();
        for who in [&[own][..], &["--strategy", own]] {
            let ended = place.task(&[&cell[..], who].concat());
            assert_eq!(code(&ended), Some(0), "{task}: {}", stderr(&ended));
            told.insert(stdout(&ended));
        }
        assert_eq!(told.len(), 1, "{task}: {told:?}");
        let ended = place.task(&[&cell[..], &["--candidate", "./candidates/mine"]].concat());
        assert_eq!(code(&ended), Some(0), "{task}: {}", stderr(&ended));
        let twice = place.task(&[&cell[..], &[own, "--strategy", own]].concat());
        assert_eq!(code(&twice), Some(2), "{task}: {}", stdout(&twice));
    }
}

/// The command that an error prints.
#[test]
fn what_an_error_advises_can_be_pasted() {
    let place = Place::new();
    for number in 0..30 {
        let file = place.root.join(format!("scenarios/many-{number}.yaml"));
        fs::write(file, "summary: Nothing.\nrun: pass\ntrace: \"\"\n").expect("written");
    }
    let wrong = place.task(&["trace", "manny-3", "audit", "--scenarios", "scenarios"]);
    assert_eq!(code(&wrong), Some(4));
    let told = stderr(&wrong);
    assert!(told.contains("did you mean `many-3`?"), "{told}");
    let listed = commands(&told);
    assert_eq!(listed.len(), 1, "{told}");
    paste(&listed, &place.root);
}
