use std::path::Path;

use tollgate_event::{EventKind, Operation, Outcome};

use super::*;
use crate::{
    contract,
    span::{Point, Trace},
    verdict::{Aspect, Behaviour, Divergence, ProgramEnd, Traces},
};

const PROPOSAL: &str = include_str!("../../candidates/proposal/contract.yaml");
const ALTERNATE: &str = include_str!("../../candidates/alternate-1/contract.yaml");
const ARGUMENTS: &str = include_str!("../../candidates/extra-arguments/contract.yaml");
const HOUSE: &str = include_str!("../../candidates/house-style/contract.yaml");
const RIVAL: &str = include_str!("../../candidates/import-module/contract.yaml");

/// What is found of what was heard, in which `|` stands for a tab and the thread is left out.
fn flaws(contract: &str, truth: &str, heard: &str) -> String {
    let contract = contract::parse(Path::new("contract.yaml"), contract).expect("ours are good");
    let truth: Trace = truth.parse().expect("a trace");
    // searches and loads go on under the lock of the module
    let locks = |line: &str| {
        let is_within = ["module_load", "loading", "find_spec"].iter().any(|it| line.contains(it));
        if is_within { "-m" } else { "--" }
    };
    let line = |line: &str| format!("1\t{}\t{}", locks(line), line.trim().replace('|', "\t"));
    let heard: Vec<_> = heard.lines().filter(|it| !it.trim().is_empty()).map(line).collect();
    let heard = read(&heard.join("\n")).expect("lines of a listener");
    let judgement = judge(&contract, &truth, (&heard, 1));
    let flaws: Vec<_> = judgement.flaws.iter().map(ToString::to_string).collect();
    flaws.join("\n")
}

const ONE: &str = "import a\n  find a\n  load a\n";
const KEPT: &str = "
    import|'a|None
    importlib.import_started|'a
    importlib.module_loading|'a|spec 1 - a
    importlib.module_loaded|'a|spec 1 = a
    importlib.import_ended|'a";

#[test]
fn what_is_promised_is_found() {
    assert_eq!(flaws(PROPOSAL, ONE, KEPT), "");
}

#[test]
fn every_way_to_break_the_contract_is_told() {
    let broken = |old: &str, new: &str| {
        assert!(KEPT.contains(old), "{old}");
        flaws(PROPOSAL, ONE, &KEPT.replace(old, new))
    };
    let end = "importlib.import_ended|'a";
    insta::assert_snapshot!(broken(end, ""), @"importlib.import_ended of a is missing");
    insta::assert_snapshot!(broken(end, "importlib.import_ended|'a\nimportlib.import_ended|'a"), @"importlib.import_ended of a comes once too often");
    insta::assert_snapshot!(broken(end, "importlib.import_ended|'b"), @r#"importlib.import_ended of a: its name is another: "b""#);
    insta::assert_snapshot!(broken(end, "importlib.import_ended|None"), @r"
    importlib.import_ended of ?: its name is no text: None
    importlib.import_ended of a is missing
    ");
    insta::assert_snapshot!(broken(end, "importlib.import_ended|'a|True"), @"importlib.import_ended has 2 arguments instead of 1");
    insta::assert_snapshot!(broken(end, "importlib.import_ended|'a\nimportlib.new|'a"), @"importlib.new is not in the contract");
    insta::assert_snapshot!(broken("spec 1 = a", "spec 2 = a"), @"importlib.module_loading of a: its spec is not the module's own: a spec of a");
    insta::assert_snapshot!(broken("spec 1 = a", "spec 2 ! a"), @"importlib.module_loaded of a: its spec is not the module's own: a spec of a");
    insta::assert_snapshot!(broken("spec 1 = a", "spec 1 ! a"), @r"
    importlib.module_loading of a: its spec is not the module's own: a spec of a
    importlib.module_loaded of a: its spec is not the module's own: a spec of a
    ");
    insta::assert_snapshot!(broken("spec 1 - a", "spec 1 - b"), @"importlib.module_loading of a: its spec is another module's: a spec of b");
    insta::assert_snapshot!(broken("spec 1 - a", "None"), @"importlib.module_loading of a: its spec is missing: None");
}

/// A load that fails leaves no module that could say whose spec it is.
#[test]
fn a_copy_of_the_spec_is_told_where_it_first_comes() {
    let truth = "import a !ValueError\n  find a\n  load a !ValueError\n";
    let heard = KEPT.replace("spec 1 = a", "spec 2 - a");
    insta::assert_snapshot!(flaws(PROPOSAL, truth, &heard), @"importlib.module_loading of a: its spec is not the same as at the end: a spec of a");
}

#[test]
fn what_is_promised_of_the_moment_is_looked_at() {
    let truth = "import p.a\n  find p.a\n  load p.a\n";
    let heard = |[started, loading, loaded, ended]: [&str; 4]| {
        let contract =
            contract::parse(Path::new("contract.yaml"), PROPOSAL).expect("ours are good");
        let lines = format!(
            "1\t{started}\timportlib.import_started\t'p.a\n\
             1\t{loading}\timportlib.module_loading\t'p.a\tspec 1 - p.a\n\
             1\t{loaded}\timportlib.module_loaded\t'p.a\tspec 1 = p.a\n\
             1\t{ended}\timportlib.import_ended\t'p.a"
        );
        let truth: Trace = truth.parse().expect("a trace");
        let judgement = judge(&contract, &truth, (&read(&lines).expect("lines of a listener"), 1));
        judgement.flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let rows = [
        (["---", "-m-", "-ml", "--b"], ""),
        (
            ["-m-", "-m-", "-ml", "--b"],
            "the lock of the module is held at importlib.import_started of p.a",
        ),
        (
            ["---", "---", "-ml", "--b"],
            "the lock of the module is not held at importlib.module_loading of p.a",
        ),
        (
            ["---", "-m-", "-ml", "--l"],
            "the child is not yet bound to its package at importlib.import_ended of p.a",
        ),
        // it is never bound, with the candidate or without
        (["---", "-m-", "-m-", "---"], ""),
        (
            ["g--", "-m-", "-ml", "--b"],
            "the import lock is held at importlib.import_started of p.a",
        ),
    ];
    for (moments, told) in rows {
        assert_eq!(heard(moments), told, "{moments:?}");
    }
}

/// A module that is imported within its own import: its thread has the lock, whoever announces it.
#[test]
fn a_lock_that_is_held_anyway_is_nobodys_fault() {
    let contract = contract::parse(Path::new("contract.yaml"), PROPOSAL).expect("ours are good");
    let truth: Trace = "import a\n  find a\n  load a\n    import a\n".parse().expect("a trace");
    let lines = "1\t--\timportlib.import_started\t'a\n1\t-m\timportlib.module_loading\t'a\tspec 1 - a\n\
                 1\t-m\timportlib.import_started\t'a\n1\t-m\timportlib.import_ended\t'a\n\
                 1\t-m\timportlib.module_loaded\t'a\tspec 1 = a\n1\t--\timportlib.import_ended\t'a";
    let judgement = judge(&contract, &truth, (&read(lines).expect("lines of a listener"), 1));
    assert_eq!(judgement.flaws, []);
}

#[test]
fn causes_come_before_what_they_explain() {
    let point = |name: &str| Point {
        kind: EventKind::start(Operation::Import),
        name: name.to_owned(),
        outcome: Outcome::Unstated,
        not_found: false,
    };
    let event = || "begun".to_owned();
    let disturbed =
        |aspect| Divergence::Disturbed { aspect, before: String::new(), after: String::new() };
    let of = |divergence| Flaw::Divergence { divergence, event: event() };
    // as they should be told
    let flaws = vec![
        of(disturbed(Aspect::End)),
        of(disturbed(Aspect::Context)),
        Flaw::ArgumentCount { event: event(), expected: 1, observed: 2 },
        of(Divergence::Missing(point("a"))),
        of(Divergence::Duplicated(point("a"))),
        Flaw::WrongSide { event: event(), name: "a".to_owned() },
        Flaw::Locked { event: event(), name: "a".to_owned() },
        of(disturbed(Aspect::Traceback)),
        of(disturbed(Aspect::Modules)),
    ];
    let ranks: Vec<_> = flaws.iter().map(Flaw::rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    // ranks that follow each other, in the opposite order
    let mut judgement =
        Judgement { flaws: flaws.iter().rev().cloned().collect(), ..Judgement::default() };
    judgement.put_causes_first();
    let sorted: Vec<_> = judgement.flaws.iter().map(Flaw::rank).collect();
    assert_eq!(sorted, ranks);
}

#[test]
fn both_edges_of_one_event_are_told_apart_by_an_argument() {
    let heard = "
        importlib.importing|'a|False
        importlib.loading|'a|spec 1 - a|False
        importlib.loading|'a|spec 1 = a|True
        importlib.importing|'a|True";
    assert_eq!(flaws(ALTERNATE, ONE, heard), "");
    let swapped = heard.replace("importing|'a|True", "importing|'a|None");
    insta::assert_snapshot!(flaws(ALTERNATE, ONE, &swapped), @r#"
    importlib.importing of a: its end is not True or False: "a"
    importlib.importing (end=True) of a is missing
    "#);
}

#[test]
fn outcomes_are_held_against_the_truth() {
    let truth = "import a !ValueError\n  find a\n  load a !ValueError\n";
    let heard = "
        importlib.import_started|'a
        importlib.module_loading|'a|spec 1 - a
        importlib.module_loaded|'a|spec 1 - a|None|False
        importlib.import_ended|'a|module 2 !|True";
    insta::assert_snapshot!(flaws(ARGUMENTS, truth, heard), @r"
    importlib.import_ended of a: its module is not what stands in sys.modules: a module
    importlib.import_ended of a: its success is not whether it ended well: True
    ");
}

#[test]
fn ends_that_speak_of_success_are_silent_on_failure() {
    let truth = "import a !ValueError\n  find a\n  load a !ValueError\nimport b\n";
    assert_eq!(flaws(RIVAL, truth, "import/module|'b|module 1 ="), "");
    let heard = "import/module|'a|None\nimport/module|'b|module 1 =";
    insta::assert_snapshot!(flaws(RIVAL, truth, heard), @"import/module of a, which did not happen");
}

#[test]
fn what_no_witness_sees_is_a_flaw_unless_the_contract_says_so() {
    let heard = "importlib.find_spec|'b\nimport/module|'a|module 1 =";
    let says =
        HOUSE.replace("marks: find.start", "marks: find.start\n    may-add: no witness sees it");
    let told = |contract: &str| flaws(contract, "import a\n", heard);
    insta::assert_snapshot!(told(HOUSE), @"importlib.find_spec of b, which did not happen");
    assert_eq!(told(&says), "");
}

#[test]
fn the_place_beside_import_is_judged_if_it_is_promised() {
    let promised = PROPOSAL.replace("events:", "import-event: after\nevents:");
    insta::assert_snapshot!(flaws(&promised, ONE, KEPT), @"importlib.import_started of a stands on the other side of `import`");
    let promised = PROPOSAL.replace("events:", "import-event: before\nevents:");
    assert_eq!(flaws(&promised, ONE, KEPT), "");
}

#[test]
fn frames_of_a_wrapper_are_no_other_traceback() {
    let behaviour = |frames: &[&str]| Behaviour {
        end: ProgramEnd::Raised {
            exception: "ValueError".to_owned(),
            message: String::new(),
            notes: String::new(),
            frames: frames.iter().map(ToString::to_string).collect(),
        },
        modules: Vec::new(),
        stdout: String::new(),
        stderr: String::new(),
        traces: Traces::default(),
    };
    let plain = ["<run>:1 <module>", "<frozen importlib._bootstrap>:9 _find_and_load"];
    let wrapped = [plain[0], "<frozen importlib._bootstrap>:3 _find_and_load", plain[1]];
    let other = [plain[0], "<frozen importlib._bootstrap>:3 announce", plain[1]];
    let settled = |frames: &[&str]| settled(&behaviour(frames));
    assert_eq!(settled(&plain), settled(&wrapped));
    assert_ne!(settled(&plain), settled(&other));
}
