//! What a report means that is of no import, and is no lie: something asked for the module, or looked for it.
//!
//! A hook on `builtins.__import__` hears each statement, cached or not; one on a finder hears each search,
//! whoever makes it. Who reports these as imports means something else by an import. That is counted apart
//! from what nobody asked for, and only where the program was seen to ask, at that place.

use std::collections::{HashMap, VecDeque};

use tollgate_event::{Edge, Event, EventKind, Operation};

use super::{Divergence, Matched, alignment::align, matching::threads};
use crate::span::{Ending, Span, Trace};

/// What a report of an import is of, where there was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Something asked for the module, and no import came of it: it was there already, or the request failed before.
    Request,
    /// Finders were asked for the module, and no import wanted it.
    Search,
}

impl Meaning {
    /// The word that records have for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Search => "search",
        }
    }

    /// Completes “reported … for”.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Request => "a request that needed no import",
            Self::Search => "a search that no import made",
        }
    }
}

/// How a report with another meaning looks to who takes it for one of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LooksLike {
    /// See [`Divergence::Unexpected`].
    Unexpected,
    /// See [`Divergence::Duplicated`].
    Duplicated,
    /// See [`Divergence::OutOfOrder`]: the import itself was not reported.
    OutOfOrder,
}

/// Every occasion on which a hook may say that a module is imported, in order: imports, and what is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasions {
    threads: Vec<Vec<Occasion>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Occasion {
    kind: EventKind,
    name: String,
    /// Nothing for an import.
    meaning: Option<Meaning>,
}

impl Occasions {
    /// What `watched` shows, which has requests as calls among its spans. Nothing if it differs from `truth` in
    /// anything else: then the program noticed that its requests were watched.
    pub fn of(watched: &Trace, truth: &Trace) -> Option<Self> {
        let same = busy(&without_calls(watched)) == busy(truth);
        let occasions = |spans: &Vec<Span>| {
            let mut occasions = Vec::new();
            for span in spans {
                add(span, None, &mut occasions);
            }
            occasions
        };
        same.then(|| Self { threads: watched.threads.iter().map(occasions).collect() })
    }
}

/// The main thread, and those others that did something.
fn busy(trace: &Trace) -> Vec<&Vec<Span>> {
    let threads = trace.threads.iter().enumerate();
    threads.filter(|(index, spans)| *index == 0 || !spans.is_empty()).map(|it| it.1).collect()
}

fn without_calls(trace: &Trace) -> Trace {
    fn plain(spans: &[Span]) -> Vec<Span> {
        let of = |span: &Span| {
            let children = plain(&span.children);
            match span.operation {
                Operation::Call => children,
                _ => vec![Span { children, ..span.clone() }],
            }
        };
        spans.iter().flat_map(of).collect()
    }
    Trace { threads: trace.threads.iter().map(|spans| plain(spans)).collect() }
}

fn add(span: &Span, parent: Option<&Span>, into: &mut Vec<Occasion>) {
    let is_import_of = |it: &Span| it.operation == Operation::Import && it.name == span.name;
    let meaning = match span.operation {
        Operation::Import => Some(None),
        Operation::Call if !span.children.iter().any(is_import_of) => Some(Some(Meaning::Request)),
        Operation::Find if !parent.is_some_and(is_import_of) => Some(Some(Meaning::Search)),
        _ => None,
    };
    let occasion = |edge| {
        let kind = EventKind { operation: Operation::Import, edge };
        meaning.map(|meaning| Occasion { kind, name: span.name.clone(), meaning })
    };
    into.extend(occasion(Edge::Start));
    for child in &span.children {
        add(child, Some(span), into);
    }
    into.extend(occasion(Edge::End).filter(|_| span.ending != Ending::Unended));
}

impl Matched {
    /// Whether there is anything that may mean something else.
    pub fn has_extra_imports(&self) -> bool {
        self.divergences.iter().any(|it| looks_like(it).is_some())
    }

    /// Tells reports with another meaning from those that are wrong. Each of the former has an occasion of its own in
    /// `occasions`, in the order in which the reports came.
    pub fn explain(&mut self, occasions: &Occasions, (observed, main): (&[Event], u64)) {
        let mut first = 0;
        for (thread, reports) in threads(observed, main).iter().enumerate() {
            let Some(&end) = self.ends.get(thread) else { return };
            let known = occasions.threads.get(thread).map_or(&[][..], Vec::as_slice);
            let mut spare = spare(known, reports);
            for divergence in &mut self.divergences[first..end] {
                if let Some(explained) = explained(divergence, &mut spare) {
                    *divergence = explained;
                }
            }
            first = end;
        }
    }
}

type Spare = HashMap<(EventKind, String), VecDeque<Meaning>>;

/// For each report that stands on an occasion that is no import: what it means.
fn spare<'a>(known: &'a [Occasion], reports: &[&'a Event]) -> Spare {
    let mut numbers: HashMap<(EventKind, &'a str), u32> = HashMap::new();
    let mut number = |key| {
        let next = u32::try_from(numbers.len()).expect("a thread has fewer names than 2^32");
        *numbers.entry(key).or_insert(next)
    };
    let expected: Vec<_> = known.iter().map(|it| number((it.kind, &*it.name))).collect();
    let told: Vec<_> = reports.iter().map(|it| number((it.kind, &*it.name))).collect();
    let mut spare = Spare::new();
    for stretch in align(&expected, &told, numbers.len()).into_iter().filter(|it| it.same) {
        for occasion in &known[stretch.expected] {
            if let Some(meaning) = occasion.meaning {
                let key = (occasion.kind, occasion.name.clone());
                spare.entry(key).or_default().push_back(meaning);
            }
        }
    }
    spare
}

fn explained(divergence: &Divergence, spare: &mut Spare) -> Option<Divergence> {
    let (looks_like, point) = (looks_like(divergence)?, divergence.point()?.clone());
    let meaning = spare.get_mut(&(point.kind, point.name.clone()))?.pop_front()?;
    Some(Divergence::OtherMeaning { point, meaning, looks_like })
}

fn looks_like(divergence: &Divergence) -> Option<LooksLike> {
    let looks_like = match divergence {
        Divergence::Unexpected(_) => LooksLike::Unexpected,
        Divergence::Duplicated(_) => LooksLike::Duplicated,
        Divergence::OutOfOrder { .. } => LooksLike::OutOfOrder,
        _ => return None,
    };
    divergence.point().filter(|it| it.kind.operation == Operation::Import).map(|_| looks_like)
}

#[cfg(test)]
mod tests {
    use tollgate_event::Outcome;

    use super::*;
    use crate::verdict::{Claims, compare, tally};

    fn events(text: &str) -> Vec<Event> {
        let event = |line: &str| {
            let mut words = line.split(' ');
            let thread = words.next().and_then(|word| word.parse().ok()).expect("a thread");
            let kind = words.next().and_then(|word| word.parse().ok()).expect("a kind");
            let name = words.next().expect("a name").to_owned();
            Event { nanos: 0, thread, kind, name, outcome: Outcome::Unstated }
        };
        text.split(" / ").filter(|line| !line.is_empty()).map(event).collect()
    }

    /// A program that imports `shop` by a statement, asks for it again, and looks for `till`.
    const WATCHED: &str = "\
call shop
  import shop
    find shop
    load shop
      call sys
call shop
find till
import quiet
";

    fn check(watched: &str, reports: &str) -> String {
        let watched: Trace = watched.parse().expect("a trace");
        let truth = without_calls(&watched);
        let claims = Claims::from([EventKind::start(Operation::Import)]);
        let observed = events(reports);
        let mut matched = compare(&truth, &observed, 1, &claims);
        let occasions = Occasions::of(&watched, &truth).expect("the same program");
        matched.explain(&occasions, (&observed, 1));
        let count = tally(&truth, &claims, &matched)[&EventKind::start(Operation::Import)];
        let told: Vec<_> = matched.divergences.iter().map(ToString::to_string).collect();
        format!("{} wrong, {} otherwise meant: {}", count.wrong, count.other, told.join("; "))
    }

    #[test]
    fn what_was_asked_for_at_that_place_is_no_lie() {
        for (reports, told) in [
            (
                "1 import.start shop / 1 import.start sys / 1 import.start shop / 1 import.start till",
                "0 wrong, 3 otherwise meant: missed import_started quiet; \
                 reported import_started sys for a request that needed no import; \
                 reported import_started shop for a request that needed no import; \
                 reported import_started till for a search that no import made",
            ),
            // the import was missed, and the later request taken for it
            (
                "1 import.start sys / 1 import.start shop / 1 import.start quiet",
                "0 wrong, 1 otherwise meant: \
                 reported import_started sys for a request that needed no import",
            ),
        ] {
            assert_eq!(check(WATCHED, reports), told, "{reports}");
        }
    }

    #[test]
    fn what_nobody_asked_for_is_wrong_whatever_else_was() {
        for (reports, wrong) in [
            // a module that nobody asked for, loaded or not
            ("1 import.start shop / 1 import.start absent", 1),
            ("1 import.start shop / 1 import.start quiet / 1 import.start quiet", 1),
            // once more than it was asked for
            ("1 import.start shop / 1 import.start shop / 1 import.start shop", 1),
            // twice for one request
            ("1 import.start shop / 1 import.start sys / 1 import.start sys", 1),
            // asked for later than that
            (
                "1 import.start till / 1 import.start shop / 1 import.start sys / 1 import.start shop",
                1,
            ),
            // by another thread
            ("1 import.start shop / 1 import.start quiet / 2 import.start sys", 1),
            // an import that is not reported at all
            ("", 0),
        ] {
            let told = check(WATCHED, reports);
            assert!(told.starts_with(&format!("{wrong} wrong, ")), "{reports}: {told}");
        }
    }

    #[test]
    fn a_program_that_notices_tells_nothing() {
        let of = |watched: &str, truth: &str| {
            Occasions::of(&watched.parse().expect("a trace"), &truth.parse().expect("a trace"))
        };
        assert!(of("call a\n  import a\n", "import a\n").is_some());
        assert!(of("call a\n  import a\n", "import b\n").is_none());
        assert!(of("call a\n", "import a\n").is_none());
        let beside = "thread main:\nimport a\nthread 2:\ncall b\n";
        assert!(of(beside, "import a\n").is_some());
    }
}
