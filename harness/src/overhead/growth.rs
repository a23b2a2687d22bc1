//! Growth: whether what a strategy costs stays in proportion to what is imported.

use rand::rngs::StdRng;
use tempfile::TempDir;

use super::{
    Effort, Overhead, OverheadError,
    arms::{self, BASELINE, Entry},
    launches::{Place, Sampler, layout, one},
    random,
    samples::Group,
    workload::{cold, generated, write},
};
use crate::{
    measure::{Estimate, Margin, Rules, Trend, trend},
    scenario::{Packages, Shape},
    strategy::StrategyName,
    tree,
    worker::{Plan, Quantity, Settling, Target},
};

/// How many modules are imported.
pub const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
/// Modules in each package.
const BRANCHING: usize = 10;

/// How the cost of one strategy grows.
#[derive(Clone, Debug)]
pub struct Growth {
    /// The strategy; the baseline for the A/A arm.
    pub strategy: StrategyName,
    /// Of each of the sizes that were timed: how many modules, and time relative to the baseline.
    pub sizes: Vec<(usize, Estimate)>,
    /// By how much the ratio changes with each tenfold of modules; nothing from a single size.
    pub trend: Option<Trend>,
    /// Memory that is kept for each module more than without the strategy, and without it, in bytes;
    /// nothing where nobody tells.
    pub memory: Option<[f64; 2]>,
}

/// Samples of one arm when memory is measured, of which the median counts.
const MEMORY_SAMPLES: usize = 5;
/// The size at which memory is measured.
const MEMORY_SIZE: usize = 1_000;

/// Imports trees of each of `sizes` under every strategy. The launches of `effort` are those of the
/// smallest size that is worth them: a size of ten times the modules has half as many, but at least six.
pub fn growth(
    overhead: &Overhead<'_>,
    target: &Target,
    sizes: &[usize],
    progress: &dyn Fn(),
) -> Result<Vec<Growth>, OverheadError> {
    let entries: Vec<_> = arms::entries(overhead, false)
        .into_iter()
        .enumerate()
        .filter(|(place, entry)| entry.control.is_none() || *place == BASELINE + 1)
        .map(|(_, entry)| entry)
        .collect();
    let mut rng = random(overhead.seed, &[&target.interpreter.label(), "growth"]);
    let mut measured = vec![Vec::new(); entries.len()];
    let mut memory = vec![None; entries.len()];
    for size in sizes {
        let halvings = u32::try_from(size.to_string().len()).unwrap_or(2).saturating_sub(2);
        let launches = (overhead.effort.launches >> halvings).max(6);
        let effort = Effort {
            launches,
            rounds: if *size > 1_000 { 1 } else { overhead.effort.rounds },
            ..overhead.effort
        };
        let of_size = at(target, &entries, (*size, effort), &mut rng)?;
        for (arm, estimate) in of_size.estimates.into_iter().enumerate() {
            measured[arm].extend(estimate.map(|estimate| (*size, estimate)));
        }
        if let Some(of_size) = of_size.memory {
            memory = of_size;
        }
        progress();
    }
    let base = memory[BASELINE];
    let grown = entries.iter().zip(measured).zip(memory).skip(BASELINE + 1);
    Ok(grown
        .map(|((entry, sizes), memory)| Growth {
            strategy: entry.name.clone(),
            trend: trend(&sizes.iter().map(|(size, it)| (decades(*size), *it)).collect::<Vec<_>>()),
            sizes,
            memory: memory.zip(base).map(|(memory, base)| [memory - base, base]),
        })
        .collect())
}

/// The decimal logarithm.
pub(crate) fn decades(size: usize) -> f64 {
    f64::from(u32::try_from(size).unwrap_or(u32::MAX)).log10()
}

/// What was measured of one size.
struct Sized {
    estimates: Vec<Option<Estimate>>,
    /// Bytes that each arm keeps for a module.
    memory: Option<Vec<Option<f64>>>,
}

fn at(
    target: &Target,
    entries: &[Entry],
    (size, effort): (usize, Effort),
    rng: &mut StdRng,
) -> Result<Sized, OverheadError> {
    let shape = Shape::Tree { branching: BRANCHING };
    let tree = generated(shape, Packages::Regular, size);
    let folder = TempDir::with_prefix_in("tollgate-", tree::place())?;
    write(folder.path(), Some(&tree))?;
    let code = cold(&tree);
    let place = Place { target, folder: folder.path(), workload: &code };
    let arms: Vec<_> = entries.iter().map(Entry::arm).collect();
    let mut sampler = Sampler::new(place, arms, effort, rng);
    sampler.prepare()?;
    let taken = sampler.take(rng, |_| false, &|| {})?;
    let rules = Rules::new(Margin::default());
    let memory = if size == MEMORY_SIZE { Some(kept(&place, entries, rng)?) } else { None };
    Ok(Sized { estimates: Group::estimates(&taken, entries, rules), memory })
}

/// The median of what each arm keeps in use for a module, in bytes.
fn kept(
    place: &Place<'_>,
    entries: &[Entry],
    rng: &mut StdRng,
) -> Result<Vec<Option<f64>>, OverheadError> {
    let arms: Vec<_> = entries.iter().map(Entry::arm).collect();
    let plan = Plan {
        arms: &arms,
        order: (0..entries.len()).flat_map(|arm| [arm; MEMORY_SAMPLES]).collect(),
        warm_up: 0,
        pad: 0,
        core: None,
        seat: None,
        settling: Settling::Nothing,
        quantity: Quantity::Memory,
    };
    let launch = one(place, &plan, &layout(rng))?;
    let of_arm = |arm| {
        let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let samples = launch.samples.iter().filter(|sample| sample.arm == arm);
        let mut bytes: Vec<_> = samples
            .filter_map(|sample| sample.measured.as_ref())
            .filter(|measured| measured.digest > 0)
            .map(|measured| number(measured.laps.iter().sum()) / number(measured.digest))
            .collect();
        bytes.sort_by(f64::total_cmp);
        bytes.get(bytes.len() / 2).copied()
    };
    Ok((0..entries.len()).map(of_arm).collect())
}
