//! The history of runs: what each night came to, and where it changed.

mod points;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

pub use points::change_points;
use serde::{Deserialize, Serialize};

use crate::{
    compare::family,
    record::{Plan, Record, RunId, VerdictWord},
    strategy::BASELINE,
};

/// Version of the lines' format.
const FORMAT: u32 = 1;

/// One line of `history.jsonl`: one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Night {
    format: u32,
    /// Name of the run: the UTC time of its start.
    pub run: String,
    /// The git revision, with `+` where files differed from it.
    pub revision: Option<String>,
    /// Where it ran, in words; nothing if on more than one sort of machine.
    pub machine: Option<String>,
    /// How many cells conform, and how many diverge, by interpreter and strategy.
    pub cells: Vec<CellsLine>,
    /// What the strategies cost.
    pub costs: Vec<CostLine>,
}

/// The cells of one strategy on one interpreter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellsLine {
    /// The interpreter's label.
    pub interpreter: String,
    /// The strategy.
    pub strategy: String,
    /// How many conform.
    pub conform: usize,
    /// How many diverge.
    pub diverge: usize,
}

/// One cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    /// The interpreter's label.
    pub interpreter: String,
    /// The strategy.
    pub strategy: String,
    /// The workload.
    pub workload: String,
    /// Time under the strategy over time without a hook.
    pub ratio: f64,
    /// Bounds of its 95 % interval.
    pub interval: Option<[f64; 2]>,
}

impl Night {
    /// What the run came to, from its records. The A/A arm is left out.
    pub fn of<E>(
        run: &RunId,
        plan: &Plan,
        records: impl IntoIterator<Item = Result<Record, E>>,
    ) -> Result<Self, E> {
        let (mut cells, mut costs) = (BTreeMap::<_, [usize; 2]>::new(), Vec::new());
        let mut revision = None;
        for record in records {
            let record = record?;
            revision.clone_from(&record.provenance().revision);
            match record {
                Record::Cell(cell) => {
                    let counts = cells.entry((cell.interpreter.label, cell.strategy)).or_default();
                    counts[0] += usize::from(cell.verdict == VerdictWord::Conforms);
                    counts[1] += usize::from(cell.verdict == VerdictWord::Diverges);
                }
                Record::Overhead(cost) if cost.strategy != BASELINE => {
                    costs.extend(cost.ratio.map(|ratio| CostLine {
                        interpreter: cost.interpreter.label,
                        strategy: cost.strategy,
                        workload: cost.workload,
                        ratio,
                        interval: cost.interval,
                    }));
                }
                _ => {}
            }
        }
        let line =
            |((interpreter, strategy), [conform, diverge]): ((String, String), [usize; 2])| {
                CellsLine { interpreter, strategy, conform, diverge }
            };
        let cells = cells.into_iter().map(line).collect();
        let key =
            |it: &CostLine| (it.interpreter.clone(), it.strategy.clone(), it.workload.clone());
        costs.sort_by_cached_key(key);
        let machine = plan.machine.as_ref().map(ToString::to_string);
        Ok(Self { format: FORMAT, run: run.to_string(), revision, machine, cells, costs })
    }
}

/// Reads the nights of a history, in the order of their runs. A file that is not there has none. The
/// error names file and line.
pub fn read(path: &Path) -> io::Result<Vec<Night>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text.map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?,
    };
    let night = |(number, line): (usize, &str)| {
        let bad = |what: String| {
            let message = format!("{}: line {} {what}", path.display(), number + 1);
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let night: Night =
            serde_json::from_str(line).map_err(|error| bad(format!("is no night: {error}")))?;
        match night.format {
            FORMAT => Ok(night),
            other => Err(bad(format!("has format {other}; this Tollgate reads format {FORMAT}"))),
        }
    };
    let mut nights: Vec<_> = text.lines().enumerate().map(night).collect::<io::Result<_>>()?;
    nights.sort_by(|one, other| one.run.cmp(&other.run));
    Ok(nights)
}

/// Appends a night, unless it is there already; says whether it was appended.
pub fn append(path: &Path, night: &Night) -> io::Result<bool> {
    let known = read(path)?;
    if known.iter().any(|other| other.run == night.run) {
        return Ok(false);
    }
    let line = serde_json::to_string(night)? + "\n";
    let about =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path).map_err(about)?;
    io::Write::write_all(&mut file, line.as_bytes()).map_err(about)?;
    Ok(true)
}

/// One cost through the nights.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The version of Python with the marks of its build, such as `3.13` or `3.14t`.
    pub version: String,
    /// The workload.
    pub workload: String,
    /// Names of the runs, and the ratio that each had.
    pub nights: Vec<(String, f64)>,
    /// Positions in `nights` at which the ratio has changed.
    pub changes: Vec<usize>,
}

impl Series {
    /// The ratios between two changes: the geometric mean of each stretch, with its first run.
    pub fn stretches(&self) -> Vec<(&str, f64)> {
        let starts = [&[0][..], &self.changes].concat();
        let ends = self.changes.iter().copied().chain([self.nights.len()]);
        let stretch = |(start, end): (&usize, usize)| {
            let logs = self.nights[*start..end].iter().map(|(_, ratio)| ratio.ln());
            let count = f64::from(u32::try_from(end - start).unwrap_or(u32::MAX));
            (self.nights[*start].0.as_str(), (logs.sum::<f64>() / count).exp())
        };
        starts.iter().zip(ends).map(stretch).collect()
    }
}

/// The costs of a strategy, one series for each version and workload. Changes are looked for in
/// logarithms of ratios. Of two runs of one version in a night, both count.
pub fn series(nights: &[Night], strategy: &str) -> Vec<Series> {
    let mut lines: BTreeMap<_, Vec<(String, f64)>> = BTreeMap::new();
    for night in nights {
        for cost in night.costs.iter().filter(|cost| cost.strategy == strategy) {
            let (version, marks) = family(&cost.interpreter);
            let order: Vec<u32> = version.split('.').filter_map(|it| it.parse().ok()).collect();
            let key = (order, version + &marks, cost.workload.clone());
            lines.entry(key).or_default().push((night.run.clone(), cost.ratio));
        }
    }
    let of = |((_, version, workload), nights): (_, Vec<(String, f64)>)| {
        let logs: Vec<_> = nights.iter().map(|(_, ratio)| ratio.ln()).collect();
        Series { version, workload, changes: change_points(&logs), nights }
    };
    lines.into_iter().map(of).collect()
}

/// The strategies that have costs in a history.
pub fn strategies(nights: &[Night]) -> BTreeSet<&str> {
    nights.iter().flat_map(|night| &night.costs).map(|cost| cost.strategy.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night(run: &str, ratio: f64) -> Night {
        let cost = |interpreter: &str, ratio| CostLine {
            interpreter: interpreter.to_owned(),
            strategy: "audit".to_owned(),
            workload: "cold-100".to_owned(),
            ratio,
            interval: None,
        };
        let costs = vec![cost("3.9.18", 1.5), cost("3.13.0", ratio)];
        Night { format: FORMAT, run: run.to_owned(), costs, ..Night::default() }
    }

    #[test]
    fn a_history_is_what_was_appended_to_it_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("history.jsonl");
        assert_eq!(read(&file).expect("none yet"), []);
        let nights = [night("20260102T000000Z", 1.1), night("20260101T000000Z", 1.2)];
        let appended = |night| append(&file, night).expect("written");
        assert!(nights.iter().all(appended));
        assert!(!append(&file, &nights[0]).expect("read"), "it is there");
        let read = read(&file).expect("a history");
        assert_eq!(read, [nights[1].clone(), nights[0].clone()]);
    }

    #[test]
    fn a_bad_line_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("history.jsonl");
        let good = serde_json::to_string(&night("a", 1.0)).expect("JSON");
        for (bad, told) in
            [("{", "line 2 is no night"), (&good.replacen(":1,", ":9,", 1), "has format 9")]
        {
            fs::write(&file, format!("{good}\n{bad}\n")).expect("written");
            let error = read(&file).expect_err("a bad line").to_string();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn a_series_goes_on_with_the_next_release_and_tells_its_stretches() {
        let mut nights: Vec<_> = (0..20)
            .map(|day| night(&format!("202601{day:02}"), if day < 12 { 1.03 } else { 1.08 }))
            .collect();
        nights[15].costs[1].interpreter = "3.13.1".to_owned();
        let series = series(&nights, "audit");
        let told: Vec<_> = series
            .iter()
            .map(|it| (it.version.as_str(), it.nights.len(), it.changes.clone()))
            .collect();
        assert_eq!(told, [("3.9", 20, vec![]), ("3.13", 20, vec![12])]);
        let stretches: Vec<_> =
            series[1].stretches().iter().map(|(run, ratio)| format!("{run} {ratio:.2}")).collect();
        assert_eq!(stretches, ["20260100 1.03", "20260112 1.08"]);
    }
}
