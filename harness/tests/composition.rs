//! Hooks in company, on real interpreters: what becomes of each, and why.
//!
//! Only the companies of the rows are played. Each row says everything that differs from each hook alone.

mod support;

use std::{collections::BTreeMap, sync::Mutex};

use support::{layout, strategies, targets, without_hook};
use tollgate::{
    child::Limits,
    composition::{
        COPIES, Fate, Hooks, Judged, Ledger, PROGRAMS, Removal, Share, crowds, run_into, unfit,
    },
    scenario::{self, Scenario},
    strategy::{self, Strategy},
    verdict::{Divergence, Verdict},
    version::Version,
    worker::{Target, Zygotes},
};

/// The companies that are wanted, and what became of them.
struct Rows<'a> {
    wanted: &'a [(&'a str, Removal)],
    played: Mutex<Vec<(Version, Judged)>>,
}

impl Ledger for Rows<'_> {
    fn has(&self, _: &Target, _: &Scenario, company: &str, removal: Removal) -> bool {
        !self.wanted.contains(&(company, removal))
    }

    fn keep(&self, target: &Target, _: &Scenario, judged: &Judged) {
        let mut played = self.played.lock().expect("no test has failed yet");
        played.push((target.interpreter.version, judged.clone()));
    }
}

fn scenarios(name: &str) -> Vec<Scenario> {
    let mut scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    scenarios.retain(|scenario| scenario.name.to_string() == name);
    assert_eq!(scenarios.len(), 1, "{name}");
    scenarios
}

fn hooks(strategies: Vec<Strategy>) -> Hooks {
    let neighbours =
        |when| strategy::read_all(&layout().neighbours().join(when)).expect("neighbours");
    Hooks {
        strategies,
        baseline: without_hook(),
        recorder: strategy::read(&layout().recorder()).expect("a recorder"),
        earlier: neighbours("earlier"),
        later: neighbours("later"),
    }
}

fn play(
    strategies: Vec<Strategy>,
    scenario: &str,
    wanted: &[(&str, Removal)],
    targets: &[Target],
) -> Vec<(Version, Judged)> {
    let rows = Rows { wanted, played: Mutex::default() };
    let runner = support::runner(Zygotes::new(Limits::default()));
    run_into(&hooks(strategies), &scenarios(scenario), (&runner, targets), &rows);
    rows.played.into_inner().expect("no test has failed yet")
}

/// All that differs from each hook alone: `2nd loses all left`, `1st speaks when gone`, `program: end`.
fn told(judged: &Judged) -> String {
    assert!(!matches!(judged.verdict, Verdict::Inconclusive(_)), "{judged:?}");
    let mut told: Vec<_> = judged.fates.iter().flat_map(fate).collect();
    told.extend(judged.program.iter().map(|change| match change {
        Divergence::Disturbed { aspect, .. } => format!("program: {aspect}"),
        other => panic!("{other}"),
    }));
    let conforms = judged.verdict == Verdict::Conforms;
    assert_eq!(conforms, told.is_empty(), "{judged:?}");
    told.join("; ")
}

fn fate(fate: &Fate) -> Vec<String> {
    let who = if fate.position == 0 { "1st" } else { "2nd" };
    let mut told = Vec::new();
    told.extend(fate.refused.iter().map(|(step, _)| format!("{who} cannot {step}")));
    for (share, when) in [(&fate.together, ""), (&fate.left, " left")] {
        told.extend(deeds(share).into_iter().map(|deed| format!("{who} {deed}{when}")));
    }
    if !fate.afterwards.is_empty() {
        told.push(format!("{who} speaks when gone"));
    }
    told
}

fn deeds(share: &Share) -> Vec<String> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for divergence in &share.divergences {
        *counts.entry(divergence.word()).or_default() += 1;
    }
    let deed = |(word, count): (&str, usize)| match word {
        "missing" if count == share.due => "loses all".to_owned(),
        "missing" => "loses some".to_owned(),
        "duplicated" if count == share.due => "doubles all".to_owned(),
        word => format!("has {word}"),
    };
    counts.into_iter().map(deed).collect()
}

use Removal::{FirstFirst, LastFirst};

/// Company, order of removal, and what becomes of it in `packages/nested`.
const ROWS: &[(&str, Removal, &str)] = &[
    // each saves what it finds, so the order of removal is all
    ("bootstrap, bootstrap", LastFirst, ""),
    (
        "bootstrap, bootstrap",
        FirstFirst,
        "1st speaks when gone; 2nd loses all left; program: state after removal",
    ),
    // to the one the functions are names, to the other objects
    ("bootstrap, proposal", FirstFirst, ""),
    ("proposal, bootstrap", FirstFirst, ""),
    (
        "proposal, proposal",
        FirstFirst,
        "1st doubles all; 2nd doubles all; 2nd loses all left; program: state after removal",
    ),
    // events of `sys.audit` are raised by both overlays and heard by both hooks
    ("proposal, proposal", LastFirst, "1st doubles all; 2nd doubles all"),
    // it goes only if it is on top
    ("dunder_import, dunder_import", LastFirst, ""),
    (
        "dunder_import, dunder_import",
        FirstFirst,
        "1st speaks when gone; program: state after removal",
    ),
    (
        "dunder_import, traceback_walk",
        FirstFirst,
        "1st speaks when gone; program: state after removal",
    ),
    // there is one profile function
    ("setprofile, setprofile", LastFirst, "1st loses all"),
    (
        "setprofile, setprofile",
        FirstFirst,
        "1st loses all; 1st speaks when gone; 2nd loses all left; program: state after removal",
    ),
    // it watches the code that it finds, and that goes
    ("bootstrap, setprofile", FirstFirst, "2nd loses some left"),
    ("setprofile, bootstrap", FirstFirst, ""),
    // finders that watch live with each other
    ("meta_path, meta_path", FirstFirst, ""),
    ("meta_path, loader_wrap", FirstFirst, ""),
    ("loader_wrap, loader_wrap", FirstFirst, ""),
    ("audit, audit", FirstFirst, ""),
    ("audit, audit_native", LastFirst, ""),
    // neighbours
    ("meta_path, finder_in_front", LastFirst, "1st loses all"),
    ("loader_wrap, finder_in_front", LastFirst, "1st loses all"),
    ("bootstrap, finder_in_front", LastFirst, ""),
    ("meta_path, rebinds_meta_path", LastFirst, ""),
    (
        "meta_path, rebinds_meta_path",
        FirstFirst,
        "1st speaks when gone; program: state after removal",
    ),
    (
        "dunder_import, replaces_import",
        FirstFirst,
        "1st speaks when gone; program: state after removal",
    ),
    ("refuses_audit_hooks, audit", LastFirst, "2nd loses all"),
    ("refuses_audit_hooks, proposal", LastFirst, "2nd loses all"),
    ("refuses_audit_hooks, bootstrap", LastFirst, ""),
    // what fails because of the neighbour is no event that was lost
    ("bootstrap, raises", LastFirst, ""),
    ("meta_path, raises", LastFirst, "1st loses some"),
    ("bootstrap, imports", LastFirst, ""),
    ("bootstrap, imports_the_module", LastFirst, ""),
    // crowds
    ("bootstrap \u{d7}40", LastFirst, ""),
    ("audit \u{d7}40", LastFirst, ""),
    ("audit_native \u{d7}40", LastFirst, ""),
    // alone
    ("bootstrap", LastFirst, ""),
    ("loader_wrap", LastFirst, ""),
];

#[test]
fn every_company_fares_as_its_hooks_are_made() {
    check(strategies(), ROWS, &targets());
}

fn check(strategies: Vec<Strategy>, rows: &[(&str, Removal, &str)], targets: &[Target]) {
    let wanted: Vec<_> = rows.iter().map(|(company, removal, _)| (*company, *removal)).collect();
    let played = play(strategies, "packages/nested", &wanted, targets);
    assert_eq!(played.len(), rows.len() * targets.len(), "every row is a company");
    let mut wrong = Vec::new();
    for (version, judged) in &played {
        let row = rows.iter().find(|row| row.0 == judged.company && row.1 == judged.removal);
        let (_, _, expected) = row.expect("only rows are played");
        let told = told(judged);
        if told != *expected {
            let (company, removal) = (&judged.company, judged.removal);
            wrong.push(format!("{company} ({removal}) on {version}: {told}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tools_of_the_same_number_cannot_both_be_installed() {
    let mut targets = targets();
    targets.retain(|target| target.interpreter.version >= Version::new(3, 12, 0));
    let wanted = [("monitoring, monitoring", FirstFirst)];
    let played = play(strategies(), "packages/nested", &wanted, &targets);
    assert_eq!(played.len(), targets.len());
    for (_, judged) in played {
        assert_eq!(told(&judged), "2nd cannot install");
        let reason = &judged.fates[1].refused[0].1;
        assert!(reason.contains("tool 2 is already in use"), "{reason}");
    }
}

#[test]
fn what_nobody_asks_loses_nothing() {
    let mut targets = targets();
    targets.retain(|target| target.interpreter.version >= Version::new(3, 12, 0));
    let rows = [
        ("legacy_finder, finder_in_front", LastFirst, ""),
        ("legacy_finder, imports", LastFirst, ""),
        ("legacy_finder, imports_the_module", LastFirst, ""),
    ];
    check(strategies(), &rows, &targets);
}

#[test]
fn what_a_neighbour_adds_is_reported_rightly() {
    let wanted = [("sys_modules_diff, imports", LastFirst)];
    let target = support::first_target();
    // alone there is nothing to report: every load fails
    let played = play(strategies(), "failures/cascade", &wanted, &[target]);
    assert_eq!(told(&played[0].1), "");
}

#[test]
fn what_cannot_take_part_says_why() {
    let wanted = [("importtime", LastFirst)];
    let target = support::first_target();
    let played = play(strategies(), "packages/nested", &wanted, &[target]);
    assert_eq!(played.len(), 1);
    let Verdict::NotApplicable(reason) = &played[0].1.verdict else { panic!("{played:?}") };
    assert_eq!(reason, "it needs an interpreter that is started with -X importtime");
}

#[test]
fn a_careless_strategy_is_found_out_alone_and_in_company() {
    let careless = |name: &str| {
        let file = support::folder("careless-strategies").join(name);
        strategy::read(&file).expect("a strategy")
    };
    let own = ["stays.py", "still_reports.py", "restores_blindly.py"].map(careless).to_vec();
    let all = own.into_iter().chain(strategies()).collect();
    let rows = [
        ("stays", LastFirst, "program: state after removal"),
        ("still_reports", LastFirst, "1st speaks when gone"),
        ("restores_blindly", LastFirst, ""),
        ("restores_blindly, dunder_import", LastFirst, ""),
        ("restores_blindly, dunder_import", FirstFirst, "2nd loses all left"),
        (
            "dunder_import, restores_blindly",
            FirstFirst,
            "1st speaks when gone; program: state after removal",
        ),
        // what it does alone too is nobody else's fault
        ("still_reports, audit", FirstFirst, ""),
    ];
    check(all, &rows, &[support::first_target()]);
}

#[test]
fn the_programs_are_scenarios_that_companies_can_watch() {
    for name in PROGRAMS {
        assert_eq!(unfit(&scenarios(name)[0]), None, "{name}");
    }
    let scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    let unfit: Vec<_> = scenarios.iter().filter_map(unfit).collect();
    assert!(unfit.contains(&"it is run by `-m`, once a process"));
    assert!(unfit.contains(&"it needs an interpreter that starts in a way of its own"));
}

#[test]
fn forty_copies_are_timed_as_one_strategy() {
    let runner = support::runner(Zygotes::new(Limits::default()));
    let target = support::first_target();
    let crowds = crowds(&runner, &target, &strategies(), COPIES).expect("copies of the probe");
    let names: Vec<_> = crowds.iter().map(|crowd| crowd.name.to_string()).collect();
    assert!(names.contains(&"audit \u{d7}40".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("none") || name.starts_with("importtime")));
    for crowd in crowds.iter().filter(|crowd| !crowd.name.as_str().starts_with("monitoring")) {
        runner.try_out(&target, crowd).unwrap_or_else(|error| panic!("{}: {error:?}", crowd.name));
    }
}
