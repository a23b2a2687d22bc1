use std::path::Path;

use super::*;
use crate::{
    contract,
    span::Trace,
    verdict::{Behaviour, ProgramEnd, Traces},
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
    let line = |line: &str| format!("1\t--\t{}", line.trim().replace('|', "\t"));
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
    insta::assert_snapshot!(broken(end, "importlib.import_ended|'b"), @r"
    importlib.import_ended of a is missing
    importlib.import_ended of b, which did not happen
    ");
    insta::assert_snapshot!(broken(end, "importlib.import_ended|None"), @r"
    importlib.import_ended of ?: its name is no text: None
    importlib.import_ended of a is missing
    ");
    insta::assert_snapshot!(broken(end, "importlib.import_ended|'a|True"), @"importlib.import_ended has 2 arguments instead of 1");
    insta::assert_snapshot!(broken(end, "importlib.import_ended|'a\nimportlib.new|'a"), @"importlib.new is not in the contract");
    insta::assert_snapshot!(broken("spec 1 = a", "spec 2 = a"), @"importlib.module_loaded of a: its spec is not the same as at the start: a spec of a");
    insta::assert_snapshot!(broken("spec 1 = a", "spec 1 ! a"), @"importlib.module_loaded of a: its spec is not the module's own: a spec of a");
    insta::assert_snapshot!(broken("spec 1 - a", "spec 1 - b"), @"importlib.module_loading of a: its spec is another module's: a spec of b");
    insta::assert_snapshot!(broken("spec 1 - a", "None"), @"importlib.module_loading of a: its spec is missing: None");
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
