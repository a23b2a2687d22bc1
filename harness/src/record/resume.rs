//! Going on with a run that was ended early.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{
    Counts, Inputs, Keys, OverheadRecord, Plan, Record, RunFolder, RunId,
    journal::Journal,
    read::read,
    run::{point_latest, records},
};
use crate::{layout::Layout, overhead::controls, stop::Stop};

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// There is no such folder.
    #[error("`{request}`: there is no such run; expected the name of a folder in {}, the \
             path of a run's folder, or `latest`", runs.display())]
    NoRun {
        /// What was asked for.
        request: String,
        /// Where runs usually are.
        runs: PathBuf,
    },
    /// The folder has no plan, or none that can be read.
    #[error("nothing is known of a run without its `run.json`: {0}\nhelp: start a new run")]
    NoPlan(io::Error),
    /// What the run is about is not what it was.
    #[error("run {run} cannot go on, because its records would not fit together:{}\nhelp: undo \
             that, or start a new run", Clauses(.changes))]
    Changed {
        /// Its name.
        run: RunId,
        /// What is different, one clause each; at least one.
        changes: Vec<String>,
    },
    /// Another process writes to it.
    #[error("run {0} is still going on in another process; wait for its end, or end it")]
    Busy(RunId),
    /// Its records cannot be read or mended.
    #[error(transparent)]
    Records(io::Error),
}

/// How many changes are told.
const TOLD: usize = 10;

struct Clauses<'a>(&'a [String]);

impl fmt::Display for Clauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in self.0.iter().take(TOLD) {
            write!(f, "\n  {change}")?;
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// A run that was started some time ago.
#[derive(Clone, Debug)]
pub struct EarlierRun {
    id: RunId,
    path: PathBuf,
    plan: Plan,
}

/// What a run has already.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// What its records are about.
    pub keys: Keys,
    /// How many there are of each sort.
    pub counts: Counts,
    /// Bytes that were cut off because the run was killed while it wrote them.
    pub cut: u64,
}

impl EarlierRun {
    /// Finds the run that `request` means: its name, the path of its folder, or `latest`.
    pub fn find(layout: &Layout, request: &str) -> Result<Self, ResumeError> {
        let runs = layout.runs();
        let by_name = runs.join(request);
        let place = if by_name.is_dir() { by_name } else { PathBuf::from(request) };
        let missing = |_| ResumeError::NoRun { request: request.to_owned(), runs };
        let path = fs::canonicalize(&place).map_err(missing)?;
        let id = RunId(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        let plan = Plan::read(&path).map_err(ResumeError::NoPlan)?;
        Ok(Self { id, path, plan })
    }

    /// The run's name.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of its records.
    pub fn records(&self) -> PathBuf {
        records(&self.path)
    }

    /// What it was asked for.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Opens the run's folder again, if `now` is what the run is about, and points `latest` at it.
    /// When `stop` is asked for, reading its records ends with an error.
    ///
    /// What was not written to its end is cut off: the last line, and the costs of a workload of
    /// which some are missing, because they are estimated together.
    pub fn resume(
        self,
        layout: &Layout,
        now: &Inputs,
        stop: &Stop,
    ) -> Result<(RunFolder, Earlier), ResumeError> {
        let changes = self.plan.inputs.changes(now);
        if !changes.is_empty() {
            return Err(ResumeError::Changed { run: self.id, changes });
        }
        let Self { id, path, plan } = self;
        let journal = match Journal::open(records(&path)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(ResumeError::Busy(id));
            }
            opened => opened.map_err(ResumeError::Records)?,
        };
        let strategies = plan.inputs.strategies.len();
        let earlier = take_stock(&journal, strategies, stop).map_err(ResumeError::Records)?;
        // beside a run's folder there is such a link, wherever that is, unless it was copied
        let beside = path.parent().filter(|it| it.join("latest").is_symlink());
        let usual = fs::canonicalize(layout.runs()).ok();
        if let Some(runs) =
            beside.or_else(|| path.parent().filter(|it| Some(*it) == usual.as_deref()))
        {
            point_latest(runs, &id);
        }
        Ok((RunFolder { id, path, journal }, earlier))
    }
}

/// Mends the file of records and says what is in it.
fn take_stock(journal: &Journal, strategies: usize, stop: &Stop) -> io::Result<Earlier> {
    let mut earlier = Earlier { cut: journal.mend()?, ..Earlier::default() };
    let mut records = read(journal.path())?;
    let mut unit = Unit::default();
    loop {
        if stop.is_asked() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let position = records.position();
        let Some(record) = records.next().transpose()? else { break };
        match record {
            Record::Overhead(cost) => {
                if !unit.is_of(&cost) {
                    earlier.add(std::mem::take(&mut unit).costs);
                    unit.start = position;
                }
                unit.costs.push(Record::Overhead(cost));
            }
            other => {
                earlier.add(std::mem::take(&mut unit).costs);
                earlier.add([other]);
            }
        }
    }
    if unit.is_torn(strategies) {
        earlier.cut += records.position() - unit.start;
        journal.cut(unit.start)?;
    } else {
        earlier.add(unit.costs);
    }
    Ok(earlier)
}

impl Earlier {
    /// Of records that are there twice, the first counts.
    fn add(&mut self, records: impl IntoIterator<Item = Record>) {
        for record in records {
            if self.keys.insert(record.key()) {
                self.counts.add(&record);
            }
        }
    }
}

/// Costs that were estimated together, at the end of what was read.
#[derive(Default)]
struct Unit {
    /// Where its first line begins, in bytes.
    start: u64,
    costs: Vec<Record>,
}

impl Unit {
    fn is_of(&self, cost: &OverheadRecord) -> bool {
        matches!(self.costs.first(), Some(Record::Overhead(first))
            if first.interpreter.label == cost.interpreter.label && first.workload == cost.workload)
    }

    /// Whether some of its costs are missing, when it is about so many strategies.
    fn is_torn(&self, strategies: usize) -> bool {
        matches!(self.costs.first(), Some(Record::Overhead(first))
            if self.costs.len() < strategies + controls(&first.workload))
    }
}
