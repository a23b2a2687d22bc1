//! Hooks of other people: what their files import is not what they disturb, and what is wrong with them
//! is told before a run.

mod support;

use std::{fs, path::Path, sync::Mutex, time::Duration};

use support::{first_target, matrix, runner, without_hook};
use tollgate::{
    child::Limits,
    matrix::{Cell, Finding, run},
    scenario::{self, Scenario},
    strategy::{self, Strategy},
    verdict::{Verdict, footprint_differences},
    worker::Spawn,
};

const HOOK: &str = "CLAIMS = set()\ndef install(emit):\n    return lambda: None\n";

fn hook(folder: &Path, name: &str, source: &str) -> Strategy {
    let file = folder.join(name);
    fs::write(&file, source).expect("a file");
    strategy::read(&file).expect("a strategy")
}

fn program(name: &str, setup: &str, run: &str, trace: &str) -> Scenario {
    let indented =
        |text: &str| text.lines().map(|line| ["  ", line, "\n"].concat()).collect::<String>();
    let text = format!(
        "summary: s\nfiles: {{shop.py: ''}}\nsetup: |\n{}run: |\n{}trace: |\n{}",
        indented(setup),
        indented(run),
        indented(trace)
    );
    scenario::parse(Path::new("x.yaml"), name.parse().expect("a name"), &text).expect("a scenario")
}

fn plain(name: &str) -> Scenario {
    program(name, "pass", "import shop", "import shop\n  find shop\n  load shop")
}

/// The cells of `hook`, by scenario.
fn cells(hook: &Strategy, scenarios: Vec<Scenario>, limits: Limits) -> Vec<(String, Cell)> {
    let mut matrix = matrix(vec![first_target()], scenarios);
    matrix.strategies = vec![hook.clone()];
    let cells: Mutex<Vec<(String, Cell)>> = Mutex::default();
    run(&matrix, &runner(Spawn::new(limits)), &|finding| {
        if let Finding::Cell(_, scenario, cell) = finding {
            let told = (scenario.name.to_string(), cell.clone());
            cells.lock().expect("no sink has failed").push(told);
        }
    });
    let mut cells = cells.into_inner().expect("no sink has failed");
    cells.sort_by(|one, other| one.0.cmp(&other.0));
    cells
}

#[test]
fn what_a_file_imports_is_not_what_its_hook_disturbs() {
    let folder = tempfile::tempdir().expect("a folder");
    let imports = "import importlib.util, warnings, json\nwarnings.simplefilter('ignore')\n";
    let finder = "import sys\nclass F:\n    def find_spec(*a):\n        return None\nsys.meta_path.append(F)\n";
    let claims = "CLAIMS = {'import.start'}\ndef install(emit):\n    import sys\n    hooks = [emit]\n    \
                  sys.addaudithook(lambda e, a: e == 'import' and hooks and hooks[0]('import.start', a[0]))\n    \
                  return hooks.clear\n";
    let library =
        program("b", "pass", "import json\nimport shop", "import shop\n  find shop\n  load shop");
    for source in [imports, finder] {
        let own = hook(folder.path(), "own.py", &format!("{source}{HOOK}"));
        for (name, cell) in cells(&own, vec![plain("a"), library.clone()], Limits::default()) {
            assert_eq!(cell.verdict, Verdict::Conforms, "{name}: {source}");
        }
    }
    let own = hook(folder.path(), "own.py", &format!("{imports}{claims}"));
    for (name, cell) in cells(&own, vec![plain("a"), library], Limits::default()) {
        assert_eq!(cell.verdict, Verdict::Conforms, "{name}, with claims");
    }
}

#[test]
fn what_a_file_patches_is_told_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let patches = "import builtins\nown = builtins.__import__\n\
                   def patched(*a, **k):\n    return own(*a, **k)\nbuiltins.__import__ = patched\n";
    let own = hook(folder.path(), "own.py", &format!("{patches}{HOOK}"));
    let runner = runner(Spawn::new(Limits::default()));
    let target = first_target();
    let of = |strategy| runner.footprint(&target, strategy).expect("a footprint");
    let found = footprint_differences(&of(&without_hook()), &of(&own));
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    let told = "state after removal from nothing to builtins.__import__ is patched";
    assert!(found.iter().any(|it| it.ends_with(told)), "{found:?}");
}

#[test]
fn a_hook_that_cannot_be_put_in_place_does_not_apply() {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = "import sys\nsys.modules['json'] = None";
    let scenarios = vec![
        plain("a"),
        program("b", setup, "import shop", "import shop\n  find shop\n  load shop"),
    ];
    let inner = "CLAIMS = set()\ndef install(emit):\n    import json\n    return lambda: None\n";
    for (source, line) in [(format!("import json\n{HOOK}"), 1), (inner.to_owned(), 3)] {
        let own = hook(folder.path(), "own.py", &source);
        let cells = cells(&own, scenarios.clone(), Limits::default());
        let verdicts: Vec<_> = cells.iter().map(|(_, cell)| &cell.verdict).collect();
        let Verdict::NotApplicable(reason) = verdicts[1] else { panic!("{verdicts:?}") };
        assert!(reason.contains(&format!("own.py, line {line}: ModuleNotFoundError")), "{reason}");
        assert!(!matches!(verdicts[0], Verdict::NotApplicable(_)), "{verdicts:?}");
    }
}

#[test]
fn a_hook_that_hangs_is_not_asked_for_ever() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "import sys\nCLAIMS = set()\ndef install(emit):\n    class F:\n        \
                  def find_spec(*a):\n            while True: pass\n    sys.meta_path.insert(0, F)\n    \
                  return lambda: sys.meta_path.remove(F)\n";
    let own = hook(folder.path(), "own.py", source);
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    let limits = Limits { deadline: Duration::from_secs(2), ..Limits::default() };
    let cells = cells(&own, names.map(plain).to_vec(), limits);
    let reasons: Vec<_> = cells
        .iter()
        .map(|(_, cell)| match &cell.verdict {
            Verdict::Inconclusive(reason) => reason.as_str(),
            verdict => panic!("{verdict:?}"),
        })
        .collect();
    let not_asked = reasons.iter().filter(|it| it.starts_with("not asked: it had missed")).count();
    let in_flight = std::thread::available_parallelism().map_or(1, usize::from);
    assert!(not_asked >= names.len().saturating_sub(3 + in_flight), "{reasons:?}");
    assert!(reasons.iter().filter(|it| it.contains("deadline")).count() == names.len());
}

/// A file, the line that is told, and words of what is told.
const BROKEN: &[(&str, Option<usize>, &str)] = &[
    ("", None, "CLAIMS: expected a set"),
    ("", None, "install: expected a function install(emit)"),
    ("\nCLAIMS = ['import.start']\n", Some(2), "not a value of type list"),
    ("CLAIMS = {1}\n", Some(1), "CLAIMS: expected texts in the set, not a value of type int"),
    (
        "CLAIMS = {'import.begin'}\ndef install(emit):\n    return print\n",
        Some(1),
        "`import.begin` is no kind of event",
    ),
    ("CLAIMS = set()\nNOT_APPLICABLE = 5\n", Some(2), "NOT_APPLICABLE: expected a text"),
    ("CLAIMS = set()\nNOT_APPLICABLE = 5\ninstall = 3\n", Some(3), "install: expected a function"),
    ("OPTIONS = '-O'\n", Some(1), "OPTIONS: expected a list of options"),
    ("OPTIONS = ['-O']\n", None, "read_stderr: expected a function read_stderr(text, emit)"),
    (
        "CLAIMS = set()\nOPTIONS = ['-c', 'pass']\ndef install(emit): return print\ndef read_stderr(t, e): return t\n",
        Some(2),
        "the option `-c` says what to run",
    ),
    (
        "CLAIMS = set()\nOPTIONS = ['-X', 'utf8=7']\ndef install(emit): return print\ndef read_stderr(t, e): return t\n",
        None,
        "(started with -X utf8=7)",
    ),
    ("CLAIMS = set()\ndef install():\n    pass\n", Some(2), "can be called as install(emit)"),
    ("CLAIMS = set()\ndef install(emit):\n    return 1\n", None, "install: expected it to return"),
    ("CLAIMS = set()\ndef install(emit:\n", Some(2), "SyntaxError"),
    ("\n\nraise SystemExit\n", Some(3), "SystemExit"),
    ("__doc__ = 5\nCLAIMS = frozenset()\n", None, "install: expected a function"),
];

#[test]
fn every_promise_is_checked_before_a_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let runner = runner(Spawn::new(Limits::default()));
    let target = first_target();
    for (source, line, words) in BROKEN {
        let own = hook(folder.path(), "own.py", source);
        let problems = runner.try_out(&target, &own).expect_err("something is wrong");
        let is_told = problems.iter().any(|it| it.line == *line && it.message.contains(words));
        assert!(is_told, "{source}\nexpected: {line:?} {words}\nfound: {problems:#?}");
    }
}
