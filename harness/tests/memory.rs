//! The memory of a long run: recording holds no records, and a report holds what it shows.
//!
//! The only test of this file, because what it measures is the peak of the whole process.
#![cfg(target_os = "linux")]

mod support;

use std::{fs, io, ops::Range, path::Path, time::Duration};

use support::fake_target;
use tollgate::{
    layout::Layout,
    matrix::{Cell, Finding, Ledger, Matrix},
    record::{Asked, Book, Earlier, EarlierRun, Inputs, Plan, Provenance, RunFolder, Timing, read},
    report::{self, Findings, Page},
    scenario::{self, Scenario, ScenarioName},
    span::Point,
    stop::Stop,
    strategy::ESTABLISHED,
    verdict::{Count, Divergence, Verdict},
    version::Version,
    worker::Target,
};
use tollgate_event::{Event, EventKind, Operation, Outcome};

const INTERPRETERS: u8 = 7;
const SCENARIOS: usize = 2_900;
const SEED: u64 = 7;

/// The most memory that this process has had so far, in MiB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    let kib: usize = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib / 1024
}

fn target(number: u8) -> Target {
    let mut target = fake_target(Path::new("python"));
    target.interpreter.version = Version::new(3, u32::from(9 + number), 0);
    target
}

fn scenario(number: usize) -> Scenario {
    let name: ScenarioName = format!("part{}/s{number}", number % 30).parse().expect("a name");
    let text = "summary: A module is imported.\nrun: import shop\ntrace: \"\"\n";
    let parsed = scenario::parse(Path::new("x.yaml"), name, text);
    parsed.unwrap_or_else(|errors| panic!("{}", errors[0]))
}

/// A cell of the usual size: twelve events, four counts, and every third with two divergences.
fn cell(matrix: &Matrix, number: usize) -> Cell {
    let kinds = [Operation::Import, Operation::Load]
        .map(|operation| [EventKind::start(operation), EventKind::end(operation)])
        .concat();
    let module = |number: usize| format!("shop{}.cart", number % 40);
    let event = |index: usize| Event {
        nanos: 1_000_000 + 1_000 * index as u64,
        thread: 1,
        kind: kinds[index % kinds.len()],
        name: module(number + index),
        outcome: Outcome::Ok,
    };
    let missing = |kind: &EventKind| {
        let (kind, name) = (*kind, module(number));
        Divergence::Missing(Point { kind, name, outcome: Outcome::Ok, not_found: false })
    };
    let verdict = match number % 3 {
        0 => Verdict::Diverges(kinds[..2].iter().map(missing).collect()),
        _ => Verdict::Conforms,
    };
    let count = Count { truth: number % 5, seen: 1, claimed: true, ..Count::default() };
    Cell {
        strategy: matrix.strategies[number % matrix.strategies.len()].name.clone(),
        verdict,
        claims: kinds.iter().copied().collect(),
        tally: kinds.iter().map(|kind| (*kind, count)).collect(),
        events: (0..12).map(event).collect(),
        main_thread: 1,
        took: Duration::from_millis(5),
    }
}

/// Records every cell of some scenarios and returns how many those are.
fn record(book: &Book, matrix: &Matrix, scenarios: Range<usize>) -> usize {
    let strategies = matrix.strategies.len();
    let mut cells = 0;
    for scenario in &matrix.scenarios[scenarios] {
        for target in &matrix.targets {
            for _ in 0..strategies {
                book.keep(Finding::Cell(target, scenario, &cell(matrix, cells)));
                cells += 1;
            }
        }
    }
    cells
}

/// A run of the matrix that was just started.
fn start(layout: &Layout, inputs: &Inputs) -> Book {
    let plan = Plan::new(Timing::None, Asked::default(), SEED, inputs.clone());
    let folder = RunFolder::create(layout, &plan).expect("a folder");
    let provenance = Provenance::of_run(layout, &folder.id().to_string(), SEED);
    Book::new(folder, provenance, Earlier::default(), Stop::default())
}

fn page(records: &Path, findings: &Findings) -> String {
    let mut page = Page::default();
    for record in read(records).expect("the records") {
        page.add(&record.expect("a good record"));
    }
    page.finish(findings, None)
}

#[test]
fn memory_does_not_grow_with_a_run() {
    let checkout = tempfile::tempdir().expect("a temporary folder");
    let (layout, inputs) = (Layout::at(checkout.path()), Inputs::default());
    let targets = (0..INTERPRETERS).map(target).collect();
    let mut matrix = support::matrix(targets, (0..SCENARIOS).map(scenario).collect());
    matrix.strategies.retain(|it| it.is_baseline() || ESTABLISHED.contains(&it.name.as_str()));
    let book = start(&layout, &inputs);
    let records = book.folder().records().to_owned();

    let few = record(&book, &matrix, 0..SCENARIOS / 10);
    let begun = peak();
    let all = few + record(&book, &matrix, SCENARIOS / 10..SCENARIOS);
    let recorded = peak();
    assert!(all > 100_000 && book.counts().all() == all, "{all}");
    drop(book);

    let run = EarlierRun::find(&layout, "latest").expect("it is there");
    let (_, earlier) = run.resume(&layout, &inputs, &Stop::default()).expect("it goes on");
    let resumed = peak();
    assert_eq!(earlier.keys.len(), all);
    drop(earlier);

    let findings: io::Result<Findings> = read(&records).and_then(Iterator::collect);
    let findings = findings.expect("good records");
    let sorted = peak();
    assert_eq!(findings.counts().all(), all);
    let report = report::text(&findings).len() >> 10;
    let rendered = peak();

    let page = page(&records, &findings).len() >> 10;
    let paged = peak();

    let disk = fs::metadata(&records).expect("the records").len() >> 20;
    eprintln!("{all} cells, {disk} MiB of records, {report} KiB of report, {page} KiB of page");
    eprintln!(
        "MiB at most: {begun} after {few} cells, {recorded} after all, {resumed} with their keys, \
         {sorted} with what a report shows, {rendered} with the report, {paged} with the page"
    );
    assert!(recorded < begun + 4, "{begun} MiB after {few} cells, {recorded} after {all}");
    assert!(resumed < recorded + 16, "{recorded} MiB, with keys {resumed}");
    assert!(rendered < usize::try_from(disk).expect("a size") / 2, "{rendered} of {disk} MiB");
    assert!(paged < usize::try_from(disk).expect("a size"), "{paged} of {disk} MiB");
    assert!(sorted < resumed + 32, "{resumed} MiB, with what a report shows {sorted}");
}
