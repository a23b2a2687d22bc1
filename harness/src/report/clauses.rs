//! Divergences in words: clauses that complete “the strategy …”.

use std::borrow::Cow;

use super::{
    severity,
    words::{listed, plain},
};
use crate::{record::DivergenceRecord, span::event_name_of, text, verdict::Meaning};

/// How many modules a clause names; the records have them all.
const MODULES: usize = 12;

/// Whether divergences of this kind differ in more than the event, so that each needs its own text.
pub(super) fn has_own_text(kind: &str) -> bool {
    !matches!(kind, "missing" | "unexpected" | "duplicated")
}

/// Everything in `divergences`, told as briefly as it may be.
pub(super) fn all(divergences: &[&DivergenceRecord]) -> String {
    let mut sorts: Vec<Sort<'_>> = Vec::new();
    for divergence in divergences {
        if !sorts.contains(&sort(divergence)) {
            sorts.push(sort(divergence));
        }
    }
    sorts.sort_by_key(|of| {
        divergences.iter().filter(|one| sort(one) == *of).map(|one| severity::severity(one)).min()
    });
    let clause = |of: Sort<'_>| {
        let of_sort: Vec<_> = divergences.iter().filter(|one| sort(one) == of).copied().collect();
        if has_own_text(of.0) { texts(&of_sort) } else { general(&of_sort) }
    };
    sorts.into_iter().map(clause).collect::<Vec<_>>().join("; ")
}

/// The kind of a divergence, and what a report of it means.
pub(super) type Sort<'a> = (&'a str, Option<&'a str>);

pub(super) fn sort(divergence: &DivergenceRecord) -> Sort<'_> {
    (&divergence.kind, divergence.meaning.as_deref())
}

/// Divergences of one kind without what is special about each: `missed import_started of a, b`.
pub(super) fn general(divergences: &[&DivergenceRecord]) -> String {
    let Some(first) = divergences.first() else { return String::new() };
    let points = points(divergences);
    match (first.kind.as_str(), first.meaning.as_deref().map(meaning)) {
        ("out-of-order", Some(meaning)) => {
            format!("missed {points}, and reported it for {meaning}")
        }
        (_, Some(meaning)) => format!("reported {points} for {meaning}"),
        (kind, None) => wrong(kind, first, &points),
    }
}

/// What a report of no import is of.
pub(super) fn meaning(word: &str) -> &str {
    match word {
        "request" => Meaning::Request.words(),
        "search" => Meaning::Search.words(),
        other => other,
    }
}

fn wrong(kind: &str, first: &DivergenceRecord, points: &str) -> String {
    match kind {
        "missing" => format!("missed {points}"),
        "unexpected" => format!("reported {points}, which did not happen"),
        "duplicated" => format!("reported {points} once too often"),
        "out-of-order" => format!("reported {points} out of order"),
        "wrong-field" => format!("reported {points} with a wrong outcome"),
        "disturbed" => format!("changed the program's {}", plain(&first.subject)),
        _ => plain(&first.text).into_owned(),
    }
}

fn texts(divergences: &[&DivergenceRecord]) -> String {
    let texts = counted(divergences.iter().map(|divergence| divergence.text.as_str()));
    texts.iter().map(times).collect::<Vec<_>>().join("; ")
}

/// `import_started and import_ended of a, b ×2, module_loading of c`.
fn points(divergences: &[&DivergenceRecord]) -> String {
    let mut events: Vec<(String, Vec<Counted<'_>>)> = Vec::new();
    for (kind, _) in counted(divergences.iter().filter_map(|one| one.event.as_deref())) {
        let of_event = divergences.iter().filter(|one| one.event.as_deref() == Some(kind));
        let event = event_name_of(kind);
        let modules = counted(of_event.map(|divergence| divergence.subject.as_str()));
        match events.iter_mut().find(|(_, known)| same(known, &modules)) {
            Some((events, _)) => *events = format!("{events} and {event}"),
            None => events.push((event.to_owned(), modules)),
        }
    }
    let told = |(event, modules): &(String, Vec<_>)| {
        format!("{event} of {}", listed(modules.iter().map(times), MODULES))
    };
    events.iter().map(told).collect::<Vec<_>>().join(", ")
}

/// A text and how often it occurs.
type Counted<'a> = (&'a str, usize);

/// Each text once, in the order of first occurrence.
fn counted<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Counted<'a>> {
    let mut counted: Vec<Counted<'a>> = Vec::new();
    for text in texts {
        match counted.iter_mut().find(|(known, _)| *known == text) {
            Some((_, number)) => *number += 1,
            None => counted.push((text, 1)),
        }
    }
    counted
}

/// Whether both hold the same, in any order: ends come in the reverse order of starts.
fn same(one: &[Counted<'_>], other: &[Counted<'_>]) -> bool {
    one.len() == other.len() && one.iter().all(|counted| other.contains(counted))
}

fn times((name, number): &Counted<'_>) -> String {
    let name = if name.is_empty() { Cow::Borrowed("\"\"") } else { text::name(name) };
    if *number == 1 { name.into_owned() } else { format!("{name} ×{number}") }
}
