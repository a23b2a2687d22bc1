//! Putting the parts of a run together.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    fmt, io,
};

use super::{
    EarlierRun, Inputs, Key, Keys, Part, Plan, Provenance, Record, RunFolder, Shard, TruthRecord,
    read::read,
};

/// Why runs are no parts of one.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// They were asked for different things, or things were not what they were.
    #[error("run {one} and run {other} are no parts of one run:{}", Clauses(.changes))]
    Unlike {
        /// The first of all.
        one: String,
        /// The one that differs from it.
        other: String,
        /// What is different, one clause each; at least one.
        changes: Vec<String>,
    },
    /// Parts of the run on an interpreter are missing, or there more than once.
    #[error("the parts of the run on {interpreter} are {}; expected each of 1 to N once",
            Parts(.there))]
    Parts {
        /// The interpreter's label.
        interpreter: String,
        /// The parts that there are; nothing for a run that is whole.
        there: Vec<Option<Shard>>,
    },
    /// The records of one cannot be read.
    #[error(transparent)]
    Records(#[from] io::Error),
}

struct Clauses<'a>(&'a [String]);

impl fmt::Display for Clauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|clause| write!(f, "\n  {clause}"))
    }
}

struct Parts<'a>(&'a [Option<Shard>]);

impl fmt::Display for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word =
            |part: &Option<Shard>| part.map_or("a whole run".to_owned(), |it| it.to_string());
        f.write_str(&self.0.iter().map(word).collect::<Vec<_>>().join(", "))
    }
}

/// The plan of the run that `runs` are the parts of: each on interpreters of its own, or each a shard
/// of the run on the same ones, or both.
///
/// The harness and its probe may be different builds of the same git revision if no file differed from
/// it; nothing else may differ.
pub fn fit(runs: &[EarlierRun]) -> Result<Plan, MergeError> {
    let (first, others) = runs.split_first().expect("the caller has at least one run");
    let revision = clean_revision(first)?;
    for other in others {
        let same_revision = revision.is_some() && clean_revision(other)? == revision;
        let changes = unlike(first.plan(), other.plan(), same_revision);
        if !changes.is_empty() {
            let (one, other) = (first.id().to_string(), other.id().to_string());
            return Err(MergeError::Unlike { one, other, changes });
        }
    }
    whole(runs)?;
    Ok(plan(runs))
}

/// The revision that the first record names, if no file differed from it.
fn clean_revision(run: &EarlierRun) -> io::Result<Option<String>> {
    let first = read(&run.records())?.next().transpose()?;
    let revision = first.and_then(|record| record.provenance().revision.clone());
    Ok(revision.filter(|revision| !revision.ends_with('+')))
}

fn unlike(one: &Plan, other: &Plan, same_revision: bool) -> Vec<String> {
    let mut changes = Vec::new();
    if one.timing != other.timing {
        changes.push(format!("one is {}, the other {}", one.timing.words(), other.timing.words()));
    }
    if one.seed != other.seed {
        changes.push(format!("one has the seed {}, the other {}", one.seed, other.seed));
    }
    if one.asked.children != other.asked.children {
        changes.push("cells are started in another way, or have other limits".to_owned());
    }
    let [one, other] = [(one, other), (other, one)]
        .map(|(it, beside)| shared(&it.inputs, &beside.inputs, same_revision));
    changes.extend(one.changes(&other));
    changes
}

/// What two runs have to have in common: of interpreters only those that both have.
fn shared(inputs: &Inputs, beside: &Inputs, same_revision: bool) -> Inputs {
    let mut inputs = inputs.clone();
    inputs.interpreters.retain(|label, _| beside.interpreters.contains_key(label));
    if same_revision {
        inputs.harness.clear();
        for interpreter in inputs.interpreters.values_mut() {
            interpreter.probe.clear();
        }
    }
    inputs
}

/// Whether the shards on each interpreter are all there, each once.
fn whole(runs: &[EarlierRun]) -> Result<(), MergeError> {
    let mut there: BTreeMap<&str, Vec<Option<Shard>>> = BTreeMap::new();
    for run in runs {
        for label in run.plan().inputs.interpreters.keys() {
            there.entry(label).or_default().push(run.plan().asked.shard);
        }
    }
    for (interpreter, mut there) in there {
        there.sort();
        let is_whole = match there[..] {
            [None] => true,
            [Some(first), ..] => {
                let all = (1..=first.of()).map(|number| Shard::new(number, first.of()));
                there.iter().copied().eq(all)
            }
            _ => false,
        };
        if !is_whole {
            return Err(MergeError::Parts { interpreter: interpreter.to_owned(), there });
        }
    }
    Ok(())
}

fn plan(runs: &[EarlierRun]) -> Plan {
    let mut plan = runs[0].plan().clone();
    plan.asked.shard = None;
    for other in &runs[1..] {
        let (asked, inputs) = (&other.plan().asked, &other.plan().inputs);
        for python in &asked.python {
            if !plan.asked.python.contains(python) {
                plan.asked.python.push(python.clone());
            }
        }
        plan.inputs.interpreters.extend(inputs.interpreters.clone());
    }
    let machines: BTreeSet<_> = runs.iter().map(|run| &run.plan().machine).collect();
    if machines.len() > 1 {
        plan.machine = None;
    }
    plan.parts = runs.iter().map(part).collect();
    plan
}

fn part(run: &EarlierRun) -> Part {
    let plan = run.plan();
    Part {
        run: run.id().to_string(),
        shard: plan.asked.shard,
        interpreters: plan.inputs.interpreters.keys().cloned().collect(),
        machine: plan.machine.clone(),
    }
}

/// A scenario of which two parts of a run found different truths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What it is about.
    pub about: String,
    /// The runs that differ, the one whose truth counts first.
    pub runs: [String; 2],
}

/// Copies the records of `runs` into `folder`, as records of that run, and each truth once.
///
/// Two parts that have cells of the same scenario both establish its truth. Where they differ, the
/// first counts, and it is told.
pub fn merge(folder: &RunFolder, runs: &[EarlierRun]) -> io::Result<Vec<Contradiction>> {
    let name = folder.id().to_string();
    let (mut keys, mut truths) = (Keys::default(), Truths::default());
    for run in runs {
        let from = run.id().to_string();
        let mut costs: Vec<Record> = Vec::new();
        for record in read(&run.records())? {
            let mut record = record?;
            if let Record::Truth(truth) = &record {
                truths.hear(truth, &from);
            }
            if !keys.insert(record.key()) {
                continue;
            }
            record.provenance_mut().run.clone_from(&name);
            // the costs of a workload are written together, so that none is without the others
            if !is_unit(&costs, &record) && !costs.is_empty() {
                folder.append(&std::mem::take(&mut costs))?;
            }
            match record {
                Record::Overhead(_) => costs.push(record),
                other => folder.append(&[other])?,
            }
        }
        folder.append(&costs)?;
    }
    folder.sync()?;
    Ok(truths.contradictions)
}

fn is_unit(costs: &[Record], record: &Record) -> bool {
    match (costs.first().map(Record::key), record.key()) {
        (
            Some(Key::Cost { interpreter, workload, .. }),
            Key::Cost { interpreter: other, workload: work, .. },
        ) => (interpreter, workload) == (other, work),
        _ => false,
    }
}

/// What parts say of truths that more than one of them has.
#[derive(Default)]
struct Truths {
    said: HashMap<(String, String), (String, String)>,
    contradictions: Vec<Contradiction>,
}

impl Truths {
    fn hear(&mut self, truth: &TruthRecord, run: &str) {
        let about = (truth.interpreter.label.clone(), truth.scenario.clone());
        let said = format!("{:?} {:?}\n{}", truth.truth, truth.reason, truth.recorded);
        match self.said.entry(about) {
            Entry::Vacant(place) => _ = place.insert((said, run.to_owned())),
            Entry::Occupied(first) => {
                let (other, by) = first.get();
                if *other != said {
                    let runs = [by.clone(), run.to_owned()];
                    let about = format!("{} on {}", truth.scenario, truth.interpreter.label);
                    self.contradictions.push(Contradiction { about, runs });
                }
            }
        }
    }
}

impl Record {
    /// Where this record comes from.
    pub fn provenance(&self) -> &Provenance {
        match self {
            Self::Truth(it) => &it.provenance,
            Self::Cell(it) => &it.provenance,
            Self::Overhead(it) => &it.provenance,
            Self::Footprint(it) => &it.provenance,
            Self::Composition(it) => &it.provenance,
        }
    }

    fn provenance_mut(&mut self) -> &mut Provenance {
        match self {
            Self::Truth(it) => &mut it.provenance,
            Self::Cell(it) => &mut it.provenance,
            Self::Overhead(it) => &mut it.provenance,
            Self::Footprint(it) => &mut it.provenance,
            Self::Composition(it) => &mut it.provenance,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        layout::Layout,
        record::{Asked, Timing, TruthWord, fixtures},
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
            (&|plan| plan.timing = Timing::Full, "one is a `check`, the other a `bench`"),
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
        let merged: Vec<_> =
            read(folder.records()).and_then(Iterator::collect).expect("good records");
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
}
