//! Reports on small sets of records.

mod agree;
mod costs;
mod doubts;

use insta::assert_snapshot;

use super::{Findings, fixtures::*};
use crate::{
    expected::Expectation,
    record::{CellRecord, CountRecord, Record, VerdictWord},
};

fn findings(records: &[Record]) -> Findings {
    records.iter().cloned().collect()
}

fn text(records: &[Record]) -> String {
    super::text(&findings(records))
}

fn conformance(records: &[Record]) -> String {
    super::conformance(&findings(records))
}

fn summary(records: &[Record]) -> String {
    super::summary(&findings(records))
}

const VERSIONS: [&str; 4] = ["3.9.18", "3.10.2", "3.14.0", "3.15.0"];

fn cells(cells: impl IntoIterator<Item = CellRecord>) -> Vec<Record> {
    cells.into_iter().map(Record::Cell).collect()
}

/// `audit` misses an import on all but the newest version, and `none` is beside it.
fn audit_differs_on_one_version() -> Vec<Record> {
    let of_version = |label: &&str| {
        let audit = cell("audit", "calls/import-module", label);
        let audit = if *label == "3.15.0" {
            counting(audit, &[claimed("import.start", [3, 3, 0])])
        } else {
            let missed = divergence("missing", "import.start", "shop.cart");
            let counts = [claimed("import.start", [3, 2, 0])];
            counting(diverging(audit, &[missed]), &counts)
        };
        [audit, cell("none", "calls/import-module", label)]
    };
    cells(VERSIONS.iter().flat_map(of_version))
}

#[test]
fn no_records_are_told() {
    assert_snapshot!(text(&[]), @"Nothing was run: there are no records.");
}

#[test]
fn interpreters_that_show_the_same_share_a_row() {
    let mut records = audit_differs_on_one_version();
    let costs = [
        cost("audit", "3.9.18", 1.012),
        cost("audit", "3.14.0", 1.034),
        cost("none", "3.9.18", 1.0),
    ];
    records.extend(costs.map(Record::Overhead));
    assert_snapshot!(conformance(&records), @r"
    1 scenario under 2 strategies on 4 interpreters (3.9 to 3.15).

    strategy   interpreters   import_started   program       cost
    ──────────────────────────────────────────────────────────────────────────────────────
    none       3.9 to 3.15    –                undisturbed   0.0 %, 3 not timed
    audit      3.9 to 3.14    2 −1             undisturbed   +1.2 to +3.4 %, 1 not timed
               3.15           3                undisturbed   not timed
    seen −missed +wrong ~other, added up over scenarios, the least to the most of the interpreters of a row;
    – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    other: of a module that was asked or looked for where no import came of it: another meaning, and not wrong.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario              interpreters   audit
    ────────────────────────────────────────────
    calls/import-module   3.9 to 3.14    2 −1
                          3.15           3
    Claimed events seen −missed, and +wrong or ~other (another meaning) of any kind; · nothing to see and nothing reported;
    d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.

    audit, calls/import-module, 3.9 to 3.14: missed import_started of shop.cart.
        cargo xtask repro calls/import-module audit --python 3.9.18

    No hand-written trace was checked.
    ");
}

#[test]
fn the_order_of_records_does_not_matter() {
    let mut records = audit_differs_on_one_version();
    records.extend(recurring());
    let forwards = text(&records);
    records.reverse();
    assert_eq!(text(&records), forwards);
}

#[test]
fn what_is_recorded_twice_counts_once() {
    let records = audit_differs_on_one_version();
    let twice = [records.clone(), records.clone()].concat();
    assert_eq!(text(&twice), text(&records));
}

#[test]
fn events_that_are_not_claimed_show_only_when_they_are_reported() {
    let wrong = CountRecord { claimed: false, ..claimed("load.end", [2, 0, 4]) };
    let unclaimed = CountRecord { claimed: false, ..claimed("call.start", [2, 0, 0]) };
    let frames = [disturbed("hook.py:1 f")];
    let records = cells([
        counting(cell("finder", "a", "3.9.18"), &[wrong, unclaimed]),
        diverging(cell("finder", "b", "3.9.18"), &frames),
        CellRecord { verdict: VerdictWord::NotApplicable, ..cell("finder", "c", "3.9.18") },
        cell("other", "a", "3.9.18"),
    ]);
    assert_snapshot!(conformance(&records), @r"
    3 scenarios under 2 strategies on 1 interpreter (3.9).

    strategy   interpreters   call_started   module_loaded   program                       cost
    ──────────────────────────────────────────────────────────────────────────────────────────────────
    finder     3.9            –              +4              disturbed in 1: traceback 1   not timed
    other      3.9            –              –               undisturbed                   not timed
    seen −missed +wrong ~other, added up over scenarios, the least to the most of the interpreters of a row;
    – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    other: of a module that was asked or looked for where no import came of it: another meaning, and not wrong.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario   interpreters   finder   other
    ──────────────────────────────────────────
    a          3.9            +4       ·
    b          3.9            · d
    c          3.9            n/a
    Claimed events seen −missed, and +wrong or ~other (another meaning) of any kind; · nothing to see and nothing reported;
    d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.

    finder, b, 3.9: changed the program's traceback from none to hook.py:1 f.
        cargo xtask repro b finder --python 3.9.18

    No hand-written trace was checked.
    ");
}

/// One divergence in five scenarios, another with its own text in four, a third in one.
fn recurring() -> Vec<Record> {
    let scenario = |(index, name): (usize, &str)| {
        let mut divergences = vec![
            divergence("unexpected", "import.end", "_io"),
            divergence("unexpected", "import.start", "_io"),
        ];
        if index > 0 {
            divergences.push(disturbed(&["hook.py:1 f"; 4][..index].join(", ")));
        } else {
            divergences
                .extend(["a", "b", "b"].map(|name| divergence("missing", "import.end", name)));
            divergences
                .extend(["b", "a", "b"].map(|name| divergence("missing", "import.start", name)));
            divergences.push(divergence("out-of-order", "load.end", "a"));
        }
        let on = move |label| diverging(cell("dunder_import", name, label), &divergences);
        ["3.9.18", "3.10.2"].map(on)
    };
    cells(["a", "b", "c", "d", "e"].into_iter().enumerate().flat_map(scenario))
}

#[test]
fn what_recurs_is_told_once() {
    assert_snapshot!(conformance(&recurring()), @r"
    5 scenarios under 1 strategy on 2 interpreters (3.9, 3.10).

    strategy        interpreters   program                       cost
    ────────────────────────────────────────────────────────────────────────
    dunder_import   3.9, 3.10      disturbed in 4: traceback 4   not timed
    seen −missed +wrong ~other, added up over scenarios, the least to the most of the interpreters of a row;
    – neither claimed nor reported; ? not judged; n/a not applicable.
    wrong: did not happen, once too often, out of place (also missed), or with a wrong outcome.
    other: of a module that was asked or looked for where no import came of it: another meaning, and not wrong.
    cost: time of workload cold-100 relative to `none`, lowest to highest of the interpreters;
    `none` against itself shows the noise.

    scenario   interpreters   dunder_import
    ─────────────────────────────────────────
    a          3.9, 3.10      ·
    b          3.9, 3.10      · d
    c          3.9, 3.10      · d
    d          3.9, 3.10      · d
    e          3.9, 3.10      · d
    Claimed events seen −missed, and +wrong or ~other (another meaning) of any kind; · nothing to see and nothing reported;
    d the program was disturbed; n/a not applicable; ? inconclusive; blank not run.

    dunder_import reported import_started and import_ended of _io, which did not happen, in 5 scenarios (a, b, c and 2 more) on 3.9, 3.10.
        cargo xtask repro a dunder_import --python 3.9.18
    dunder_import changed the program's traceback in 4 scenarios (b, c, d, e) on 3.9, 3.10; in b on 3.9 it changed the program's traceback from none to hook.py:1 f.
        cargo xtask repro b dunder_import --python 3.9.18
    dunder_import, a, 3.9, 3.10: did something with load.end a; missed import_ended and import_started of a, b ×2.
        cargo xtask repro a dunder_import --python 3.9.18

    No hand-written trace was checked.
    ");
}

#[test]
fn a_long_list_of_modules_is_cut() {
    let missed: Vec<_> =
        (0..20).map(|number| divergence("missing", "find.start", &format!("m{number}"))).collect();
    let records = cells([diverging(cell("meta_path", "a", "3.9.18"), &missed)]);
    let report = conformance(&records);
    let sentence = report.lines().find(|line| line.starts_with("meta_path,")).unwrap();
    assert_snapshot!(sentence, @"meta_path, a, 3.9: missed search_started of m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11 and 8 more.");
}

#[test]
fn names_cannot_command_the_terminal() {
    let hostile = divergence("missing", "import.start", "\u{1b}[2J\n");
    let report = text(&cells([diverging(cell("audit", "a", "3.9.18"), &[hostile])]));
    assert!(!report.contains('\u{1b}'), "{report}");
    assert!(report.contains(r"import_started of \u{1b}[2J\n."), "{report}");
}

/// Text of a program that would take over a terminal, a page or a table, and much of it.
fn hostile() -> String {
    let odd = "\u{1b}[31m<script>alert(1)</script>|`\u{202e}\u{0}\n--> ";
    format!("{odd}{}{odd}", "x".repeat(3_000_000))
}

fn hostile_findings(page: &mut super::Page) -> Findings {
    let odd = hostile();
    let unclear = CellRecord {
        verdict: VerdictWord::Inconclusive,
        reason: Some(odd.clone()),
        ..cell("audit", "hangs", "3.13.0")
    };
    let own = divergence("missing", "import.start", &odd);
    let records = [
        cell("none", "a", "3.13.0"),
        diverging(cell("audit", "a", "3.13.0"), &[own, disturbed(&odd)]),
        unclear,
    ];
    let records = records.map(Record::Cell);
    for record in &records {
        page.add(record);
    }
    records.into_iter().collect()
}

#[test]
fn no_text_of_a_program_gets_through_as_it_is() {
    let mut page = super::Page::default();
    let findings = hostile_findings(&mut page);
    let longest = |text: &str| text.lines().map(|line| line.chars().count()).max();
    let junit = super::junit(&findings, &|_, _| Expectation::New).expect("XML");
    for (format, told) in [
        ("text", super::text(&findings)),
        ("Markdown", super::markdown(&findings, "cargo xtask report")),
        ("JUnit", junit),
    ] {
        assert!(!told.lines().any(crate::text::has_hidden), "{format}");
        assert!(longest(&told) < Some(30_000), "{format}: {:?}", longest(&told));
        assert!(told.contains("characters left out"), "{format}");
        assert!(format == "text" || !told.contains("<script>"), "{format}");
    }
    assert!(
        longest(&crate::text::printable(&super::text(&findings)))
            <= Some(crate::text::LINE_CHARS + 40)
    );
    let page = page.finish(&findings, None);
    assert!(page.len() < 1 << 20, "{} bytes", page.len());
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains(['\u{1b}', '\u{202e}']));
}
