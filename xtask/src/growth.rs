//! `cargo xtask growth`: whether what strategies cost stays in proportion to what is imported, and to how many
//! of them there are.

use anyhow::Result;
use tollgate::{
    child::Limits,
    composition::{self, COUNTS},
    layout::Layout,
    measure::{Estimate, Looking},
    overhead::{Effort, Growth, Overhead, SIZES, growth},
    strategy::{BASELINE, Strategy, TIMED},
    worker::{Runner, Spawn, Target},
};

use crate::{
    exit::Exit,
    output, progress, selected,
    selection::{Pythons, Strategies, baseline},
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    pythons: Pythons,
    #[command(flatten)]
    strategies: Strategies,
    /// Up to so many modules.
    #[arg(long, value_name = "MODULES", default_value_t = 10_000)]
    most: usize,
    /// Not with the number of modules, but with that of copies of one strategy in one process, 1 to 40.
    #[arg(long, conflicts_with = "most")]
    copies: bool,
    /// Seed of all that is random.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Fewer rounds than `bench`: the large trees take seconds each.
const EFFORT: Effort =
    Effort { launches: 16, rounds: 4, looking: Looking::Once, confirms: false, ..Effort::FULL };

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let mut strategies = flags.strategies.clone().or(&TIMED).read(&layout)?;
    let baseline = baseline(&strategies)?;
    strategies.retain(|strategy| !strategy.is_baseline());
    let target = selected::newest(&layout, &flags.pythons)?;
    let seed = flags.seed.unwrap_or_else(rand::random);
    if flags.copies {
        return of_copies(&target, (&baseline, &strategies), seed);
    }
    let overhead = Overhead {
        baseline: &baseline,
        strategies: strategies.iter().collect(),
        effort: EFFORT,
        seed,
    };
    let sizes: Vec<_> = SIZES.into_iter().filter(|size| *size <= flags.most).collect();
    let bar = progress::bar("growth", sizes.len());
    let grown = growth(&overhead, &target, &sizes, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let title = format!(
        "Time relative to none on {}, by the number of modules imported:",
        target.interpreter.label()
    );
    conclude(&(report(&title, &sizes, &grown) + LEGEND), &grown)
}

fn of_copies(target: &Target, hooks: (&Strategy, &[Strategy]), seed: u64) -> Result<Exit> {
    let runner = Runner::new(Spawn::new(Limits::default()))?;
    let bar = progress::bar("growth", COUNTS.len());
    let grown = composition::growth(&runner, target, hooks, seed, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let label = target.interpreter.label();
    let title =
        format!("What each copy adds to the import of 100 modules on {label}, by their number:");
    conclude(&(report(&title, &COUNTS, &grown) + LEGEND_OF_COPIES), &grown)
}

/// Prints the table and, in the last line, what it comes to.
fn conclude(table: &str, grown: &[Growth]) -> Result<Exit> {
    let is_superlinear = |it: &&Growth| it.trend.is_some_and(|trend| trend.is_superlinear());
    let superlinear = grown.iter().filter(is_superlinear).count();
    let why = format!("{} lines measured, {superlinear} of them superlinear", grown.len());
    output::print(&(table.to_owned() + &Exit::Done.line(&why)))?;
    Ok(Exit::Done)
}

const LEGEND_OF_COPIES: &str = "\
± is half the width of the 95 % interval; `each tenfold` is the factor that ten times the copies make of what
each of them costs: 1 where they do not make each other slower.
";

const LEGEND: &str = "\
± is half the width of the 95 % interval; `each tenfold` is the factor that ten times the modules make of
the ratio: 1 where a cost stays in proportion to what is imported.
";

fn report(title: &str, sizes: &[usize], grown: &[Growth]) -> String {
    let columns: Vec<_> = sizes.iter().map(|size| format!("{size:>18}")).collect();
    let mut lines = vec![
        title.to_owned(),
        format!("{:<22}{}  {:<18} memory a module", "strategy", columns.concat(), "each tenfold"),
    ];
    lines.extend(grown.iter().map(|growth| row(sizes, growth)));
    lines.join("\n") + "\n"
}

fn row(sizes: &[usize], growth: &Growth) -> String {
    let name = match growth.strategy.as_str() {
        BASELINE => "none again (A/A)",
        // copies are named with the number that there were first
        name => name.trim_end_matches(" \u{d7}1"),
    };
    let of_size = |size: &usize| {
        let found = growth.sizes.iter().find(|(of, _)| of == size);
        format!("{:>18}", found.map(|(_, it)| told(it)).unwrap_or_default())
    };
    let figures: Vec<_> = sizes.iter().map(of_size).collect();
    format!("{name:<22}{}  {:<18} {}", figures.concat(), trend(growth), memory(growth))
}

fn told(estimate: &Estimate) -> String {
    let half = (estimate.high - estimate.low) / 2.0;
    format!("{:+.1} ±{:.1} %", 100.0 * (estimate.ratio - 1.0), 100.0 * half)
}

fn trend(growth: &Growth) -> String {
    let Some(trend) = growth.trend else { return "–".to_owned() };
    let mark = if trend.is_superlinear() { " SUPERLINEAR" } else { "" };
    format!("×{:.3} ±{:.3}{mark}", trend.factor, (trend.high - trend.low) / 2.0)
}

fn memory(growth: &Growth) -> String {
    match growth.memory {
        Some([more, base]) => format!("{more:+.0} bytes beside {base:.0}"),
        None => "–".to_owned(),
    }
}
