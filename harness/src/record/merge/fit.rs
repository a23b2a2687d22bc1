//! Which runs are the parts of one, and what that one was asked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, io,
};

use crate::record::{EarlierRun, Inputs, Part, Plan, Shard, read};

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
    if one.asked.cells != other.asked.cells {
        changes.push("they run different cells of an earlier run again".to_owned());
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
        plan.places.interpreters.extend(other.plan().places.interpreters.clone());
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
