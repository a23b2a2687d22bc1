//! Putting the parts of a run together.

mod fit;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, hash_map::Entry},
    io,
};

pub use fit::{MergeError, fit};

use super::{
    EarlierRun, Key, Keys, Provenance, Record, RunFolder, Sources, TruthRecord, read::read,
};

/// A scenario of which two parts of a run found different truths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What it is about.
    pub about: String,
    /// The runs that differ, the one whose truth counts first.
    pub runs: [String; 2],
}

/// Copies the records of `runs` into `folder`, as records of that run, and each truth once; and what
/// their scenarios say.
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
    let sources = sources(runs)?;
    if !sources.is_empty() {
        folder.write_sources(&Sources::together(sources))?;
    }
    folder.sync()?;
    Ok(truths.contradictions)
}

/// What the scenarios of the parts say, so that the page of the whole shows it too.
fn sources(runs: &[EarlierRun]) -> io::Result<Vec<Sources>> {
    let read = runs.iter().filter_map(|run| Sources::read(run.path()).transpose());
    read.collect()
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
