//! What a contract promises of the moment of an event: the lock of the module, and its place in its
//! package.

use std::collections::HashSet;

use tollgate_event::{Edge, EventKind, Operation};

use super::{Binding, Flaw, Heard};
use crate::{
    contract::{Contract, Promise, Topic},
    span::{Ending, Span, SpanEdge, Trace},
};

/// Spans at which a lock says nothing about the candidate.
#[derive(Debug, Default)]
pub(super) struct Moments {
    /// Within an import, load or execution of the same module, whose lock the thread has anyway.
    within_own: HashSet<*const Span>,
    /// Loads of another module than the one whose import they belong to, and whose lock is held.
    of_others: HashSet<*const Span>,
}

impl Moments {
    /// Those of a trace.
    pub(super) fn of(truth: &Trace) -> Self {
        let mut moments = Self::default();
        for span in truth.threads.iter().flatten() {
            moments.add(span, &mut Vec::new());
        }
        moments
    }

    fn add<'a>(&mut self, span: &'a Span, around: &mut Vec<&'a Span>) {
        let import = around.last().filter(|it| it.operation == Operation::Import);
        // the parts of an import are about the module that it is an import of
        let is_part =
            span.operation != Operation::Import && import.is_some_and(|it| it.name == span.name);
        let outer = if is_part { &around[..around.len() - 1] } else { &around[..] };
        if outer.iter().any(|it| it.name == span.name) {
            self.within_own.insert(span);
        }
        if span.operation != Operation::Import && !is_part {
            self.of_others.insert(span);
        }
        around.push(span);
        for child in &span.children {
            self.add(child, around);
        }
        around.pop();
    }

    /// What of the promises is not kept by what was `heard` at `edge`.
    pub(super) fn unkept(
        &self,
        contract: &Contract,
        edge: SpanEdge<'_>,
        heard: &Heard,
    ) -> Vec<Flaw> {
        // one that no witness sees may have been taken for this one
        let is_sure = contract.rule(edge.kind).is_some_and(|rule| rule.may_add.is_none());
        let lock = contract.promise(edge.kind, Topic::ModuleLock).filter(|_| is_sure);
        let child = contract.promise(edge.kind, Topic::Child);
        let lock = lock.filter(|promise| self.breaks_lock(*promise, edge.span, heard));
        let child = child.filter(|promise| breaks_binding(*promise, edge, heard));
        let flaw = |promise| Flaw::Unkept {
            event: contract.event_for(edge.kind),
            name: edge.span.name.clone(),
            promise,
        };
        lock.into_iter().chain(child).map(flaw).collect()
    }

    fn breaks_lock(&self, promise: Promise, span: &Span, heard: &Heard) -> bool {
        match promise {
            Promise::Free => {
                heard.locks.module && !self.within_own.contains(&std::ptr::from_ref(span))
            }
            Promise::Held => {
                !heard.locks.module && !self.of_others.contains(&std::ptr::from_ref(span))
            }
            _ => false,
        }
    }
}

/// Whether a child that was loaded is not where it was promised to be when its import has ended.
fn breaks_binding(promise: Promise, edge: SpanEdge<'_>, heard: &Heard) -> bool {
    let SpanEdge { kind, span } = edge;
    let is_load = |it: &Span| it.operation == Operation::Load && it.name == span.name;
    let is_loaded = span.ending == Ending::Ok && span.children.iter().any(is_load);
    let is_end = kind == EventKind { operation: Operation::Import, edge: Edge::End };
    let is_broken = match promise {
        Promise::Bound => heard.binding == Binding::Later,
        Promise::Unbound => heard.binding == Binding::Bound,
        _ => false,
    };
    is_end && is_loaded && is_broken
}
