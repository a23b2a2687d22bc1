use super::*;
use crate::{
    layout::Layout,
    record::{Asked, Plan, SourceRecord, Timing, TruthWord, fixtures},
};

struct Runs {
    layout: Layout,
    _folder: tempfile::TempDir,
}

impl Runs {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { layout: Layout::at(folder.path()), _folder: folder }
    }

    /// A run of this shard, with `change` made to its plan.
    fn run(
        &self,
        shard: Option<&str>,
        records: &[Record],
        change: impl FnOnce(&mut Plan),
    ) -> EarlierRun {
        let shard = shard.map(|text| text.parse().expect("a shard"));
        let asked = Asked { shard, ..Asked::default() };
        let mut plan = Plan::new(Timing::None, asked, 7, fixtures::inputs());
        change(&mut plan);
        let folder = RunFolder::create(&self.layout, &plan).expect("a folder");
        folder.append(records).expect("written");
        EarlierRun::find(&self.layout, &folder.id().to_string()).expect("it is there")
    }
}

fn refusal(runs: &[EarlierRun]) -> String {
    fit(runs).expect_err("no parts of one run").to_string()
}

#[test]
fn every_shard_must_be_there_once() {
    let runs = Runs::new();
    for (there, fits) in [
        (&[None][..], true),
        (&[Some("1/2"), Some("2/2")], true),
        (&[Some("2/2"), Some("1/2")], true),
        (&[Some("1/2")], false),
        (&[Some("1/2"), Some("1/2")], false),
        (&[Some("1/2"), Some("2/2"), Some("2/2")], false),
        (&[Some("1/2"), Some("2/3")], false),
        (&[None, None], false),
        (&[None, Some("1/1")], false),
    ] {
        let parts: Vec<_> = there.iter().map(|shard| runs.run(*shard, &[], |_| {})).collect();
        assert_eq!(fit(&parts).is_ok(), fits, "{there:?}");
    }
    let lonely = [runs.run(Some("2/3"), &[], |_| {})];
    assert_eq!(
        refusal(&lonely),
        "the parts of the run on 3.13.0 are 2/3; expected each of 1 to N once"
    );
}

#[test]
fn interpreters_may_be_spread() {
    let runs = Runs::new();
    let renamed = |plan: &mut Plan| {
        let input = plan.inputs.interpreters.remove("3.13.0").expect("it is there");
        plan.inputs.interpreters.insert("3.14.0".to_owned(), input);
    };
    let parts = [runs.run(None, &[], |_| {}), runs.run(None, &[], renamed)];
    let plan = fit(&parts).expect("parts of one run");
    let labels: Vec<_> = plan.inputs.interpreters.keys().map(String::as_str).collect();
    assert_eq!((labels, plan.parts.len()), (vec!["3.13.0", "3.14.0"], 2));
}

#[test]
fn what_is_unlike_is_named() {
    let runs = Runs::new();
    let first = runs.run(Some("1/2"), &[], |_| {});
    for (change, named) in [
        (
            &(|plan: &mut Plan| plan.seed = 8) as &dyn Fn(&mut Plan),
            "one has the seed 7, the other 8",
        ),
        (&|plan| plan.timing = Timing::Full, "one is a `check`, the other a `bench --full`"),
        (&|plan| plan.asked.children.deadline_ms = 1, "cells are started in another way"),
        (&|plan| plan.inputs.harness.clear(), "the harness was built anew from other sources"),
        (&|plan| _ = plan.inputs.scenarios.remove("a"), "scenario a is gone"),
    ] {
        let told = refusal(&[first.clone(), runs.run(Some("2/2"), &[], change)]);
        assert!(told.contains(&format!(":\n  {named}")), "{told}");
    }
}

#[test]
fn two_builds_of_one_revision_are_the_same_harness() {
    let runs = Runs::new();
    let at = |revision: &str| {
        let mut record = fixtures::truth("a");
        record.provenance_mut().revision = Some(revision.to_owned());
        record
    };
    let rebuilt = |plan: &mut Plan| plan.inputs.harness.clear();
    for (revisions, fits) in
        [(["abc", "abc"], true), (["abc+", "abc+"], false), (["abc", "abd"], false)]
    {
        let [one, other] = revisions.map(at);
        let one = runs.run(Some("1/2"), &[one], |_| {});
        let other = runs.run(Some("2/2"), &[other], rebuilt);
        assert_eq!(fit(&[one, other]).is_ok(), fits, "{revisions:?}");
    }
}

#[test]
fn a_truth_counts_once_and_a_contradiction_is_told() {
    let runs = Runs::new();
    let disputed = |scenario| {
        let Record::Truth(truth) = fixtures::truth(scenario) else { unreachable!() };
        Record::Truth(TruthRecord { truth: TruthWord::Disputed, ..truth })
    };
    let [audit, none] = ["audit", "none"].map(|strategy| fixtures::cell("a", strategy));
    let first = [fixtures::truth("a"), audit, fixtures::truth("b")];
    let second = [fixtures::truth("a"), none, disputed("b")];
    let parts = [runs.run(Some("1/2"), &first, |_| {}), runs.run(Some("2/2"), &second, |_| {})];
    let plan = fit(&parts).expect("parts of one run");
    let folder = RunFolder::create(&runs.layout, &plan).expect("a folder");
    let contradictions = merge(&folder, &parts).expect("merged");
    let about: Vec<_> = contradictions.iter().map(|it| it.about.as_str()).collect();
    assert_eq!(about, ["b on 3.13.0"]);
    let merged: Vec<_> = read(folder.records()).and_then(Iterator::collect).expect("good records");
    let told: Vec<_> = merged.iter().map(|record| record.key().to_string()).collect();
    assert_eq!(
        told,
        [
            "the truth of a on 3.13.0",
            "a under audit on 3.13.0",
            "the truth of b on 3.13.0",
            "a under none on 3.13.0",
        ]
    );
    let name = folder.id().to_string();
    assert!(merged.iter().all(|record| record.provenance().run == name));
}

#[test]
fn what_scenarios_say_is_kept_once() {
    let runs = Runs::new();
    let says = |scenario: &str| SourceRecord {
        scenario: scenario.to_owned(),
        digest: "ba7816bf8f01cfea".to_owned(),
        summary: format!("What {scenario} is about."),
        see: Vec::new(),
        python: ">=3.9".to_owned(),
        setup: None,
        run: "import shop".to_owned(),
        options: Vec::new(),
        environment: Vec::new(),
        files: Vec::new(),
        generated: None,
    };
    let part = |shard, scenarios: &[&str]| {
        let run = runs.run(Some(shard), &[fixtures::truth(scenarios[0])], |_| {});
        let sources = Sources::new(scenarios.iter().map(|it| says(it)).collect());
        let text = serde_json::to_string(&sources).expect("JSON");
        std::fs::write(run.path().join("scenarios.json"), text).expect("written");
        run
    };
    let parts = [part("1/2", &["b", "a"]), part("2/2", &["c", "b"])];
    let folder = RunFolder::create(&runs.layout, &fit(&parts).expect("parts")).expect("a folder");
    merge(&folder, &parts).expect("merged");
    let kept = Sources::read(folder.path()).expect("readable").expect("it is there");
    let names: Vec<_> = kept.scenarios.iter().map(|it| it.scenario.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}
