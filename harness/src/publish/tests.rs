use std::fs;

use super::*;
use crate::{
    layout::Layout,
    record::{Asked, ControlRecord, Inputs, Shard, fixtures},
};

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
        (&(|plan: &mut Plan| plan.timing = Timing::Quick) as &dyn Fn(&mut Plan), "not a `bench`"),
        (&|plan| plan.asked.scenario.push("a".to_owned()), "it was narrowed down"),
        (&|plan| plan.asked.shard = Shard::new(1, 2), "one part of a run"),
    ] {
        let told = told(&plan(change), &clean, &all);
        assert!(told.contains(part), "{told}");
    }
    assert_eq!(told(&plan(|plan| plan.timing = Timing::Brief), &clean, &all), "");
    for revision in [None, Some("abc+")] {
        assert!(told(&plan(|_| {}), &provenance(revision), &all).contains("of no git revision"));
    }
    assert!(told(&plan(|_| {}), &clean, &all[1..]).contains("cells are missing"));
    let mut unclear = all.clone();
    unclear[1] = fixtures::cell("a", "audit");
    assert!(told(&plan(|_| {}), &clean, &unclear).contains("a cell shows nothing"));
}

/// As many pages as there are: two pictures, that of all, and two of a version.
const PAGES: [&str; 5] = [
    "picture-light.svg",
    "picture-dark.svg",
    "conformance/3.13.md",
    "overhead/3.13.md",
    "conformance/matrix.md",
];

fn paths(pages: &[Page]) -> Vec<&str> {
    pages.iter().map(|page| page.path.as_str()).collect()
}

fn written(layout: &Layout, pages: &[Page]) {
    for page in pages {
        let path = layout.reports().join(&page.path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, &page.text).expect("written");
    }
}

/// A README with places for all that is published.
fn readme() -> String {
    format!("# T\n{}mine\n{}end\n", report::slot("picture"), report::slot("table"))
}

#[test]
fn pages_say_what_was_called_and_what_was_timed() {
    let asked = |plan: &mut Plan| {
        plan.asked.measuring.budget_s = Some(60);
        plan.asked.measuring.time_on = vec!["3.13".to_owned()];
    };
    let brief = |plan: &mut Plan| plan.timing = Timing::Brief;
    for (plan, command) in [
        (plan(asked), "cargo xtask bench --full --seed 7 --budget 60 --time-on 3.13"),
        (plan(brief), "cargo xtask bench --seed 7"),
    ] {
        let pages = pages(&plan, &provenance(Some("abc")), &records());
        assert_eq!(paths(&pages), PAGES);
        for page in &pages[2..] {
            assert!(page.text.contains(&format!("From `{command}`, run ")), "{}", page.text);
            assert!(page.text.contains("Timed on 3.13.0: cold-100."), "{}", page.text);
        }
    }
}

#[test]
fn what_is_published_is_stale_when_its_inputs_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = Layout::at(folder.path());
    let (plan, from) = (plan(|_| {}), provenance(Some("abc")));
    written(&layout, &pages(&plan, &from, &records()));
    let told = spliced(&readme(), &from, &records()).expect("it has the marks");
    assert!(told.starts_with("# T\n") && told.ends_with("-->\nend\n"), "{told}");
    assert!(
        told.contains("| strategy | import_started |")
            || told.contains("| strategy | import\\_started |"),
        "{told}"
    );
    assert!(told.contains("srcset=\"reports/picture-dark.svg\""), "{told}");

    let stale = |readme: &str, inputs: &Inputs| {
        fs::write(layout.root().join("README.md"), readme).expect("written");
        stale(&layout, inputs).expect("readable")
    };
    assert_eq!(stale(&told, &plan.inputs), [""; 0]);
    for (part, mine) in [("table", "| strategy |"), ("picture", "width=\"900\"")] {
        let by_hand = stale(&told.replace(mine, "changed"), &plan.inputs);
        let expected = format!("README.md: its part `{part}` is not that of reports/{OVERVIEW}");
        assert_eq!(by_hand, [expected]);
    }
    assert_eq!(stale("no marks", &plan.inputs).len(), 1, "the picture");
    let unfinished = stale("<!-- tollgate: table -->", &plan.inputs).join("\n");
    assert!(unfinished.starts_with("README.md: line 1: expected a line"), "{unfinished}");
    let mut now = plan.inputs.clone();
    now.harness = "another build".to_owned();
    assert_eq!(stale(&told, &now), [""; 0], "what is judged has not changed");
    now.scenarios.insert("c".to_owned(), "new".to_owned());
    assert_eq!(stale(&told, &now).len(), 3, "the pages in folders");

    fs::remove_file(layout.reports().join(OVERVIEW)).expect("it is there");
    assert_eq!(
        stale(&told, &plan.inputs),
        [format!("reports/{OVERVIEW}: nothing is published yet")]
    );
}

#[test]
fn pages_of_an_earlier_run_go_and_those_of_people_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = Layout::at(folder.path());
    let pages = pages(&plan(|_| {}), &provenance(Some("abc")), &records());
    written(&layout, &pages);
    let conformance = layout.reports().join("conformance");
    fs::write(conformance.join("3.8.md"), &pages[2].text).expect("written");
    fs::write(conformance.join("mine.md"), "# Mine").expect("written");
    assert_eq!(left_over(&layout, &pages).expect("readable"), [conformance.join("3.8.md")]);
}

#[test]
fn a_run_without_usable_costs_is_published_without_costs() {
    let mut unfit = records();
    for record in &mut unfit {
        if let Record::Overhead(cost) = record {
            cost.control =
                Some(ControlRecord { kind: "again".to_owned(), known: None, holds: false });
        }
    }
    let mut untimed = records();
    untimed.retain(|record| !matches!(record, Record::Overhead(_)));
    for (records, why) in [(unfit, "its controls failed"), (untimed, "nothing was timed")] {
        assert_eq!(no_costs(&records), Some(why));
        let pages = pages(&plan(|_| {}), &provenance(Some("abc")), &records);
        assert_eq!(paths(&pages), [PAGES[0], PAGES[1], PAGES[2], PAGES[4]]);
        for page in &pages[2..] {
            let told = format!("It is published without costs: {why}.");
            assert!(page.text.contains(&told), "{}", page.text);
            assert!(!page.text.contains("a cold import costs"), "{}", page.text);
        }
    }
    assert_eq!(no_costs(&records()), None);
}
