//! From the text of a contract to a contract.

use std::{collections::BTreeMap, path::Path, str::FromStr};

use tollgate_event::{Edge, EventKind, Operation};

use super::{
    Argument, Contract, ContractError, EventRule, Fires, ImportEvent, Marks, Promise, Topic,
    promises::OPEN,
    wire::{WireContract, WireEvent, WirePromises},
};
use crate::{
    scenario::{Format, Located, Place, Source, one_of, read_yaml},
    text::has_hidden,
    version::VersionRange,
};

/// The format of contracts.
const CONTRACT: Format = Format {
    noun: "contract",
    keys: "summary, link and events",
    guide: "harness/candidates/README.md",
};

/// Words of the key `fires`.
const FIRES: [&str; 3] = ["always", "on success", "on failure"];
/// Words of the key `import-event`.
const IMPORT_EVENT: [&str; 2] = ["before", "after"];

/// Reads the contract in the `text` of `file`, which is only named in messages.
///
/// Where the text is no YAML of the right shape, the first error and all unknown keys are returned,
/// otherwise all that is wrong with the values, from top to bottom.
pub fn parse(file: &Path, text: &str) -> Result<Contract, Vec<ContractError>> {
    let source = Source { file, text, format: &CONTRACT };
    let wire: WireContract =
        read_yaml(text).map_err(|error| source.explain_all::<WireContract>(&error))?;
    let mut reader = Reader { source, errors: Vec::new() };
    let contract = reader.contract(wire);
    match contract {
        Some(contract) if reader.errors.is_empty() => Ok(contract),
        _ => {
            reader.errors.sort_by_key(|error| {
                error.position.as_ref().map(|position| (position.line, position.column))
            });
            Err(reader.errors)
        }
    }
}

/// Checks values, and goes on after what is wrong.
struct Reader<'a> {
    source: Source<'a>,
    errors: Vec<ContractError>,
}

impl Reader<'_> {
    fn fail(&mut self, at: Place, message: impl Into<String>, expected: impl Into<String>) {
        self.errors.push(self.source.error(at, message, expected));
    }

    fn contract(&mut self, wire: WireContract) -> Option<Contract> {
        let summary = self.line(&wire.summary);
        let link = self.link(&wire.link);
        let python = match &wire.python {
            None => Some(VersionRange::from_minimum()),
            Some(text) => self.range(text),
        };
        let first = wire.events.0.first().map(|(name, _)| name.at);
        let events = self.events(wire.events.0, (wire.summary.at.0, 1));
        let import_event = match wire.import_event {
            None => Some(ImportEvent::Unspecified),
            Some(word) => self.import_event(&word, &events, first),
        };
        let promises = wire.promises.map(|it| self.promises(it, &events)).unwrap_or_default();
        Some(Contract {
            summary: summary?,
            link: link?,
            python: python?,
            import_event: import_event?,
            events,
            promises,
        })
    }

    fn line(&mut self, text: &Located<String>) -> Option<String> {
        let line = text.value.trim();
        if line.is_empty() || line.contains(['\n', '\r']) {
            self.fail(
                text.at,
                "the summary is not one line",
                "expected what it is in one sentence",
            );
            return None;
        }
        if has_hidden(line) {
            let message = "the summary has a character that moves, colours or hides what is shown";
            self.fail(text.at, message, "expected what can be read on one line");
            return None;
        }
        Some(line.to_owned())
    }

    fn link(&mut self, text: &Located<String>) -> Option<String> {
        if !text.value.starts_with("https://")
            || text.value.contains(char::is_whitespace)
            || has_hidden(&text.value)
        {
            let expected = "expected the address of the issue or page that describes the candidate, \
                            https://…";
            self.fail(text.at, format!("`{}` is no link", text.value), expected);
            return None;
        }
        Some(text.value.clone())
    }

    fn range(&mut self, text: &Located<String>) -> Option<VersionRange> {
        let range = VersionRange::from_str(&text.value);
        let range = range
            .map_err(|error| self.fail(text.at, "bad version range", error.to_string()))
            .ok()?;
        if range.supported().next().is_none() {
            let expected = "expected a range with versions from 3.9 to 3.15";
            self.fail(text.at, format!("no supported version is in `{range}`"), expected);
            return None;
        }
        Some(range)
    }

    fn import_event(
        &mut self,
        word: &Located<String>,
        events: &[EventRule],
        first: Option<Place>,
    ) -> Option<ImportEvent> {
        let import = EventKind::start(Operation::Import);
        if first.is_some() && !events.iter().any(|rule| rule.marks.covers(import)) {
            let expected = "expected an event with `marks: import.start`, or no such key";
            self.fail(word.at, "there is no event for it to stand beside", expected);
            return None;
        }
        match word.value.as_str() {
            "before" => Some(ImportEvent::Before),
            "after" => Some(ImportEvent::After),
            other => {
                let message = format!("unknown value `{other}`");
                self.fail(word.at, message, one_of(other, &IMPORT_EVENT));
                None
            }
        }
    }

    fn events(
        &mut self,
        wire: Vec<(Located<String>, Located<WireEvent>)>,
        whole: Place,
    ) -> Vec<EventRule> {
        if wire.is_empty() {
            let expected = "expected at least one event in `events`";
            self.fail(whole, "a contract without an event", expected);
        }
        let mut events: Vec<EventRule> = Vec::new();
        for (name, event) in wire {
            let marks = event.value.marks.clone();
            let Some(rule) = self.event(&name, event) else { continue };
            let twin = events
                .iter()
                .find(|other| rule.marks.kinds().into_iter().any(|kind| other.marks.covers(kind)));
            if let Some(twin) = twin {
                let message = format!("`{}` is marked by `{}` already", marks.value, twin.name);
                self.fail(marks.at, message, "expected each edge to be marked once");
            }
            events.push(rule);
        }
        events
    }

    fn promises(
        &mut self,
        wire: WirePromises,
        events: &[EventRule],
    ) -> BTreeMap<(EventKind, Topic), Promise> {
        let mut promises = BTreeMap::new();
        for (edge, own) in wire.0 {
            let kind = edge.value.parse::<EventKind>().ok();
            let rule =
                kind.and_then(|kind| Some((kind, events.iter().find(|it| it.marks.covers(kind))?)));
            let Some((kind, rule)) = rule else {
                let marked = events.iter().flat_map(|rule| rule.marks.kinds());
                let marked: Vec<_> = marked.map(EventKind::word).collect();
                let message = format!("no event marks `{}`", edge.value);
                self.fail(edge.at, message, one_of(&edge.value, &marked));
                continue;
            };
            let topics = Topic::ALL.into_iter().filter(|topic| topic.applies_to(kind, rule.fires));
            let topics: Vec<_> = topics.collect();
            for (key, word) in own.value.0 {
                let Some(topic) = topics.iter().find(|topic| topic.word() == key.value) else {
                    let known: Vec<_> = topics.iter().map(|topic| topic.word()).collect();
                    let message = format!("there is no `{}` to promise at {kind}", key.value);
                    self.fail(key.at, message, one_of(&key.value, &known));
                    continue;
                };
                if let Some(promise) = self.promise(*topic, &word) {
                    promises.insert((kind, *topic), promise);
                }
            }
        }
        promises
    }

    /// What a word promises; nothing if it leaves that open, or is none of the words.
    fn promise(&mut self, topic: Topic, word: &Located<String>) -> Option<Promise> {
        let promise = topic.choices().iter().find(|promise| promise.word() == word.value);
        if promise.is_none() && word.value != OPEN {
            let known: Vec<_> = topic.choices().iter().map(|it| it.word()).chain([OPEN]).collect();
            let message = format!("unknown value `{}`", word.value);
            self.fail(word.at, message, one_of(&word.value, &known));
        }
        promise.copied()
    }

    fn event(&mut self, name: &Located<String>, event: Located<WireEvent>) -> Option<EventRule> {
        let is_good = |c: char| c.is_ascii_graphic();
        if name.value.is_empty() || !name.value.chars().all(is_good) {
            let expected =
                "expected a name as `sys.audit` has it, such as importlib.import_started";
            self.fail(name.at, format!("`{}` names no audit event", name.value), expected);
        }
        let event = event.value;
        let marks = self.marks(&event.marks);
        let fires = match &event.fires {
            None => Some(Fires::Always),
            Some(word) => self.fires(word, marks),
        };
        let arguments = self.arguments(&event.arguments, (marks, event.marks.at));
        Some(EventRule {
            name: name.value.clone(),
            marks: marks?,
            arguments: arguments?,
            fires: fires?,
            may_miss: event.may_miss,
            may_repeat: event.may_repeat,
            may_add: event.may_add,
        })
    }

    fn marks(&mut self, text: &Located<String>) -> Option<Marks> {
        if let Ok(operation) = text.value.parse::<Operation>() {
            return Some(Marks::Both(operation));
        }
        let kind = text.value.parse::<EventKind>();
        kind.map_err(|_| {
            let known: Vec<_> = EventKind::ALL.iter().map(|kind| kind.word()).collect();
            let operations = "; or an operation alone, for an event with the argument `end`";
            let expected = one_of(&text.value, &known) + operations;
            self.fail(text.at, format!("`{}` is nothing to mark", text.value), expected);
        })
        .ok()
        .map(Marks::One)
    }

    fn fires(&mut self, word: &Located<String>, marks: Option<Marks>) -> Option<Fires> {
        let fires = match word.value.as_str() {
            "always" => Fires::Always,
            "on success" => Fires::OnSuccess,
            "on failure" => Fires::OnFailure,
            other => {
                self.fail(word.at, format!("unknown value `{other}`"), one_of(other, &FIRES));
                return None;
            }
        };
        if matches!(marks, Some(Marks::One(EventKind { edge: Edge::Start, .. }))) {
            let expected = "expected `fires` at an end only";
            self.fail(word.at, "at a start, nobody knows how it will end", expected);
            return None;
        }
        Some(fires)
    }

    fn arguments(
        &mut self,
        words: &[Located<String>],
        (marks, at): (Option<Marks>, Place),
    ) -> Option<Vec<Argument>> {
        let mut arguments = Vec::new();
        for word in words {
            let Some(argument) = Argument::ALL.into_iter().find(|it| it.word() == word.value)
            else {
                let known = Argument::ALL.map(Argument::word);
                let message = format!("unknown argument `{}`", word.value);
                self.fail(word.at, message, one_of(&word.value, &known));
                continue;
            };
            if arguments.contains(&argument) {
                self.fail(word.at, format!("`{}` is given twice", word.value), "expected it once");
            }
            if let Some(reason) = marks.and_then(|marks| unknown_there(argument, marks)) {
                let expected = "expected arguments that are known when the event is raised";
                self.fail(word.at, format!("`{}` {reason}", word.value), expected);
            }
            arguments.push(argument);
        }
        if arguments.first() != Some(&Argument::Name) {
            let expected = "expected `name` first: an event without it cannot be told from others";
            self.fail(words.first().map_or(at, |word| word.at), "no name of a module", expected);
            return None;
        }
        if matches!(marks, Some(Marks::Both(_))) && !arguments.contains(&Argument::End) {
            let expected = "expected `end` among the arguments, or an edge such as import.start";
            self.fail(at, "its starts and ends cannot be told apart", expected);
            return None;
        }
        Some(arguments)
    }
}

/// Why an event that marks this cannot have such an argument.
fn unknown_there(argument: Argument, marks: Marks) -> Option<&'static str> {
    let is_start = matches!(marks, Marks::One(EventKind { edge: Edge::Start, .. }));
    let operation = marks.kinds()[0].operation;
    let is_search = matches!(operation, Operation::Find);
    match argument {
        Argument::End if matches!(marks, Marks::One(_)) => {
            Some("is for events that mark both edges")
        }
        Argument::Success | Argument::Module if is_start => Some("is not known at a start"),
        Argument::Finder if !is_search || is_start => Some("is known at the end of a `find` only"),
        Argument::Spec if matches!(operation, Operation::Import | Operation::Call) => {
            Some("is not known there")
        }
        Argument::Spec if is_search && is_start => Some("is not known at a start"),
        _ => None,
    }
}
