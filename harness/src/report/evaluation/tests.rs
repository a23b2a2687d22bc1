use std::path::Path;

use super::*;
use crate::{
    candidate::{self, PROPOSAL},
    conformance::{Heard, Judgement, judge, read},
    evaluation::{Answer, Entrant, Outcome, Probe, Sum, Trial},
    interpreter::{Interpreter, Libpython, ProbeKind, Threading},
    layout::Layout,
    record::{EvaluatedBy, evaluation_record, fixtures},
    report::{Findings, Page},
    scenario::parse,
    span::Trace,
    version::Version,
    worker::Target,
};

const RELOAD: &str = "\
summary: s
files: {a.py: ''}
run: x
trace: ''
";

fn target(minor: u32, micro: u32) -> Target {
    let interpreter = Interpreter {
        path: "python".into(),
        real_path: "python".into(),
        ordinal: 1,
        version: Version::new(3, minor, micro),
        full_version: "fake".to_owned(),
        implementation: "CPython".to_owned(),
        cache_tag: None,
        magic: None,
        threading: Threading::Gil,
        gil_enabled: true,
        debug: false,
        libpython: Libpython::Static,
        platform: "fake".to_owned(),
        can_fork: false,
        soabi: None,
        build_flags: Vec::new(),
        probe: ProbeKind::StableAbi,
    };
    Target { interpreter, probe: "no-probe".into(), worker: "no-worker".into() }
}

/// The proposal in one scenario, with what two interpreters showed of it.
fn evaluated() -> EvaluationRecord {
    let layout = Layout::of_this_checkout();
    let candidate = candidate::read(&layout.candidates().join(PROPOSAL)).expect("it is ours");
    let listener = candidate.listener(&layout).expect("it is ours");
    let name = "reload/reload".parse().expect("a name");
    let scenario = parse(Path::new("x.yaml"), name, RELOAD).expect("a scenario");
    let truth: Trace = "import a\n  find a\n  load a\n".parse().expect("a trace");
    let mut sum = Sum::default();
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
    let facts = [("inner", "ok"), ("outer", "ValueError"), ("heard", "nothing")];
    let answer = Answer {
        entrant: 0,
        python: "3.15.0".to_owned(),
        probe: Probe::Reentrant,
        edge: "load.start".parse().ok(),
        facts: Ok(facts.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
    };
    sum.add_answer(answer, &candidate.contract);
    let entrants = [Entrant { candidate, listener, build: None }];
    let targets = [target(15, 0), target(9, 1)];
    let by =
        EvaluatedBy { entrants: &entrants, sum: &sum, scenarios: &[scenario], targets: &targets };
    let provenance = fixtures::truth("a").provenance().clone();
    evaluation_record(by, "cargo xtask evaluate", Vec::new(), provenance)
}

#[test]
fn a_report_says_what_is_kept_broken_and_left_open() {
    let record = evaluated();
    insta::assert_snapshot!(evaluation(&record));
    insta::assert_snapshot!(candidates(&record));
}

/// The record is all that a report needs.
#[test]
fn a_report_from_the_disk_is_the_same() {
    let record = evaluated();
    let text = serde_json::to_string(&record).expect("JSON");
    let read: EvaluationRecord = serde_json::from_str(&text).expect("a record");
    assert_eq!(evaluation(&read), evaluation(&record));
}

#[test]
fn the_page_shows_the_same_table_and_lines() {
    let record = evaluated();
    let table = beside(&record).expect("a table");
    let lines = left_open(&Shown::new(&record.candidates[0], &record.places));
    let findings = Findings::from_iter([]).with_evaluation(Some(record));
    let page = Page::default().finish(&findings, None);
    let text = page.replace("<code>", "`").replace("</code>", "`").replace("&#x2f;", "/");
    for line in lines {
        assert!(text.contains(&format!("<li>{line}</li>")), "{line}");
    }
    for cell in &table.rows[0] {
        assert!(text.contains(&format!(">{cell}</t")), "{cell}");
    }
    assert!(page.contains("data-first=\"candidates\"") && !page.contains("Nothing was run"));
}
