//! What is published in `reports/` and in the README: which runs may be, what is written, and when it has
//! had its day.

mod head;
#[cfg(test)]
mod tests;
mod upkeep;

use head::{head, interpreters, release, timed, version};
pub use upkeep::{left_over, stale};

use crate::{
    command::Places,
    record::{Counts, Plan, Provenance, Record, Timing},
    report::{self, Findings, SpliceError, Tone},
    text,
};

/// The parts of the README that are published. It shows the picture, and the table if it has a place for it.
const SHOWN: [&str; 2] = [report::PICTURE, "table"];

/// The page that has the same parts.
const OVERVIEW: &str = "conformance/matrix.md";

/// The folders of pages.
const FOLDERS: [&str; 2] = ["conformance", "overhead"];
/// What the command's pages begin with.
const WRITTEN: &str = "<!-- Written by `cargo xtask publish ";

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
    if !has_costs {
        return Some("nothing was timed");
    }
    (!is_fit()).then_some("its controls failed")
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
    let timed = timed(records);
    let head = |title: &str, python: Option<&str>| {
        head(title, plan, provenance, &timed) + &interpreters(plan, python)
    };
    let all = of(&|_| true);
    let mut pages = pictures(&all);
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
                let text = head(&format!("{title} on Python {python}"), Some(&python)) + &text;
                pages.push(Page { path: format!("{folder}/{python}.md"), text });
            }
        }
    }
    if let Some(parts) = parts(&all, provenance, Folder::OfPages) {
        let head = head("Every strategy on every interpreter", None);
        let text = format!("{head}{}\n{parts}{}", links(&pages), report::overview_page(&all));
        pages.push(Page { path: OVERVIEW.to_owned(), text });
    }
    pages
}

/// To the pages of versions, a line a folder.
fn links(pages: &[Page]) -> String {
    let of = |folder: &str, title: &str| {
        let paths =
            pages.iter().filter_map(|page| page.path.strip_prefix(folder)?.strip_prefix('/'));
        let links: Vec<_> = paths
            .map(|name| format!("[{}](../{folder}/{name})", name.trim_end_matches(".md")))
            .collect();
        let told = format!("- {title}: {}\n", links.join(", "));
        if links.is_empty() { String::new() } else { told }
    };
    of(FOLDERS[0], "What each gets wrong, with scenarios and commands")
        + &of(FOLDERS[1], "What each costs, with intervals")
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
