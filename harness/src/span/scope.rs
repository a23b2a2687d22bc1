//! Which modules a scenario speaks about.

use std::collections::BTreeSet;

use super::{Span, Trace};

/// The top-level packages that a hand-written trace is about.
///
/// What the standard library imports on its own account differs by version and is no scenario's
/// business: a trace lists the modules of its scope, and a recorded one is narrowed to them before
/// the two are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    packages: BTreeSet<String>,
}

impl Scope {
    /// Takes the top-level package of `module` into the scope.
    pub fn add(&mut self, module: &str) {
        self.packages.insert(top_level(module).to_owned());
    }

    /// Takes every module of `trace` into the scope.
    pub fn add_trace(&mut self, trace: &Trace) {
        trace.threads.iter().flatten().for_each(|span| self.add_span(span));
    }

    fn add_span(&mut self, span: &Span) {
        self.add(&span.name);
        span.children.iter().for_each(|child| self.add_span(child));
    }

    /// Whether `module` belongs to a package of the scope.
    pub fn contains(&self, module: &str) -> bool {
        self.packages.contains(top_level(module))
    }

    /// `trace` without the spans outside the scope. A span inside the scope that happened within one
    /// outside takes that one's place. Of the threads beside the main one those remain that have spans.
    pub fn narrow(&self, trace: &Trace) -> Trace {
        let mut threads = trace.threads.iter().map(|spans| self.narrow_all(spans));
        let main = threads.next().unwrap_or_default();
        let others: Vec<_> = threads.filter(|spans| !spans.is_empty()).collect();
        if main.is_empty() && others.is_empty() {
            return Trace::default();
        }
        Trace { threads: [main].into_iter().chain(others).collect() }
    }

    fn narrow_all(&self, spans: &[Span]) -> Vec<Span> {
        spans.iter().flat_map(|span| self.narrow_span(span)).collect()
    }

    fn narrow_span(&self, span: &Span) -> Vec<Span> {
        let children = self.narrow_all(&span.children);
        if self.contains(&span.name) { vec![Span { children, ..span.clone() }] } else { children }
    }
}

fn top_level(module: &str) -> &str {
    module.split_once('.').map_or(module, |(package, _)| package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_gives_way_to_what_it_holds() {
        let mut scope = Scope::default();
        scope.add("pkg.sub");
        let trace: Trace = "import os\n  find os\n  import pkg\n    import abc\nimport re\n"
            .parse()
            .expect("a trace");
        assert_eq!(scope.narrow(&trace).to_string(), "import pkg\n");
    }

    #[test]
    fn the_main_thread_stays_and_others_without_spans_go() {
        let mut scope = Scope::default();
        scope.add("pkg");
        let check = |text: &str, expected: &str| {
            let trace: Trace = text.parse().expect("a trace");
            assert_eq!(scope.narrow(&trace).to_string(), expected);
        };
        check(
            "thread main:\nimport os\nthread 2:\nimport abc\nthread 3:\nimport pkg\n",
            "thread main:\nthread 2:\nimport pkg\n",
        );
        check("thread main:\nimport os\nthread 2:\nimport abc\n", "");
    }
}
