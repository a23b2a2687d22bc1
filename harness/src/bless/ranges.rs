//! Which versions share a trace.

use std::collections::BTreeMap;

use crate::{
    scenario::{ByVersion, Scenario},
    span::Trace,
    version::{Version, VersionRange},
};

/// Why a trace is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub(super) String);

/// Whether two traces are equal; one without threads is one in which nothing happened.
pub(super) fn same(one: &Trace, other: &Trace) -> bool {
    one == other || (one.is_empty() && other.is_empty())
}

/// The trace of each minor version of Python 3 that the scenario is for.
pub(super) fn by_minor(
    scenario: &Scenario,
    seen: &[(Version, Trace)],
) -> Result<BTreeMap<u32, Trace>, Refusal> {
    let mut found: BTreeMap<u32, &(Version, Trace)> = BTreeMap::new();
    for one in seen {
        let first = *found.entry(one.0.minor).or_insert(one);
        if !same(&first.1, &one.1) {
            let message =
                format!("{} and {} differ; ranges cannot tell them apart", first.0, one.0);
            return Err(Refusal(message));
        }
    }
    let missing = minors(&scenario.python).into_iter().filter(|minor| !found.contains_key(minor));
    let missing: Vec<_> = missing.map(|minor| format!("3.{minor}")).collect();
    if missing.is_empty() {
        return Ok(found.into_iter().map(|(minor, one)| (minor, one.1.clone())).collect());
    }
    let message = format!("its trace is for Python {} too, and", missing.join(", "));
    Err(Refusal(format!("{message} no interpreter there shows it; `TOLLGATE_PYTHONS` adds some")))
}

/// The supported minor versions in a range.
fn minors(range: &VersionRange) -> Vec<u32> {
    let mut minors: Vec<_> = range.supported().map(|version| version.minor).collect();
    minors.dedup();
    minors
}

/// Traces with the ranges of versions that they are for: nothing where there is one for all.
///
/// Versions that follow each other and do the same share a range. Where the ranges of the file are
/// the same ones, they are kept as a person wrote them.
pub(super) fn merged(
    scenario: &Scenario,
    by_minor: &BTreeMap<u32, Trace>,
) -> Vec<(Option<String>, Trace)> {
    let mut groups: Vec<(Vec<u32>, &Trace)> = Vec::new();
    for (&minor, trace) in by_minor {
        match groups.last_mut() {
            Some((minors, last)) if same(last, trace) => minors.push(minor),
            _ => groups.push((vec![minor], trace)),
        }
    }
    let written = match &scenario.trace {
        ByVersion::Always(_) => Vec::new(),
        ByVersion::Ranges(ranges) => ranges.iter().map(|(range, _)| range).collect(),
    };
    let is_kept = groups.iter().all(|(group, _)| {
        let of_scenario = |minor: &u32| by_minor.contains_key(minor);
        let minors = |range: &VersionRange| minors(range).into_iter().filter(of_scenario);
        written.iter().any(|range| minors(range).eq(group.iter().copied()))
    });
    let count = groups.len();
    let range = |index: usize, minors: &[u32]| {
        let kept = written.iter().find(|range| range.contains(&Version::new(3, minors[0], 0)));
        match kept.filter(|_| is_kept) {
            Some(range) => range.to_string(),
            None if index == 0 => format!("<3.{}", minors[minors.len() - 1] + 1),
            None if index + 1 == count => format!(">=3.{}", minors[0]),
            None => format!(">=3.{},<3.{}", minors[0], minors[minors.len() - 1] + 1),
        }
    };
    let pair = |(index, (minors, trace)): (usize, &(Vec<u32>, &Trace))| {
        ((count > 1).then(|| range(index, minors)), (*trace).clone())
    };
    groups.iter().enumerate().map(pair).collect()
}
