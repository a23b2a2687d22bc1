//! What costs what without an interpreter: the model's predictions and the matcher's verdicts, by the
//! size of the trace.
#![allow(missing_docs, reason = "criterion's macros generate public functions")]

use std::{cell::LazyCell, hint::black_box};

use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use tollgate::{
    layout::Layout,
    model::{Program, Rules, predict},
    scenario::{self, SourceFile},
    span::{Point, Trace},
    verdict::{Claims, compare},
    version::Version,
};
use tollgate_event::{Event, EventKind};

/// As in `cargo xtask`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const VERSION: Version = Version::new(3, 13, 0);

/// How many spans the traces have, about.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The thread that runs the program.
const MAIN: u64 = 1;

/// Spans of one import that loads a module.
const SPANS_OF_A_MODULE: usize = 3;
/// Modules in each package of the tree.
const PACKAGE: usize = 100;

fn scenarios(criterion: &mut Criterion) {
    let folder = Layout::of_this_checkout().scenarios();
    let scenarios = scenario::load(&folder).expect("good scenarios");
    let mut group = criterion.benchmark_group("model");
    group.throughput(Throughput::Elements(scenarios.len() as u64));
    group.bench_function("all scenarios", |bencher| {
        bencher.iter(|| {
            let predict = |one| predict(&Program::from(black_box(one)), Rules::of(VERSION));
            scenarios.iter().map(predict).filter_map(Result::ok).count()
        });
    });
    group.finish();
}

fn file(path: &str, body: String) -> SourceFile {
    SourceFile { path: path.parse().expect("a path within a tree"), body }
}

/// A program that loads about `spans / 3` modules, in packages of a hundred.
fn tree(spans: usize) -> Program {
    let packages = packages(spans);
    let imports = |of: String, count: usize| -> String {
        (0..count).fold(String::new(), |text, number| text + &format!("import {of}{number}\n"))
    };
    let root = file("gen/__init__.py", imports("gen.p".to_owned(), packages));
    let files = (0..packages).flat_map(|package| {
        let init = imports(format!("gen.p{package}.m"), PACKAGE);
        let init = file(&format!("gen/p{package}/__init__.py"), init);
        let module = move |number| file(&format!("gen/p{package}/m{number}.py"), String::new());
        std::iter::once(init).chain((0..PACKAGE).map(module))
    });
    Program::new(std::iter::once(root).chain(files), "", "import gen")
}

fn packages(spans: usize) -> usize {
    spans / SPANS_OF_A_MODULE / (PACKAGE + 1)
}

/// How many spans the tree for about `spans` spans has.
fn spans_of_tree(spans: usize) -> Throughput {
    Throughput::Elements(((1 + packages(spans) * (1 + PACKAGE)) * SPANS_OF_A_MODULE) as u64)
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("model, cost per span");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for spans in SIZES {
        // not made for a bench that the command line has left out
        let program = LazyCell::new(|| tree(spans));
        group.throughput(spans_of_tree(spans));
        group.bench_function(BenchmarkId::from_parameter(spans), |bencher| {
            bencher.iter_with_large_drop(|| predict(black_box(&*program), Rules::of(VERSION)));
        });
    }
    group.finish();
}

/// What a strategy reports that loses one event in a hundred.
fn lossy_report(trace: &Trace) -> Vec<Event> {
    let points = trace.points().into_iter().flatten().enumerate();
    let kept = points.filter(|(number, _)| number % 100 != 7);
    let event = |(_, Point { kind, name, outcome, .. })| Event {
        nanos: 0,
        thread: MAIN,
        kind,
        name,
        outcome,
    };
    kept.map(event).collect()
}

fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matcher, cost per span");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    let claims: Claims = EventKind::ALL.into_iter().collect();
    for spans in SIZES {
        let case = LazyCell::new(|| {
            let truth = predict(&tree(spans), Rules::of(VERSION)).expect("a prediction").trace;
            let report = lossy_report(&truth);
            (truth, report)
        });
        group.throughput(spans_of_tree(spans));
        group.bench_function(BenchmarkId::from_parameter(spans), |bencher| {
            let (truth, report) = &*case;
            bencher.iter_with_large_drop(|| compare(truth, black_box(report), MAIN, &claims));
        });
    }
    group.finish();
}

criterion_group!(witnesses, scenarios, growth, matching);
criterion_main!(witnesses);
