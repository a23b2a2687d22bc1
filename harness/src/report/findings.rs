//! The records of a run, sorted by what they are about.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_event::EventKind;

use super::{
    company::CompanyFact,
    facts::{CellFact, Facts, TruthFact},
    interpreters::{Interpreters, Place},
};
use crate::{
    command::Places,
    record::{
        Counts, DivergenceRecord, EvaluationRecord, FootprintRecord, InterpreterRecord, Keys,
        OverheadRecord, Provenance, Record, VerdictWord,
    },
    strategy::BASELINE,
};

/// Cells by interpreter.
pub(super) type ByPlace<'a> = BTreeMap<Place, Vec<&'a CellFact>>;

/// What a report is made of: the records of a run without what no report shows.
///
/// Collected from records one by one. Of records with the same key the first counts.
pub struct Findings {
    pub(super) counts: Counts,
    pub(super) interpreters: Interpreters,
    pub(super) truths: Vec<TruthFact>,
    pub(super) cells: Vec<CellFact>,
    /// Without the samples.
    pub(super) overheads: Vec<OverheadRecord>,
    pub(super) footprints: Vec<FootprintRecord>,
    pub(super) companies: Vec<CompanyFact>,
    /// By label.
    pub(super) origins: BTreeMap<String, InterpreterRecord>,
    /// Each once, in the order of the records.
    pub(super) provenances: Vec<Provenance>,
    /// What candidates came to, where an evaluation is shown with the run.
    pub(super) evaluation: Option<EvaluationRecord>,
    /// Where things are that commands have to name.
    pub(super) commands: Places,
}

impl FromIterator<Record> for Findings {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Self {
        let (mut keys, mut facts) = (Keys::default(), Facts::default());
        let (mut counts, mut labels) = (Counts::default(), BTreeMap::new());
        let mut provenances: Vec<Provenance> = Vec::new();
        let (mut truths, mut cells) = (Vec::new(), Vec::new());
        let (mut overheads, mut footprints) = (Vec::new(), Vec::new());
        let mut companies = Vec::new();
        for record in records {
            if !keys.insert(record.key()) {
                continue;
            }
            counts.add(&record);
            let (interpreter, provenance) = record.origin();
            if !labels.contains_key(&interpreter.label) {
                labels.insert(interpreter.label.clone(), interpreter.clone());
            }
            if provenances.last() != Some(provenance) && !provenances.contains(provenance) {
                provenances.push(provenance.clone());
            }
            match record {
                Record::Truth(truth) => truths.push(facts.truth(truth)),
                Record::Cell(cell) => cells.push(facts.cell(cell)),
                Record::Footprint(footprint) => footprints.push(footprint),
                Record::Composition(company) => companies.push(company.into()),
                Record::Overhead(cost) => {
                    overheads.push(OverheadRecord { nanos: Vec::new(), ..cost });
                }
            }
        }
        let interpreters = Interpreters::new(labels.keys().map(String::as_str));
        let origins = labels;
        Self {
            counts,
            interpreters,
            truths,
            cells,
            overheads,
            footprints,
            companies,
            origins,
            provenances,
            evaluation: None,
            commands: Places::default(),
        }
    }
}

impl Findings {
    /// The same with what candidates came to.
    #[must_use]
    pub fn with_evaluation(self, evaluation: Option<EvaluationRecord>) -> Self {
        Self { evaluation, ..self }
    }

    /// The same with where things are that commands about the cells have to name.
    #[must_use]
    pub fn with_places(self, commands: Places) -> Self {
        Self { commands, ..self }
    }

    /// How many records of each sort there are.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Where the records come from, in one line; nothing without a record.
    pub(super) fn provenance(&self) -> Option<String> {
        let one = |it: &Provenance| {
            let revision = it.revision.as_deref().unwrap_or("outside git");
            let (run, tollgate, host, seed) = (&it.run, &it.tollgate, &it.host, it.seed);
            format!("Run {run}, Tollgate {tollgate} ({revision}) on {host}, seed {seed}.")
        };
        let told: Vec<_> = self.provenances.iter().map(one).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }

    /// The strategies that have cells: the baseline first, then by name.
    pub(super) fn strategies(&self) -> Vec<&str> {
        let names: BTreeSet<_> = self.cells.iter().map(|cell| by_name(&cell.strategy)).collect();
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// The scenarios that have a truth or a cell, by name.
    pub(super) fn scenarios(&self) -> BTreeSet<&str> {
        let truths = self.truths.iter().map(|truth| &*truth.scenario);
        truths.chain(self.cells.iter().map(|cell| &*cell.scenario)).collect()
    }

    /// The cells of one strategy, by interpreter.
    pub(super) fn of_strategy(&self, strategy: &str) -> ByPlace<'_> {
        let mut cells = ByPlace::new();
        for cell in self.cells.iter().filter(|cell| &*cell.strategy == strategy) {
            cells.entry(self.place(&cell.interpreter)).or_default().push(cell);
        }
        cells
    }

    /// The cells of each scenario, by interpreter. Scenarios without any are among them.
    pub(super) fn by_scenario(&self) -> BTreeMap<&str, BTreeMap<Place, Vec<&CellFact>>> {
        let mut cells: BTreeMap<&str, BTreeMap<_, Vec<_>>> =
            self.scenarios().into_iter().map(|scenario| (scenario, BTreeMap::new())).collect();
        for cell in &self.cells {
            let places = cells.entry(&cell.scenario).or_default();
            places.entry(self.place(&cell.interpreter)).or_default().push(cell);
        }
        cells
    }

    /// Where the interpreter with this label stands.
    pub(super) fn place(&self, label: &str) -> Place {
        self.interpreters.place(label).expect("the interpreters of all records are known")
    }

    /// The interpreters that `labels` name, in order and each once.
    pub(super) fn places<'a>(&self, labels: impl IntoIterator<Item = &'a str>) -> Vec<Place> {
        let places: BTreeSet<_> = labels.into_iter().map(|label| self.place(label)).collect();
        places.into_iter().collect()
    }
}

/// What to compare so that the baseline comes first.
pub(super) fn by_name(strategy: &str) -> (bool, &str) {
    (strategy != BASELINE, strategy)
}

/// What to compare so that kinds of events come in their own order: `call.start` first.
pub(super) fn event_order(word: &str) -> (u8, &str) {
    (word.parse::<EventKind>().map_or(u8::MAX, EventKind::code), word)
}

/// Whether the strategy was judged in this cell.
pub(super) fn is_judged(cell: &CellFact) -> bool {
    matches!(cell.verdict, VerdictWord::Conforms | VerdictWord::Diverges)
}

/// The ways in which the program behaved differently in this cell.
pub(super) fn disturbances(cell: &CellFact) -> impl Iterator<Item = &DivergenceRecord> {
    cell.divergences.iter().filter(|divergence| divergence.kind == "disturbed")
}
