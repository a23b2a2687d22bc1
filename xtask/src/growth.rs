//! `cargo xtask growth`: whether what strategies cost stays in proportion to what is imported.

use anyhow::Result;
use tollgate::{
    interpreter::select,
    layout::Layout,
    measure::{Estimate, Looking},
    overhead::{Effort, Growth, Overhead, SIZES, growth},
    strategy::{self, BASELINE, Strategy, TIMED},
    worker::Target,
};

use crate::{exit::Exit, output, progress, session};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// On this interpreter; the newest one unless said.
    #[arg(long, value_name = "VERSION|PATH")]
    python: Option<String>,
    /// Only these strategies, by name.
    #[arg(long, value_name = "NAME")]
    strategy: Vec<String>,
    /// Up to so many modules.
    #[arg(long, value_name = "MODULES", default_value_t = 10_000)]
    most: usize,
    /// Seed of all that is random.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Fewer rounds than `bench`: the large trees take seconds each.
const EFFORT: Effort =
    Effort { launches: 16, rounds: 4, looking: Looking::Once, confirms: false, ..Effort::FULL };

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let requests: Vec<_> = flags.python.iter().cloned().collect();
    let mut targets = session::targets(&layout, select(&requests)?)?;
    targets.sort_by_key(|target| target.interpreter.version);
    let target = targets.pop().expect("the selection found one at least");
    let all = strategy::read_all(&layout.strategies())?;
    let is_asked = |strategy: &&Strategy| match &flags.strategy[..] {
        [] => TIMED.contains(&strategy.name.as_str()),
        names => names.iter().any(|name| name == strategy.name.as_str()),
    };
    let baseline = strategy::read(&layout.strategies().join(format!("{BASELINE}.py")))?;
    let overhead = Overhead {
        baseline: &baseline,
        strategies: all.iter().filter(is_asked).collect(),
        effort: EFFORT,
        seed: flags.seed.unwrap_or_else(rand::random),
    };
    let sizes: Vec<_> = SIZES.into_iter().filter(|size| *size <= flags.most).collect();
    let bar = progress::bar("growth", sizes.len());
    let grown = growth(&overhead, &target, &sizes, &|| bar.inc(1))?;
    bar.finish_and_clear();
    output::print(&report(&target, &sizes, &grown))?;
    Ok(Exit::Done)
}

const LEGEND: &str = "\
± is half the width of the 95 % interval; `each tenfold` is the factor that ten times the modules make of
the ratio: 1 where a cost stays in proportion to what is imported.
";

fn report(target: &Target, sizes: &[usize], grown: &[Growth]) -> String {
    let label = target.interpreter.label();
    let columns: Vec<_> = sizes.iter().map(|size| format!("{size:>18}")).collect();
    let mut lines = vec![
        format!("Time relative to none on {label}, by the number of modules imported:"),
        format!("{:<22}{}  {:<18} memory a module", "strategy", columns.concat(), "each tenfold"),
    ];
    lines.extend(grown.iter().map(|growth| row(sizes, growth)));
    lines.join("\n") + "\n" + LEGEND
}

fn row(sizes: &[usize], growth: &Growth) -> String {
    let name = match growth.strategy.as_str() {
        BASELINE => "none again (A/A)",
        name => name,
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
