//! The cells as compact data. What is equal is there once: most cells differ from those of other
//! interpreters in nothing, so ten thousand of them take about a megabyte.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    commands::Commands,
    drawing::{Drawing, Drawn, Shown, Spoken, Why},
    pool::Pool,
};
use crate::{
    command::Places,
    expected::Expectation,
    record::{CellRecord, DivergenceRecord, SourceRecord, TruthRecord, TruthWord},
    report::{findings::by_name, interpreters::Interpreters},
    text,
};

/// Interpreter and scenario, by their numbers.
type Place = (usize, usize);

/// What is known so far. Records may come in any order, so sides are set together at the end.
#[derive(Default)]
pub(super) struct Data {
    interpreters: Pool<String>,
    scenarios: Pool<String>,
    strategies: Pool<String>,
    texts: Pool<String>,
    /// Of entries: few, for many divergences.
    reasons: Pool<String>,
    truths: HashMap<Place, (TruthWord, Option<usize>, usize)>,
    shown: Pool<Shown>,
    cells: HashMap<(usize, Place), usize>,
}

/// The shape that `page.js` reads. Numbers name entries of the lists; −1 is nothing.
#[derive(Serialize)]
struct Wire<'a> {
    /// Labels and short names, by version.
    interpreters: Vec<[&'a str; 2]>,
    strategies: Vec<&'a str>,
    scenarios: Vec<&'a str>,
    sources: Vec<Option<&'a SourceRecord>>,
    commands: Commands<'a>,
    texts: Vec<String>,
    /// Happened, reported, marks: texts.
    pairings: Vec<[usize; 3]>,
    /// `[verdict, flags, reason, [[flag, event, clause, why]…], [[event, counts…]…], pairing]`
    shown: Vec<Drawn>,
    /// For each strategy, scenario and interpreter what is shown.
    cells: Vec<i64>,
    /// For each scenario and interpreter: the truth, its reason, its text.
    truths: Vec<Option<(TruthWord, i64, usize)>>,
}

impl Data {
    pub(super) fn truth(&mut self, record: &TruthRecord) {
        let place = self.place(&record.interpreter.label, &record.scenario);
        let reason = record.reason.as_deref().map(|it| self.texts.add(&*shown(it)));
        let trace = self.texts.add(record.recorded.as_str());
        self.truths.entry(place).or_insert((record.truth, reason, trace));
    }

    /// Takes a cell; `expectation` says what is known of its divergences.
    pub(super) fn cell<'a>(
        &mut self,
        record: &CellRecord,
        expectation: impl Fn(&DivergenceRecord) -> Expectation<'a>,
    ) {
        let place = self.place(&record.interpreter.label, &record.scenario);
        let strategy = self.strategies.add(record.strategy.as_str());
        let texts = &mut self.texts;
        let divergences = record.divergences.iter().map(|it| Spoken {
            kind: texts.add(&*it.kind),
            event: it.event.as_deref().map(|event| texts.add(event)),
            subject: texts.add(&*text::kept_name(&it.subject)),
            clause: texts.add(&*shown(&it.text)),
            is_of_no_import: it.meaning.is_some(),
            why: match expectation(it) {
                Expectation::Expected(reason) => Why::Expected(self.reasons.add(reason)),
                Expectation::New => Why::New,
                Expectation::NotHeld => Why::Unknown,
            },
        });
        let divergences = divergences.collect();
        let tally = record.tally.iter().map(|it| {
            let claimed = usize::from(it.claimed);
            let counts = [it.truth, it.seen, it.wrong, it.misplaced, it.misstated, claimed];
            (texts.add(&*it.event), counts)
        });
        let tally = tally.collect();
        let observed = record.observed.iter().map(|it| {
            let (module, outcome) = (text::kept_name(&it.module), text::kept_name(&it.outcome));
            [texts.add(&*it.event), texts.add(&*module), texts.add(&*outcome), it.thread]
        });
        let shown = Shown {
            verdict: record.verdict,
            divergences,
            tally,
            observed: observed.collect(),
            reason: record.reason.as_deref().map(|it| self.texts.add(&*shown(it))),
        };
        let shown = self.shown.add(&shown);
        self.cells.entry((strategy, place)).or_insert(shown);
    }

    fn place(&mut self, label: &str, scenario: &str) -> Place {
        (self.interpreters.add(label), self.scenarios.add(scenario))
    }

    /// The data as JSON, everything in the order in which it is shown.
    pub(super) fn finish(
        self,
        order: &Interpreters,
        sources: &[SourceRecord],
        commands: &Places,
    ) -> String {
        let Self { interpreters, scenarios, strategies, texts, reasons, truths, shown, cells } =
            self;
        let reasons = reasons.into_values().iter().map(|it| self::shown(it)).collect();
        let interpreters = sorted(interpreters.into_values(), |one| order.place(one));
        let scenarios = sorted(scenarios.into_values(), str::to_owned);
        let strategies = sorted(strategies.into_values(), |one| {
            let (is_hook, name) = by_name(one);
            (is_hook, name.to_owned())
        });
        let mut drawing = Drawing::new(texts.into_values(), reasons, shown.into_values());
        let mut grid = Vec::with_capacity(cells.len());
        for (strategy, _) in &strategies {
            for (scenario, _) in &scenarios {
                for (interpreter, _) in &interpreters {
                    let place = (*interpreter, *scenario);
                    let cell = cells.get(&(*strategy, place));
                    let truth = truths.get(&place).map(|(_, _, trace)| *trace);
                    grid.push(number(cell.map(|shown| drawing.draw(*shown, truth))));
                }
            }
        }
        let told = scenarios.iter().flat_map(|(scenario, _)| {
            let place = |(interpreter, _): &(usize, String)| (*interpreter, *scenario);
            interpreters.iter().map(place)
        });
        let told: Vec<_> = told
            .map(|place| {
                let (word, reason, trace) = truths.get(&place)?;
                let reason = reason.map(|it| drawing.text(it));
                Some((*word, number(reason), drawing.text(*trace)))
            })
            .collect();
        let by_name: HashMap<_, _> = sources.iter().map(|it| (it.scenario.as_str(), it)).collect();
        let place = |label: &str| order.place(label).expect("it is of a record");
        let names = interpreters.iter().chain(&strategies).chain(&scenarios).map(|(_, it)| &**it);
        let wire = Wire {
            interpreters: interpreters
                .iter()
                .map(|(_, it)| [&**it, order.name(place(it))])
                .collect(),
            strategies: strategies.iter().map(|(_, it)| &**it).collect(),
            sources: scenarios.iter().map(|(_, it)| by_name.get(it.as_str()).copied()).collect(),
            commands: Commands::of(commands, names),
            scenarios: scenarios.iter().map(|(_, it)| &**it).collect(),
            pairings: drawing.pairings.into_values(),
            shown: drawing.drawn,
            cells: grid,
            truths: told,
            texts: drawing.texts.into_values(),
        };
        serde_json::to_string(&wire).expect("lists, numbers and texts are JSON")
    }
}

/// A text as the page shows it: its lines, what is in them visible, and not too much of it.
fn shown(text: &str) -> String {
    text::printable(&text::kept(text)).into_owned()
}

/// Values with the numbers that they had, in the order of `key`.
fn sorted<K: Ord>(values: Vec<String>, key: impl Fn(&str) -> K) -> Vec<(usize, String)> {
    let mut sorted: Vec<_> = values.into_iter().enumerate().collect();
    sorted.sort_by_cached_key(|(_, value)| key(value));
    sorted
}

pub(super) fn number(value: Option<usize>) -> i64 {
    value.and_then(|it| i64::try_from(it).ok()).unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::Record,
        report::fixtures::{cell, claimed, counting, divergence, diverging, truth},
    };

    fn drawn<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
        let mut data = Data::default();
        for record in records {
            match record {
                Record::Truth(truth) => data.truth(truth),
                Record::Cell(cell) => data.cell(cell, |_| Expectation::New),
                _ => {}
            }
        }
        data.finish(&Interpreters::new(["3.9.1", "3.10.1"]), &[], &Places::default())
    }

    #[test]
    fn the_order_of_records_makes_no_difference() {
        let cell = |strategy: &str, scenario: &str, label: &str| {
            let cell = cell(strategy, scenario, label);
            counting(cell, &[claimed("import.start", [2, 1, 0])])
        };
        let missing = divergence("missing", "import.start", "shop");
        let records = [
            truth("a", "3.9.1", (TruthWord::Agreed, None)),
            truth("b", "3.10.1", (TruthWord::Unknown, Some("hangs"))),
            Record::Cell(cell("none", "a", "3.9.1")),
            Record::Cell(diverging(cell("audit", "a", "3.9.1"), &[missing])),
            Record::Cell(cell("audit", "b", "3.10.1")),
        ];
        let told = drawn(&records);
        assert!(told.contains("did something") || told.contains("missing"), "{told}");
        assert_eq!(drawn(records.iter().rev()), told);
    }

    #[test]
    fn reasons_and_other_meanings_are_kept() {
        let missing = divergence("missing", "import.start", "shop");
        let meant = DivergenceRecord {
            meaning: Some("request".to_owned()),
            ..divergence("unexpected", "import.start", "till")
        };
        let mut data = Data::default();
        data.cell(&diverging(cell("audit", "a", "3.9.1"), &[missing, meant]), |it| {
            if it.meaning.is_some() { Expectation::New } else { Expectation::Expected("it is so") }
        });
        let told = data.finish(&Interpreters::new(["3.9.1"]), &[], &Places::default());
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let text = |number: &serde_json::Value| {
            let number = number.as_u64().and_then(|it| usize::try_from(it).ok());
            number.and_then(|it| told["texts"][it].as_str()).unwrap_or_default()
        };
        assert_eq!(told["shown"][0][1], 1 | 8, "it missed one, and one is of no import");
        let divergences = told["shown"][0][3].as_array().expect("a list").iter();
        let divergences = divergences.map(|it| (text(&it[1]), text(&it[3]), it[3].as_i64()));
        let divergences: Vec<_> = divergences
            .map(|(event, why, number)| (event, why, number.is_some_and(|it| it < 0)))
            .collect();
        assert_eq!(
            divergences,
            [("import_started", "it is so", false), ("import_started", "", true)]
        );
    }
}
