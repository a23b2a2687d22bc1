//! What is published in `reports/` and in the README: which runs may be, what is written, and when it has
//! had its day.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    command::{self, Places},
    compare::family,
    layout::Layout,
    record::{Counts, Inputs, Plan, Provenance, Record, Timing},
    report::{self, Findings, SpliceError, Tone},
    text,
    version::Version,
};

/// The parts of the README that are published.
const SHOWN: [&str; 2] = [report::PICTURE, "table"];

/// The page that has the same parts.
const OVERVIEW: &str = "conformance/matrix.md";

/// Why a run is not published; empty if it may be.
pub fn refusals(plan: &Plan, provenance: Option<&Provenance>, counts: &Counts) -> Vec<String> {
    let asked = &plan.asked;
    let is_narrowed = asked.scenarios.is_some()
        || [&asked.scenario, &asked.strategy].iter().any(|patterns| !patterns.is_empty());
    let revision = provenance.and_then(|it| it.revision.as_deref());
    let reasons = [
        (
            !matches!(plan.timing, Timing::Brief | Timing::Full),
            format!("it is {}, not a `bench`", plan.timing.words()),
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
    let has_costs = records.iter().any(|record| matches!(record, Record::Overhead(_)));
    let is_fit = || records.iter().cloned().collect::<Findings>().fitness().is_ok();
    match has_costs {
        false => Some("nothing was timed"),
        true => (!is_fit()).then_some("its controls failed"),
    }
}

/// What a run is published as: the picture, the page of all interpreters, and for each version of Python what
/// strategies get right and wrong and what they cost. Without costs if there are [none to publish](no_costs).
pub fn pages(plan: &Plan, provenance: &Provenance, records: &[Record]) -> Vec<Page> {
    // what is published names no path of the machine that it ran on
    let places = || Places::default().with_bound(plan.places.bound.iter().cloned());
    let of = |keep: &dyn Fn(&Record) -> bool| {
        let kept = records.iter().filter(|record| keep(record)).cloned();
        kept.collect::<Findings>().with_places(places())
    };
    let head = |title: &str| head(title, plan, provenance, &timed(records));
    let all = of(&|_| true);
    let mut pages = pictures(&all);
    if let Some(parts) = parts(&all, provenance, Folder::OfPages) {
        let text = head("Every strategy on every interpreter") + &parts;
        let text = format!("{text}\n{}", report::overview_page(&all));
        pages.push(Page { path: OVERVIEW.to_owned(), text });
    }
    for python in versions(plan) {
        let findings = of(&|record| version(record.interpreter()) == python);
        for (folder, title, text) in [
            (
                "conformance",
                "What strategies get right and wrong",
                report::conformance_page(&findings),
            ),
            ("overhead", "What strategies cost", report::overhead_page(&findings)),
        ] {
            if !text.is_empty() {
                let text = head(&format!("{title} on Python {python}")) + &text;
                pages.push(Page { path: format!("{folder}/{python}.md"), text });
            }
        }
    }
    pages
}

/// Versions of Python, the oldest first.
fn versions(plan: &Plan) -> Vec<String> {
    let mut labels: Vec<_> = plan.inputs.interpreters.keys().collect();
    labels.sort_by_key(|label| release(label));
    let mut versions: Vec<_> = labels.into_iter().map(|label| version(label)).collect();
    versions.dedup();
    versions
}

fn pictures(findings: &Findings) -> Vec<Page> {
    let page = |tone: Tone| {
        let text = report::picture(findings, tone)?;
        Some(Page { path: picture_path(tone), text })
    };
    Tone::ALL.into_iter().filter_map(page).collect()
}

fn picture_path(tone: Tone) -> String {
    format!("picture-{}.svg", tone.word())
}

/// Where a text stands that shows the picture.
#[derive(Clone, Copy)]
enum Folder {
    /// That of the checkout.
    OfReadme,
    /// One of those in `reports/`.
    OfPages,
}

impl Folder {
    /// What leads to `reports/`.
    const fn to_reports(self) -> &'static str {
        match self {
            Self::OfReadme => "reports/",
            Self::OfPages => "../",
        }
    }
}

/// The picture, light or dark as its reader likes it.
fn picture(findings: &Findings, from: Folder) -> String {
    let path = |tone| from.to_reports().to_owned() + &picture_path(tone);
    let (light, dark) = (path(Tone::Light), path(Tone::Dark));
    let told =
        text::markdown(&report::picture_told(findings)).replace('"', "&quot;").replace('\\', "");
    format!(
        "<picture>\n  <source media=\"(prefers-color-scheme: dark)\" srcset=\"{dark}\">\n  \
         <img src=\"{light}\" width=\"900\" alt=\"{told}\">\n</picture>\n"
    )
}

/// What the README shows, between marks. Nothing if no strategy was judged.
fn parts(findings: &Findings, provenance: &Provenance, from: Folder) -> Option<String> {
    let slots: String = SHOWN.map(|part| report::slot(part) + "\n").concat();
    filled(&slots, findings, provenance, from).ok()
}

/// `text` with what is published of a run between its markers.
pub fn spliced(
    text: &str,
    provenance: &Provenance,
    records: &[Record],
) -> Result<String, SpliceError> {
    filled(text, &records.iter().cloned().collect(), provenance, Folder::OfReadme)
}

fn filled(
    text: &str,
    findings: &Findings,
    provenance: &Provenance,
    from: Folder,
) -> Result<String, SpliceError> {
    let told = |part: &str| {
        let table = report::markdown_part(findings, "table");
        match part {
            "table" => table,
            report::PICTURE => table.map(|_| picture(findings, from)),
            _ => None,
        }
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

fn head(title: &str, plan: &Plan, provenance: &Provenance, timed: &str) -> String {
    let Provenance { run, tollgate, revision, host, .. } = provenance;
    let command = command(plan);
    let revision = revision.as_deref().unwrap_or("none");
    let machine = plan.machine.as_ref().map_or_else(|| host.clone(), ToString::to_string);
    let mut interpreters: Vec<_> = plan.inputs.interpreters.iter().collect();
    interpreters.sort_by_key(|(label, _)| release(label));
    let interpreters: Vec<_> =
        interpreters.into_iter().map(|(_, it)| format!("- {}\n", it.version)).collect();
    let inputs = plan.inputs.contents();
    format!(
        "{WRITTEN}{run}`; do not edit. inputs: {inputs} -->\n# {title}\n\n\
         From `{command}`, run {run}, Tollgate {tollgate}, revision {revision}, on {machine}. {timed}\n\n\
         Interpreters:\n\n{}\n",
        interpreters.concat()
    )
}

/// Which workloads were timed, and where, in a sentence; or why no costs are shown.
fn timed(records: &[Record]) -> String {
    if let Some(why) = no_costs(records) {
        return format!("It is published without costs: {why}.");
    }
    let costs = || {
        records.iter().filter_map(|record| match record {
            Record::Overhead(cost) => Some(cost),
            _ => None,
        })
    };
    let mut labels: Vec<_> = costs().map(|cost| cost.interpreter.label.as_str()).collect();
    labels.sort_by_key(|label| release(label));
    labels.dedup();
    let mut workloads: Vec<_> = costs().map(|cost| cost.workload.as_str()).collect();
    workloads.sort_unstable();
    workloads.dedup();
    format!("Timed on {}: {}.", labels.join(", "), workloads.join(", "))
}

/// What was called, as far as results depend on it; which interpreters took part is listed below it.
fn command(plan: &Plan) -> String {
    let measuring = &plan.asked.measuring;
    let time_on = measuring.time_on.iter().map(|it| format!(" --time-on {}", command::quoted(it)));
    let budget = measuring.budget_s.map(|seconds| format!(" --budget {seconds}"));
    let counts = if measuring.counts { " --counts" } else { "" };
    let budget = budget.unwrap_or_default();
    let full = if plan.timing == Timing::Full { " --full" } else { "" };
    format!(
        "cargo xtask bench{full} --seed {}{budget}{}{counts}",
        plan.seed,
        time_on.collect::<String>()
    )
}

/// What of `reports/` has had its day, one clause each: pages from other scenarios, strategies or
/// worker than `now`, and parts of the README that are not what is published.
pub fn stale(layout: &Layout, now: &Inputs) -> io::Result<Vec<String>> {
    let (reports, mut stale) = (layout.reports(), edited(layout)?);
    let digest = now.contents();
    for folder in FOLDERS {
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

/// The parts of the README that are not what is published, one clause each. Other than what is
/// [`stale`] these were changed by hand.
fn edited(layout: &Layout) -> io::Result<Vec<String>> {
    let readme = fs::read_to_string(layout.root().join("README.md"))?;
    let shown = match report::spliced(&readme) {
        Ok(shown) => shown,
        Err(SpliceError::NoMarker) => BTreeMap::new(),
        Err(error) => return Ok(vec![format!("README.md: {error}")]),
    };
    let page = match fs::read_to_string(layout.reports().join(OVERVIEW)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(vec![format!("reports/{OVERVIEW}: nothing is published yet")]);
        }
        read => read?,
    };
    let published = report::spliced(&page).unwrap_or_default();
    let paths =
        [Folder::OfPages, Folder::OfReadme].map(|from| format!("\"{}picture-", from.to_reports()));
    let as_in_readme = |part: &String| part.replace(&paths[0], &paths[1]);
    let is_edited =
        |part: &&str| shown.get(*part) != published.get(*part).map(as_in_readme).as_ref();
    let told =
        |part: &str| format!("README.md: its part `{part}` is not that of reports/{OVERVIEW}");
    Ok(SHOWN.iter().filter(|part| is_edited(part)).map(|part| told(part)).collect())
}

/// Pages of earlier runs that are none of `pages`: one run is published at a time.
pub fn left_over(layout: &Layout, pages: &[Page]) -> io::Result<Vec<PathBuf>> {
    let mut left = Vec::new();
    for folder in FOLDERS {
        for (name, text) in texts(&layout.reports().join(folder))? {
            let path = format!("{folder}/{name}");
            let is_kept = pages.iter().any(|page| page.path == path);
            if !is_kept && text.starts_with(WRITTEN) {
                left.push(layout.reports().join(path));
            }
        }
    }
    Ok(left)
}

/// The folders of pages.
const FOLDERS: [&str; 2] = ["conformance", "overhead"];
/// What the command's pages begin with.
const WRITTEN: &str = "<!-- Written by `cargo xtask publish ";

/// The Markdown files of a folder, by name; of one that is not there, none.
fn texts(folder: &Path) -> io::Result<Vec<(String, String)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    let pages = paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == "md"));
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, fs::read_to_string(&path)?))
    };
    let mut texts: Vec<_> = pages.map(read).collect::<io::Result<_>>()?;
    texts.sort();
    Ok(texts)
}
