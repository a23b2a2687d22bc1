//! Holding the records of a run against what is expected, one by one.

use std::collections::BTreeMap;

use super::{Clause, Entry, Expectations, FOOTPRINT, Scenarios};
use crate::{
    record::{DivergenceRecord, InterpreterRecord, Record, VerdictWord},
    version::Version,
};

/// A check in progress. What it holds grows with the expectations and with what is wrong, not with
/// the run.
#[derive(Debug)]
pub struct Check<'a> {
    expectations: &'a Expectations,
    is_whole: bool,
    /// Whether each promise was kept, of those that a record could keep.
    promises: BTreeMap<Promise<'a>, bool>,
    outcome: Outcome,
}

/// What one entry expects of one interpreter: strategy, line of the entry, sort of divergence, where.
type Promise<'a> = (&'a str, u64, &'a Clause, &'a str, String);

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many divergences an entry expects.
    pub expected: usize,
    /// How many are held against no entry: see [`Expectation::NotHeld`].
    pub not_held: usize,
    /// Divergences that no entry expects, in the order of the records.
    pub new: Vec<Deviation>,
    /// Divergences that an entry expects and that did not happen.
    pub gone: Vec<Deviation>,
}

impl Outcome {
    /// Whether everything was as expected.
    pub fn is_as_expected(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty()
    }
}

/// One difference between a run and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    /// The strategy.
    pub strategy: String,
    /// The scenario, or the pattern for scenarios.
    pub scenario: String,
    /// Label of the interpreter.
    pub interpreter: String,
    /// `missing`, `disturbed` and so on.
    pub word: String,
    /// The kind of event, or what was disturbed.
    pub what: String,
    /// The module, where the divergence is about one.
    pub module: Option<String>,
    /// What a report means that is of no import, as records say it.
    pub meaning: Option<String>,
    /// What happened, as a clause; or the reason of the entry, with its line.
    pub text: String,
}

/// What is known of one divergence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation<'a> {
    /// An entry expects it, for this reason.
    Expected(&'a str),
    /// No entry does.
    New,
    /// The strategy is held against no entries: nobody knows what it gets wrong in a user's own scenarios.
    NotHeld,
}

impl Expectations {
    /// What is known of a divergence of a strategy in a scenario on an interpreter.
    pub fn of(
        &self,
        (interpreter, strategy, scenario): (&InterpreterRecord, &str, &str),
        divergence: &DivergenceRecord,
    ) -> Expectation<'_> {
        let Some(entries) = self.entries.get(strategy) else { return Expectation::NotHeld };
        let version = version(interpreter);
        let expects = |entry: &&Entry| {
            entry.python.as_ref().is_none_or(|range| range.contains(&version))
                && entry.scenarios.iter().any(|it| it.fit(scenario))
                && entry.clauses.iter().any(|clause| entry.expects(clause, divergence))
        };
        let entry = entries.iter().find(expects);
        entry.map_or(Expectation::New, |entry| Expectation::Expected(&entry.reason))
    }
}

impl<'a> Check<'a> {
    /// A check of a run. `is_whole` says whether the run covers every scenario there is: only then
    /// can a pattern be found to fit nothing.
    pub fn new(expectations: &'a Expectations, is_whole: bool) -> Self {
        let (promises, outcome) = (BTreeMap::new(), Outcome::default());
        Self { expectations, is_whole, promises, outcome }
    }

    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        match record {
            Record::Cell(cell) => {
                let about = (cell.strategy.as_str(), cell.scenario.as_str(), &cell.interpreter);
                self.judge(about, cell.verdict, &cell.divergences);
            }
            Record::Footprint(footprint) => {
                let about = (footprint.strategy.as_str(), FOOTPRINT, &footprint.interpreter);
                self.judge(about, footprint.verdict, &footprint.divergences);
            }
            Record::Truth(_) | Record::Overhead(_) | Record::Composition(_) => {}
        }
    }

    fn judge(
        &mut self,
        (strategy, scenario, interpreter): (&str, &str, &InterpreterRecord),
        verdict: VerdictWord,
        divergences: &[DivergenceRecord],
    ) {
        if !matches!(verdict, VerdictWord::Conforms | VerdictWord::Diverges) {
            return;
        }
        let Some((strategy, entries)) = self.expectations.entries.get_key_value(strategy) else {
            self.outcome.not_held += divergences.len();
            return;
        };
        let version = version(interpreter);
        let applies =
            |entry: &&Entry| entry.python.as_ref().is_none_or(|range| range.contains(&version));
        let entries: Vec<&Entry> = entries.iter().filter(applies).collect();
        for (entry, clause, place) in entries.iter().flat_map(|entry| promises(entry)) {
            if place.fit(scenario) {
                let label = interpreter.label.clone();
                let promise = (strategy.as_str(), entry.line, clause, place.text(), label);
                let is_kept = divergences.iter().any(|it| entry.expects(clause, it));
                *self.promises.entry(promise).or_default() |= is_kept;
            }
        }
        for divergence in divergences {
            let expectation = self.expectations.of((interpreter, strategy, scenario), divergence);
            if let Expectation::Expected(_) = expectation {
                self.outcome.expected += 1;
            } else {
                let label = &interpreter.label;
                self.outcome.new.push(new((strategy, scenario, label), divergence));
            }
        }
    }

    /// What was found.
    pub fn finish(self) -> Outcome {
        let Self { expectations, is_whole, promises, mut outcome } = self;
        let broken = promises.into_iter().filter(|(_, is_kept)| !is_kept);
        for ((strategy, line, clause, place, interpreter), _) in broken {
            let entries = expectations.entries.get(strategy).into_iter().flatten();
            let entry = entries.into_iter().find(|entry| entry.line == line);
            let Some(entry) = entry else { continue };
            let is_name = entry
                .scenarios
                .iter()
                .any(|it| it.text() == place && matches!(it, Scenarios::Name(_)));
            if is_name || is_whole {
                outcome.gone.push(Deviation {
                    strategy: strategy.to_owned(),
                    scenario: place.to_owned(),
                    interpreter,
                    word: clause.word.to_owned(),
                    what: clause.what.clone(),
                    module: None,
                    meaning: None,
                    text: format!("line {line}: {}", entry.reason.trim()),
                });
            }
        }
        outcome
    }
}

/// Each thing that an entry promises, without the interpreter.
fn promises(entry: &Entry) -> impl Iterator<Item = (&Entry, &Clause, &Scenarios)> {
    let of = move |clause| entry.scenarios.iter().map(move |place| (entry, clause, place));
    entry.clauses.iter().flat_map(of)
}

impl Entry {
    /// Whether `divergence` is of this sort and about a module that the entry names.
    fn expects(&self, clause: &Clause, divergence: &DivergenceRecord) -> bool {
        clause.word == divergence.kind
            && clause.what == what(divergence)
            && self.modules.as_ref().is_none_or(|modules| modules.contains(&divergence.subject))
    }
}

/// The kind of event, or for a disturbance what was disturbed.
fn what(divergence: &DivergenceRecord) -> &str {
    divergence.event.as_deref().unwrap_or(&divergence.subject)
}

fn new(
    (strategy, scenario, interpreter): (&str, &str, &str),
    divergence: &DivergenceRecord,
) -> Deviation {
    Deviation {
        strategy: strategy.to_owned(),
        scenario: scenario.to_owned(),
        interpreter: interpreter.to_owned(),
        word: divergence.kind.clone(),
        what: what(divergence).to_owned(),
        module: divergence.event.is_some().then(|| divergence.subject.clone()),
        meaning: divergence.meaning.clone(),
        text: divergence.text.clone(),
    }
}

/// The release that `sys.version` begins with. One that cannot be read is in no range.
fn version(interpreter: &InterpreterRecord) -> Version {
    let word = interpreter.version.split(' ').next().unwrap_or_default();
    word.parse().unwrap_or(Version::new(0, 0, 0))
}
