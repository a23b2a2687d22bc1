//! Every divergence in a sentence: what recurs is told once, the rest scenario by scenario. Each has the
//! command that writes a script which shows it without Tollgate, for the first of its cells.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    clauses::{self, Sort, has_own_text, sort},
    findings::{Findings, event_order, is_judged},
    interpreters::{Place, merge},
    severity,
    words::{count, listed, plain},
};
use crate::record::{DivergenceRecord, FootprintRecord, VerdictWord};

/// In how many scenarios a divergence must occur to be told once.
const RECURRENT: usize = 4;
/// What a line with a command begins with.
pub(super) const COMMAND: &str = "    ";
/// How many of those scenarios are named.
const NAMED: usize = 3;

/// A paragraph for each strategy that diverges. Empty if nothing was judged.
pub(super) fn divergences(findings: &Findings) -> String {
    worst_divergences(findings, usize::MAX)
}

/// The same with the `most` worst sentences of each strategy, and how many more there are.
pub(super) fn worst_divergences(findings: &Findings, most: usize) -> String {
    if !findings.cells.iter().any(is_judged) {
        return String::new();
    }
    let strategies = findings.strategies();
    let paragraphs: Vec<_> = strategies
        .iter()
        .map(|strategy| shortened(strategy, &sentences(findings, strategy), most))
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    if paragraphs.is_empty() { conforming(findings) } else { paragraphs.join("\n") }
}

/// That nothing diverges, and how much of it nobody could judge.
fn conforming(findings: &Findings) -> String {
    let (judged, open): (Vec<_>, Vec<_>) = findings
        .cells
        .iter()
        .filter(|cell| cell.verdict != VerdictWord::NotApplicable)
        .partition(|cell| is_judged(cell));
    let diverges = |it: &&FootprintRecord| it.verdict == VerdictWord::Diverges;
    let footprints = findings.footprints.iter().filter(diverges).count();
    match open.len() {
        0 if footprints > 0 => {
            "No strategy diverges in a scenario; see its footprint.\n".to_owned()
        }
        0 => "No strategy diverges.\n".to_owned(),
        open => format!(
            "No strategy diverges in {} that could be judged; {open} could not.\n",
            count(judged.len(), "cell")
        ),
    }
}

fn shortened(strategy: &str, sentences: &[String], most: usize) -> String {
    // one more is told, not counted
    if sentences.len() <= most.saturating_add(1) {
        return sentences.concat();
    }
    let more = count(sentences.len() - most, "sentence");
    let strategy = plain(strategy);
    format!("{}… {more} more about {strategy} in the report.\n", sentences[..most].concat())
}

/// What is to be said of a strategy, the worst first.
fn sentences(findings: &Findings, strategy: &str) -> Vec<String> {
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
type Clause<'a> = (Sort<'a>, Option<(u8, &'a str)>, &'a str);

fn clause(divergence: &DivergenceRecord) -> Clause<'_> {
    let event = divergence.event.as_deref().map(event_order);
    (sort(divergence), event, &divergence.subject)
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
    sort: Sort<'a>,
    /// One for each clause.
    divergences: Vec<&'a DivergenceRecord>,
    scenarios: BTreeSet<&'a str>,
    places: BTreeSet<Place>,
    /// With the commonest of several texts.
    example: Option<Occurrence<'a>>,
}

/// The sentences about `clauses`, the worst first, and of these the most frequent.
fn recurrences<'a>(clauses: &BTreeMap<Clause<'a>, Vec<Occurrence<'a>>>) -> Vec<Recurrence<'a>> {
    let mut recurrences: Vec<Recurrence<'a>> = Vec::new();
    for ((sort, ..), occurrences) in clauses {
        let one = Recurrence::of(*sort, occurrences);
        match recurrences.iter_mut().find(|known| known.has_room_for(&one)) {
            Some(known) => known.divergences.extend(one.divergences),
            None => recurrences.push(one),
        }
    }
    recurrences.sort_by_key(|it| (it.severity(), Reverse(it.scenarios.len())));
    recurrences
}

impl<'a> Recurrence<'a> {
    fn of(sort: Sort<'a>, occurrences: &[Occurrence<'a>]) -> Self {
        let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
        for one in occurrences {
            *texts.entry(&one.divergence.text).or_default() += 1;
        }
        // records are written in no particular order
        let commonest = occurrences.iter().min_by_key(|one| {
            let text = &one.divergence.text;
            (Reverse(texts[text.as_str()]), text.len(), one.scenario, one.place)
        });
        Self {
            sort,
            divergences: commonest.iter().map(|one| one.divergence).collect(),
            scenarios: scenarios(occurrences),
            places: occurrences.iter().map(|occurrence| occurrence.place).collect(),
            example: commonest.copied().filter(|_| has_own_text(sort.0) && texts.len() > 1),
        }
    }

    fn severity(&self) -> Option<(u8, u8)> {
        self.divergences.iter().map(|divergence| severity::severity(divergence)).min()
    }

    fn has_room_for(&self, other: &Self) -> bool {
        !has_own_text(self.sort.0)
            && (self.sort, &self.scenarios, &self.places)
                == (other.sort, &other.scenarios, &other.places)
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
    let mut worst: BTreeMap<&str, (u8, u8)> = BTreeMap::new();
    for cell in findings.cells.iter().filter(|cell| &*cell.strategy == strategy) {
        let is_special =
            |divergence: &&DivergenceRecord| !recurrent.contains_key(&clause(divergence));
        let special: Vec<_> = cell.divergences.iter().filter(is_special).collect();
        if !special.is_empty() {
            let place = findings.place(&cell.interpreter);
            scenarios.entry(&cell.scenario).or_default().insert(place, clauses::all(&special));
            let own = special.iter().map(|divergence| severity::severity(divergence)).min();
            let known = worst.entry(&cell.scenario).or_insert((u8::MAX, u8::MAX));
            *known = own.unwrap_or(*known).min(*known);
        }
    }
    let sentence = |scenario: &str, (group, clauses): (Vec<Place>, String)| {
        let command = group.first().map(|place| shown_by(findings, scenario, strategy, *place));
        let on = findings.interpreters.words(group);
        let told = format!("{}, {}, {on}: {clauses}.\n", plain(strategy), plain(scenario));
        told + &command.unwrap_or_default()
    };
    let mut scenarios: Vec<_> = scenarios.into_iter().collect();
    scenarios.sort_by_key(|(scenario, _)| worst[scenario]);
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
