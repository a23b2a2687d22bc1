//! One candidate with its interpreters in order.

use crate::{
    record::{CandidateRecord, ShownRecord},
    report::interpreters::{Interpreters, Place},
};

/// What is reported on.
pub(in crate::report) struct Shown<'a> {
    pub(in crate::report) candidate: &'a CandidateRecord,
    pub(in crate::report) interpreters: Interpreters,
}

impl<'a> Shown<'a> {
    pub(in crate::report) fn new(candidate: &'a CandidateRecord) -> Self {
        let labels = candidate.shown.iter().map(|it| it.interpreter.label.as_str());
        Self { candidate, interpreters: Interpreters::new(labels) }
    }

    /// What it showed on each interpreter, by version.
    pub(in crate::report) fn placed(&self) -> impl Iterator<Item = (Place, &'a ShownRecord)> {
        let mut placed: Vec<_> = self
            .candidate
            .shown
            .iter()
            .filter_map(|it| Some((self.interpreters.place(&it.interpreter.label)?, it)))
            .collect();
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter()
    }

    /// The same of one scenario: event and module, on each interpreter that ran it.
    pub(super) fn heard(&self, scenario: &str) -> Vec<(Place, &'a [(String, String)])> {
        let heard = self.placed().map(|(place, it)| Some((place, it.heard.get(scenario)?)));
        heard.flatten().map(|(place, events)| (place, events.as_slice())).collect()
    }
}
