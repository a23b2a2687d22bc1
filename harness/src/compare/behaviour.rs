//! What one run shows of behaviour and the other does not.

use std::collections::BTreeMap;

use super::side::{About, Behaviour};
use crate::record::DivergenceRecord;

/// In which way a behaviour has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A divergence that was not there before.
    New,
    /// A divergence that is not there any more.
    Gone,
    /// The same divergence in another way, another verdict, or another truth.
    Different,
}

/// One change of behaviour.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BehaviourChange {
    /// What it is about.
    pub about: About,
    /// Label of the interpreter, of the new run.
    pub interpreter: String,
    /// In which way it has changed.
    pub sort: Sort,
    /// What has changed, as a clause or as two that are set against each other.
    pub text: String,
}

/// The changes from `old` to `new`, each with its text.
pub(super) fn changes(old: &Behaviour, new: &Behaviour) -> Vec<(Sort, String)> {
    let mut changes = divergences(&old.divergences, &new.divergences);
    if old.recorded != new.recorded {
        changes.push((Sort::Different, lines(&old.recorded, &new.recorded)));
    }
    // a verdict that follows from divergences is told by them
    if changes.is_empty() && old.verdict != new.verdict {
        let [old, new] = [old, new].map(|it| verdict(&it.verdict));
        changes.push((Sort::Different, format!("was {old}, is {new}")));
    }
    changes
}

fn verdict((word, reason): &(String, Option<String>)) -> String {
    match reason {
        Some(reason) => format!("{word} ({reason})"),
        None => word.clone(),
    }
}

/// What a divergence is about: kind, event, subject.
type Clause<'a> = (&'a str, Option<&'a str>, &'a str);

fn by_clause(divergences: &[DivergenceRecord]) -> BTreeMap<Clause<'_>, Vec<&str>> {
    let mut clauses: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for it in divergences {
        let clause = (it.kind.as_str(), it.event.as_deref(), it.subject.as_str());
        clauses.entry(clause).or_default().push(it.text.as_str());
    }
    for texts in clauses.values_mut() {
        texts.sort_unstable();
    }
    clauses
}

fn divergences(old: &[DivergenceRecord], new: &[DivergenceRecord]) -> Vec<(Sort, String)> {
    let (old, new) = (by_clause(old), by_clause(new));
    let clauses: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for clause in clauses {
        let [mut old, mut new] =
            [&old, &new].map(|side| side.get(clause).cloned().unwrap_or_default());
        // what both have in the same words has not changed
        old.retain(|text| {
            let twin = new.iter().position(|other| other == text);
            twin.map(|position| new.remove(position)).is_none()
        });
        let both = old.len().min(new.len());
        for (old, new) in old.iter().zip(&new) {
            changes.push((Sort::Different, format!("{old}; now {new}")));
        }
        changes.extend(old[both..].iter().map(|text| (Sort::Gone, (*text).to_owned())));
        changes.extend(new[both..].iter().map(|text| (Sort::New, (*text).to_owned())));
    }
    changes
}

/// The first line in which two traces differ.
fn lines(old: &str, new: &str) -> String {
    let (mut old, mut new) = (old.lines(), new.lines());
    let mut number = 1;
    loop {
        match (old.next(), new.next()) {
            (Some(old), Some(new)) if old == new => number += 1,
            (old, new) => {
                let [old, new] = [old, new].map(|line| line.map_or("its end", str::trim));
                return format!("line {number} of the trace was `{old}`, is `{new}`");
            }
        }
    }
}
