//! What is not known, or not said by all witnesses.

use super::*;
use crate::record::TruthWord;

fn truth_of(records: &[Record]) -> String {
    crate::report::witnesses::witnesses(&findings(records))
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
    assert_snapshot!(conformance(&records), @r"
    3 scenarios under 1 strategy on 2 interpreters (3.9, 3.10).

    strategy   interpreters   program   cost
    ───────────────────────────────────────────────
    audit      3.9, 3.10      ?         not timed
    seen −missed +wrong ~other, added up over scenarios, the least to the most of the interpreters of a row;
    – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    other: of a module that was asked or looked for where no import came of it: another meaning, and not wrong.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario   interpreters   audit
    ─────────────────────────────────
    a          3.9            ?
    b          3.10           ?
    Claimed events seen −missed, and +wrong or ~other (another meaning) of any kind; · nothing to see and nothing reported;
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
    ");
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
