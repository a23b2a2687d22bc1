//! Many trials, added up.

use std::collections::BTreeMap;

use super::{Answer, Outcome, Trial, Unanswered};
use crate::{
    conformance::{Beside, Flaw, Heard, Rank},
    contract::Contract,
};

/// What the trials of all entrants come to.
#[derive(Debug, Default)]
pub struct Sum {
    summaries: BTreeMap<(usize, String), Summary>,
    heard: BTreeMap<(usize, String, String), Vec<Heard>>,
    answers: Vec<Answer>,
}

/// What the trials of one entrant on one interpreter come to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Scenarios that were held against the truth.
    pub judged: usize,
    /// Those of them in which the contract was kept and the program undisturbed.
    pub conforming: usize,
    /// Scenarios that say nothing about this interpreter.
    pub not_applicable: usize,
    /// Those that show nothing, with the reason.
    pub inconclusive: Vec<(String, String)>,
    /// Events in their place.
    pub kept: usize,
    /// Events that were missing and may be.
    pub missed: usize,
    /// Events that came once too often and may.
    pub repeated: usize,
    /// Flaws by their sort.
    pub flaws: BTreeMap<String, Found>,
    /// Where `import` stood.
    pub beside: BTreeMap<Beside, usize>,
    /// By the event, how often its thread held the lock of the module, and how often not.
    pub locks: BTreeMap<String, [usize; 2]>,
}

/// A sort of flaw, and where it was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many there were.
    pub count: usize,
    /// In which scenarios, in order.
    pub scenarios: Vec<String>,
    /// The first one of the first of these scenarios, in words.
    pub example: String,
    /// The first scenario whose cell shows it, and whether a hook alone does; nothing for what only probes find.
    pub shown_in: Option<(String, bool)>,
    /// How near to the cause such flaws are.
    pub rank: Rank,
    /// The place of that first one among the flaws of its scenario.
    place: usize,
}

impl Sum {
    /// Adds a trial.
    pub fn add(&mut self, trial: Trial) {
        let Trial { entrant, python, scenario, outcome, heard } = trial;
        let summary = self.summaries.entry((entrant, python.clone())).or_default();
        match outcome {
            Outcome::NotApplicable(_) => summary.not_applicable += 1,
            Outcome::Inconclusive(reason) => summary.inconclusive.push((scenario.clone(), reason)),
            Outcome::Judged(judgement) => {
                summary.judged += 1;
                summary.conforming += usize::from(judgement.flaws.is_empty());
                summary.kept += judgement.kept;
                summary.missed += judgement.missed;
                summary.repeated += judgement.repeated;
                for (place, count) in judgement.beside {
                    *summary.beside.entry(place).or_default() += count;
                }
                for (place, flaw) in judgement.flaws.iter().enumerate() {
                    let found = summary.flaws.entry(flaw.sort()).or_default();
                    found.add(&scenario, (place, flaw));
                    found.show(&scenario, flaw);
                }
                for heard in &heard {
                    let counts = summary.locks.entry(heard.event.clone()).or_default();
                    counts[usize::from(!heard.locks.module)] += 1;
                }
                self.heard.insert((entrant, python, scenario), heard);
            }
        }
    }

    /// Adds what a probe of a candidate with this contract found.
    pub fn add_answer(&mut self, answer: Answer, contract: &Contract) {
        let summary = self.summaries.entry((answer.entrant, answer.python.clone())).or_default();
        let probe = answer.probe.name();
        if let Err(Unanswered::NotJudged(reason)) = &answer.facts {
            summary.inconclusive.push((probe.to_owned(), reason.clone()));
        }
        for (place, flaw) in answer.flaws(contract).iter().enumerate() {
            summary.flaws.entry(flaw.sort()).or_default().add(probe, (place, flaw));
        }
        self.answers.push(answer);
    }

    /// What the probes of one entrant found.
    pub fn answers(&self, entrant: usize) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.entrant == entrant)
    }

    /// The flaw of an entrant that is nearest to the cause, in the first scenario that shows such a one, in words.
    pub fn first_flaw(&self, entrant: usize) -> Option<String> {
        let own = self.of(entrant);
        let all = own.iter().flat_map(|(_, summary)| summary.flaws.values());
        all.min_by_key(|found| found.order()).map(|found| found.example.clone())
    }

    /// What one entrant comes to on each interpreter, by label.
    pub fn of(&self, entrant: usize) -> Vec<(&str, &Summary)> {
        let own = self.summaries.iter().filter(|((number, _), _)| *number == entrant);
        own.map(|((_, python), summary)| (python.as_str(), summary)).collect()
    }

    /// What one entrant's listener heard in a scenario that was judged.
    fn heard(&self, entrant: usize, python: &str, scenario: &str) -> Option<&[Heard]> {
        let key = (entrant, python.to_owned(), scenario.to_owned());
        self.heard.get(&key).map(Vec::as_slice)
    }

    /// What one entrant's listener heard on an interpreter, by scenario.
    pub fn heard_on<'a>(
        &'a self,
        entrant: usize,
        python: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a [Heard])> {
        let own = self.heard.iter().filter(move |((it, on, _), _)| *it == entrant && on == python);
        own.map(|((_, _, scenario), heard)| (scenario.as_str(), heard.as_slice()))
    }

    /// Whether an entrant keeps its contract wherever it was judged, and was judged at all.
    pub fn conforms(&self, entrant: usize) -> bool {
        let own = self.of(entrant);
        own.iter().any(|(_, summary)| summary.judged > 0)
            && own.iter().all(|(_, summary)| summary.flaws.is_empty())
    }

    /// The scenarios and probes in which any flaw of an entrant was found, on any interpreter: first those whose flaws
    /// are nearest to the cause.
    pub fn caught_by(&self, entrant: usize) -> Vec<&str> {
        let own = self.of(entrant);
        let mut ranks: BTreeMap<&str, Rank> = BTreeMap::new();
        for found in own.iter().flat_map(|(_, summary)| summary.flaws.values()) {
            for scenario in &found.scenarios {
                let rank = ranks.entry(scenario).or_insert(found.rank);
                *rank = found.rank.min(*rank);
            }
        }
        let mut scenarios: Vec<_> = ranks.into_iter().collect();
        scenarios.sort_by_key(|(_, rank)| *rank);
        scenarios.into_iter().map(|(scenario, _)| scenario).collect()
    }

    /// The scenarios in which two entrants were both judged on `python`, and those of them in which
    /// their listeners did not hear the same.
    pub fn differences<'a>(
        &'a self,
        one: usize,
        other: usize,
        python: &'a str,
    ) -> (usize, Vec<&'a str>) {
        let (mut both, mut differing) = (0, Vec::new());
        for (scenario, heard) in self.heard_on(one, python) {
            if let Some(twin) = self.heard(other, python, scenario) {
                both += 1;
                if twin != heard {
                    differing.push(scenario);
                }
            }
        }
        (both, differing)
    }
}

impl Found {
    fn add(&mut self, scenario: &str, (place, flaw): (usize, &Flaw)) {
        self.count += 1;
        if self.scenarios.first().is_none_or(|first| scenario < first.as_str()) {
            self.example = flaw.to_string();
            (self.rank, self.place) = (flaw.rank(), place);
        }
        if let Err(place) = self.scenarios.binary_search_by(|known| known.as_str().cmp(scenario)) {
            self.scenarios.insert(place, scenario.to_owned());
        }
    }

    fn show(&mut self, scenario: &str, flaw: &Flaw) {
        let is_first = self.shown_in.as_ref().is_none_or(|(first, _)| scenario < first.as_str());
        if is_first && flaw.is_of_cell() {
            self.shown_in = Some((scenario.to_owned(), flaw.is_plain()));
        }
    }

    /// What is to be told first comes first.
    fn order(&self) -> (Rank, Option<&String>, usize) {
        (self.rank, self.scenarios.first(), self.place)
    }
}
