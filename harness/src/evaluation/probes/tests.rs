//! What probes print, held against contracts.

use std::path::Path;

use tollgate_event::{Edge, EventKind, Operation};

use super::{judged::*, *};
use crate::contract::{self, Contract};

const PROPOSAL: &str = include_str!("../../../candidates/proposal/contract.yaml");
const HOUSE: &str = include_str!("../../../candidates/house-style/contract.yaml");

fn contract(text: &str) -> Contract {
    contract::parse(Path::new("contract.yaml"), text).expect("ours are good")
}

fn expected(contract: &Contract, probe: Probe, edge: &str, fact: &str) -> Option<String> {
    let all = expectations(contract, probe, edge.parse().ok());
    all.into_iter().find(|it| it.fact == fact).expect("the fact").value
}

#[test]
fn what_is_expected_follows_from_the_contract() {
    let (proposal, house) = (contract(PROPOSAL), contract(HOUSE));
    let open = contract(PROPOSAL.split("promises:").next().expect("a part"));
    let rows = [
        (&proposal, Probe::Refusal, "import.start", "left", Some("nothing")),
        (&proposal, Probe::Refusal, "load.start", "left", Some("shop")),
        (&proposal, Probe::Refusal, "load.end", "left", Some("shop, shop.cart")),
        (&proposal, Probe::Refusal, "load.end", "bound again", Some("False")),
        (&proposal, Probe::Refusal, "import.end", "bound", Some("True")),
        (&open, Probe::Refusal, "import.end", "bound", None),
        (&open, Probe::Refusal, "import.end", "raised", Some("PermissionError")),
        (&proposal, Probe::Thread, "load.start", "waited", Some("for ever")),
        (&proposal, Probe::Thread, "load.end", "waited", Some("not long")),
        (&proposal, Probe::Same, "load.start", "bodies", None),
        (&proposal, Probe::Same, "load.end", "bodies", Some("1")),
        (&proposal, Probe::Failing, "load.end", "context", Some("ValueError")),
        (
            &proposal,
            Probe::Reentrant,
            "load.end",
            "heard",
            Some("import.start helper, load.start helper, load.end helper, import.end helper"),
        ),
        (
            &proposal,
            Probe::Nested,
            "import.end",
            "heard",
            Some(
                "import.start shop.broken, load.start shop.broken, load.end shop.broken, import.end \
                 shop.broken, import.start helper, load.start helper, load.end helper, import.end helper",
            ),
        ),
        (
            &house,
            Probe::Midway,
            "",
            "heard",
            Some(
                "find.start shop.cart, find.end shop.cart, load.start shop.cart, load.end \
                 shop.cart, import.end shop.cart, load.end shop.installs, import.end shop.installs",
            ),
        ),
        (&proposal, Probe::Subinterpreter, "", "heard outside", Some("nothing")),
    ];
    for (contract, probe, edge, fact, value) in rows {
        assert_eq!(
            expected(contract, probe, edge, fact).as_deref(),
            value,
            "{probe:?} {edge} {fact}"
        );
    }
}

/// A fact that is printed and not held against anything could not show anything.
#[test]
fn every_fact_that_a_program_prints_is_looked_at() {
    let proposal = contract(PROPOSAL);
    for probe in Probe::ALL {
        let printed = probe.source().lines().filter_map(|line| {
            Some(line.trim().strip_prefix("print(\"")?.split_once(':')?.0.to_owned())
        });
        let mut printed: Vec<_> = printed.collect();
        let edge = Some(EventKind { operation: Operation::Load, edge: Edge::End });
        let mut known: Vec<_> =
            expectations(&proposal, probe, edge).into_iter().map(|it| it.fact.to_owned()).collect();
        printed.sort();
        known.sort();
        assert_eq!(printed, known, "{probe:?}");
    }
}

#[test]
fn what_is_not_as_it_should_be_is_told() {
    let proposal = contract(PROPOSAL);
    let answer = |probe, edge: &str, facts: &[(&str, &str)]| Answer {
        entrant: 0,
        python: "3.13".to_owned(),
        probe,
        edge: edge.parse().ok(),
        facts: Ok(facts.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect()),
    };
    let told = |answer: Answer| {
        let flaws: Vec<_> = answer.flaws(&proposal).iter().map(ToString::to_string).collect();
        flaws.join("\n")
    };
    let same = [("outer", "ok"), ("inner", "ok"), ("bodies", "2")];
    assert_eq!(told(answer(Probe::Same, "load.start", &same)), "");
    insta::assert_snapshot!(told(answer(Probe::Same, "load.end", &same)), @"a hook imports the same module at importlib.module_loaded, and the body has run so many times: 2 instead of 1");
    insta::assert_snapshot!(told(answer(Probe::Thread, "load.end", &[("outer", "ok")])), @"a hook waits for a thread that imports the same module at importlib.module_loaded, and another thread's import of the module waits: not told instead of not long");
    let failing = [("raised", "ok"), ("context", "ok"), ("left", "shop"), ("locked", "nothing")];
    insta::assert_snapshot!(told(answer(Probe::Failing, "load.end", &failing)), @r"
    a hook raises PermissionError at load.end, and the import ends: ok
    a hook raises at importlib.module_loaded, and its context is: ok instead of ValueError
    ");
    let hangs = Unanswered::Ended("it hangs".to_owned());
    let hangs = Answer { facts: Err(hangs), ..answer(Probe::Midway, "", &[]) };
    insta::assert_snapshot!(told(hangs), @"the program does not come to its end: a hook that the body of `shop.installs` adds before it imports `shop.cart`: it hangs");
}
