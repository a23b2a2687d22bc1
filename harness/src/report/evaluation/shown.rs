//! One candidate with its interpreters in order.

use crate::{
    command::{Command, Places, Task, Who},
    record::{CandidateRecord, FlawRecord, ShownRecord},
    report::interpreters::{Interpreters, Place},
};

/// What is reported on.
pub(in crate::report) struct Shown<'a> {
    pub(in crate::report) candidate: &'a CandidateRecord,
    pub(in crate::report) interpreters: Interpreters,
    commands: &'a Places,
}

impl<'a> Shown<'a> {
    pub(in crate::report) fn new(candidate: &'a CandidateRecord, commands: &'a Places) -> Self {
        let labels = candidate.shown.iter().map(|it| it.interpreter.label.as_str());
        Self { candidate, interpreters: Interpreters::new(labels), commands }
    }

    /// The commands that show a flaw on the interpreter with this label: what happens beside what is heard, and a
    /// plain script where one can show it. None for a build of which it was not recorded
    /// where it is.
    pub(super) fn commands(&self, flaw: &FlawRecord, label: &str) -> Vec<String> {
        let (name, is_build) = (&self.candidate.name, self.candidate.is_build);
        let is_there = !is_build || self.commands.builds.contains_key(name);
        let cell = flaw.shown_in.as_ref().filter(|_| is_there);
        let command = |scenario: &String, task| {
            let who = if is_build { Who::Build(name) } else { Who::Candidate(name) };
            let places = self.commands;
            Command { task, scenario, who, python: label, places }.to_string()
        };
        let tasks: &[Task] =
            if self.is_plain(flaw) { &[Task::Trace, Task::Repro] } else { &[Task::Trace] };
        cell.iter().flat_map(|cell| tasks.iter().map(|task| command(cell, *task))).collect()
    }

    fn is_plain(&self, flaw: &FlawRecord) -> bool {
        let is_bound = flaw.shown_in.as_ref().is_some_and(|it| self.commands.bound.contains(it));
        flaw.is_plain && !is_bound
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
