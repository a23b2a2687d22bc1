//! A run that is made up and never changes, whatever interpreters this machine has: for pictures, and for figures that
//! tests know.

use std::{fs, path::PathBuf, sync::LazyLock};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    shared::drawn,
    support::{browser::Browser, code, output, stderr, stdout, xtask},
};

pub(crate) const CPYTHONS: [&str; 3] = ["3.12.1", "3.13.0", "3.14.0"];
const EVENTS: [&str; 4] = ["import.start", "import.end", "load.start", "load.end"];
const SCENARIOS: [&str; 6] = [
    "calls/import-module",
    "calls/reload",
    "failures/missing",
    "failures/raises",
    "packages/nested",
    "packages/relative",
];
/// How often each event happens in a cell.
const HAPPENED: usize = 50;

/// How a hook fares in each cell.
struct Hook {
    name: &'static str,
    /// How often each event is seen; nothing where it is not claimed.
    seen: [Option<usize>; 4],
    /// How much less that is on the oldest CPython.
    less: usize,
    wrong: &'static [&'static str],
    of_no_import: usize,
    /// What of the program differs.
    disturbed: &'static [&'static str],
    cost: f64,
}

const HOOK: Hook = Hook {
    name: "",
    seen: [None; 4],
    less: 0,
    wrong: &[],
    of_no_import: 0,
    disturbed: &[],
    cost: 1.0,
};

const HOOKS: [Hook; 6] = [
    Hook { name: "proposal", seen: [Some(50); 4], disturbed: &["traceback"], cost: 1.107, ..HOOK },
    Hook { name: "monitoring", seen: [Some(49); 4], cost: 1.22, ..HOOK },
    Hook {
        name: "dunder_import",
        seen: [Some(30), Some(30), None, None],
        less: 5,
        wrong: &["duplicated"],
        of_no_import: 3,
        disturbed: &["end", "traceback"],
        cost: 1.039,
    },
    Hook {
        name: "audit",
        seen: [Some(33), None, None, None],
        wrong: &["unexpected"],
        cost: 1.03,
        ..HOOK
    },
    Hook { name: "sys_modules_diff", seen: [None, None, None, Some(10)], cost: 1.011, ..HOOK },
    Hook { name: "meta_path", cost: 0.999, ..HOOK },
];

fn provenance() -> Value {
    json!({ "run": "example", "tollgate": "0", "revision": null, "host": "linux x86_64", "seed": 1 })
}

fn interpreter(label: &str) -> Value {
    json!({ "label": label, "version": label, "path": "/usr/bin/python3", "platform": "linux-x86_64" })
}

const TRACE: &str = "import shop.cart\n  import shop\n    find shop\n    load shop\n  find shop.cart\n  load shop.cart\n";

fn truth(scenario: &str, label: &str) -> Value {
    json!({
        "record": "truth", "interpreter": interpreter(label), "scenario": scenario, "digest": "0",
        "truth": "agreed", "reason": null, "silent": [], "dispute": null, "recorded": TRACE,
        "preloaded": [], "provenance": provenance(),
    })
}

fn divergence(kind: &str, event: Option<&str>, subject: &str, meaning: Option<&str>) -> Value {
    let text = format!("{kind}: {} {subject}", event.unwrap_or("the program's"));
    json!({ "kind": kind, "event": event, "subject": subject, "meaning": meaning, "text": text })
}

fn cell(hook: &Hook, scenario: &str, label: &str) -> Value {
    let less = if label == CPYTHONS[0] { hook.less } else { 0 };
    let (mut divergences, mut tally) = (Vec::new(), Vec::new());
    for (event, seen) in EVENTS.into_iter().zip(hook.seen) {
        let seen_here = seen.map_or(0, |seen| seen - less);
        let is_first = event == EVENTS[0];
        tally.push(json!({
            "event": event, "truth": HAPPENED, "seen": seen_here, "claimed": seen.is_some(),
            "wrong": if is_first { hook.wrong.len() } else { 0 },
            "other": if is_first { hook.of_no_import } else { 0 }, "misplaced": 0, "misstated": 0,
        }));
        if seen.is_some() && seen_here < HAPPENED {
            divergences.push(divergence("missing", Some(event), "shop.cart", None));
        }
    }
    divergences.extend(hook.wrong.iter().map(|it| divergence(it, Some(EVENTS[0]), "shop", None)));
    let other = divergence("unexpected", Some(EVENTS[0]), "till", Some("request"));
    divergences.extend(vec![other; hook.of_no_import]);
    divergences.extend(hook.disturbed.iter().map(|it| divergence("disturbed", None, it, None)));
    let reports = [
        (EVENTS[0], "shop.cart"),
        (EVENTS[0], "shop"),
        (EVENTS[1], "shop"),
        (EVENTS[0], "till"),
        (EVENTS[1], "till"),
        (EVENTS[1], "shop.cart"),
    ];
    let observed = reports.iter().zip(0..).filter(|_| hook.of_no_import > 0);
    let observed = observed.map(|((event, module), nanos)| {
        json!({ "event": event, "module": module, "outcome": "unstated", "thread": 1, "nanos": nanos })
    });
    json!({
        "record": "cell", "interpreter": interpreter(label), "strategy": hook.name, "scenario": scenario,
        "digest": "0", "verdict": if divergences.is_empty() { "conforms" } else { "diverges" },
        "reason": null, "divergences": divergences, "tally": tally,
        "observed": observed.collect::<Vec<_>>(), "micros": 0, "provenance": provenance(),
    })
}

fn cost(strategy: &str, ratio: f64, is_control: bool) -> Value {
    json!({
        "record": "overhead", "interpreter": interpreter(CPYTHONS[2]), "strategy": strategy,
        "control": is_control.then(|| json!({ "kind": "again", "known": null, "holds": true })),
        "workload": "cold-100", "operations": 100, "ratio": ratio,
        "interval": [ratio - 0.008, ratio + 0.008], "confidence": 0.95, "fast": ratio, "p": 0.001,
        "detectable": 0.01, "verdict": if ratio > 1.01 { "slower" } else { "equivalent" },
        "confirmation": null, "counted": null, "launches": 10, "samples": 100, "void": 0,
        "complaint": null, "nanos": [], "ratios": [], "conditions": [], "provenance": provenance(),
    })
}

fn company(hooks: [&str; 2]) -> Value {
    let share = json!({ "due": 4, "divergences": [] });
    let member = |(position, strategy): (usize, &str)| {
        json!({ "strategy": strategy, "position": position, "refused": [], "together": share,
            "left": share, "afterwards": [] })
    };
    let members: Vec<_> = hooks.into_iter().enumerate().map(member).collect();
    json!({
        "record": "composition", "interpreter": interpreter(CPYTHONS[2]), "company": hooks.join(", "),
        "removal": "last first", "hooks": hooks, "neighbour": null, "copies": 1,
        "scenario": SCENARIOS[4], "digest": "0", "verdict": "conforms", "reason": null,
        "members": members, "program": [], "provenance": provenance(),
    })
}

fn conformance() -> Vec<Value> {
    let mut records = Vec::new();
    for label in CPYTHONS {
        for scenario in SCENARIOS {
            records.push(truth(scenario, label));
            let none = Hook { name: "none", ..HOOK };
            records
                .extend([&none].into_iter().chain(&HOOKS).map(|hook| cell(hook, scenario, label)));
        }
    }
    records
}

/// What the program of each scenario is.
fn sources() -> Value {
    let source = |scenario: &str| {
        json!({
            "scenario": scenario, "digest": "0", "summary": "A module of a package is imported.", "see": [],
            "python": ">=3.9", "setup": null, "run": "import shop.cart\n", "options": [],
            "environment": [], "generated": null,
            "files": [{ "path": "shop/__init__.py", "body": "" }, { "path": "shop/cart.py", "body": "" }],
        })
    };
    json!({ "format": 1, "scenarios": SCENARIOS.map(source) })
}

/// The pages, and the folder in which they are as long as the tests run.
struct Pages {
    whole: PathBuf,
    company: PathBuf,
    _folder: TempDir,
}

static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let page = |name: &str, records: Vec<Value>| {
        let run = folder.path().join(name);
        fs::create_dir(&run).expect("a folder");
        let format = json!({ "record": "format", "version": 7 });
        let lines: Vec<_> = [format].into_iter().chain(records).map(|it| it.to_string()).collect();
        fs::write(run.join("records.jsonl"), lines.join("\n") + "\n").expect("written");
        fs::write(run.join("scenarios.json"), sources().to_string()).expect("written");
        let told = output(xtask().arg("report").arg(&run).args(["--format", "html"]));
        assert_eq!(code(&told), Some(0), "{}", stderr(&told));
        PathBuf::from(stdout(&told).trim())
    };
    let costs = HOOKS.iter().map(|hook| cost(hook.name, hook.cost, false));
    let costs = costs.chain([cost("none", 1.001, true)]);
    let companies = || vec![company(["audit", "monitoring"]), company(["audit", "audit"])];
    let all = conformance().into_iter().chain(costs).chain(companies());
    Pages {
        whole: page("example", all.collect()),
        company: page("company", companies()),
        _folder: folder,
    }
});

/// A browser with the page of the made-up run at `hash`; nothing without a browser.
pub(crate) fn opened(hash: &str) -> Option<Browser> {
    let mut browser = Browser::start("the page")?;
    drawn(&mut browser, &PAGES.whole, hash);
    Some(browser)
}

/// The page of the made-up run.
pub(crate) fn page() -> PathBuf {
    PAGES.whole.clone()
}

/// The page of a run of companies alone.
pub(crate) fn page_of_companies() -> PathBuf {
    PAGES.company.clone()
}
