//! What strategies cost, and when nothing is said of it.

use super::*;
use crate::record::{ConditionsRecord, ControlRecord, OverheadRecord};

fn overhead(records: &[Record]) -> String {
    crate::report::overhead(&findings(records))
}

#[test]
fn costs_stand_beside_the_noise() {
    let verdict = |word: &str, cost| OverheadRecord { verdict: word.to_owned(), ..cost };
    let none = || cost("bootstrap", "3.10.2", 1.1);
    let cached = |cost| OverheadRecord { workload: "cached".to_owned(), ..cost };
    let records = [
        cost("bootstrap", "3.9.18", 1.021),
        OverheadRecord { interval: None, launches: 1, detectable: None, ..none() },
        verdict("equivalent", cost("none", "3.9.18", 0.9996)),
        verdict("inconclusive", cost("none", "3.10.2", 1.004)),
        verdict("faster", cost("audit", "3.9.18", 0.5)),
        OverheadRecord { interval: None, launches: 3, ..cost("audit", "3.10.2", 2.0) },
        OverheadRecord {
            void: 3,
            complaint: Some("Traceback\nValueError".to_owned()),
            detectable: Some(0.04),
            ..cached(cost("audit", "3.9.18", 9.31))
        },
        OverheadRecord { ratio: None, void: 400, ..cached(cost("audit", "3.10.2", 1.0)) },
    ];
    assert_snapshot!(overhead(&records.map(Record::Overhead)), @r#"
    workload   strategy           3.9              3.10
    ────────────────────────────────────────────────────────────────────
    cold-100   none again (A/A)   0.0 ±1.0 % =     +0.4 ±1.0 % ?
               audit              −50.0 ±1.0 % f   ×2.0, no interval
               bootstrap          +2.1 ±1.0 % s    +10.0 %, one launch
    cached     audit              ×9.31 ±0.01 s    void
    Time relative to `none`, sampled in turn in the same run, ± half the width of the 95 % interval;
    s slower, f faster, = equivalent, ? inconclusive, c clock and instructions disagree, ! unfit. The noise
    floor is the A/A row; the sham is a hook that is built and not installed.
    This run could have seen effects of 1.2 % to 4.0 % (80 % power).
    Controls: all hold in 2 groups.
    Void samples, which do not count: 403 (3 of cached under audit on 3.9, 400 of cached under audit on 3.10).
    The first child that failed said:
      Traceback
      ValueError
    "#);
}

#[test]
fn one_launch_says_nothing_of_what_it_could_have_seen() {
    let single = OverheadRecord {
        interval: None,
        detectable: None,
        launches: 1,
        ..cost("none", "3.9.18", 1.0)
    };
    let report = text(&[Record::Overhead(single)]);
    assert_snapshot!(report, @r#"
    workload   strategy           3.9
    ─────────────────────────────────────────────────
    cold-100   none again (A/A)   0.0 %, one launch
    Time relative to `none`, sampled in turn in the same run, ± half the width of the 95 % interval;
    s slower, f faster, = equivalent, ? inconclusive, c clock and instructions disagree, ! unfit. The noise
    floor is the A/A row; the sham is a hook that is built and not installed.
    This run cannot say how small an effect it could have seen.
    Controls: all hold in 1 group.

    No cell was run.
    "#);
}

#[test]
fn a_run_whose_controls_fail_gives_no_verdict() {
    let control = |kind: &str, holds, cost: OverheadRecord| {
        let control = ControlRecord { kind: kind.to_owned(), known: None, holds };
        OverheadRecord { control: Some(control), ..cost }
    };
    let of = |holds| {
        let conditions = ConditionsRecord {
            hash_seed: 7,
            environment_pad: 1,
            heap_pad: 2,
            core: Some(1),
            stolen: Some(0.012),
            load: Some(3.25),
            megahertz: Some(2400.0),
            faults: 900,
            switches: 3,
            samples: 60,
        };
        let again = cost("none", "3.9.18", 1.0);
        let sham = cost("none, sham", "3.9.18", 1.04);
        let audit = cost("audit", "3.9.18", 1.05);
        [
            OverheadRecord { conditions: vec![conditions], ..control("again", true, again) },
            control("sham", holds, sham),
            OverheadRecord { fast: Some(1.3), ..audit },
        ]
    };
    assert_snapshot!(overhead(&of(true).map(Record::Overhead)), @r#"
    workload   strategy           3.9
    ─────────────────────────────────────────────
    cold-100   none again (A/A)   0.0 ±1.0 % s
               none, sham         +4.0 ±1.0 % s
               audit              +5.0 ±1.0 % s
    Time relative to `none`, sampled in turn in the same run, ± half the width of the 95 % interval;
    s slower, f faster, = equivalent, ? inconclusive, c clock and instructions disagree, ! unfit. The noise
    floor is the A/A row; the sham is a hook that is built and not installed.
    This run could have seen effects of 1.2 % (80 % power).
    Controls: all hold in 1 group.
    Conditions of 1 launch: load 3.2 to 3.2, at most 1.2 % of a launch's time stolen, processors at 2400 MHz, 15 page faults and 0.05 lost cores a sample.
    The fastest samples say something else than all: audit in cold-100 on 3.9.18: +30.0 %.
    "#);
    let unfit = overhead(&of(false).map(Record::Overhead));
    assert!(unfit.contains("audit              +5.0 ±1.0 % !"), "{unfit}");
    assert!(unfit.contains("UNFIT: arms differ that are the same, in 1 of 1 groups"), "{unfit}");
}

#[test]
fn the_matrix_tells_no_cost_of_an_unfit_group_in_a_run_that_is_fit() {
    let unfit = OverheadRecord { verdict: "unfit".to_owned(), ..cost("audit", "3.9.18", 1.061) };
    for (costs, shown, hidden) in [
        (vec![unfit.clone()], "unfit", "+6.1 %"),
        (vec![unfit, cost("audit", "3.10.2", 1.03)], "+3.0 %", "+6.1 %"),
    ] {
        let cells = ["3.9.18", "3.10.2"].map(|label| Record::Cell(cell("audit", "a", label)));
        let costs = costs.into_iter().map(Record::Overhead);
        let records: Vec<_> = cells.into_iter().chain(costs).collect();
        let matrix = crate::report::conformance(&findings(&records));
        assert!(matrix.contains(shown) && !matrix.contains(hidden), "{matrix}");
    }
}
