//! What is published in `reports/`: which runs may be, what is written, and when it has had its day.

use std::{fs, io, path::Path};

use crate::{
    compare::family,
    layout::Layout,
    record::{Counts, Inputs, Plan, Provenance, Record, Timing},
    report::{self, Findings},
};

/// Name of the part of the README that is a published table, and the file that has it.
pub const MATRIX: (&str, &str) = ("matrix", "conformance/matrix.md");

/// Why a run is not published; empty if it may be.
pub fn refusals(plan: &Plan, provenance: Option<&Provenance>, counts: &Counts) -> Vec<String> {
    let asked = &plan.asked;
    let is_narrowed = asked.scenarios.is_some()
        || [&asked.scenario, &asked.strategy].iter().any(|patterns| !patterns.is_empty());
    let revision = provenance.and_then(|it| it.revision.as_deref());
    let reasons = [
        (plan.timing != Timing::Full, format!("it is {}, not a full `bench`", plan.timing.words())),
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

/// What a run is published as: for each version of Python what strategies get right and wrong and what
/// they cost, and the matrix of all.
pub fn pages(plan: &Plan, provenance: &Provenance, records: &[Record]) -> Vec<Page> {
    let of = |keep: &dyn Fn(&Record) -> bool| -> Findings {
        records.iter().filter(|record| keep(record)).cloned().collect()
    };
    let head = |title: &str| head(title, plan, provenance);
    let mut pages = vec![Page {
        path: MATRIX.1.to_owned(),
        text: head("Every strategy on every interpreter")
            + &fenced(&report::matrix(&of(&|_| true))),
    }];
    let mut versions: Vec<_> = plan.inputs.interpreters.keys().map(|it| version(it)).collect();
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

fn version(label: &str) -> String {
    let (version, marks) = family(label);
    version + &marks
}

fn head(title: &str, plan: &Plan, provenance: &Provenance) -> String {
    let Provenance { run, tollgate, revision, host, seed } = provenance;
    let revision = revision.as_deref().unwrap_or("none");
    let machine = plan.machine.as_ref().map_or_else(|| host.clone(), ToString::to_string);
    let interpreters: Vec<_> =
        plan.inputs.interpreters.values().map(|it| format!("  - {}\n", it.version)).collect();
    let inputs = plan.inputs.contents();
    format!(
        "<!-- Written by `cargo xtask publish {run}`; do not edit. inputs: {inputs} -->\n# {title}\n\n\
         From `cargo xtask bench --seed {seed}`, run {run}, Tollgate {tollgate}, revision {revision}, \
         on {machine}:\n\n{}\n",
        interpreters.concat()
    )
}

fn fenced(text: &str) -> String {
    format!("```text\n{}\n```\n", text.trim_end())
}

/// The published part of a page: what stands behind its head.
pub fn body(page: &str) -> Option<&str> {
    page.find("```text\n").map(|start| page[start..].trim_end())
}

fn marks(name: &str) -> [String; 2] {
    [format!("<!-- tollgate:{name} -->"), format!("<!-- /tollgate:{name} -->")]
}

/// What stands between the marks `<!-- tollgate:name -->` and `<!-- /tollgate:name -->`.
pub fn spliced<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let [first, last] = marks(name);
    let rest = text.split_once(&first)?.1;
    Some(rest.split_once(&last)?.0.trim())
}

/// `text` with `body` between these marks; nothing if it has none.
pub fn splice(text: &str, name: &str, body: &str) -> Option<String> {
    let [first, last] = marks(name);
    let (before, rest) = text.split_once(&first)?;
    let (_, after) = rest.split_once(&last)?;
    Some(format!("{before}{first}\n{body}\n{last}{after}"))
}

/// What of `reports/` has had its day, one clause each: pages from other scenarios, strategies or
/// worker than `now`, and parts of the README that are not what is published.
pub fn stale(layout: &Layout, now: &Inputs) -> io::Result<Vec<String>> {
    let (reports, mut stale) = (layout.reports(), Vec::new());
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
    let readme = fs::read_to_string(layout.root().join("README.md")).unwrap_or_default();
    let published = fs::read_to_string(reports.join(MATRIX.1)).unwrap_or_default();
    if let Some(told) = spliced(&readme, MATRIX.0)
        && Some(told) != body(&published)
    {
        stale.push(format!("README.md: its part `{}` is not reports/{}", MATRIX.0, MATRIX.1));
    }
    Ok(stale)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Asked, Shard, fixtures};

    fn plan(change: impl Fn(&mut Plan)) -> Plan {
        let mut plan = Plan::new(Timing::Full, Asked::default(), 7, fixtures::inputs());
        change(&mut plan);
        plan
    }

    fn provenance(revision: Option<&str>) -> Provenance {
        let record = fixtures::truth("a");
        Provenance { revision: revision.map(ToOwned::to_owned), ..record.provenance().clone() }
    }

    /// All that [`fixtures::inputs`] speaks of.
    fn records() -> Vec<Record> {
        let cell = |scenario| {
            let Record::Cell(cell) = fixtures::cell_that_missed(scenario, &["shop"]) else {
                unreachable!("it is a cell")
            };
            let none = crate::record::CellRecord { strategy: "none".to_owned(), ..cell.clone() };
            [fixtures::truth(scenario), Record::Cell(cell), Record::Cell(none)]
        };
        let costs = [fixtures::cost("cold-100", "none"), fixtures::cost("cold-100", "audit")];
        [cell("a"), cell("b")].into_iter().flatten().chain(costs).collect()
    }

    fn counts(records: &[Record]) -> Counts {
        let mut counts = Counts::default();
        for record in records {
            counts.add(record);
        }
        counts
    }

    #[test]
    fn only_whole_and_sound_runs_of_a_revision_are_published() {
        let (all, clean) = (records(), provenance(Some("abc")));
        let told = |plan: &Plan, provenance: &Provenance, records: &[Record]| {
            refusals(plan, Some(provenance), &counts(records)).join("; ")
        };
        assert_eq!(told(&plan(|_| {}), &clean, &all), "");
        for (change, part) in [
            (
                &(|plan: &mut Plan| plan.timing = Timing::Quick) as &dyn Fn(&mut Plan),
                "not a full `bench`",
            ),
            (&|plan| plan.asked.scenario.push("a".to_owned()), "it was narrowed down"),
            (&|plan| plan.asked.shard = Shard::new(1, 2), "one part of a run"),
        ] {
            let told = told(&plan(change), &clean, &all);
            assert!(told.contains(part), "{told}");
        }
        for revision in [None, Some("abc+")] {
            assert!(
                told(&plan(|_| {}), &provenance(revision), &all).contains("of no git revision")
            );
        }
        assert!(told(&plan(|_| {}), &clean, &all[1..]).contains("cells are missing"));
        let mut unclear = all.clone();
        unclear[1] = fixtures::cell("a", "audit");
        assert!(told(&plan(|_| {}), &clean, &unclear).contains("a cell shows nothing"));
    }

    #[test]
    fn what_is_published_is_stale_when_its_inputs_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let layout = Layout::at(folder.path());
        let (plan, from) = (plan(|_| {}), provenance(Some("abc")));
        let pages = pages(&plan, &from, &records());
        let paths: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
        assert_eq!(paths, ["conformance/matrix.md", "conformance/3.13.md", "overhead/3.13.md"]);
        for page in &pages {
            let path = layout.reports().join(&page.path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, &page.text).expect("written");
        }
        let readme = "# T\n<!-- tollgate:matrix -->\nold\n<!-- /tollgate:matrix -->\nend\n";
        let published = body(&pages[0].text).expect("a part");
        let told = splice(readme, "matrix", published).expect("it has the marks");
        assert_eq!(spliced(&told, "matrix"), Some(published));
        assert!(told.starts_with("# T\n") && told.ends_with("-->\nend\n"), "{told}");

        let stale = |readme: &str, inputs: &Inputs| {
            fs::write(layout.root().join("README.md"), readme).expect("written");
            stale(&layout, inputs).expect("readable")
        };
        assert_eq!(stale(&told, &plan.inputs), [""; 0]);
        assert_eq!(stale("no marks", &plan.inputs), [""; 0]);
        let by_hand = stale(readme, &plan.inputs);
        assert_eq!(by_hand, ["README.md: its part `matrix` is not reports/conformance/matrix.md"]);
        let mut now = plan.inputs.clone();
        now.harness = "another build".to_owned();
        assert_eq!(stale(&told, &now), [""; 0], "what is judged has not changed");
        now.scenarios.insert("c".to_owned(), "new".to_owned());
        assert_eq!(stale(&told, &now).len(), 3);
    }
}
