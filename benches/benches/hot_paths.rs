//! What a run does many thousand times, or at a size that hurts: loading scenarios, generating
//! trees, decoding events and judging them.
#![allow(missing_docs, reason = "criterion's macros generate public functions")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tollgate::{
    layout::Layout,
    scenario::{self, Generated, Packages, Shape},
    span::{CutShort, Trace, build},
    tree,
    verdict::{Claims, compare, tally},
};
use tollgate_event::{Event, EventKind, Operation, Outcome, decode, encode};

fn loading(criterion: &mut Criterion) {
    let folder = Layout::of_this_checkout().scenarios();
    let mut group = criterion.benchmark_group("load scenarios");
    let count = scenario::load(&folder).expect("good scenarios").len();
    group.throughput(Throughput::Elements(count.try_into().expect("a small number")));
    group.bench_function("all that come with Tollgate", |bencher| {
        bencher.iter(|| scenario::load(black_box(&folder)));
    });
    group.finish();
}

fn generating(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generate a tree");
    for modules in [100_usize, 1_000, 10_000] {
        group.throughput(Throughput::Elements(modules as u64));
        let tree = Generated::new(Shape::Tree { branching: 10 }, Packages::Regular, modules)
            .expect("a size within bounds");
        group.bench_function(BenchmarkId::new("in memory", modules), |bencher| {
            bencher.iter(|| black_box(&tree).sources().count());
        });
    }
    let tree = Generated::new(Shape::Tree { branching: 10 }, Packages::Regular, 1_000)
        .expect("a size within bounds");
    group.throughput(Throughput::Elements(1_000));
    group.bench_function(BenchmarkId::new("on disk", 1_000), |bencher| {
        let folder = || tempfile::tempdir_in(tree::place()).expect("a folder");
        bencher.iter_with_setup(folder, |folder| {
            tree::write(folder.path(), tree.sources()).expect("room for a thousand files");
            folder
        });
    });
    group.finish();
}

/// The events of a package that imports `spans` modules, each an import, a find and a load.
fn events(spans: usize) -> Vec<Event> {
    let mut events = Vec::new();
    let mut push = |kind, name: &str, outcome| {
        events.push(Event { nanos: 0, thread: 1, kind, name: name.to_owned(), outcome });
    };
    for module in 0..spans / 3 {
        let name = format!("shop.m{module}");
        push(EventKind::start(Operation::Import), &name, Outcome::Unstated);
        for operation in [Operation::Find, Operation::Load] {
            push(EventKind::start(operation), &name, Outcome::Unstated);
            push(EventKind::end(operation), &name, Outcome::Ok);
        }
        push(EventKind::end(Operation::Import), &name, Outcome::Ok);
    }
    events
}

fn encoded(events: &[Event]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for event in events {
        let outcome = event.outcome.as_ref();
        encode(&mut bytes, event.nanos, event.thread, event.kind, &event.name, outcome);
    }
    bytes
}

fn judging(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("events");
    for spans in [300_usize, 3_000, 30_000] {
        let events = events(spans);
        let bytes = encoded(&events);
        let truth = build(&events, 1, CutShort::Others).expect("balanced events");
        let claims: Claims = EventKind::ALL.into_iter().collect();
        // one report in a hundred is missing, as of a strategy that loses some
        let kept = events.iter().enumerate().filter(|(index, _)| index % 100 != 7);
        let lossy: Vec<_> = kept.map(|(_, event)| event.clone()).collect();
        group.throughput(Throughput::Elements(events.len() as u64));
        group.bench_function(BenchmarkId::new("decode", spans), |bencher| {
            bencher.iter(|| decode(black_box(&bytes)));
        });
        group.bench_function(BenchmarkId::new("build spans", spans), |bencher| {
            bencher.iter(|| build(black_box(&events), 1, CutShort::Others));
        });
        group.bench_function(BenchmarkId::new("judge, all right", spans), |bencher| {
            bencher.iter(|| judge(&truth, black_box(&events), &claims));
        });
        group.bench_function(BenchmarkId::new("judge, 1 % missing", spans), |bencher| {
            bencher.iter(|| judge(&truth, black_box(&lossy), &claims));
        });
    }
    group.finish();
}

fn judge(truth: &Trace, events: &[Event], claims: &Claims) -> usize {
    let matched = compare(truth, events, 1, claims);
    tally(truth, claims, &matched).len()
}

criterion_group!(hot_paths, loading, generating, judging);
criterion_main!(hot_paths);
