//! One of the two runs that are compared, as far as it matters.

use std::{collections::BTreeMap, fmt};

use crate::{
    command::Places,
    record::{
        CellRecord, CompositionRecord, DivergenceRecord, FootprintRecord, InterpreterRecord, Keys,
        Machine, MemberRecord, OverheadRecord, Plan, Record, RunId, TruthRecord,
    },
    strategy::BASELINE,
};

/// What a behaviour is about, without the interpreter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// What really happens in a scenario.
    Truth {
        /// The scenario.
        scenario: String,
    },
    /// What a strategy shows of it.
    Cell {
        /// The scenario.
        scenario: String,
        /// The strategy.
        strategy: String,
    },
    /// What a strategy takes of stack and memory.
    Footprint {
        /// The strategy.
        strategy: String,
    },
    /// What becomes of hooks in company.
    Company {
        /// The scenario.
        scenario: String,
        /// The company's name, and how it was dissolved.
        company: String,
    },
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth { scenario } => write!(f, "what happens in {scenario}"),
            Self::Cell { scenario, strategy } => write!(f, "{strategy} in {scenario}"),
            Self::Footprint { strategy } => write!(f, "the footprint of {strategy}"),
            Self::Company { scenario, company } => write!(f, "{company} in {scenario}"),
        }
    }
}

/// What was seen of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Behaviour {
    /// Of the scenario's file; empty where there is none.
    pub(super) digest: String,
    /// The verdict's word, and why where it is not about divergences.
    pub(super) verdict: (String, Option<String>),
    /// Whether nothing was shown.
    pub(super) is_unclear: bool,
    pub(super) divergences: Vec<DivergenceRecord>,
    /// What the recorder saw.
    pub(super) recorded: String,
}

/// A cost's workload and strategy.
pub(super) type CostKey = (String, String);

/// The records of one run.
#[derive(Clone, Debug, Default)]
pub struct Side {
    pub(super) run: String,
    pub(super) machine: Option<Machine>,
    pub(super) places: Places,
    /// Digests of the strategies' files, where a plan is known.
    pub(super) strategies: BTreeMap<String, String>,
    pub(super) interpreters: BTreeMap<String, InterpreterRecord>,
    /// By the interpreter's label.
    pub(super) behaviours: BTreeMap<String, BTreeMap<About, Behaviour>>,
    pub(super) costs: BTreeMap<String, BTreeMap<CostKey, OverheadRecord>>,
}

impl Side {
    /// The run with this name and plan, without its records.
    pub fn of(run: &RunId, plan: &Plan) -> Self {
        let (machine, strategies) = (plan.machine.clone(), plan.inputs.strategies.clone());
        let places = plan.places.clone();
        Self { run: run.to_string(), machine, places, strategies, ..Self::default() }
    }

    /// Takes all records of the run; of those with the same key the first counts.
    pub fn with<E>(
        mut self,
        records: impl IntoIterator<Item = Result<Record, E>>,
    ) -> Result<Self, E> {
        let mut keys = Keys::default();
        for record in records {
            let record = record?;
            if keys.insert(record.key()) {
                self.add(record);
            }
        }
        Ok(self)
    }

    fn add(&mut self, record: Record) {
        match record {
            Record::Truth(truth) => self.behaviour(truth.interpreter.clone(), of_truth(truth)),
            Record::Cell(cell) => self.behaviour(cell.interpreter.clone(), of_cell(cell)),
            Record::Footprint(it) => self.behaviour(it.interpreter.clone(), of_footprint(it)),
            Record::Composition(it) => self.behaviour(it.interpreter.clone(), of_company(it)),
            Record::Overhead(cost) => {
                let label = self.meet(cost.interpreter.clone());
                let key = (cost.workload.clone(), cost.strategy.clone());
                self.costs.entry(label).or_default().insert(key, cost);
            }
        }
    }

    fn behaviour(&mut self, interpreter: InterpreterRecord, (about, it): (About, Behaviour)) {
        let label = self.meet(interpreter);
        self.behaviours.entry(label).or_default().insert(about, it);
    }

    fn meet(&mut self, interpreter: InterpreterRecord) -> String {
        let label = interpreter.label.clone();
        self.interpreters.entry(label.clone()).or_insert(interpreter);
        label
    }

    /// How far from 1 the baseline lies from itself in a workload, as a fraction.
    pub(super) fn noise(&self, label: &str, workload: &str) -> Option<f64> {
        let again = self.costs.get(label)?.get(&(workload.to_owned(), BASELINE.to_owned()))?;
        let [low, high] = again.interval?;
        Some((1.0 - low).abs().max((high - 1.0).abs()))
    }
}

/// What each launch shows of a cost, where it shows anything.
pub(super) fn ratios(cost: &OverheadRecord) -> Vec<f64> {
    cost.ratios.iter().copied().flatten().collect()
}

/// The word of a verdict, as it stands in records.
fn word<T: serde::Serialize>(verdict: T) -> String {
    let word = serde_json::to_value(verdict).expect("a word is JSON");
    word.as_str().unwrap_or_default().replace('-', " ")
}

fn of_truth(truth: TruthRecord) -> (About, Behaviour) {
    let word = word(truth.truth);
    let behaviour = Behaviour {
        digest: truth.digest,
        is_unclear: word == "unknown",
        verdict: (word, truth.reason),
        divergences: Vec::new(),
        recorded: truth.recorded,
    };
    (About::Truth { scenario: truth.scenario }, behaviour)
}

fn judged(
    digest: String,
    (verdict, reason): (String, Option<String>),
    divergences: Vec<DivergenceRecord>,
) -> Behaviour {
    let is_unclear = verdict == "inconclusive";
    Behaviour {
        digest,
        verdict: (verdict, reason),
        is_unclear,
        divergences,
        recorded: String::new(),
    }
}

fn of_cell(cell: CellRecord) -> (About, Behaviour) {
    let behaviour = judged(cell.digest, (word(cell.verdict), cell.reason), cell.divergences);
    (About::Cell { scenario: cell.scenario, strategy: cell.strategy }, behaviour)
}

fn of_footprint(it: FootprintRecord) -> (About, Behaviour) {
    let behaviour = judged(String::new(), (word(it.verdict), it.reason), it.divergences);
    (About::Footprint { strategy: it.strategy }, behaviour)
}

fn of_company(it: CompositionRecord) -> (About, Behaviour) {
    let mut divergences: Vec<_> = it.members.iter().flat_map(of_member).collect();
    divergences.extend(it.program);
    let company = format!("{} ({} removed)", it.company, it.removal);
    let behaviour = judged(it.digest, (word(it.verdict), it.reason), divergences);
    (About::Company { scenario: it.scenario, company }, behaviour)
}

fn of_member(member: &MemberRecord) -> Vec<DivergenceRecord> {
    let who = format!("{} at {}", member.strategy, member.position + 1);
    let refused = member.refused.iter().map(|it| DivergenceRecord {
        meaning: None,
        kind: "refused".to_owned(),
        event: None,
        subject: format!("{who}: {}", it.step),
        text: format!("{who} refused to {}: {}", it.step, it.reason),
    });
    let shares = [("together", &member.together.divergences), ("left", &member.left.divergences)];
    let all = shares.into_iter().chain([("afterwards", &member.afterwards)]);
    let repeated = all.flat_map(|(phase, divergences)| {
        let who = &who;
        divergences.iter().map(move |it| DivergenceRecord {
            meaning: None,
            kind: it.divergence.kind.clone(),
            event: it.divergence.event.clone(),
            subject: format!("{who}, {phase}: {}", it.divergence.subject),
            text: format!("{who}, {phase}, {}\u{d7}: {}", it.times, it.divergence.text),
        })
    });
    refused.chain(repeated).collect()
}
