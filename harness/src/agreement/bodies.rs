//! Bodies of modules: what the modules testify, beside spans and predictions.

use std::collections::{BTreeSet, HashMap};

use tollgate_event::Operation;

use crate::{
    model::{BodyEdge, BodyEvent, Prediction},
    span::{Ending, Scope, Span, Trace},
};

/// Names of modules of which each span must have a body, with its own ending.
pub(super) type Required = BTreeSet<String>;

/// The bodies that the model predicts, each as a `load`, because it does not say what runs them.
pub(super) fn predicted(prediction: &Prediction, scope: &Scope) -> Trace {
    let thread =
        |events: &Vec<BodyEvent>| nested(events.iter().filter(|it| scope.contains(&it.module)));
    Trace { threads: prediction.bodies.iter().map(thread).collect() }
}

fn nested<'a>(events: impl Iterator<Item = &'a BodyEvent>) -> Vec<Span> {
    fn close(spans: &mut Vec<Span>, open: &mut [Span], span: Span) {
        open.last_mut().map_or(spans, |parent| &mut parent.children).push(span);
    }
    let (mut spans, mut open) = (Vec::new(), Vec::<Span>::new());
    for event in events {
        let ending = match &event.edge {
            BodyEdge::Started => {
                let (operation, name) = (Operation::Load, event.module.clone());
                open.push(Span { operation, name, ending: Ending::Unended, children: Vec::new() });
                continue;
            }
            BodyEdge::Ended => Ending::Ok,
            BodyEdge::Failed(exception) => Ending::Raised(exception.clone()),
        };
        let Some(mut span) = open.pop() else { continue };
        span.ending = ending;
        close(&mut spans, &mut open, span);
    }
    while let Some(span) = open.pop() {
        close(&mut spans, &mut open, span);
    }
    spans
}

/// All testified bodies, each as a `load`.
pub(super) fn told(testified: &Trace) -> Trace {
    fn load(span: &Span) -> Span {
        let children = span.children.iter().map(load).collect();
        Span { operation: Operation::Load, children, ..span.clone() }
    }
    let threads = testified.threads.iter().map(|spans| spans.iter().map(load).collect());
    Trace { threads: threads.collect() }
}

/// The modules of which other bodies are predicted than testified, or with other endings.
pub(super) fn uncertain(testified: &Trace, predicted: &Trace) -> Required {
    type Counts<'a> = HashMap<(&'a str, &'a Ending), isize>;
    fn count<'a>(spans: &'a [Span], sign: isize, counts: &mut Counts<'a>) {
        for span in spans {
            *counts.entry((&span.name, &span.ending)).or_default() += sign;
            count(&span.children, sign, counts);
        }
    }
    let mut counts = Counts::new();
    testified.threads.iter().for_each(|spans| count(spans, 1, &mut counts));
    predicted.threads.iter().for_each(|spans| count(spans, -1, &mut counts));
    let uncertain = counts.into_iter().filter(|(_, count)| *count != 0);
    uncertain.map(|((name, _), _)| name.to_owned()).collect()
}

/// Where the spans of `trace` cannot have had the bodies that are `testified`, both in short.
///
/// Each body that the import system ran is in a `load` or an `exec` of its module that ended as the
/// body did; or that raised, or was cut short, after the body was over, as when a module has removed itself. A span
/// without a body is no contradiction: namespace packages and extension modules have none, loaders
/// of the program's own may do as they please, and what fails may fail before. For modules that are
/// `required` both are contradictions.
pub(super) fn difference(
    trace: &Trace,
    testified: &Trace,
    required: &Required,
) -> Option<[String; 2]> {
    let spans = only(trace, &[Operation::Load, Operation::Exec]);
    let bodies = only(testified, &[Operation::Load, Operation::Exec]);
    let same = threads_fit(&bodies.threads, &spans.threads, required);
    (!same).then(|| [spans.to_string(), bodies.to_string()])
}

/// `trace` without spans of other operations; what happened within one of those takes its place.
fn only(trace: &Trace, operations: &[Operation]) -> Trace {
    fn keep(span: &Span, operations: &[Operation]) -> Vec<Span> {
        let children = span.children.iter().flat_map(|child| keep(child, operations)).collect();
        if operations.contains(&span.operation) {
            vec![Span { children, ..span.clone() }]
        } else {
            children
        }
    }
    let thread = |spans: &Vec<Span>| spans.iter().flat_map(|span| keep(span, operations)).collect();
    Trace { threads: trace.threads.iter().map(thread).collect() }
}

/// Threads beside the main one have no order: each that has bodies needs one with spans for them.
fn threads_fit(bodies: &[Vec<Span>], spans: &[Vec<Span>], required: &Required) -> bool {
    let empty = Vec::new();
    let main = |threads: &[Vec<Span>]| threads.first().unwrap_or(&empty).clone();
    let mut others: Vec<_> = spans.iter().skip(1).collect();
    let have_spans = bodies.iter().skip(1).filter(|bodies| !bodies.is_empty()).all(|bodies| {
        let place = others.iter().position(|spans| fit(bodies, spans, required));
        place.map(|place| others.swap_remove(place)).is_some()
    });
    have_spans
        && fit(&main(bodies), &main(spans), required)
        && others.into_iter().all(|spans| fit(&[], spans, required))
}

fn fit(bodies: &[Span], spans: &[Span], required: &Required) -> bool {
    let left = spans.iter().try_fold(bodies, |bodies, span| after(bodies, span, required));
    left.is_some_and(<[Span]>::is_empty)
}

/// The bodies that are left when `span` and what happened within it have had theirs, in order.
///
/// A loader may import something before it executes the body and after, so what happened within a
/// span need not have happened within its body.
fn after<'a>(mut bodies: &'a [Span], span: &Span, required: &Required) -> Option<&'a [Span]> {
    let within = &span.children;
    for index in 0..=within.len() {
        if let Some((body, left)) = bodies.split_first()
            && is_of(body, span, required)
            && let Some(ended) = end_of(body, &within[index..], required)
        {
            let mut rest = within[index + ended..].iter();
            return rest.try_fold(left, |left, child| after(left, child, required));
        }
        if let Some(child) = within.get(index) {
            bodies = after(bodies, child, required)?;
        }
    }
    (!required.contains(&span.name)).then_some(bodies)
}

/// How many of `spans` happened within `body`, at least; nothing if they cannot have.
fn end_of(body: &Span, spans: &[Span], required: &Required) -> Option<usize> {
    let mut left = &body.children[..];
    for (count, span) in spans.iter().enumerate() {
        if left.is_empty() {
            return Some(count);
        }
        left = after(left, span, required)?;
    }
    left.is_empty().then_some(spans.len())
}

fn is_of(body: &Span, span: &Span, required: &Required) -> bool {
    let went_on = || match span.ending {
        Ending::Raised(_) => body.ending == Ending::Ok,
        // what came after the body was cut short
        Ending::Unended => true,
        Ending::Ok | Ending::NotFound => false,
    };
    (body.operation, &body.name) == (span.operation, &span.name)
        && (body.ending == span.ending || !required.contains(&span.name) && went_on())
}
