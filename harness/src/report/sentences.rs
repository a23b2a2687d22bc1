//! Every divergence in a sentence: what recurs is told once, the rest scenario by scenario. Each has the
//! command that writes a script which shows it without Tollgate, for the first of its cells.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    clauses::{self, has_own_text},
    findings::{Findings, event_order, is_judged},
    interpreters::{Place, merge},
    words::{count, listed, plain},
};
use crate::record::DivergenceRecord;

/// In how many scenarios a divergence must occur to be told once.
const RECURRENT: usize = 4;
/// What a line with a command begins with.
pub(super) const COMMAND: &str = "    ";
/// How many of those scenarios are named.
const NAMED: usize = 3;

/// A paragraph for each strategy that diverges. Empty if nothing was judged.
pub(super) fn divergences(findings: &Findings) -> String {
    if !findings.cells.iter().any(is_judged) {
        return String::new();
    }
    let strategies = findings.strategies();
    let paragraphs: Vec<_> = strategies
        .iter()
        .map(|strategy| paragraph(findings, strategy))
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    if paragraphs.is_empty() { "No strategy diverges.\n".to_owned() } else { paragraphs.join("\n") }
}

fn paragraph(findings: &Findings, strategy: &str) -> String {
    let mut clauses: BTreeMap<Clause<'_>, Vec<Occurrence<'_>>> = BTreeMap::new();
    for cell in findings.cells.iter().filter(|cell| &*cell.strategy == strategy) {
        let (scenario, place) = (&*cell.scenario, findings.place(&cell.interpreter));
        for divergence in cell.divergences.iter() {
            let occurrence = Occurrence { scenario, place, divergence };
            clauses.entry(clause(divergence)).or_default().push(occurrence);
        }
    }
    clauses.retain(|_, occurrences| scenarios(occurrences).len() >= RECURRENT);
    let once = recurrences(&clauses);
    let once = once.iter().map(|recurrence| recurrence.sentence(findings, strategy));
    once.chain(told_by_scenario(findings, strategy, &clauses)).collect()
}

/// Divergences that differ in no more than scenario, interpreter and details: kind, event, subject.
type Clause<'a> = (&'a str, Option<(u8, &'a str)>, &'a str);

fn clause(divergence: &DivergenceRecord) -> Clause<'_> {
    let event = divergence.event.as_deref().map(event_order);
    (&divergence.kind, event, &divergence.subject)
}

/// One divergence of one cell.
#[derive(Clone, Copy)]
struct Occurrence<'a> {
    scenario: &'a str,
    place: Place,
    divergence: &'a DivergenceRecord,
}

fn scenarios<'a>(occurrences: &[Occurrence<'a>]) -> BTreeSet<&'a str> {
    occurrences.iter().map(|occurrence| occurrence.scenario).collect()
}

/// One sentence about what recurs: clauses of one kind that are true in the same places.
struct Recurrence<'a> {
    kind: &'a str,
    /// One for each clause.
    divergences: Vec<&'a DivergenceRecord>,
    scenarios: BTreeSet<&'a str>,
    places: BTreeSet<Place>,
    /// The shortest of several texts.
    example: Option<Occurrence<'a>>,
}

/// The sentences about `clauses`, the most frequent first.
fn recurrences<'a>(clauses: &BTreeMap<Clause<'a>, Vec<Occurrence<'a>>>) -> Vec<Recurrence<'a>> {
    let mut recurrences: Vec<Recurrence<'a>> = Vec::new();
    for ((kind, ..), occurrences) in clauses {
        let one = Recurrence::of(kind, occurrences);
        match recurrences.iter_mut().find(|known| known.has_room_for(&one)) {
            Some(known) => known.divergences.extend(one.divergences),
            None => recurrences.push(one),
        }
    }
    recurrences.sort_by_key(|recurrence| Reverse(recurrence.scenarios.len()));
    recurrences
}

impl<'a> Recurrence<'a> {
    fn of(kind: &'a str, occurrences: &[Occurrence<'a>]) -> Self {
        // records are written in no particular order
        let shortest = occurrences
            .iter()
            .min_by_key(|one| (one.divergence.text.len(), one.scenario, one.place));
        let texts: BTreeSet<_> = occurrences.iter().map(|one| &one.divergence.text).collect();
        Self {
            kind,
            divergences: shortest.iter().map(|one| one.divergence).collect(),
            scenarios: scenarios(occurrences),
            places: occurrences.iter().map(|occurrence| occurrence.place).collect(),
            example: shortest.copied().filter(|_| has_own_text(kind) && texts.len() > 1),
        }
    }

    fn has_room_for(&self, other: &Self) -> bool {
        !has_own_text(self.kind)
            && (self.kind, &self.scenarios, &self.places)
                == (other.kind, &other.scenarios, &other.places)
    }

    fn sentence(&self, findings: &Findings, strategy: &str) -> String {
        let clause = match self.example {
            Some(_) => clauses::general(&self.divergences),
            None => clauses::all(&self.divergences),
        };
        let comma = if clause.contains(", which ") { "," } else { "" };
        let scenarios = count(self.scenarios.len(), "scenario");
        let named = listed(self.scenarios.iter().map(|name| plain(name)), NAMED);
        let on = findings.interpreters.words(self.places.iter().copied());
        let example = self.example.map_or_else(String::new, |example| {
            let (scenario, on) =
                (plain(example.scenario), findings.interpreters.name(example.place));
            format!("; in {scenario} on {on} it {}", plain(&example.divergence.text))
        });
        let told = format!(
            "{} {clause}{comma} in {scenarios} ({named}) on {on}{example}.\n",
            plain(strategy)
        );
        told + &self.shown_by(findings, strategy)
    }

    /// By a cell of the example, or of the first scenario, on the first interpreter.
    fn shown_by(&self, findings: &Findings, strategy: &str) -> String {
        let first = self.scenarios.first().zip(self.places.first());
        let example = self.example.map(|it| (it.scenario, it.place));
        let cell = example.or(first.map(|(scenario, place)| (*scenario, *place)));
        cell.map(|(scenario, place)| shown_by(findings, scenario, strategy, place))
            .unwrap_or_default()
    }
}

/// What does not recur: a sentence for each scenario and group of interpreters.
fn told_by_scenario(
    findings: &Findings,
    strategy: &str,
    recurrent: &BTreeMap<Clause<'_>, Vec<Occurrence<'_>>>,
) -> Vec<String> {
    let mut scenarios: BTreeMap<&str, BTreeMap<Place, String>> = BTreeMap::new();
    for cell in findings.cells.iter().filter(|cell| &*cell.strategy == strategy) {
        let is_special =
            |divergence: &&DivergenceRecord| !recurrent.contains_key(&clause(divergence));
        let special: Vec<_> = cell.divergences.iter().filter(is_special).collect();
        if !special.is_empty() {
            let place = findings.place(&cell.interpreter);
            scenarios.entry(&cell.scenario).or_default().insert(place, clauses::all(&special));
        }
    }
    let sentence = |scenario: &str, (group, clauses): (Vec<Place>, String)| {
        let command = group.first().map(|place| shown_by(findings, scenario, strategy, *place));
        let on = findings.interpreters.words(group);
        let told = format!("{}, {}, {on}: {clauses}.\n", plain(strategy), plain(scenario));
        told + &command.unwrap_or_default()
    };
    let told = scenarios.into_iter().flat_map(|(scenario, told)| {
        merge(told).into_iter().map(move |group| sentence(scenario, group))
    });
    told.collect()
}

/// The line with the command that shows a cell.
fn shown_by(findings: &Findings, scenario: &str, strategy: &str, place: Place) -> String {
    let command = findings.commands.repro(scenario, strategy, findings.interpreters.label(place));
    format!("{COMMAND}{}\n", plain(&command.to_string()))
}
