//! The record of what an arm costs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{InterpreterRecord, Provenance, Record, convert::interpreter};
use crate::{
    measure::{Control, Estimate},
    overhead::{Conditions, Cost, Counted},
    worker::Target,
};

/// What one strategy, or one control, costs in one workload on one interpreter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverheadRecord {
    /// Where it ran.
    pub interpreter: InterpreterRecord,
    /// Name of the strategy; `none` is the A/A arm, the baseline against itself.
    pub strategy: String,
    /// What is known of it beforehand, if it is a control.
    pub control: Option<ControlRecord>,
    /// Name of the workload.
    pub workload: String,
    /// How many imports, statements or events one sample is about.
    pub operations: usize,
    /// Time under the strategy over time under `none`; nothing if no sample was usable.
    pub ratio: Option<f64>,
    /// Bounds of its interval; nothing where one launch cannot give any.
    pub interval: Option<[f64; 2]>,
    /// Confidence of that interval: 0.95, or what the look at which launches ended leaves.
    pub confidence: f64,
    /// The ratio of the fastest samples alone.
    pub fast: Option<f64>,
    /// How likely a ratio as far from 1 would be without a difference, before any correction.
    pub p: Option<f64>,
    /// Smallest effect, as a fraction, that this run would have seen with 80 % power.
    pub detectable: Option<f64>,
    /// `slower`, `faster`, `equivalent`, `inconclusive`, `conflict` or `unfit`.
    pub verdict: String,
    /// What fresh launches showed of a difference.
    pub confirmation: Option<ConfirmationRecord>,
    /// What callgrind counted, where it was asked.
    pub counted: Option<Box<CountedRecord>>,
    /// How many parents were launched.
    pub launches: usize,
    /// Pairs of samples that count.
    pub samples: usize,
    /// Samples that do not: the child failed, or did other things than the others.
    pub void: usize,
    /// What the first failed child said.
    pub complaint: Option<String>,
    /// Nanoseconds: for each launch the pairs of baseline and strategy, `null` where void.
    pub nanos: Vec<Vec<[Option<u64>; 2]>>,
    /// The ratio that each launch shows, estimated from the laps of its samples; `null` where no round counts.
    pub ratios: Vec<Option<f64>>,
    /// Of each launch, in the record of the A/A arm alone: arms share their launches.
    pub conditions: Vec<ConditionsRecord>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// A control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlRecord {
    /// `again`, `sham` or `planted`.
    pub kind: String,
    /// The ratio that was planted.
    pub known: Option<f64>,
    /// Whether it shows what it must.
    pub holds: bool,
}

/// A difference looked for again, in fresh launches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationRecord {
    /// The ratio that they showed.
    pub ratio: f64,
    /// Bounds of its 90 % interval; nothing where one launch cannot give any.
    pub interval: Option<[f64; 2]>,
    /// How many launches.
    pub launches: usize,
}

/// Instructions, as callgrind counted them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedRecord {
    /// Instructions under the strategy over instructions under `none`: the mean over seeds.
    pub ratio: f64,
    /// The lowest and the highest ratio of a seed.
    pub range: [f64; 2],
    /// Instructions that the strategy adds to each operation.
    pub added: f64,
    /// How many counts were repeated, and how many of the repeats were not the same.
    pub repeats: [usize; 2],
    /// The counts of each hash seed.
    pub seeds: Vec<SeedRecord>,
}

/// Instructions of one sample each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeedRecord {
    /// The seed of `hash()` for strings.
    pub seed: u32,
    /// Of the baseline and of the strategy.
    pub instructions: [u64; 2],
}

/// See [`Conditions`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionsRecord {
    /// Seed of `hash()` for strings.
    pub hash_seed: u32,
    /// Bytes added to the environment.
    pub environment_pad: usize,
    /// Bytes allocated before the first sample.
    pub heap_pad: usize,
    /// The core that was kept to, by the system's number.
    pub core: Option<usize>,
    /// Share of the processors' time that the hypervisor gave to others.
    pub stolen: Option<f64>,
    /// Processes that wanted a core, on average over the minute before.
    pub load: Option<f64>,
    /// How fast the first processor ran at the end of the launch, in MHz. Older records do not say.
    #[serde(default)]
    pub megahertz: Option<f64>,
    /// Page faults while the clock ran.
    pub faults: u64,
    /// How often a sample lost its core while the clock ran.
    pub switches: u64,
    /// How many samples there were.
    pub samples: usize,
}

impl ControlRecord {
    /// Which control it is; nothing for a word that nobody writes.
    pub fn control(&self) -> Option<Control> {
        [Control::Again, Control::Sham, Control::Planted]
            .into_iter()
            .find(|control| word(*control) == self.kind)
    }
}

fn word(control: Control) -> &'static str {
    match control {
        Control::Again => "again",
        Control::Sham => "sham",
        Control::Planted => "planted",
    }
}

/// The record of what a strategy costs.
pub fn overhead_record(target: &Target, cost: &Cost, provenance: &Provenance) -> Record {
    let estimate = cost.estimate.as_ref();
    let verdict = estimate.map(|estimate| estimate.verdict.to_string());
    Record::Overhead(OverheadRecord {
        interpreter: interpreter(target),
        strategy: cost.strategy.to_string(),
        control: cost.control.map(|control| ControlRecord {
            kind: word(control).to_owned(),
            known: cost.known,
            holds: cost.holds == Some(true),
        }),
        workload: cost.workload.to_owned(),
        operations: cost.operations,
        ratio: estimate.map(|estimate| estimate.ratio),
        interval: estimate.and_then(bounds),
        confidence: cost.confidence,
        fast: estimate.map(|estimate| estimate.fast),
        p: estimate.and_then(|estimate| estimate.p),
        detectable: estimate.and_then(|estimate| estimate.detectable),
        verdict: verdict.unwrap_or_else(|| "inconclusive".to_owned()),
        confirmation: cost.confirmation.as_ref().map(|again| ConfirmationRecord {
            ratio: again.ratio,
            interval: bounds(again),
            launches: again.launches,
        }),
        counted: cost.counted.as_ref().map(|it| Box::new(counted(it))),
        launches: cost.pairs.len(),
        samples: estimate.map_or(0, |estimate| estimate.samples),
        void: cost.void,
        complaint: cost.complaint.clone(),
        nanos: cost.pairs.clone(),
        ratios: cost.ratios.clone(),
        conditions: cost.conditions.iter().map(conditions).collect(),
        provenance: provenance.clone(),
    })
}

/// The bounds of an interval that has any.
pub(super) fn bounds(estimate: &Estimate) -> Option<[f64; 2]> {
    let bounds = [estimate.low, estimate.high];
    bounds.iter().all(|bound| bound.is_finite()).then_some(bounds)
}

pub(super) fn counted(counted: &Counted) -> CountedRecord {
    let seed = |&(seed, instructions): &(u32, [u64; 2])| SeedRecord { seed, instructions };
    CountedRecord {
        ratio: counted.ratio,
        range: counted.range,
        added: counted.added,
        repeats: counted.repeats,
        seeds: counted.counts.iter().map(seed).collect(),
    }
}

fn conditions(conditions: &Conditions) -> ConditionsRecord {
    let Conditions {
        hash_seed,
        environment_pad,
        heap_pad,
        core,
        stolen,
        load,
        megahertz,
        faults,
        switches,
        samples,
    } = *conditions;
    ConditionsRecord {
        hash_seed,
        environment_pad,
        heap_pad,
        core,
        stolen,
        load,
        megahertz,
        faults,
        switches,
        samples,
    }
}
