//! What a hook on `__import__` tells of statements that import nothing is another meaning; what it invents is wrong.

mod support;

use std::fs;

use serde_json::Value;
use support::{output, records::records, run, scenarios, stdout, xtask};

/// Two statements for a module, of which the second imports nothing, and a search that nobody imports after.
const CACHED: &str = "\
summary: A module is asked for twice, and another is only looked for.
files:
  shop.py: total = 1
  till.py: total = 2
run: |
  import shop
  import shop
  import sys
  sys.modules['_frozen_importlib']._find_spec('till', None)
trace: |
  import shop
    find shop
    load shop
  find till
";

/// A hook that hears each statement, and tells of modules that nobody asked for: one that is there, one that is not.
const LIAR: &str = "\
import sys

CLAIMS = {'import.start'}


def install(emit):
    builtins = sys.modules['builtins']
    original = builtins.__import__

    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        emit('import.start', name)
        if name == 'shop':
            emit('import.start', 'posix')
            emit('import.start', 'invented')
            emit('import.start', 'till')
        return original(name, globals, locals, fromlist, level)

    builtins.__import__ = __import__

    def uninstall():
        builtins.__import__ = original

    return uninstall
";

/// Reports that are wrong, or mean something else: the module and the meaning.
fn extra(report: &Value, strategy: &str) -> Vec<(String, Option<String>)> {
    let cells = report["cells"].as_array().expect("cells").iter();
    let divergences = cells
        .filter(|cell| cell["strategy"] == strategy)
        .flat_map(|cell| cell["divergences"].as_array().expect("divergences"))
        .filter(|it| it["event"] == "import.start" && it["kind"] != "missing");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    divergences.map(|it| (text(&it["subject"]).expect("a name"), text(&it["meaning"]))).collect()
}

#[test]
fn what_nobody_asked_for_has_no_other_meaning() {
    let folder = scenarios(&[("cached.yaml", CACHED)]);
    let hook = folder.path().join("liar.py");
    fs::write(&hook, LIAR).expect("written");
    let hook = hook.to_str().expect("UTF-8");
    let told = run("check", folder.path(), &["--strategy", "dunder_import", "--strategy", hook]);
    let place = records(&stdout(&told));
    let place = place.parent().expect("a folder").to_str().expect("UTF-8");
    let report = stdout(&output(xtask().args(["report", place, "--format", "json"])));
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let honest = extra(&report, "dunder_import");
    assert!(honest.contains(&("shop".to_owned(), Some("request".to_owned()))), "{honest:?}");
    assert_eq!(honest.iter().find(|(_, meaning)| meaning.is_none()), None, "{honest:?}");
    let of_liar = extra(&report, "liar");
    let of = |name: &str| of_liar.iter().filter(|(module, _)| module == name).collect::<Vec<_>>();
    for invented in ["posix", "invented"] {
        let told = of(invented);
        assert_eq!(told.len(), 2, "{of_liar:?}");
        assert!(told.iter().all(|(_, meaning)| meaning.is_none()), "{of_liar:?}");
    }
    // it was looked for, and once, later than either report
    assert!(of("till").iter().filter(|(_, meaning)| meaning.is_some()).count() <= 1, "{of_liar:?}");
    assert_eq!(of("shop"), [&("shop".to_owned(), Some("request".to_owned()))]);
}

/// A cell that is looked at on its own is told of in the same words as in a run.
#[test]
fn one_cell_is_told_of_with_its_meanings() {
    let folder = scenarios(&[("part/cached.yaml", CACHED)]);
    let told = stdout(&output(xtask().args([
        "trace",
        "part/cached",
        "dunder_import",
        "--scenarios",
        folder.path().to_str().expect("UTF-8"),
    ])));
    assert!(told.contains("import_started shop for a request that needed no import"), "{told}");
    assert!(!told.contains("which did not happen"), "{told}");
}
