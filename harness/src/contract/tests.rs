use std::path::Path;

use insta::assert_snapshot;

use super::*;

const GOOD: &str = "\
summary: Two events.
link: https://example.org
events:
  importlib.importing: {marks: import, arguments: [name, end]}
  importlib.module_loaded: {marks: load.end, arguments: [name, spec], fires: on success}
";

fn said_of(text: &str) -> String {
    match parse(Path::new("contract.yaml"), text) {
        Ok(contract) => format!("{contract:#?}"),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

/// What is said of the good contract with one thing replaced.
fn said_with(old: &str, new: &str) -> String {
    assert_eq!(GOOD.matches(old).count(), 1, "{old}");
    said_of(&GOOD.replace(old, new))
}

/// What is said of the good contract with promises.
fn said_promising(promises: &str) -> String {
    said_of(&format!("{GOOD}promises:\n  {promises}\n"))
}

#[test]
fn what_is_not_promised_is_open() {
    let promises = "promises:\n  load.end: {module-lock: held, same-module: open}\n";
    let contract = parse(Path::new("contract.yaml"), &format!("{GOOD}{promises}"));
    let contract = contract.expect("a contract");
    let end = EventKind::end(Operation::Load);
    assert_eq!(contract.promise(end, Topic::ModuleLock), Some(Promise::Held));
    assert_eq!(contract.promise(end, Topic::SameModule), None);
    let open = contract.topics().into_iter().filter(|(.., promise)| promise.is_none());
    let open: Vec<_> =
        open.filter(|(kind, ..)| *kind == end).map(|(_, topic, _)| topic.word()).collect();
    assert_eq!(open, ["other-threads", "refusal-leaves", "hook-imports", "same-module"]);
}

#[test]
fn a_contract_is_read() {
    let contract = parse(Path::new("contract.yaml"), GOOD).expect("a contract");
    let [importing, loaded] = &contract.events[..] else { panic!("{contract:?}") };
    assert_eq!(importing.marks, Marks::Both(Operation::Import));
    assert_eq!(importing.fires, Fires::Always);
    assert_eq!(loaded.marks, Marks::One(EventKind::end(Operation::Load)));
    assert_eq!(loaded.fires, Fires::OnSuccess);
    assert_eq!(loaded.arguments, [Argument::Name, Argument::Spec]);
    assert_eq!(contract.import_event, ImportEvent::Unspecified);
    let end = EventKind::end(Operation::Import);
    assert_eq!(contract.event_for(end), "importlib.importing (end=True)");
}

#[test]
fn mistakes_are_explained_with_their_place() {
    let cases = [
        ("unknown key", said_with("link:", "lnik:")),
        ("two lines", said_with("Two events.", "\"two\\nlines\"")),
        ("no link", said_with("https://example.org", "the issue")),
        ("unknown edge", said_with("load.end", "load.ended")),
        ("unknown argument", said_with("spec]", "speck]")),
        ("an argument twice", said_with("spec]", "name]")),
        ("no end", said_with("[name, end]", "[name]")),
        ("an end too many", said_with("spec]", "spec, end]")),
        ("no name", said_with("[name, spec]", "[spec, name]")),
        ("no arguments", said_with("[name, spec]", "[]")),
        ("unknown condition", said_with("on success", "on sucess")),
        ("an edge twice", said_with("load.end", "import.end")),
        ("a condition at a start", said_with("load.end", "load.start")),
        (
            "success at a start",
            said_with(
                "load.end, arguments: [name, spec], fires: on success",
                "load.start, arguments: [name, success, spec]",
            ),
        ),
        ("a name with a space", said_with("importlib.module_loaded", "module loaded")),
        ("no such version", said_with("events:", "python: '<3.8'\nevents:")),
        ("bad range", said_with("events:", "python: three\nevents:")),
        ("beside", said_with("events:", "import-event: between\nevents:")),
        ("no such edge", said_promising("find.start: {module-lock: free}")),
        ("no such promise", said_promising("load.end: {modul-lock: free}")),
        ("a promise for another edge", said_promising("load.end: {child: bound}")),
        ("no such value", said_promising("load.end: {module-lock: fre}")),
        ("no event", said_of("summary: s\nlink: https://example.org\nevents: {}\n")),
        ("empty", said_of("")),
        ("a list", said_of("- a\n")),
        ("several mistakes", said_of(&GOOD.replace("load.end", "x").replace("https", "http"))),
        (
            "nothing beside",
            said_of(
                &GOOD
                    .replace("marks: import,", "marks: find,")
                    .replace("events:", "import-event: after\nevents:"),
            ),
        ),
    ];
    let told: Vec<_> = cases.iter().map(|(case, said)| format!("## {case}\n{said}")).collect();
    assert_snapshot!(told.join("\n"));
}
