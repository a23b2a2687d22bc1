//! Reports on small sets of records.

use insta::assert_snapshot;

use super::{Findings, fixtures::*};
use crate::record::{
    CellRecord, ConditionsRecord, ControlRecord, CountRecord, OverheadRecord, Record, TruthWord,
    VerdictWord,
};

fn findings(records: &[Record]) -> Findings {
    records.iter().cloned().collect()
}

fn text(records: &[Record]) -> String {
    super::text(&findings(records))
}

fn conformance(records: &[Record]) -> String {
    super::conformance(&findings(records))
}

fn truth_of(records: &[Record]) -> String {
    super::witnesses::witnesses(&findings(records))
}

fn overhead(records: &[Record]) -> String {
    super::overhead(&findings(records))
}

fn summary(records: &[Record]) -> String {
    super::summary(&findings(records))
}

const VERSIONS: [&str; 4] = ["3.9.18", "3.10.2", "3.14.0", "3.15.0"];

fn cells(cells: impl IntoIterator<Item = CellRecord>) -> Vec<Record> {
    cells.into_iter().map(Record::Cell).collect()
}

/// `audit` misses an import on all but the newest version, and `none` is beside it.
fn audit_differs_on_one_version() -> Vec<Record> {
    let of_version = |label: &&str| {
        let audit = cell("audit", "calls/import-module", label);
        let audit = if *label == "3.15.0" {
            counting(audit, &[claimed("import.start", [3, 3, 0])])
        } else {
            let missed = divergence("missing", "import.start", "shop.cart");
            let counts = [claimed("import.start", [3, 2, 0])];
            counting(diverging(audit, &[missed]), &counts)
        };
        [audit, cell("none", "calls/import-module", label)]
    };
    cells(VERSIONS.iter().flat_map(of_version))
}

#[test]
fn no_records_are_told() {
    assert_snapshot!(text(&[]), @"Nothing was run: there are no records.");
}

#[test]
fn interpreters_that_show_the_same_share_a_row() {
    let mut records = audit_differs_on_one_version();
    let costs = [
        cost("audit", "3.9.18", 1.012),
        cost("audit", "3.14.0", 1.034),
        cost("none", "3.9.18", 1.0),
    ];
    records.extend(costs.map(Record::Overhead));
    assert_snapshot!(conformance(&records), @r#"
    1 scenario under 2 strategies on 4 interpreters (3.9 to 3.15).

    strategy   interpreters   import.start   program       cost
    ────────────────────────────────────────────────────────────────────────────────────
    none       3.9 to 3.15    –              undisturbed   0.0 %, 3 not timed
    audit      3.9 to 3.14    2 −1           undisturbed   +1.2 to +3.4 %, 1 not timed
               3.15           3              undisturbed   not timed
    seen −missed +wrong, added up over scenarios; – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario              interpreters   audit
    ────────────────────────────────────────────
    calls/import-module   3.9 to 3.14    2 −1
                          3.15           3
    Claimed events seen −missed, and +wrong of any kind; · nothing to see and nothing reported;
    d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.

    audit, calls/import-module, 3.9 to 3.14: missed import.start of shop.cart.
        cargo xtask repro calls/import-module audit --python 3.9.18

    No hand-written trace was checked.
    "#);
}

#[test]
fn the_order_of_records_does_not_matter() {
    let mut records = audit_differs_on_one_version();
    records.extend(recurring());
    let forwards = text(&records);
    records.reverse();
    assert_eq!(text(&records), forwards);
}

#[test]
fn what_is_recorded_twice_counts_once() {
    let records = audit_differs_on_one_version();
    let twice = [records.clone(), records.clone()].concat();
    assert_eq!(text(&twice), text(&records));
}

#[test]
fn events_that_are_not_claimed_show_only_when_they_are_reported() {
    let wrong = CountRecord { claimed: false, ..claimed("load.end", [2, 0, 4]) };
    let unclaimed = CountRecord { claimed: false, ..claimed("call.start", [2, 0, 0]) };
    let frames = [disturbed("hook.py:1 f")];
    let records = cells([
        counting(cell("finder", "a", "3.9.18"), &[wrong, unclaimed]),
        diverging(cell("finder", "b", "3.9.18"), &frames),
        CellRecord { verdict: VerdictWord::NotApplicable, ..cell("finder", "c", "3.9.18") },
        cell("other", "a", "3.9.18"),
    ]);
    assert_snapshot!(conformance(&records), @r#"
    3 scenarios under 2 strategies on 1 interpreter (3.9).

    strategy   interpreters   call.start   load.end   program                       cost
    ───────────────────────────────────────────────────────────────────────────────────────────
    finder     3.9            –            +4         disturbed in 1: traceback 1   not timed
    other      3.9            –            –          undisturbed                   not timed
    seen −missed +wrong, added up over scenarios; – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario   interpreters   finder   other
    ──────────────────────────────────────────
    a          3.9            +4       ·
    b          3.9            · d
    c          3.9            n/a
    Claimed events seen −missed, and +wrong of any kind; · nothing to see and nothing reported;
    d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.

    finder, b, 3.9: changed the program's traceback from none to hook.py:1 f.
        cargo xtask repro b finder --python 3.9.18

    No hand-written trace was checked.
    "#);
}

/// One divergence in five scenarios, another with its own text in four, a third in one.
fn recurring() -> Vec<Record> {
    let scenario = |(index, name): (usize, &str)| {
        let mut divergences = vec![
            divergence("unexpected", "import.end", "_io"),
            divergence("unexpected", "import.start", "_io"),
        ];
        if index > 0 {
            divergences.push(disturbed(&["hook.py:1 f"; 4][..index].join(", ")));
        } else {
            divergences
                .extend(["a", "b", "b"].map(|name| divergence("missing", "import.end", name)));
            divergences
                .extend(["b", "a", "b"].map(|name| divergence("missing", "import.start", name)));
            divergences.push(divergence("out-of-order", "load.end", "a"));
        }
        let on = move |label| diverging(cell("dunder_import", name, label), &divergences);
        ["3.9.18", "3.10.2"].map(on)
    };
    cells(["a", "b", "c", "d", "e"].into_iter().enumerate().flat_map(scenario))
}

#[test]
fn what_recurs_is_told_once() {
    assert_snapshot!(conformance(&recurring()), @r#"
    5 scenarios under 1 strategy on 2 interpreters (3.9, 3.10).

    strategy        interpreters   program                       cost
    ────────────────────────────────────────────────────────────────────────
    dunder_import   3.9, 3.10      disturbed in 4: traceback 4   not timed
    seen −missed +wrong, added up over scenarios; – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario   interpreters   dunder_import
    ─────────────────────────────────────────
    a          3.9, 3.10      ·
    b          3.9, 3.10      · d
    c          3.9, 3.10      · d
    d          3.9, 3.10      · d
    e          3.9, 3.10      · d
    Claimed events seen −missed, and +wrong of any kind; · nothing to see and nothing reported;
    d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.

    dunder_import reported import.start and import.end of _io, which did not happen, in 5 scenarios (a, b, c and 2 more) on 3.9, 3.10.
        cargo xtask repro a dunder_import --python 3.9.18
    dunder_import changed the program's traceback in 4 scenarios (b, c, d, e) on 3.9, 3.10; in b on 3.9 it changed the program's traceback from none to hook.py:1 f.
        cargo xtask repro b dunder_import --python 3.9.18
    dunder_import, a, 3.9, 3.10: missed import.end and import.start of a, b ×2; did something with load.end a.
        cargo xtask repro a dunder_import --python 3.9.18

    No hand-written trace was checked.
    "#);
}

#[test]
fn a_long_list_of_modules_is_cut() {
    let missed: Vec<_> =
        (0..20).map(|number| divergence("missing", "find.start", &format!("m{number}"))).collect();
    let records = cells([diverging(cell("meta_path", "a", "3.9.18"), &missed)]);
    let report = conformance(&records);
    let sentence = report.lines().find(|line| line.starts_with("meta_path,")).unwrap();
    assert_snapshot!(sentence, @"meta_path, a, 3.9: missed find.start of m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11 and 8 more.");
}

#[test]
fn names_cannot_command_the_terminal() {
    let hostile = divergence("missing", "import.start", "\u{1b}[2J\n");
    let report = text(&cells([diverging(cell("audit", "a", "3.9.18"), &[hostile])]));
    assert!(!report.contains('\u{1b}'), "{report}");
    assert!(report.contains(r"import.start of \u{1b}[2J\n."), "{report}");
}

#[test]
fn doubts_are_told_with_their_reasons() {
    let inconclusive = |strategy, scenario, label, reason: &str| {
        let verdict = VerdictWord::Inconclusive;
        let reason = Some(reason.to_owned());
        Record::Cell(CellRecord { verdict, reason, ..cell(strategy, scenario, label) })
    };
    let records = [
        disputed("a", "3.9.18"),
        disputed("a", "3.10.2"),
        truth("b", "3.9.18", (TruthWord::Unknown, Some("recorder: killed by signal 9"))),
        truth("b", "3.10.2", (TruthWord::Agreed, None)),
        truth("c", "3.9.18", (TruthWord::NotApplicable, Some("it is for Python >=3.10"))),
        truth("c", "3.10.2", (TruthWord::Agreed, None)),
        inconclusive("audit", "a", "3.9.18", "the witnesses disagree"),
        inconclusive("audit", "b", "3.10.2", "the child hung for 10 s"),
    ];
    assert_snapshot!(conformance(&records), @r#"
    3 scenarios under 1 strategy on 2 interpreters (3.9, 3.10).

    strategy   interpreters   program   cost
    ───────────────────────────────────────────────
    audit      3.9, 3.10      ?         not timed
    seen −missed +wrong, added up over scenarios; – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario   interpreters   audit
    ─────────────────────────────────
    a          3.9            ?
    b          3.10           ?
    Claimed events seen −missed, and +wrong of any kind; · nothing to see and nothing reported;
    d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.

    a, 3.9, 3.10: the truth is disputed: the recorder stands alone against the scenario and the model
      the scenario       the recorder
      ─────────────────────────────────────────
      import a           import a
        find a       <
        load a       <
                     >     load a !ValueError
    b, 3.9: the truth is unknown: recorder: killed by signal 9
    b, 3.10: audit could not be judged: the child hung for 10 s
    Truth: 3 of 3 witnesses in 3 scenarios.
    Not applicable, 1 scenario: c (3.9).
    "#);
    assert_snapshot!(summary(&records), @"2 cells: 0 conform, 0 diverge, 0 not applicable, 2 inconclusive.");
}

#[test]
fn truths_that_hold_are_one_line() {
    let agreed = (TruthWord::Agreed, None);
    let all = [truth("a", "3.9.18", agreed), truth("a", "3.10.2", agreed)];
    assert_snapshot!(conformance(&all), @r#"
    Every hand-written trace holds on every interpreter (1 scenario × 2).
    Truth: 3 of 3 witnesses in 1 scenario.
    "#);
    let part = [truth("a", "3.9.18", agreed), truth("b", "3.10.2", agreed)];
    assert_snapshot!(conformance(&part), @r#"
    Every hand-written trace that was checked holds (2 of 4: 2 scenarios × 2).
    Truth: 3 of 3 witnesses in 2 scenarios.
    "#);
    let outside = (TruthWord::NotApplicable, None);
    let some = [truth("a", "3.9.18", outside), truth("a", "3.10.2", agreed)];
    assert_snapshot!(conformance(&some), @r#"
    Every hand-written trace holds on every interpreter that it is for (1 scenario × 2).
    Truth: 3 of 3 witnesses in 1 scenario.
    Not applicable, 1 scenario: a (3.9).
    "#);
}

#[test]
fn witnesses_that_abstain_are_named() {
    let agreed = |scenario, label| truth(scenario, label, (TruthWord::Agreed, None));
    let records = [
        agreed("a", "3.9.18"),
        without(&["model"], agreed("b", "3.9.18")),
        agreed("b", "3.10.2"),
        without(&["model"], agreed("c", "3.9.18")),
        without(&["model", "modules"], agreed("d", "3.9.18")),
    ];
    assert_snapshot!(truth_of(&records), @"Truth: 3 of 3 witnesses in 1 scenario, 2 in 2 scenarios, 1 in 1 scenario (the model abstains: b, c, d; the modules abstain: d).");
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
            OverheadRecord { paired: Some(1.3), ..audit },
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
    Slow samples say something else than fast ones: audit in cold-100 on 3.9.18: +30.0 %.
    "#);
    let unfit = overhead(&of(false).map(Record::Overhead));
    assert!(unfit.contains("audit              +5.0 ±1.0 % !"), "{unfit}");
    assert!(unfit.contains("UNFIT: arms differ that are the same, in 1 of 1 groups"), "{unfit}");
}
