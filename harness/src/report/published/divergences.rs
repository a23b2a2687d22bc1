//! What diverges, by what it is: one sentence for all scenarios in which it does.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    record::DivergenceRecord,
    report::{
        clauses::{self, Sort, has_own_text, sort},
        findings::{Findings, event_order},
        interpreters::Place,
        severity,
        words::count,
    },
    span::event_name_of,
    verdict::Meaning,
};

/// One sentence.
pub(super) struct Told<'a> {
    /// Completes “the strategy …”, and tells how often.
    pub(super) clause: String,
    pub(super) scenarios: Vec<&'a str>,
    pub(super) example: Example<'a>,
}

/// The plainest cell in which it shows.
pub(super) struct Example<'a> {
    pub(super) scenario: &'a str,
    pub(super) place: Place,
    pub(super) text: String,
}

/// What is told together: divergences of a kind and meaning, in an event or an aspect of the program.
type Topic<'a> = (Sort<'a>, (u8, &'a str));

/// By cell.
type Cells<'a> = BTreeMap<(&'a str, Place), Vec<&'a DivergenceRecord>>;

/// What is to be said of `strategy`, the worst first, and of what is as bad the most frequent.
pub(super) fn of<'a>(findings: &'a Findings, strategy: &str) -> Vec<Told<'a>> {
    let mut topics: BTreeMap<Topic<'a>, Cells<'a>> = BTreeMap::new();
    for cell in findings.cells.iter().filter(|cell| &*cell.strategy == strategy) {
        let place = (&*cell.scenario, findings.place(&cell.interpreter));
        for divergence in cell.divergences.iter() {
            let cells = topics.entry(topic(divergence)).or_default();
            cells.entry(place).or_default().push(divergence);
        }
    }
    let mut groups = merged(topics);
    groups.sort_by_key(|group| (group.severity(), Reverse(group.cells.len())));
    groups.iter().filter_map(Group::told).collect()
}

fn topic(divergence: &DivergenceRecord) -> Topic<'_> {
    let about = match divergence.event.as_deref() {
        Some(event) => event_order(event),
        None => (u8::MAX, divergence.subject.as_str()),
    };
    (sort(divergence), about)
}

/// One topic, or several events of which the same is true in the same cells.
struct Group<'a> {
    sort: Sort<'a>,
    about: Vec<&'a str>,
    cells: Cells<'a>,
}

fn merged<'a>(topics: BTreeMap<Topic<'a>, Cells<'a>>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for ((sort, (_, about)), cells) in topics {
        let is_same = |known: &&mut Group<'a>| {
            known.sort == sort && sort.0 != DISTURBED && known.cells.keys().eq(cells.keys())
        };
        let Some(known) = groups.iter_mut().find(is_same) else {
            groups.push(Group { sort, about: vec![about], cells });
            continue;
        };
        known.about.push(about);
        for (cell, divergences) in cells {
            known.cells.entry(cell).or_default().extend(divergences);
        }
    }
    groups
}

const DISTURBED: &str = "disturbed";

impl<'a> Group<'a> {
    fn all(&self) -> impl Iterator<Item = &'a DivergenceRecord> {
        self.cells.values().flatten().copied()
    }

    fn severity(&self) -> Option<(u8, u8)> {
        self.all().map(severity::severity).min()
    }

    fn told(&self) -> Option<Told<'a>> {
        let scenarios: BTreeSet<_> = self.cells.keys().map(|(scenario, _)| *scenario).collect();
        Some(Told {
            clause: self.clause(),
            scenarios: scenarios.into_iter().collect(),
            example: self.example()?,
        })
    }

    /// `misses import_started (1,166 times)`
    fn clause(&self) -> String {
        let (kind, meaning) = self.sort;
        let about = match self.about.as_slice() {
            [events @ .., last] if !events.is_empty() => {
                let events: Vec<_> = events.iter().map(|event| event_name_of(event)).collect();
                format!("{} and {}", events.join(", "), event_name_of(last))
            }
            about => about.iter().map(|event| event_name_of(event)).collect(),
        };
        let times = count(self.all().count(), "time");
        if kind == DISTURBED {
            return format!("changes the program's {about}");
        }
        let meaning = meaning.map(|word| match word {
            "request" => Meaning::Request.words(),
            "search" => Meaning::Search.words(),
            other => other,
        });
        let told = match (kind, meaning) {
            (_, Some(meaning)) => format!("reports {about} for {meaning}, which is not wrong"),
            ("missing", None) => format!("misses {about}"),
            ("unexpected", None) => format!("reports {about} that did not happen"),
            ("duplicated", None) => format!("reports {about} once too often"),
            ("out-of-order", None) => format!("reports {about} out of order"),
            ("wrong-field", None) => format!("reports {about} with a wrong outcome"),
            (other, None) => format!("{other}: {about}"),
        };
        format!("{told} ({times})")
    }

    /// Of what is said most often, the first cell; else the one in which there is least of it.
    fn example(&self) -> Option<Example<'a>> {
        let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
        for divergence in self.all() {
            *texts.entry(&divergence.text).or_default() += 1;
        }
        let is_told_apart = has_own_text(self.sort.0);
        let cells = self.cells.iter().map(|((scenario, place), divergences)| {
            let first = divergences.first().map_or("", |divergence| divergence.text.as_str());
            let often = if is_told_apart { texts[first] } else { 0 };
            let order = (divergences.len(), Reverse(often), first.len());
            (order, (*scenario, *place), divergences)
        });
        let (_, (scenario, place), divergences) =
            cells.min_by_key(|(order, cell, _)| (*order, *cell))?;
        let text = clauses::all(divergences);
        Some(Example { scenario, place, text })
    }
}
