use std::path::Path;

use super::*;
use crate::{
    candidate::{self, PROPOSAL},
    conformance::{Heard, Judgement, judge, read},
    evaluation::{Outcome, Trial},
    layout::Layout,
    scenario::parse,
    span::Trace,
};

const RELOAD: &str = "\
summary: s
files: {a.py: ''}
run: x
trace: ''
";

/// The proposal and a scenario, with what two interpreters showed of it.
fn evaluated(sum: &mut Sum) -> (Vec<Entrant>, Vec<Scenario>) {
    let layout = Layout::of_this_checkout();
    let candidate = candidate::read(&layout.candidates().join(PROPOSAL)).expect("it is ours");
    let listener = candidate.listener(&layout).expect("it is ours");
    let name = "reload/reload".parse().expect("a name");
    let scenario = parse(Path::new("x.yaml"), name, RELOAD).expect("a scenario");
    let truth: Trace = "import a\n  find a\n  load a\n".parse().expect("a trace");
    for (python, told) in [
        ("3.9.1", "1\t--\timportlib.import_started\t'a\n1\t--\timportlib.import_ended\t'a"),
        ("3.15.0", ""),
    ] {
        let heard: Vec<Heard> = read(told).expect("lines of a listener");
        let judgement: Judgement = judge(&candidate.contract, &truth, (&heard, 1));
        sum.add(Trial {
            entrant: 0,
            python: python.to_owned(),
            scenario: scenario.name.to_string(),
            outcome: Outcome::Judged(judgement),
            heard,
        });
    }
    (vec![Entrant { candidate, listener, build: None }], vec![scenario])
}

#[test]
fn a_report_says_what_is_kept_broken_and_left_open() {
    let mut sum = Sum::default();
    let (entrants, scenarios) = evaluated(&mut sum);
    let evaluated = Evaluated { entrants: &entrants, sum: &sum, scenarios: &scenarios };
    insta::assert_snapshot!(evaluation(&evaluated, 0));
    insta::assert_snapshot!(side_by_side(&evaluated));
}
