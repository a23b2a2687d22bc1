//! One run of a program under a candidate, held against what happened.

use std::collections::BTreeMap;

use tollgate_event::{Edge, Event, EventKind, Operation, Outcome};

use super::{
    Flaw, Heard, Value,
    arguments::{self, Specs},
    promised::Moments,
};
use crate::{
    contract::{Argument, Contract, EventRule, ImportEvent, Marks},
    span::{Span, SpanEdge, Trace},
    verdict::{Divergence, compare_where},
};

/// CPython's own event, which every candidate stands beside.
const IMPORT: &str = "import";

/// What one run showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Everything that is against the contract.
    pub flaws: Vec<Flaw>,
    /// How many events there were in their place.
    pub kept: usize,
    /// How many were missing that the contract says may be.
    pub missed: usize,
    /// How many came once too often, or where no witness sees what they are about, that the contract says may.
    pub repeated: usize,
    /// How often `import` stood where, beside the starts of imports.
    pub beside: BTreeMap<Beside, usize>,
}

impl Judgement {
    /// Puts what may explain other flaws before them.
    pub fn put_causes_first(&mut self) {
        self.flaws.sort_by_key(Flaw::rank);
    }
}

/// Where the event `import` was, as seen from the start of the same import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beside {
    /// Just before.
    Before,
    /// Just after.
    After,
    /// Nowhere near.
    Absent,
}

/// Holds what a hook heard against `truth`: every event, its arguments, its place.
///
/// Threads are told apart as in a [`Trace`]; `main` is the first.
pub fn judge(contract: &Contract, truth: &Trace, (heard, main): (&[Heard], u64)) -> Judgement {
    let mut judgement = Judgement::default();
    let events = events(contract, heard, &mut judgement.flaws);
    let (calls, events): (Vec<_>, Vec<_>) =
        events.into_iter().partition(|event| event.kind.operation == Operation::Call);
    let is_expected = |edge: SpanEdge<'_>| contract.expects(edge);
    let (mut specs, moments) = (Specs::default(), Moments::of(truth));
    let (mut wrong, mut unkept) = (Vec::new(), Vec::new());
    let mut in_place = |edge: SpanEdge<'_>, event: &Event| {
        let Some(rule) = contract.rule(edge.kind) else { return };
        let position = position(event);
        let Some(heard) = heard.get(position) else { return };
        wrong.extend(arguments::check(rule, edge, (position, heard), &mut specs));
        unkept.extend(moments.unkept(contract, edge, heard));
    };
    let matched = compare_where((truth, &is_expected), (&events, main), &mut in_place);
    judgement.kept = matched.seen.len() + calls.len();
    // what is wrong at a start may show at the end only
    wrong.sort_by_key(|(position, _)| *position);
    judgement.flaws.extend(wrong.into_iter().map(|(_, flaw)| flaw));
    let (renamed, divergences) = renamed(contract, matched.divergences);
    judgement.flaws.extend(renamed);
    for divergence in divergences {
        match allowance(contract, &divergence) {
            Some(Allowance::Missing) => judgement.missed += 1,
            Some(Allowance::Repeated) => judgement.repeated += 1,
            None => judgement.flaws.push(Flaw::of(divergence, contract)),
        }
    }
    judgement.flaws.extend(unpaired(contract, truth, &calls));
    judgement.flaws.extend(locked(contract, truth, heard));
    judgement.flaws.extend(unkept);
    beside(contract, heard, &mut judgement);
    judgement.put_causes_first();
    judgement
}

/// What was heard of the contract's events, as events of the kinds that it says they are.
pub fn reported(contract: &Contract, heard: &[Heard]) -> Vec<Event> {
    events(contract, heard, &mut Vec::new())
}

/// An event's position in what was heard stands where others have their time.
fn position(event: &Event) -> usize {
    usize::try_from(event.nanos).unwrap_or(usize::MAX)
}

/// What was heard, as events of the kinds that the contract says they are.
fn events(contract: &Contract, heard: &[Heard], flaws: &mut Vec<Flaw>) -> Vec<Event> {
    let mut events = Vec::with_capacity(heard.len());
    for (index, heard) in heard.iter().enumerate() {
        let Some(rule) = contract.named(&heard.event).next() else {
            if heard.event != IMPORT {
                flaws.push(Flaw::Foreign { event: heard.event.clone() });
            }
            continue;
        };
        let wrong = |argument, reason| Flaw::WrongArgument {
            event: rule.name.clone(),
            name: heard.name().unwrap_or("?").to_owned(),
            argument,
            observed: heard.values.first().cloned().unwrap_or(Value::None),
            reason,
        };
        let Some(name) = heard.name() else {
            flaws.push(wrong(Argument::Name, "is no text"));
            continue;
        };
        let Some(kind) = kind(rule, heard) else {
            flaws.push(wrong(Argument::End, "is not True or False"));
            continue;
        };
        events.push(Event {
            nanos: index as u64,
            thread: heard.thread,
            kind,
            name: name.to_owned(),
            outcome: Outcome::Unstated,
        });
    }
    events
}

/// Which edge an event marks; nothing where its `end` does not say.
fn kind(rule: &EventRule, heard: &Heard) -> Option<EventKind> {
    match rule.marks {
        Marks::One(kind) => Some(kind),
        Marks::Both(operation) => {
            let place = rule.arguments.iter().position(|it| *it == Argument::End)?;
            match heard.values.get(place)? {
                Value::Bool(true) => Some(EventKind::end(operation)),
                Value::Bool(false) => Some(EventKind::start(operation)),
                _ => None,
            }
        }
    }
}

/// Events that are missing under one name, and came as often under another, which nothing happened to: their names
/// are wrong. The other divergences are handed back.
fn renamed(contract: &Contract, divergences: Vec<Divergence>) -> (Vec<Flaw>, Vec<Divergence>) {
    let (mut missing, mut unexpected) = (BTreeMap::new(), BTreeMap::new());
    for divergence in &divergences {
        let (places, point) = match divergence {
            Divergence::Missing(point) => (&mut missing, point),
            Divergence::Unexpected(point) => (&mut unexpected, point),
            _ => continue,
        };
        places.entry(point.kind).or_insert_with(Vec::new).push(point.name.clone());
    }
    let is_open =
        |kind| contract.rule(kind).is_none_or(|it| it.may_miss.is_some() || it.may_add.is_some());
    // what is missing in one thread and came in another has its name
    let are_others = |names: &[String], others: &[String]| {
        others.len() == names.len() && !others.iter().any(|other| names.contains(other))
    };
    missing.retain(|kind, names: &mut Vec<String>| {
        !is_open(*kind) && unexpected.get(kind).is_some_and(|others| are_others(names, others))
    });
    let flaws = missing.iter().flat_map(|(kind, names)| {
        let others = unexpected.get(kind).into_iter().flatten();
        names.iter().zip(others).map(|(name, other)| Flaw::WrongArgument {
            event: contract.event_for(*kind),
            name: name.clone(),
            argument: Argument::Name,
            observed: Value::Text(other.clone()),
            reason: "is another",
        })
    });
    let flaws = flaws.collect();
    let is_renamed = |it: &Divergence| {
        let is_either = matches!(it, Divergence::Missing(_) | Divergence::Unexpected(_));
        is_either && it.point().is_some_and(|point| missing.contains_key(&point.kind))
    };
    let others = divergences.into_iter().filter(|it| !is_renamed(it)).collect();
    (flaws, others)
}

enum Allowance {
    Missing,
    Repeated,
}

/// What in the contract allows a divergence.
fn allowance(contract: &Contract, divergence: &Divergence) -> Option<Allowance> {
    let rule = contract.rule(divergence.point()?.kind)?;
    match divergence {
        Divergence::Missing(_) if rule.may_miss.is_some() => Some(Allowance::Missing),
        Divergence::Duplicated(_) if rule.may_repeat.is_some() => Some(Allowance::Repeated),
        Divergence::Duplicated(_) | Divergence::Unexpected(_) if rule.may_add.is_some() => {
            Some(Allowance::Repeated)
        }
        _ => None,
    }
}

/// Calls have no truth to be held against: no witness sees them. They still have to be paired.
/// Where the end of the program has cut something short it may have cut calls short, too.
fn unpaired(contract: &Contract, truth: &Trace, calls: &[Event]) -> Vec<Flaw> {
    let kinds = [EventKind::start(Operation::Call), EventKind::end(Operation::Call)];
    if kinds.iter().any(|kind| contract.rule(*kind).is_none()) {
        return Vec::new();
    }
    let flaw = |event: &Event| Flaw::Unpaired {
        event: contract.event_for(event.kind),
        name: event.name.clone(),
    };
    let mut flaws = Vec::new();
    let mut open: BTreeMap<u64, Vec<&Event>> = BTreeMap::new();
    for event in calls {
        let open = open.entry(event.thread).or_default();
        match event.kind.edge {
            Edge::Start => open.push(event),
            Edge::End if open.last().is_some_and(|start| start.name == event.name) => {
                open.pop();
            }
            Edge::End => flaws.push(flaw(event)),
        }
    }
    if !truth.is_cut_short() {
        flaws.extend(open.values().flatten().map(|start| flaw(start)));
    }
    flaws
}

/// Events at which no other thread can import. Where several threads run it may be another one's
/// lock, and a finder that imports does so under it, so nothing is said of these.
fn locked(contract: &Contract, truth: &Trace, heard: &[Heard]) -> Vec<Flaw> {
    let is_one_thread = heard.windows(2).all(|pair| pair[0].thread == pair[1].thread);
    if !is_one_thread || truth.threads.iter().flatten().any(finder_imports) {
        return Vec::new();
    }
    let own = heard.iter().filter(|heard| contract.named(&heard.event).next().is_some());
    own.filter(|heard| heard.locks.global)
        .map(|heard| Flaw::Locked {
            event: heard.event.clone(),
            name: heard.name().unwrap_or("?").to_owned(),
        })
        .collect()
}

fn finder_imports(span: &Span) -> bool {
    let is_search = span.operation == Operation::Find;
    is_search && !span.children.is_empty() || span.children.iter().any(finder_imports)
}

/// Where `import` stands beside each start of an import.
fn beside(contract: &Contract, heard: &[Heard], judgement: &mut Judgement) {
    let start = EventKind::start(Operation::Import);
    let Some(rule) = contract.rule(start).filter(|rule| rule.name != IMPORT) else { return };
    let mut threads: BTreeMap<u64, Vec<&Heard>> = BTreeMap::new();
    for heard in heard {
        threads.entry(heard.thread).or_default().push(heard);
    }
    for events in threads.values() {
        for (index, event) in events.iter().enumerate() {
            if event.event != rule.name || kind(rule, event) != Some(start) {
                continue;
            }
            let is_import = |other: Option<&&Heard>| {
                other.is_some_and(|it| it.event == IMPORT && it.name() == event.name())
            };
            let before = index.checked_sub(1).and_then(|index| events.get(index));
            let place = match (is_import(before), is_import(events.get(index + 1))) {
                (true, _) => Beside::Before,
                (_, true) => Beside::After,
                _ => Beside::Absent,
            };
            *judgement.beside.entry(place).or_default() += 1;
            let wrong = match contract.import_event {
                ImportEvent::Before => place == Beside::After,
                ImportEvent::After => place == Beside::Before,
                ImportEvent::Unspecified => false,
            };
            if wrong {
                let (event, name) = (rule.name.clone(), event.name().unwrap_or("?").to_owned());
                judgement.flaws.push(Flaw::WrongSide { event, name });
            }
        }
    }
}
