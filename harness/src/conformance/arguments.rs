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
pub(super) struct Specs(HashMap<*const Span, usize>);

/// Everything that is wrong with the arguments of `heard`, which marks `edge`.
pub(super) fn check(
    rule: &EventRule,
    edge: SpanEdge<'_>,
    heard: &Heard,
    specs: &mut Specs,
) -> Vec<Flaw> {
    let (expected, observed) = (rule.arguments.len(), heard.values.len());
    if expected != observed {
        let event = rule.name.clone();
        return vec![Flaw::ArgumentCount { event, expected, observed }];
    }
    let pairs = rule.arguments.iter().zip(&heard.values);
    pairs
        .filter_map(|(&argument, value)| {
            let reason = wrong(argument, edge, value, specs)?;
            Some(Flaw::WrongArgument {
                event: rule.name.clone(),
                name: edge.span.name.clone(),
                argument,
                observed: value.clone(),
                reason,
            })
        })
        .collect()
}

/// What is wrong with a value; nothing if it is what the argument says.
fn wrong(
    argument: Argument,
    edge: SpanEdge<'_>,
    value: &Value,
    specs: &mut Specs,
) -> Option<&'static str> {
    let is_well = edge.span.ending == Ending::Ok;
    let is_start = edge.kind.edge == Edge::Start;
    match argument {
        // it is by its name that an event was found to mark this edge
        Argument::Name => None,
        Argument::Spec => specs.wrong(edge, value),
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
    /// load leaves in `sys.modules` has it too.
    fn wrong(&mut self, edge: SpanEdge<'_>, value: &Value) -> Option<&'static str> {
        let is_well = edge.span.ending == Ending::Ok;
        let (number, relation, name) = match value {
            Value::Spec(number, relation, name) => (*number, *relation, Some(name)),
            // a finder may have made something of its own
            Value::Object(number, _, _) => (*number, Relation::Alone, None),
            Value::None if edge.span.operation == Operation::Find && !is_well => return None,
            Value::None => return Some("is missing"),
            _ => return Some("is no spec"),
        };
        if edge.span.operation != Operation::Load {
            return None;
        }
        if name.is_some_and(|name| *name != edge.span.name) {
            return Some("is another module's");
        }
        let span = std::ptr::from_ref(edge.span);
        if edge.kind.edge == Edge::Start {
            self.0.insert(span, number);
            return None;
        }
        if self.0.get(&span).is_some_and(|start| *start != number) {
            return Some("is not the same as at the start");
        }
        (is_well && relation == Relation::Another).then_some("is not the module's own")
    }
}
