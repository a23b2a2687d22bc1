//! The second channel: instructions, counted by callgrind.
//!
//! A parent runs under callgrind and forks its children there, so that an interpreter is started and
//! translated once and not for every count. Only the call of `timed()` is counted. For one hash seed,
//! environment, working directory and length of the command line a count is the same every time, so two
//! counts of each arm are enough, and the second only shows that the first can be believed.
//!
//! Only instructions are used. What callgrind can simulate of caches depends on where things lie.

use std::{ffi::OsString, fs, path::Path, time::Duration};

use tempfile::TempDir;

use super::{
    Conditions, Counted, Effort, Overhead, OverheadError, WorkloadKind,
    arms::{self, BASELINE, Entry},
    launches::parent,
};
use crate::{
    child,
    measure::Control,
    strategy::{Strategy, StrategyName},
    tree,
    worker::{Launch, Plan, Quantity, Sample, Settling, Spawn, Subject, Target, Workload, launch},
};

/// Hash seeds under which every arm is counted. Few, because a seed changes a ratio in the third
/// digit only; more than one, because a single one might be special.
const SEEDS: [u32; 3] = [1, 2, 3];
/// Each arm is counted so often under each seed.
const REPEATS: usize = 2;
/// The first children of a parent find code that is not translated yet, and memory that later ones
/// find in another state: their counts still differ by some tens of instructions in 40 million. How
/// many that are was looked at in one run only.
const WARM_UP: usize = 8;
/// Start of a name of the files in which callgrind leaves its counts.
const FILES: &str = "callgrind.out.";

/// Whether there is a valgrind, and which; the error says what is missing.
pub fn valgrind() -> Result<String, String> {
    let ended = child::run_tool(Path::new("valgrind"), &["--version".into()], Path::new("/"), &[])
        .map_err(|error| format!("valgrind is not installed: {error}"))?;
    let version = String::from_utf8_lossy(&ended.stdout).trim().to_owned();
    if ended.ending.is_success() && !version.is_empty() {
        return Ok(version);
    }
    Err(format!("valgrind --version: {}", ended.ending))
}

/// Counts the instructions of `workload` under every strategy; the baseline again is counted first.
/// `progress` is called after every seed.
pub fn count(
    overhead: &Overhead<'_>,
    target: &Target,
    workload: WorkloadKind,
    progress: &dyn Fn(),
) -> Result<Vec<(StrategyName, Counted)>, OverheadError> {
    let code = workload.code();
    if code.subject == Subject::Process {
        // there is no call to count
        return Ok(Vec::new());
    }
    let folder = TempDir::with_prefix_in("tollgate-", tree::place())?;
    workload.write(folder.path())?;
    let entries: Vec<_> = arms::entries(overhead, workload.has_sham())
        .into_iter()
        .filter(|entry| matches!(entry.control, None | Some(Control::Again)))
        .collect();
    // writes the byte code
    let plain = parent(&Conditions { hash_seed: SEEDS[0], ..Conditions::default() });
    seed(&plain, target, (&code, folder.path()), &entries, &[BASELINE])?;
    let mut tables = Vec::new();
    for number in SEEDS {
        tables.push((number, counts(target, (&code, folder.path()), &entries, number)?));
        progress();
    }
    let operations = workload.operations();
    let arms = (BASELINE + 1..entries.len())
        .filter_map(|arm| Some((entries[arm].name.clone(), counted(&tables, arm, operations)?)));
    Ok(arms.collect())
}

/// Counts the instructions of `workload` on two interpreters, both under `strategy`: what the second one has
/// beyond the first. Nothing where one of them could not be counted.
pub fn count_versus(
    (base, candidate): (&Target, &Target),
    strategy: &Strategy,
    workload: WorkloadKind,
    progress: &dyn Fn(),
) -> Result<Option<Counted>, OverheadError> {
    let alone =
        Overhead { baseline: strategy, strategies: Vec::new(), effort: Effort::FULL, seed: 0 };
    let of = |target| -> Result<Option<Counted>, OverheadError> {
        // the first is the baseline again, beside which stands the baseline
        Ok(count(&alone, target, workload, progress)?.into_iter().next().map(|(_, it)| it))
    };
    let (Some(base), Some(candidate)) = (of(base)?, of(candidate)?) else { return Ok(None) };
    let columns = |counted: &Counted| {
        let repeats = |[base, again]: [u64; 2]| vec![base, again];
        counted.counts.iter().map(|(seed, pair)| (*seed, repeats(*pair))).collect::<Vec<_>>()
    };
    let tables = columns(&base).into_iter().zip(columns(&candidate));
    let tables: Vec<_> =
        tables.map(|((seed, base), (_, candidate))| (seed, vec![base, candidate])).collect();
    Ok(counted(&tables, BASELINE + 1, workload.operations()))
}

/// The counts of each arm under one seed, in the order in which they were made.
type Table = Vec<Vec<u64>>;

fn counts(
    target: &Target,
    workload: (&Workload, &Path),
    entries: &[Entry],
    number: u32,
) -> Result<Table, OverheadError> {
    // not beside the modules: a finder that lists their folder would find one file more each time
    let files = TempDir::with_prefix_in("tollgate-", tree::place())?;
    let under = under(files.path());
    let start = Spawn { under, ..under_callgrind(number) };
    let order: Vec<_> = [BASELINE; WARM_UP]
        .into_iter()
        .chain((0..entries.len()).flat_map(|arm| [arm; REPEATS]))
        .collect();
    let launch = seed(&start, target, workload, entries, &order)?;
    let mut table = vec![Vec::new(); entries.len()];
    let usual = launch.samples.first().and_then(|sample| sample.measured.as_ref());
    for sample in launch.samples.iter().skip(WARM_UP).filter(|sample| sample.measured.is_some()) {
        let file = files.path().join(format!("{FILES}{}", sample.child));
        let text = fs::read_to_string(&file)?;
        table[sample.arm].extend(total(&text));
    }
    // an arm that did something else than the baseline's modules say is found by its digests
    for (arm, counts) in table.iter_mut().enumerate() {
        if !agrees(&launch.samples, arm) || usual.is_none() {
            counts.clear();
        }
    }
    Ok(table)
}

/// Whether all samples of an arm did the same.
fn agrees(samples: &[Sample], arm: usize) -> bool {
    let mut digests = samples
        .iter()
        .filter(|sample| sample.arm == arm)
        .map(|sample| sample.measured.as_ref().map(|measured| measured.digest));
    let first = digests.next().flatten();
    first.is_some() && digests.all(|digest| digest == first)
}

/// Under valgrind all is fifty times slower, and a shadow of the memory takes as much again.
fn under_callgrind(number: u32) -> Spawn {
    let mut start = parent(&Conditions { hash_seed: number, ..Conditions::default() });
    start.limits.deadline = Duration::from_mins(10);
    start.limits.memory_bytes = None;
    start
}

fn under(folder: &Path) -> Vec<OsString> {
    let mut files = OsString::from("--callgrind-out-file=");
    files.push(folder.join(format!("{FILES}%p")));
    let options = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no"];
    options.into_iter().map(Into::into).chain([files]).collect()
}

fn seed(
    start: &Spawn,
    target: &Target,
    workload: (&Workload, &Path),
    entries: &[Entry],
    order: &[usize],
) -> Result<Launch, OverheadError> {
    let arms: Vec<_> = entries.iter().map(Entry::arm).collect();
    let plan = Plan {
        arms: &arms,
        order: order.to_vec(),
        warm_up: 0,
        pad: 0,
        core: None,
        seat: None,
        settling: Settling::Decoy,
        quantity: Quantity::Counts,
    };
    let launch = launch(start, target, workload, &plan)?;
    match launch.complaint {
        Some(complaint) => Err(OverheadError::Workload(complaint)),
        None => Ok(launch),
    }
}

/// How many instructions a file of callgrind's says there were.
fn total(text: &str) -> Option<u64> {
    let line = |key| text.lines().find_map(|line| line.strip_prefix(key));
    line("totals:").or_else(|| line("summary:"))?.split_whitespace().next()?.parse().ok()
}

/// What the counts of one arm come to. `None` unless it and the baseline were counted.
fn counted(tables: &[(u32, Table)], arm: usize, operations: usize) -> Option<Counted> {
    let pair = |(seed, table): &(u32, Table)| {
        let pair = [*table[BASELINE].last()?, *table[arm].last()?];
        (pair[0] > 0).then_some((*seed, pair))
    };
    let counts: Vec<(u32, [u64; 2])> = tables.iter().filter_map(pair).collect();
    let number = |count: u64| Duration::from_nanos(count).as_secs_f64() * 1e9;
    let ratios: Vec<_> =
        counts.iter().map(|(_, [base, arm])| number(*arm) / number(*base)).collect();
    let added: f64 = counts.iter().map(|(_, [base, arm])| number(*arm) - number(*base)).sum();
    let seeds = f64::from(u32::try_from(counts.len()).ok()?);
    let of_arm = || tables.iter().map(|(_, table)| &table[arm]);
    let differ = |counts: &&Vec<u64>| counts.iter().any(|count| Some(count) != counts.first());
    (!counts.is_empty()).then(|| Counted {
        ratio: ratios.iter().sum::<f64>() / seeds,
        range: [
            ratios.iter().copied().fold(f64::INFINITY, f64::min),
            ratios.iter().copied().fold(0.0, f64::max),
        ],
        added: added / seeds / number(operations.max(1) as u64),
        repeats: [of_arm().filter(|it| it.len() > 1).count(), of_arm().filter(differ).count()],
        counts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read_from_whichever_line_has_it() {
        assert_eq!(total("events: Ir\nfn=(1)\n3 5\n\ntotals: 4803\n"), Some(4803));
        assert_eq!(total("summary: 48 3\n"), Some(48));
        assert_eq!([total(""), total("totals: x"), total("totals:")], [None; 3]);
    }

    #[test]
    fn counts_are_paired_by_seed() {
        let tables = [
            (1, vec![vec![100, 100], vec![110, 110], vec![]]),
            (2, vec![vec![200, 200], vec![210, 211], vec![]]),
        ];
        let counted = |arm| counted(&tables, arm, 10);
        let found = counted(1).expect("counts");
        assert_eq!(found.counts, [(1, [100, 110]), (2, [200, 211])]);
        assert!((found.ratio - 1.0775).abs() < 1e-9 && (found.added - 1.05).abs() < 1e-9);
        assert_eq!(found.repeats, [2, 1]);
        assert_eq!(counted(2), None);
    }
}
