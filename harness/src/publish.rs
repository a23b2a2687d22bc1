//! What is published in `reports/` and in the README: which runs may be, what is written, and when it has
//! had its day.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::{
    command::{self, Places},
    compare::family,
    layout::Layout,
    record::{Counts, Inputs, Plan, Provenance, Record, Timing},
    report::{self, Findings, Part, SpliceError},
    version::Version,
};

/// The parts of the README that are published tables, and the page that has each.
pub const TABLES: [(&str, &str); 2] =
    [("matrix", "conformance/newest.md"), ("overhead", "overhead/matrix.md")];

/// The workloads in the table of costs: imports of modules that are new, and of those that are there.
const WORKLOADS: [&str; 2] = ["cold-100", "cached"];

/// Why a run is not published; empty if it may be.
pub fn refusals(plan: &Plan, provenance: Option<&Provenance>, counts: &Counts) -> Vec<String> {
    let asked = &plan.asked;
    let is_narrowed = asked.scenarios.is_some()
        || [&asked.scenario, &asked.strategy].iter().any(|patterns| !patterns.is_empty());
    let revision = provenance.and_then(|it| it.revision.as_deref());
    let reasons = [
        (
            plan.timing != Timing::Full,
            format!("it is {}, not a `bench --full`", plan.timing.words()),
        ),
        (is_narrowed, "it was narrowed down to some scenarios or strategies".to_owned()),
        (
            asked.shard.is_some(),
            "it is one part of a run; `cargo xtask merge` comes first".to_owned(),
        ),
        (
            revision.is_none_or(|it| it.ends_with('+')),
            "it is of no git revision: files differed from it, or there is none".to_owned(),
        ),
        (counts.conformance() < findings(plan), "some of its cells are missing".to_owned()),
        (!counts.is_sound(), "a trace does not hold, or a cell shows nothing".to_owned()),
    ];
    reasons.into_iter().filter(|(is_so, _)| *is_so).map(|(_, reason)| reason).collect()
}

/// How many truths and cells there are in a whole run.
fn findings(plan: &Plan) -> usize {
    let inputs = &plan.inputs;
    inputs.interpreters.len() * inputs.scenarios.len() * (1 + inputs.strategies.len())
}

/// One file of `reports/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its path below `reports/`.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Why the costs of a run are not published although its verdicts may be; nothing if they are too.
pub fn no_costs(records: &[Record]) -> Option<&'static str> {
    let unfit = records.iter().cloned().collect::<Findings>().fitness().is_err();
    unfit.then_some("its controls failed")
}

/// What a run is published as: for each version of Python what strategies get right and wrong and what
/// they cost, the table of all, and the tables of the README. Without costs if there are
/// [none to publish](no_costs).
pub fn pages(plan: &Plan, provenance: &Provenance, records: &[Record]) -> Vec<Page> {
    let has_costs = no_costs(records).is_none();
    let is_told = |record: &&Record| has_costs || !matches!(record, Record::Overhead(_));
    // what is published names no path of the machine that it ran on
    let places = || Places::default().with_bound(plan.places.bound.iter().cloned());
    let of = |keep: &dyn Fn(&Record) -> bool| {
        let kept = records.iter().filter(is_told).filter(|record| keep(record)).cloned();
        kept.collect::<Findings>().with_places(places())
    };
    let head = |title: &str| head(title, plan, provenance);
    let tables = TABLES.into_iter().filter_map(|(part, path)| {
        let spliced = spliced(&report::slot(part), provenance, records).ok()?;
        if report::spliced(&spliced).ok()?.get(part)?.is_empty() {
            return None;
        }
        let text = head("What the README shows") + &spliced;
        Some(Page { path: path.to_owned(), text })
    });
    let mut pages: Vec<_> = tables.collect();
    if let Some(matrix) = report::markdown_part(&of(&|_| true), "matrix") {
        let text = head("Every strategy on every interpreter") + &matrix;
        pages.push(Page { path: "conformance/matrix.md".to_owned(), text });
    }
    let mut versions: Vec<_> = plan.inputs.interpreters.keys().collect();
    versions.sort_by_key(|label| release(label));
    let mut versions: Vec<_> = versions.into_iter().map(|it| version(it)).collect();
    versions.dedup();
    for python in versions {
        let findings = of(&|record| version(record.interpreter()) == python);
        for (folder, title, text) in [
            ("conformance", "What strategies get right and wrong", report::conformance(&findings)),
            ("overhead", "What strategies cost", report::overhead(&findings)),
        ] {
            if !text.is_empty() {
                let text = head(&format!("{title} on Python {python}")) + &fenced(&text);
                pages.push(Page { path: format!("{folder}/{python}.md"), text });
            }
        }
    }
    pages
}

/// `text` with the tables of a run between its markers: what strategies get right and wrong on the newest
/// interpreter, and what they cost on all. Costs that are [not published](no_costs) leave what stands there.
pub fn spliced(
    text: &str,
    provenance: &Provenance,
    records: &[Record],
) -> Result<String, SpliceError> {
    let has_costs = no_costs(records).is_none();
    let newest = records.iter().map(|record| release(record.interpreter())).max();
    let is_shown = |record: &Record, part: &str| match record {
        Record::Overhead(cost) if !has_costs || !WORKLOADS.contains(&cost.workload.as_str()) => {
            false
        }
        _ => part != "matrix" || newest == Some(release(record.interpreter())),
    };
    let told = |part: &str| match part {
        "overhead" if !has_costs => Some(Part::Kept),
        _ if TABLES.iter().any(|(name, _)| *name == part) => {
            let shown = records.iter().filter(|record| is_shown(record, part)).cloned();
            report::markdown_part(&shown.collect(), part).map(Part::New)
        }
        _ => None,
    };
    report::splice(text, &told, &format!("cargo xtask publish {}", provenance.run))
}

/// The release in an interpreter's label, which other marks may follow.
fn release(label: &str) -> Option<Version> {
    let end = label.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(label.len());
    label[..end].parse().ok()
}

fn version(label: &str) -> String {
    let (version, marks) = family(label);
    version + &marks
}

fn head(title: &str, plan: &Plan, provenance: &Provenance) -> String {
    let Provenance { run, tollgate, revision, host, .. } = provenance;
    let command = command(plan);
    let revision = revision.as_deref().unwrap_or("none");
    let machine = plan.machine.as_ref().map_or_else(|| host.clone(), ToString::to_string);
    let mut interpreters: Vec<_> = plan.inputs.interpreters.iter().collect();
    interpreters.sort_by_key(|(label, _)| release(label));
    let interpreters: Vec<_> =
        interpreters.into_iter().map(|(_, it)| format!("  - {}\n", it.version)).collect();
    let inputs = plan.inputs.contents();
    format!(
        "<!-- Written by `cargo xtask publish {run}`; do not edit. inputs: {inputs} -->\n# {title}\n\n\
         From `{command}`, run {run}, Tollgate {tollgate}, revision {revision}, on {machine}:\n\n{}\n",
        interpreters.concat()
    )
}

/// What was called, as far as results depend on it; which interpreters took part is listed below it.
fn command(plan: &Plan) -> String {
    let measuring = &plan.asked.measuring;
    let time_on = measuring.time_on.iter().map(|it| format!(" --time-on {}", command::quoted(it)));
    let budget = measuring.budget_s.map(|seconds| format!(" --budget {seconds}"));
    let counts = if measuring.counts { " --counts" } else { "" };
    let budget = budget.unwrap_or_default();
    format!(
        "cargo xtask bench --full --seed {}{budget}{}{counts}",
        plan.seed,
        time_on.collect::<String>()
    )
}

fn fenced(text: &str) -> String {
    format!("```text\n{}\n```\n", text.trim_end())
}

/// What of `reports/` has had its day, one clause each: pages from other scenarios, strategies or
/// worker than `now`, and tables of the README that are not what is published.
pub fn stale(layout: &Layout, now: &Inputs) -> io::Result<Vec<String>> {
    let (reports, mut stale) = (layout.reports(), edited(layout)?);
    let digest = now.contents();
    for folder in ["conformance", "overhead"] {
        for page in texts(&reports.join(folder))? {
            let (name, text) = page;
            if !text.contains(&format!("inputs: {digest} -->")) {
                let changed = "scenarios, strategies or the worker have changed since";
                stale.push(format!("reports/{folder}/{name}: {changed}"));
            }
        }
    }
    Ok(stale)
}

/// The tables of the README that are not what is published, one clause each. Other than what is
/// [`stale`] these were changed by hand.
fn edited(layout: &Layout) -> io::Result<Vec<String>> {
    let readme = fs::read_to_string(layout.root().join("README.md"))?;
    let shown = match report::spliced(&readme) {
        Ok(shown) => shown,
        Err(SpliceError::NoMarker) => BTreeMap::new(),
        Err(error) => return Ok(vec![format!("README.md: {error}")]),
    };
    let mut edited = Vec::new();
    for (part, path) in TABLES {
        let page = match fs::read_to_string(layout.reports().join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                edited.push(format!("reports/{path}: nothing is published yet"));
                continue;
            }
            read => read?,
        };
        let published = report::spliced(&page).unwrap_or_default();
        if shown.get(part) != published.get(part) {
            edited.push(format!("README.md: its part `{part}` is not reports/{path}"));
        }
    }
    Ok(edited)
}

/// The Markdown files of a folder, by name; of one that is not there, none.
fn texts(folder: &Path) -> io::Result<Vec<(String, String)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    let pages = paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == "md"));
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, fs::read_to_string(&path)?))
    };
    let mut texts: Vec<_> = pages.map(read).collect::<io::Result<_>>()?;
    texts.sort();
    Ok(texts)
}
