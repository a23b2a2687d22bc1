//! Cells per second, forked by a zygote and each in a process of its own; and where a cell's time
//! goes.
//!
//! `cargo bench -p benches --bench cells -- [--python VERSION] [--rounds N] [--cells N]`. Both ways
//! run the same cells, every scenario under every strategy, on all cores; rounds alternate, and the
//! figures are ratios within a round, because absolute times of a shared machine say little. With
//! `--cells`, as many forked cells follow, and the memory of this process as their number grows.

use std::{
    env, fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tollgate::{
    child::{Ended, Limits},
    interpreter,
    layout::Layout,
    matrix::{Matrix, run},
    scenario::{self, Scenario, parse},
    strategy::{self, Strategy},
    worker::{Job, Program, Runner, Spawn, Start, Target, Zygotes},
};

fn main() {
    let option = |name: &str| env::args().skip_while(|word| word != name).nth(1);
    let python = option("--python").unwrap_or_else(|| "3.13".to_owned());
    let rounds = option("--rounds").map_or(6, |count| count.parse().expect("a number of rounds"));
    let matrix = matrix(&python);
    let in_children = Arc::new(AtomicU64::new(0));
    let timed = Timed { start: Zygotes::new(Limits::default()), nanos: Arc::clone(&in_children) };
    let forked = Runner::new(timed).expect("a place for trees");
    let spawned = Runner::new(Spawn::new(Limits::default())).expect("a place for trees");
    compare(&matrix, &forked, &spawned, rounds);
    shares(&matrix, &forked, &in_children);
    if let Some(count) = option("--cells") {
        endure(&matrix, &forked, count.parse().expect("a number of cells"));
    }
}

/// Counts the time that the harness waits for children.
struct Timed {
    start: Zygotes,
    nanos: Arc<AtomicU64>,
}

impl Start for Timed {
    fn start(&self, job: Job<'_>) -> io::Result<Ended> {
        let begun = Instant::now();
        let ended = self.start.start(job);
        let nanos = begun.elapsed().as_nanos().try_into().unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        ended
    }
}

/// Both ways in turn, on all cores.
fn compare(matrix: &Matrix, forked: &Runner, spawned: &Runner, rounds: usize) {
    let mut ratios: Vec<f64> = Vec::new();
    for round in 0..rounds {
        let (fast, slow) = (rate(matrix, forked), rate(matrix, spawned));
        println!("round {round}: {fast:.0} cells/s forked, {slow:.0} spawned");
        // the first round compiles and starts what later ones find
        if round > 0 {
            ratios.push(fast / slow);
        }
    }
    if let Some((least, median, most)) = spread(ratios) {
        println!("forked ÷ spawned: {median:.1} (median of rounds; {least:.1} to {most:.1})\n");
    }
}

/// What is left behind by `count` cells: memory of this process, and files that it has open.
fn endure(matrix: &Matrix, runner: &Runner, count: usize) {
    let (begun, round) = (Instant::now(), children(matrix));
    let rounds = count.div_ceil(round);
    for number in 1..=rounds {
        rate(matrix, runner);
        if number % rounds.div_ceil(10) == 0 || number == rounds {
            let seconds = begun.elapsed().as_secs();
            let files = fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
            let memory = memory().unwrap_or_default();
            println!("{} cells, {seconds} s: {memory}, {files} open files", number * round);
        }
    }
}

/// Where the time of a forked cell goes, one cell at a time.
fn shares(matrix: &Matrix, runner: &Runner, in_children: &AtomicU64) {
    let target = &matrix.targets[0];
    let applies = |scenario: &&Scenario| scenario.applies_to(&target.interpreter.version);
    let scenarios: Vec<_> = matrix.scenarios.iter().filter(applies).collect();
    let cells = || {
        let pairs = |&scenario| matrix.strategies.iter().map(move |strategy| (scenario, strategy));
        scenarios.iter().flat_map(pairs)
    };
    let whole = each(runner, target, cells());
    in_children.store(0, Ordering::Relaxed);
    let count = cells().count();
    let begun = Instant::now();
    each(runner, target, cells());
    let total = begun.elapsed();
    let waited = Duration::from_nanos(in_children.load(Ordering::Relaxed));
    let own = total.saturating_sub(waited);
    slowest(runner, target, &scenarios, &matrix.strategies);
    let nothing = empty();
    let bare = each(runner, target, std::iter::repeat_n((&nothing, &matrix.baseline), count));
    println!("one at a time: {:.2} ms a cell", milliseconds(whole));
    let share = |part: Duration| 100.0 * part.as_secs_f64() / total.as_secs_f64();
    println!("  harness (trees, folders, judging what was said): {:.0} %", share(own));
    let bare = bare * u32::try_from(count).expect("few");
    let bare = bare.saturating_sub(own);
    println!("  a child that runs nothing (fork, worker, exit): {:.0} %", share(bare));
    println!("  the scenario and its strategy: {:.0} %", share(waited.saturating_sub(bare)));
    if let Some(faults) = faults(runner, target, &matrix.baseline) {
        println!("  page faults of a child that imports 10 modules: {faults}");
    }
}

/// The scenarios that take the most, because a few of them may be most of the mean.
fn slowest(runner: &Runner, target: &Target, scenarios: &[&Scenario], strategies: &[Strategy]) {
    let time = |&scenario: &&Scenario| {
        let cells = strategies.iter().map(|strategy| (scenario, strategy));
        (each(runner, target, cells), scenario.name.to_string())
    };
    let mut times: Vec<_> = scenarios.iter().map(time).collect();
    times.sort();
    let median = times[times.len() / 2].0;
    println!(
        "the median scenario takes {:.2} ms a cell, and those that take most",
        milliseconds(median)
    );
    for (time, name) in times.iter().rev().take(8) {
        println!("  {name}: {:.1} ms", milliseconds(*time));
    }
}

/// The mean time of a cell.
fn each<'a>(
    runner: &Runner,
    target: &Target,
    cells: impl Iterator<Item = (&'a Scenario, &'a Strategy)>,
) -> Duration {
    let (begun, mut count) = (Instant::now(), 0);
    for (scenario, strategy) in cells {
        let observed = runner.observe(target, Program { scenario, strategy });
        observed.unwrap_or_else(|failure| panic!("{}: {failure}", scenario.name));
        count += 1;
    }
    begun.elapsed() / count
}

fn empty() -> Scenario {
    scenario_of("summary: Nothing happens.\nrun: pass\ntrace: \"\"\n")
}

fn scenario_of(text: &str) -> Scenario {
    let name = "empty".parse().expect("a name");
    parse(Path::new("empty.yaml"), name, text).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

/// How many pages a child faults in while it imports ten small modules.
fn faults(runner: &Runner, target: &Target, baseline: &Strategy) -> Option<String> {
    let text = "summary: Ten modules.\n\
        generate: {shape: fan-out, modules: 11}\n\
        run: |\n  import gen\n  import resource\n  \
        print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)\ntrace: \"\"\n";
    let scenario = scenario_of(text);
    let program = Program { scenario: &scenario, strategy: baseline };
    let observed = runner.observe(target, program).ok()?;
    Some(observed.behaviour.stdout.trim().to_owned())
}

fn matrix(python: &str) -> Matrix {
    let layout = Layout::of_this_checkout();
    let found = interpreter::select(&[python.to_owned()]).expect("an interpreter");
    let first = found.usable.into_iter().next().expect("a selection is never empty");
    let mut strategies = strategy::read_all(&layout.strategies()).expect("readable strategies");
    // one that needs an interpreter with options has no forked cells
    strategies.retain(|it| it.is_baseline() || strategy::TIMED.contains(&it.name.as_str()));
    let baseline = strategies.iter().find(|strategy| strategy.is_baseline());
    // a process of its own is what these ask for
    let mut scenarios = scenario::load(&layout.scenarios()).expect("good scenarios");
    scenarios.retain(|scenario| scenario.start_up().is_none());
    let recorder = strategy::read(&layout.recorder()).expect("a recorder");
    let requests = strategy::read(&layout.requests()).expect("requests").behind(&recorder);
    Matrix {
        targets: vec![Target::new(&layout, first).expect("a target")],
        baseline: baseline.expect("a baseline").clone(),
        recorder,
        requests,
        testimony: strategy::read(&layout.testimony()).expect("a testimony"),
        scenarios,
        strategies,
    }
}

/// Runs the matrix; returns children per second.
fn rate(matrix: &Matrix, runner: &Runner) -> f64 {
    let begun = Instant::now();
    run(matrix, runner, &|_| ());
    let children = u32::try_from(children(matrix)).expect("few");
    f64::from(children) / begun.elapsed().as_secs_f64()
}

/// How many children one run of the matrix takes.
fn children(matrix: &Matrix) -> usize {
    let version = &matrix.targets[0].interpreter.version;
    let applies = matrix.scenarios.iter().filter(|scenario| scenario.applies_to(version)).count();
    // beside the strategies, the two witnesses with a child of their own and the baseline
    applies * (matrix.strategies.len() + 3)
}

fn spread(mut values: Vec<f64>) -> Option<(f64, f64, f64)> {
    values.sort_by(f64::total_cmp);
    Some((*values.first()?, values[values.len() / 2], *values.last()?))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// What of this process is in memory, as Linux tells it.
fn memory() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(format!("{} in memory", line.trim()))
}
