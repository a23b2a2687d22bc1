//! The screen from small records.

use super::{Look, screen as drawn};
use crate::{
    record::{ControlRecord, OverheadRecord, Record},
    report::{
        Findings,
        fixtures::{cell, claimed, cost, counting, disturbed, divergence, diverging, taken},
    },
};

/// Three hooks: one sees all and shows in tracebacks, one misses ends and reports wrongly, one watches searches.
fn records() -> Vec<Record> {
    let whole = ["import.start", "import.end", "load.start", "load.end"]
        .map(|kind| claimed(kind, [40, 40, 0]));
    let sees_all = counting(cell("bootstrap", "packages/nested", "3.13.0"), &whole);
    let sees_all = diverging(sees_all, &[disturbed("1 frame")]);
    let half = [claimed("import.start", [40, 39, 2])];
    let wrong = [
        divergence("unexpected", "import.start", "shop"),
        divergence("duplicated", "import.start", "till"),
        divergence("duplicated", "import.start", "cart"),
        taken("end", "changed the program's end from ok to ValueError"),
    ];
    let sees_half = diverging(counting(cell("audit", "packages/nested", "3.13.0"), &half), &wrong);
    let watches = counting(
        cell("meta_path", "packages/nested", "3.13.0"),
        &[claimed("find.start", [9, 9, 0])],
    );
    let none = cell("none", "packages/nested", "3.13.0");
    [sees_all, sees_half, watches, none].map(Record::Cell).to_vec()
}

fn screen(findings: &Findings, width: usize) -> String {
    drawn(findings, Look { width, has_colour: false })
}

fn timed(holds: bool) -> Findings {
    let control = Some(ControlRecord { kind: "again".to_owned(), known: None, holds });
    let again = OverheadRecord { control, ..cost("none", "3.13.0", 1.0) };
    let costs = [again, cost("bootstrap", "3.13.0", 1.024)].map(Record::Overhead);
    records().into_iter().chain(costs).collect()
}

#[test]
fn the_best_comes_first_and_each_says_what_is_wrong() {
    insta::assert_snapshot!(screen(&timed(true), 80));
}

#[test]
fn an_unfit_run_shows_no_cost() {
    // of many groups not all fail by chance
    let groups = (0..12).flat_map(|number| {
        let control = Some(ControlRecord { kind: "again".to_owned(), known: None, holds: false });
        let workload = format!("w{number}");
        let again =
            OverheadRecord { control, workload: workload.clone(), ..cost("none", "3.13.0", 1.5) };
        [Record::Overhead(again)]
    });
    let findings: Findings = records()
        .into_iter()
        .chain(groups)
        .chain([Record::Overhead(cost("bootstrap", "3.13.0", 1.024))])
        .collect();
    let told = screen(&findings, 80);
    assert!(told.contains("costs unfit: 12 of 12 controls failed, none shown"), "{told}");
    assert!(!told.contains("2.4 %"), "{told}");
}

#[test]
fn an_unfit_group_of_a_fit_run_shows_no_cost() {
    let unfit =
        OverheadRecord { verdict: "unfit".to_owned(), ..cost("bootstrap", "3.13.0", 1.024) };
    let told = screen(&records().into_iter().chain([Record::Overhead(unfit)]).collect(), 80);
    assert!(told.contains("costs of cold-100 unfit, none shown"), "{told}");
    assert!(!told.contains("2.4 %"), "{told}");
}

#[test]
fn lines_are_as_wide_as_the_screen_at_most() {
    for (asked, most) in [(10, 80), (80, 80), (140, 120)] {
        let told = screen(&timed(true), asked);
        let widest = told.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(most), "{asked}: {told}");
        assert!(told.lines().count() <= 28, "{told}");
    }
}

#[test]
fn nothing_is_said_of_nothing() {
    assert_eq!(screen(&Findings::from_iter(Vec::new()), 80), "");
}

#[test]
fn where_one_cold_import_is_unfit_the_other_one_is_told() {
    let of = |workload: &str, verdict: &str| OverheadRecord {
        workload: workload.to_owned(),
        verdict: verdict.to_owned(),
        ..cost("audit", "3.13.0", 1.03)
    };
    for (cold, chain, told) in [
        ("slower", "slower", "cost: of a cold import of 100 modules on 3.13.0"),
        ("unfit", "slower", "cost: of a chain of 50 cold imports on 3.13.0"),
        ("unfit", "unfit", "costs of cold-100 unfit, none shown"),
    ] {
        let costs = [of("cold-100", cold), of("chain-50", chain)].map(Record::Overhead);
        let findings: Findings = records().into_iter().chain(costs).collect();
        let shown = screen(&findings, 80);
        assert!(shown.contains(told), "{cold}, {chain}: {shown}");
    }
}
