//! The gate, on records with something planted in them and on records with nothing.

use super::*;
use crate::{
    measure::{self, Margin, simulation::Machine},
    record::{self, CellRecord, DivergenceRecord, OverheadRecord, Record, VerdictWord, fixtures},
};

const BOTH: FailOn = FailOn { behaviour: true, cost: true };

/// A machine that others use too, as in `measure`'s own tests.
const BUSY: Machine =
    Machine { delay: 0.03, spikes: 0.05, drift: 0.1, offset: 0.2, layout: 0.002, ..Machine::CALM };
const WORKLOADS: [&str; 3] = ["cold-100", "chain-50", "cached"];
const STRATEGIES: [(&str, f64); 5] = [
    ("none", 1.0),
    ("audit", 1.04),
    ("bootstrap", 1.03),
    ("dunder_import", 4.5),
    ("meta_path", 1.02),
];

fn side(records: impl IntoIterator<Item = Record>) -> Side {
    let machine = Some(fixtures::machine());
    let side = Side { run: "20261121T120000Z".to_owned(), machine, ..Side::default() };
    side.with(records.into_iter().map(Ok::<_, ()>)).expect("no record is bad")
}

/// The costs of a run in which `planted` takes 5 % more than it did.
fn costs(seed: u64, planted: Option<&str>) -> Vec<Record> {
    let factor = |name: &str| if planted == Some(name) { 1.05 } else { 1.0 };
    let arms: Vec<_> = STRATEGIES.iter().map(|(name, cost)| cost * factor(name)).collect();
    let arms = [&[1.0], &arms[..]].concat();
    let mut records = Vec::new();
    for (number, workload) in WORKLOADS.into_iter().enumerate() {
        let launches = BUSY.start(seed * 100 + number as u64).launches(20, 18, &arms);
        for (arm, (strategy, _)) in STRATEGIES.iter().enumerate() {
            let estimate = measure::compare(&launches, 0, arm + 1, Margin::default());
            let estimate = estimate.expect("all samples are valid");
            let ratios = launches.iter().map(|launch| measure::ratio(launch, 0, arm + 1));
            let Record::Overhead(like) = fixtures::cost(workload, strategy) else { unreachable!() };
            records.push(Record::Overhead(OverheadRecord {
                ratio: Some(estimate.ratio),
                interval: Some([estimate.low, estimate.high]),
                ratios: ratios.collect(),
                ..like
            }));
        }
    }
    records
}

fn cells() -> Vec<Record> {
    vec![
        fixtures::truth("a"),
        fixtures::cell_that_missed("a", &["shop", "till"]),
        fixtures::truth("b"),
        fixtures::cell_that_missed("b", &[]),
    ]
}

fn outcome(old: Vec<Record>, new: Vec<Record>, fail_on: FailOn) -> Outcome {
    compare(&side(old), &side(new), Rules::default()).outcome(fail_on)
}

#[test]
fn runs_of_the_same_are_clean_twenty_times_of_twenty() {
    for seed in 0..20 {
        let [old, new] = [2 * seed, 2 * seed + 1].map(|seed| [cells(), costs(seed, None)].concat());
        assert_eq!(outcome(old, new, BOTH), Outcome::Clean, "seed {seed}");
    }
}

#[test]
fn five_per_cent_are_found_twenty_times_of_twenty() {
    for seed in 0..20 {
        let (old, new) = (costs(2 * seed, None), costs(2 * seed + 1, Some("bootstrap")));
        let comparison = compare(&side(old), &side(new), Rules::default());
        let slower: Vec<_> = comparison
            .costs
            .iter()
            .filter(|it| it.verdict == CostVerdict::Slower)
            .map(|it| it.strategy.as_str())
            .collect();
        assert_eq!(slower, ["bootstrap"; 3], "seed {seed}");
        let cost = FailOn { cost: true, ..FailOn::default() };
        assert_eq!(comparison.outcome(cost), Outcome::Slower);
        assert_eq!(comparison.outcome(FailOn::default()), Outcome::Clean, "nobody asked");
    }
}

/// What becomes of the cells if one of them is changed.
fn changed(change: impl Fn(&mut CellRecord)) -> Comparison {
    let mut new = cells();
    let Record::Cell(cell) = &mut new[1] else { unreachable!("it is a cell") };
    change(cell);
    compare(&side(cells()), &side(new), Rules::default())
}

fn told(comparison: &Comparison) -> Vec<String> {
    comparison.changes.iter().map(|it| format!("{:?} {}: {}", it.sort, it.about, it.text)).collect()
}

#[test]
fn each_change_of_behaviour_turns_the_gate() {
    let another = |subject: &str| DivergenceRecord {
        meaning: None,
        kind: "missing".to_owned(),
        event: Some("import.start".to_owned()),
        subject: subject.to_owned(),
        text: format!("missed import.start {subject}"),
    };
    for (change, expected) in [
        (
            &(|cell: &mut CellRecord| cell.divergences.push(another("cart")))
                as &dyn Fn(&mut CellRecord),
            "New audit in a: missed import.start cart",
        ),
        (
            &|cell| cell.divergences.push(another("shop")),
            "New audit in a: missed import.start shop",
        ),
        (&|cell| _ = cell.divergences.remove(0), "Gone audit in a: missed import.start shop"),
        (
            &|cell| cell.divergences[0].text = "missed it twice".to_owned(),
            "Different audit in a: missed import.start shop; now missed it twice",
        ),
        (
            &|cell| {
                cell.verdict = VerdictWord::NotApplicable;
                cell.reason = Some("no".to_owned());
                // what does not apply shows nothing
                cell.divergences.truncate(2);
            },
            "Different audit in a: was diverges, is not applicable (no)",
        ),
    ] {
        let comparison = changed(change);
        assert_eq!(told(&comparison), [expected]);
        let behaviour = FailOn { behaviour: true, ..FailOn::default() };
        assert_eq!(comparison.outcome(behaviour), Outcome::BehaviourChanged);
    }
    assert_eq!(told(&changed(|_| {})), [""; 0]);
}

#[test]
fn another_truth_is_a_change() {
    let mut new = cells();
    let Record::Truth(truth) = &mut new[0] else { unreachable!("it is a truth") };
    truth.recorded = "import shop\n  load shop\n".to_owned();
    let comparison = compare(&side(cells()), &side(new), Rules::default());
    assert_eq!(
        told(&comparison),
        ["Different what happens in a: line 2 of the trace was `find shop`, is `load shop`"]
    );
}

#[test]
fn what_shows_nothing_is_inconclusive() {
    let comparison = changed(|cell| {
        cell.verdict = VerdictWord::Inconclusive;
        cell.divergences.clear();
    });
    let behaviour = FailOn { behaviour: true, ..FailOn::default() };
    assert_eq!(comparison.outcome(behaviour), Outcome::Inconclusive);
    assert_eq!(comparison.outcome(FailOn::default()), Outcome::Clean);
}

#[test]
fn too_few_launches_are_inconclusive() {
    let cut = |mut records: Vec<Record>| {
        for record in &mut records {
            let Record::Overhead(cost) = record else { continue };
            cost.ratios.truncate(1);
        }
        records
    };
    let cost = FailOn { cost: true, ..FailOn::default() };
    assert_eq!(outcome(cut(costs(1, None)), costs(2, None), cost), Outcome::Inconclusive);
}

#[test]
fn what_cannot_be_compared_is_told_and_is_no_change() {
    // a scenario with another text, in the truth and the cell
    let mut new = cells();
    let Record::Truth(truth) = &mut new[0] else { unreachable!() };
    truth.digest = "other".to_owned();
    truth.recorded = "import other\n".to_owned();
    let Record::Cell(cell) = &mut new[1] else { unreachable!() };
    cell.digest = "other".to_owned();
    cell.divergences.clear();
    let comparison = compare(&side(cells()), &side(new), Rules::default());
    assert_eq!(comparison.outcome(BOTH), Outcome::Nothing, "costs were asked for, there are none");
    assert_eq!(comparison.compared, 2);
    assert_eq!(comparison.incomparable, BTreeMap::from([("a is another text".to_owned(), 2)]));
}

/// The cells and costs of another build, and what is made of them.
fn other_build(label: &str, across_builds: bool) -> Comparison {
    let build = |record: &mut Record| {
        let interpreter = match record {
            Record::Truth(it) => &mut it.interpreter,
            Record::Cell(it) => &mut it.interpreter,
            Record::Overhead(it) => &mut it.interpreter,
            _ => unreachable!("there is no other"),
        };
        interpreter.label = label.to_owned();
        interpreter.version = "3.13.0 (other)".to_owned();
    };
    let old = [cells(), costs(1, None)].concat();
    let mut new = [cells(), costs(2, None)].concat();
    new.iter_mut().for_each(build);
    compare(&side(old), &side(new), Rules { across_builds, ..Rules::default() })
}

#[test]
fn another_build_is_compared_on_request_and_never_timed() {
    let refused = other_build("3.13.0", false);
    assert_eq!((refused.compared, refused.costs.len()), (0, 0));
    let reasons: Vec<_> = refused.incomparable.keys().map(String::as_str).collect();
    let build = "3.13.0 is another build: 3.13.0 (other) was 3.13.0 (main)";
    assert_eq!(reasons, [build, "costs on another build of an interpreter"]);
    assert_eq!(refused.outcome(FailOn::default()), Outcome::Nothing);
    for label in ["3.13.0", "3.13.1"] {
        let compared = other_build(label, true);
        assert_eq!((compared.compared, compared.costs.len()), (4, 0), "{label}");
    }
    assert_eq!(other_build("3.13.1", false).alone, [4, 4]);
    assert_eq!(other_build("3.13.0t", true).compared, 0, "another family");
}

#[test]
fn costs_of_another_machine_are_not_compared() {
    let (old, mut new) = (side(costs(1, None)), side(costs(2, Some("audit"))));
    for machine in [None, Some(record::Machine { threads: Some(64), ..fixtures::machine() })] {
        new.machine = machine;
        let comparison = compare(&old, &new, Rules::default());
        assert_eq!(comparison.costs.len(), 0);
        assert_eq!(comparison.incomparable.values().sum::<usize>(), 15);
        assert_eq!(comparison.outcome(BOTH), Outcome::Nothing);
    }
}

#[test]
fn a_comparison_is_told() {
    let mut new = [cells(), costs(2, Some("meta_path"))].concat();
    let Record::Cell(cell) = &mut new[1] else { unreachable!() };
    cell.divergences.remove(0);
    let Record::Cell(cell) = &mut new[3] else { unreachable!() };
    cell.verdict = VerdictWord::Diverges;
    cell.divergences.push(DivergenceRecord {
        meaning: None,
        kind: "missing".to_owned(),
        event: Some("import.start".to_owned()),
        subject: "shop".to_owned(),
        text: "missed import.start shop".to_owned(),
    });
    let old = [cells(), costs(1, None)].concat();
    let comparison = compare(&side(old), &side(new), Rules::default());
    insta::assert_snapshot!(crate::report::comparison(&comparison, Sizes::default()));
}
