//! Overlay and build of the same candidate, held against each other.

use std::fmt::Write as _;

use super::Evaluated;
use crate::report::words::{count, listed};

/// The most scenarios that are named.
const NAMED: usize = 8;

/// Whether what was heard of each candidate is the same from its overlay and from its build. Empty
/// where no candidate has both.
pub fn builds(evaluated: &Evaluated<'_>) -> String {
    let entrants = evaluated.entrants;
    let mut text = String::new();
    for (index, built) in entrants.iter().enumerate().filter(|(_, it)| it.build.is_some()) {
        let name = &built.candidate.name;
        let overlay =
            entrants.iter().position(|it| it.build.is_none() && it.candidate.name == *name);
        let Some(overlay) = overlay else { continue };
        for (python, _) in evaluated.sum.of(overlay) {
            let (both, differing) = evaluated.sum.differences(overlay, index, python);
            let told = match differing.len() {
                0 => "heard the same".to_owned(),
                many => {
                    format!("did not hear the same in {many}: {}", listed(differing, NAMED))
                }
            };
            let scenarios = count(both, "scenario");
            _ = writeln!(text, "- {name} on {python}: overlay and build, {scenarios}, {told}.");
        }
    }
    if text.is_empty() { text } else { format!("## Overlay and build\n\n{text}") }
}
