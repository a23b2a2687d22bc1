//! Cells per second: forked by a zygote, against one process a cell.
//!
//! `cargo bench -p benches --bench cells -- [--python VERSION] [--rounds N]`. Both ways run the same
//! cells, every scenario under every strategy, on all cores; rounds alternate, and the figures are
//! ratios within a round, because absolute times of a shared machine say little.

use std::{env, time::Instant};

use tollgate::{
    child::Limits,
    interpreter,
    layout::Layout,
    matrix::{Matrix, run},
    scenario, strategy,
    worker::{Runner, Spawn, Target, Zygotes},
};

fn main() {
    let option = |name: &str| env::args().skip_while(|word| word != name).nth(1);
    let python = option("--python").unwrap_or_else(|| "3.13".to_owned());
    let rounds = option("--rounds").map_or(5, |count| count.parse().expect("a number of rounds"));
    let matrix = matrix(&python);
    let zygotes = Runner::new(Zygotes::new(Limits::default())).expect("a place for trees");
    let spawn = Runner::new(Spawn::new(Limits::default())).expect("a place for trees");
    let mut ratios: Vec<f64> = Vec::new();
    for round in 0..rounds {
        let (forked, spawned) = (rate(&matrix, &zygotes), rate(&matrix, &spawn));
        println!("round {round}: {forked:.0} cells/s forked, {spawned:.0} spawned");
        // the first round compiles and starts what later ones find
        if round > 0 {
            ratios.push(forked / spawned);
        }
    }
    ratios.sort_by(f64::total_cmp);
    let (least, most) = (ratios.first(), ratios.last());
    if let (Some(least), Some(most)) = (least, most) {
        let median = ratios[ratios.len() / 2];
        println!("forked/spawned: {median:.1} (median of rounds; {least:.1} to {most:.1})");
    }
}

fn matrix(python: &str) -> Matrix {
    let layout = Layout::of_this_checkout();
    let found = interpreter::select(&[python.to_owned()]).expect("an interpreter");
    let first = found.usable.into_iter().next().expect("a selection is never empty");
    let strategies = strategy::read_all(&layout.strategies()).expect("readable strategies");
    let baseline = strategies.iter().find(|strategy| strategy.is_baseline());
    Matrix {
        targets: vec![Target::new(&layout, first).expect("a target")],
        baseline: baseline.expect("a baseline").clone(),
        recorder: strategy::read(&layout.recorder()).expect("a recorder"),
        scenarios: scenario::load(&layout.scenarios()).expect("good scenarios"),
        strategies,
    }
}

/// Runs the matrix; returns children per second.
fn rate(matrix: &Matrix, runner: &Runner) -> f64 {
    let begun = Instant::now();
    run(matrix, runner, &|_| ());
    let version = &matrix.targets[0].interpreter.version;
    let applies = matrix.scenarios.iter().filter(|scenario| scenario.applies_to(version)).count();
    // beside the strategies, the recorder and the baseline
    let children = applies * (matrix.strategies.len() + 2);
    f64::from(u32::try_from(children).expect("few")) / begun.elapsed().as_secs_f64()
}
