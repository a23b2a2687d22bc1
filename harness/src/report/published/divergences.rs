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
        words::number,
    },
    span::event_name_of,
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

/// What is told together: divergences of a kind and meaning, and of the program in an aspect.
type Topic<'a> = (Sort<'a>, &'a str);

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
    let groups = topics.into_iter().map(|((sort, about), cells)| Group { sort, about, cells });
    let mut groups: Vec<_> = groups.collect();
    groups.sort_by_key(|group| (group.severity(), Reverse(group.cells.len())));
    groups.iter().filter_map(Group::told).collect()
}

fn topic(divergence: &DivergenceRecord) -> Topic<'_> {
    let about = if divergence.event.is_some() { "" } else { divergence.subject.as_str() };
    (sort(divergence), about)
}

/// The cells of a topic.
struct Group<'a> {
    sort: Sort<'a>,
    about: &'a str,
    cells: Cells<'a>,
}

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

    /// `misses import_started ×1,166`
    fn clause(&self) -> String {
        let (kind, meaning) = self.sort;
        let events = self.events();
        match (kind, meaning) {
            (_, Some(word)) => {
                format!("reports {}, which is not wrong: {events}", clauses::meaning(word))
            }
            ("missing", None) => format!("misses {events}"),
            ("unexpected", None) => format!("reports what did not happen: {events}"),
            ("duplicated", None) => format!("reports twice: {events}"),
            ("out-of-order", None) => format!("reports out of order: {events}"),
            ("wrong-field", None) => format!("reports a wrong outcome: {events}"),
            (_, None) => format!("changes the program's {}", self.about),
        }
    }

    /// `import_started ×1,166, import_ended ×3`: which events, and how often.
    fn events(&self) -> String {
        let mut events: BTreeMap<(u8, &str), usize> = BTreeMap::new();
        for event in self.all().filter_map(|divergence| divergence.event.as_deref()) {
            *events.entry(event_order(event)).or_default() += 1;
        }
        let told = |((_, event), times): (&(u8, &str), &usize)| {
            format!("{} ×{}", event_name_of(event), number(*times))
        };
        events.iter().map(told).collect::<Vec<_>>().join(", ")
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
