//! The arguments of an event, held against the span whose edge it marks.

use std::collections::HashMap;

use tollgate_event::{Edge, Operation};

use super::{Flaw, Heard, Relation, Value};
use crate::{
    contract::{Argument, EventRule},
    span::{Ending, Span, SpanEdge},
};

/// The specs that starts came with, by the span.
#[derive(Default)]
pub(super) struct Specs(HashMap<*const Span, Start>);

/// The spec that a start came with.
struct Start {
    /// The start's place among the events.
    position: usize,
    /// The start's event.
    event: String,
    /// The spec's number.
    number: usize,
    /// The spec as it came.
    observed: Value,
}

/// Something that is wrong with an argument: the place of its event, and the flaw.
type Placed = (usize, Flaw);

/// Everything that is wrong with the arguments of `heard`, which marks `edge`; and what its spec shows to have been
/// wrong with that of the start.
pub(super) fn check(
    rule: &EventRule,
    edge: SpanEdge<'_>,
    (position, heard): (usize, &Heard),
    specs: &mut Specs,
) -> Vec<Placed> {
    let (expected, observed) = (rule.arguments.len(), heard.values.len());
    if expected != observed {
        let event = rule.name.clone();
        return vec![(position, Flaw::ArgumentCount { event, expected, observed })];
    }
    let pairs = rule.arguments.iter().zip(&heard.values);
    let wrongs = pairs.flat_map(|(&argument, value)| {
        if argument == Argument::Spec {
            return specs.check(rule, edge, (position, value));
        }
        let wrong = wrong(argument, edge, value);
        let wrong = wrong.map(|reason| Flaw::WrongArgument {
            event: rule.name.clone(),
            name: edge.span.name.clone(),
            argument,
            observed: value.clone(),
            reason,
        });
        wrong.into_iter().map(|flaw| (position, flaw)).collect()
    });
    wrongs.collect()
}

/// What is wrong with a value; nothing if it is what the argument says.
fn wrong(argument: Argument, edge: SpanEdge<'_>, value: &Value) -> Option<&'static str> {
    let is_well = edge.span.ending == Ending::Ok;
    let is_start = edge.kind.edge == Edge::Start;
    match argument {
        // it is by its name that an event was found to mark this edge; specs are held against each other
        Argument::Name | Argument::Spec => None,
        Argument::Module => match value {
            Value::Module(_, Relation::Same) | Value::Object(_, Some(Relation::Same), _) => None,
            Value::None if !is_well => None,
            Value::None => Some("is missing"),
            // a finder gave a spec of another name, under which the module stands
            _ if loads_another(edge.span) => None,
            _ => Some("is not what stands in sys.modules"),
        },
        Argument::Success => {
            (*value != Value::Bool(is_well)).then_some("is not whether it ended well")
        }
        Argument::Finder => match value {
            Value::Object(..) => None,
            Value::None if !is_well => None,
            _ => Some("is no finder"),
        },
        Argument::End => {
            (*value != Value::Bool(!is_start)).then_some("is not whether this is the end")
        }
        Argument::Filename => {
            (!matches!(value, Value::None | Value::Text(_))).then_some("is no file's name")
        }
        Argument::Path | Argument::MetaPath | Argument::PathHooks => {
            let is_other = matches!(value, Value::Of(name) if name != argument.word());
            (is_other || matches!(value, Value::Bool(_) | Value::Text(_)))
                .then_some("is something else")
        }
    }
}

fn loads_another(span: &Span) -> bool {
    let is_other = |it: &Span| it.operation == Operation::Load && it.name != span.name;
    span.operation == Operation::Import && span.children.iter().any(is_other)
}

impl Specs {
    /// What is wrong with a spec: it is *the* spec if both ends have the same, and the module that a
    /// load leaves in `sys.modules` has it too. Where an end shows that the start had another, that is told of the start.
    fn check(
        &mut self,
        rule: &EventRule,
        edge: SpanEdge<'_>,
        (position, value): (usize, &Value),
    ) -> Vec<Placed> {
        let told = |(position, event, observed): (usize, &str, &Value), reason| {
            let flaw = Flaw::WrongArgument {
                event: event.to_owned(),
                name: edge.span.name.clone(),
                argument: Argument::Spec,
                observed: observed.clone(),
                reason,
            };
            (position, flaw)
        };
        let (number, relation) = match spec(edge, value) {
            Ok(Some(spec)) => spec,
            Ok(None) => return Vec::new(),
            Err(reason) => return vec![told((position, &rule.name, value), reason)],
        };
        let span = std::ptr::from_ref(edge.span);
        if edge.kind.edge == Edge::Start {
            let (event, observed) = (rule.name.clone(), value.clone());
            self.0.insert(span, Start { position, event, number, observed });
            return Vec::new();
        }
        let is_well = edge.span.ending == Ending::Ok;
        let is_anothers = is_well && relation == Relation::Another;
        let mut wrongs = Vec::new();
        if let Some(start) = self.0.get(&span) {
            let reason = match (start.number == number, is_well, relation) {
                (false, true, Relation::Same) | (true, true, Relation::Another) => {
                    Some("is not the module's own")
                }
                (false, ..) if !is_anothers => Some("is not the same as at the end"),
                _ => None,
            };
            let at = (start.position, start.event.as_str(), &start.observed);
            wrongs.extend(reason.map(|reason| told(at, reason)));
        }
        if is_anothers {
            wrongs.push(told((position, &rule.name, value), "is not the module's own"));
        }
        wrongs
    }
}

/// A spec's number, and how it stands to that in `sys.modules`; nothing where that is not asked. The error says why it
/// cannot be *the* spec.
fn spec(edge: SpanEdge<'_>, value: &Value) -> Result<Option<(usize, Relation)>, &'static str> {
    let is_well = edge.span.ending == Ending::Ok;
    let (number, relation, name) = match value {
        Value::Spec(number, relation, name) => (*number, *relation, Some(name)),
        // a finder may have made something of its own
        Value::Object(number, _, _) => (*number, Relation::Alone, None),
        Value::None if edge.span.operation == Operation::Find && !is_well => return Ok(None),
        Value::None => return Err("is missing"),
        _ => return Err("is no spec"),
    };
    if edge.span.operation != Operation::Load {
        return Ok(None);
    }
    if name.is_some_and(|name| *name != edge.span.name) {
        return Err("is another module's");
    }
    Ok(Some((number, relation)))
}
