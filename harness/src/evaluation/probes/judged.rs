//! What the facts that probes print have to be: by what `sys.audit()` promises of all events, and by what the
//! contract says of its own.

use tollgate_event::{EventKind, Operation};

use super::{Answer, INTERRUPTED, Probe, REFUSED};
use crate::{
    conformance::Flaw,
    contract::{Contract, Promise, Topic},
    span::Trace,
};

/// One fact, and what it has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The fact's name, as the program prints it.
    pub fact: &'static str,
    /// What it is about, in words.
    pub what: &'static str,
    /// Its value; nothing where the contract leaves it open.
    pub value: Option<String>,
}

/// What the import of `shop.cart` comes to.
const CART: &str = "import shop.cart\n  import shop\n    find shop\n    load shop\n  find shop.cart\n  load shop.cart\n";
/// What that of `shop.broken` comes to.
const BROKEN: &str = "import shop.broken !ValueError\n  import shop\n    find shop\n    load shop\n  \
                      find shop.broken\n  load shop.broken !ValueError\n";
/// What that of `shop.installs` comes to.
const INSTALLS: &str = "import shop.installs\n  find shop.installs\n  load shop.installs\n    \
                        import shop.cart\n      find shop.cart\n      load shop.cart\n";
/// What that of `helper` comes to.
const HELPER: &str = "import helper\n  find helper\n  load helper\n";

/// Every fact that the program of a probe prints.
pub fn expectations(
    contract: &Contract,
    probe: Probe,
    edge: Option<EventKind>,
) -> Vec<Expectation> {
    let promise = |topic| edge.and_then(|edge| contract.promise(edge, topic));
    let leaves = promise(Topic::RefusalLeaves);
    match probe {
        Probe::Refusal => refusal(leaves, edge),
        Probe::Interrupt => vec![
            always("raised", "the import raises", INTERRUPTED),
            told("bodies", RUN_BY_THEN, leaves.map(bodies)),
            told("left", LEFT, leaves.and_then(|leaves| left(leaves, edge))),
            always("again", "a second import ends", "ok"),
            told("bound again", BOUND_AGAIN, leaves.map(is_bound_again)),
            always("locked", LOCKED, "nothing"),
        ],
        Probe::Released => {
            vec![
                always("raised", "the import raises", REFUSED),
                always("elsewhere", "the import of another thread ends afterwards", "ok"),
            ]
        }
        Probe::Failing => failing(REFUSED, promise(Topic::OverFailure)),
        Probe::FailingInterrupt => failing(INTERRUPTED, promise(Topic::OverFailure)),
        Probe::Reentrant => {
            let hooks = promise(Topic::HookImports);
            vec![OUTER, INNER]
                .into_iter()
                .map(|it| always(it.0, it.1, "ok"))
                .chain([told(
                    "heard",
                    "the hook hears of its own import",
                    hooks.map(|promise| announced(promise, &edges(contract, HELPER))),
                )])
                .collect()
        }
        Probe::Nested => nested(contract, edge, promise(Topic::HookImports)),
        Probe::Same => vec![
            always(OUTER.0, OUTER.1, "ok"),
            always(INNER.0, INNER.1, "ok"),
            told(
                "bodies",
                "the body has run so many times",
                promise(Topic::SameModule).and_then(times),
            ),
        ],
        Probe::Thread => vec![
            always(OUTER.0, OUTER.1, "ok"),
            told(
                "waited",
                "another thread's import of the module waits",
                promise(Topic::OtherThreads).and_then(waits),
            ),
        ],
        Probe::Midway => {
            let all = edges(contract, INSTALLS);
            // it is added when the search is over and the load has begun
            let begun = [
                "import.start shop.installs",
                "find.start shop.installs",
                "find.end shop.installs",
                "load.start shop.installs",
            ];
            let rest: Vec<_> = all.into_iter().filter(|it| !begun.contains(&it.as_str())).collect();
            vec![always("heard", "it hears", &listed(&rest))]
        }
        Probe::Subinterpreter => within(&edges(contract, CART), "ok"),
        Probe::SubinterpreterFails => within(&edges(contract, BROKEN), "ValueError"),
    }
}

const OUTER: (&str, &str) = ("outer", "the program's import ends");
const INNER: (&str, &str) = ("inner", "the hook's import ends");
const LEFT: &str = "sys.modules then holds";
const LOCKED: &str = "afterwards is still locked";
const RUN_BY_THEN: &str = "the body has run so many times by then";
const BOUND_AGAIN: &str = "the child is bound after a second import";

fn refusal(leaves: Option<Promise>, edge: Option<EventKind>) -> Vec<Expectation> {
    vec![
        always("raised", "the import raises", REFUSED),
        told("bodies", RUN_BY_THEN, leaves.map(bodies)),
        told("left", LEFT, leaves.and_then(|leaves| left(leaves, edge))),
        told("bound", "the child is bound by then", leaves.map(is_bound)),
        always("again", "a second import ends", "ok"),
        always("bodies again", "the body has run so many times after a second import", "1"),
        told("bound again", BOUND_AGAIN, leaves.map(is_bound_again)),
        always("locked", LOCKED, "nothing"),
    ]
}

/// A hook that raises over an exception of the program.
fn failing(raised: &str, promise: Option<Promise>) -> Vec<Expectation> {
    vec![
        always("raised", "the import raises", raised),
        told("context", "its context is", promise.and_then(context)),
        always("left", LEFT, "shop"),
        always("locked", LOCKED, "nothing"),
    ]
}

/// A hook that imports what fails, and within that another module.
fn nested(
    contract: &Contract,
    edge: Option<EventKind>,
    promise: Option<Promise>,
) -> Vec<Expectation> {
    let (mut heard, mut is_reached) = (Vec::new(), false);
    let own = edges(contract, BROKEN).into_iter().filter(|it| it.ends_with(" shop.broken"));
    for told in own {
        let is_it = edge.is_some_and(|edge| told == format!("{edge} shop.broken"));
        heard.push(told);
        // where its own imports are silent, the hook does not get to hear that it could go on
        if is_it && promise == Some(Promise::Announced) {
            is_reached = true;
            heard.extend(edges(contract, HELPER));
        }
    }
    let inner = if is_reached { "ok, ValueError" } else { "ValueError" };
    vec![
        always(OUTER.0, OUTER.1, "ok"),
        told("inner", "the hook's imports end", promise.map(|_| inner.to_owned())),
        told("heard", "the hook hears of its own imports", promise.map(|it| announced(it, &heard))),
    ]
}

fn within(events: &[String], ending: &str) -> Vec<Expectation> {
    vec![
        always("within", "the import ends", ending),
        always("heard within", "a hook within hears", &listed(events)),
        always("heard outside", "a hook outside hears", "nothing"),
    ]
}

/// What holds whatever the contract says.
fn always(fact: &'static str, what: &'static str, value: &str) -> Expectation {
    told(fact, what, Some(value.to_owned()))
}

fn told(fact: &'static str, what: &'static str, value: Option<String>) -> Expectation {
    Expectation { fact, what, value }
}

fn bodies(leaves: Promise) -> String {
    if leaves == Promise::Nothing { "0" } else { "1" }.to_owned()
}

fn is_bound(leaves: Promise) -> String {
    if leaves == Promise::Module { "True" } else { "False" }.to_owned()
}

fn is_bound_again(leaves: Promise) -> String {
    if leaves == Promise::UnboundModule { "False" } else { "True" }.to_owned()
}

/// The package has been imported by then, unless the import has only begun.
fn left(leaves: Promise, edge: Option<EventKind>) -> Option<String> {
    let has_begun = edge? == EventKind::start(Operation::Import);
    let left = match leaves {
        Promise::Nothing if has_begun => "nothing",
        Promise::Nothing => "shop",
        _ => "shop, shop.cart",
    };
    Some(left.to_owned())
}

fn context(promise: Promise) -> Option<String> {
    match promise {
        Promise::Chained => Some("ValueError".to_owned()),
        Promise::Lost => Some("ok".to_owned()),
        _ => None,
    }
}

fn times(promise: Promise) -> Option<String> {
    match promise {
        Promise::Once => Some("1".to_owned()),
        Promise::Twice => Some("2".to_owned()),
        _ => None,
    }
}

fn waits(promise: Promise) -> Option<String> {
    match promise {
        Promise::Wait => Some("for ever".to_owned()),
        Promise::GoOn => Some("not long".to_owned()),
        _ => None,
    }
}

fn announced(promise: Promise, events: &[String]) -> String {
    listed(if promise == Promise::Announced { events } else { &[] })
}

fn listed(events: &[String]) -> String {
    if events.is_empty() { "nothing".to_owned() } else { events.join(", ") }
}

/// The edges of a trace for which the contract has an event, in the words of the programs.
fn edges(contract: &Contract, trace: &str) -> Vec<String> {
    let trace: Trace = trace.parse().expect("the traces are constants that were tried out");
    let expected = trace.edges_of(0).filter(|edge| contract.expects(*edge));
    expected.map(|edge| format!("{} {}", edge.kind, edge.span.name)).collect()
}

impl Answer {
    /// What of it is not as it should be.
    pub fn flaws(&self, contract: &Contract) -> Vec<Flaw> {
        let doing = self.probe.doing();
        let doing = match self.edge {
            Some(edge) => format!("{doing} at {}", contract.event_for(edge)),
            None => doing.to_owned(),
        };
        let facts = match &self.facts {
            Ok(facts) => facts,
            Err(super::Unanswered::Ended(ending)) => {
                return vec![Flaw::NotEnded(format!("{doing}: {ending}"))];
            }
            Err(super::Unanswered::NotJudged(_)) => return Vec::new(),
        };
        let expected = expectations(contract, self.probe, self.edge).into_iter();
        expected
            .filter_map(|Expectation { fact, what, value }| {
                let (expected, observed) = (value?, facts.get(fact));
                if observed == Some(&expected) {
                    return None;
                }
                let observed = observed.cloned();
                Some(match self.edge {
                    Some(edge) if fact == "raised" => {
                        let ending = observed.unwrap_or_else(|| "nothing".to_owned());
                        Flaw::Ignored { edge, raised: expected, ending }
                    }
                    _ => Flaw::Hook { doing: doing.clone(), fact: what, expected, observed },
                })
            })
            .collect()
    }
}
