use super::*;
use crate::record::{Asked, ControlRecord, Shard, fixtures};

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
            "not a `bench --full`",
        ),
        (&|plan| plan.asked.scenario.push("a".to_owned()), "it was narrowed down"),
        (&|plan| plan.asked.shard = Shard::new(1, 2), "one part of a run"),
    ] {
        let told = told(&plan(change), &clean, &all);
        assert!(told.contains(part), "{told}");
    }
    for revision in [None, Some("abc+")] {
        assert!(told(&plan(|_| {}), &provenance(revision), &all).contains("of no git revision"));
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
    let plan = plan(|plan| {
        plan.asked.measuring.budget_s = Some(60);
        plan.asked.measuring.time_on = vec!["3.13".to_owned()];
    });
    let from = provenance(Some("abc"));
    let pages = pages(&plan, &from, &records());
    let paths: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let expected = [
        "conformance/newest.md",
        "overhead/matrix.md",
        "conformance/matrix.md",
        "conformance/3.13.md",
        "overhead/3.13.md",
    ];
    assert_eq!(paths, expected);
    for page in &pages {
        let command = "From `cargo xtask bench --full --seed 7 --budget 60 --time-on 3.13`, run ";
        assert!(page.text.contains(command), "{}", page.text);
        let path = layout.reports().join(&page.path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, &page.text).expect("written");
    }
    let before = format!("# T\n{}mine\n{}end\n", report::slot("overhead"), report::slot("matrix"));
    let told = spliced(&before, &from, &records()).expect("it has the marks");
    assert!(told.starts_with("# T\n") && told.ends_with("-->\nend\n"), "{told}");
    assert!(told.contains("| strategy | interpreters |"), "{told}");

    let stale = |readme: &str, inputs: &Inputs| {
        fs::write(layout.root().join("README.md"), readme).expect("written");
        stale(&layout, inputs).expect("readable")
    };
    assert_eq!(stale(&told, &plan.inputs), [""; 0]);
    let by_hand = stale(&told.replace("| strategy | interp", "| hook | interp"), &plan.inputs);
    assert_eq!(by_hand, ["README.md: its part `matrix` is not reports/conformance/newest.md"]);
    assert_eq!(stale("no marks", &plan.inputs).len(), 2);
    let unfinished = stale("<!-- tollgate: matrix -->", &plan.inputs).join("\n");
    assert!(unfinished.starts_with("README.md: line 1: expected a line"), "{unfinished}");
    let mut now = plan.inputs.clone();
    now.harness = "another build".to_owned();
    assert_eq!(stale(&told, &now), [""; 0], "what is judged has not changed");
    now.scenarios.insert("c".to_owned(), "new".to_owned());
    assert_eq!(stale(&told, &now).len(), 5);

    fs::remove_file(layout.reports().join("overhead/matrix.md")).expect("it is there");
    let missing = stale(&told, &plan.inputs);
    assert_eq!(missing, ["reports/overhead/matrix.md: nothing is published yet"]);
}

#[test]
fn costs_of_an_unfit_run_are_not_published() {
    let mut all = records();
    for record in &mut all {
        if let Record::Overhead(cost) = record {
            cost.control =
                Some(ControlRecord { kind: "again".to_owned(), known: None, holds: false });
        }
    }
    assert_eq!((no_costs(&records()), no_costs(&all)), (None, Some("its controls failed")));
    let from = provenance(Some("abc"));
    let pages = pages(&plan(|_| {}), &from, &all);
    let paths: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    assert_eq!(paths, ["conformance/newest.md", "conformance/matrix.md", "conformance/3.13.md"]);
    let before = "<!-- tollgate: overhead -->\nof an earlier run\n<!-- /tollgate -->\n";
    assert_eq!(spliced(before, &from, &all).expect("it has the marks"), before);
}

#[test]
fn an_interpreter_that_was_only_timed_is_not_in_the_matrix_of_the_newest() {
    let mut all = records();
    for record in &mut all {
        match record {
            Record::Cell(cell) => "3.15.2".clone_into(&mut cell.interpreter.label),
            Record::Truth(truth) => "3.15.2".clone_into(&mut truth.interpreter.label),
            // the costs are those of 3.13.0
            _ => {}
        }
    }
    let shown = spliced(&report::slot("matrix"), &provenance(None), &all).expect("its marks");
    assert!(shown.contains("on 1 interpreter (3.15)."), "{shown}");
}
