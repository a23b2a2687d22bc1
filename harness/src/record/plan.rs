//! What a run was asked for, and what it ran: enough to go on with it later.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Machine, Shard, inputs::Inputs, name};
use crate::command::Places;

/// Version of the plan's format.
const FORMAT: u32 = 1;

/// `run.json`: written once, before the first record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    format: u32,
    /// How much of a run is timing.
    pub timing: Timing,
    /// What was asked for.
    pub asked: Asked,
    /// The seed of everything that is random in the run.
    pub seed: u64,
    /// What that came to.
    pub inputs: Inputs,
    /// Where it ran; nothing if nobody knows, or on more than one sort of machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// The runs that it was put together from; none if it ran as one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Where things are that commands about the run's cells have to name.
    #[serde(default, skip_serializing_if = "Places::is_usual")]
    pub places: Places,
}

/// A run that is part of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub run: String,
    /// Which part it is of the runs on its interpreters.
    pub shard: Option<Shard>,
    /// Labels of its interpreters.
    pub interpreters: Vec<String>,
    /// Where it ran.
    pub machine: Option<Machine>,
}

/// How much is timed, and after what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// Nothing: `check`.
    None,
    /// See [`crate::overhead::Effort::QUICK`].
    Quick,
    /// The workloads that matter most, on the newest interpreter, within two minutes.
    Brief,
    /// See [`crate::overhead::Effort::FULL`].
    Full,
    /// Only the cost of copies, after companies in the place of cells: `bench --compose`.
    Copies,
}

impl Timing {
    /// The command that does this much.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "a `check`",
            Self::Quick => "a `bench --quick`",
            Self::Brief => "a `bench`",
            Self::Full => "a `bench --full`",
            Self::Copies => "a `bench --compose`",
        }
    }
}

/// The flags of a run, with absolute paths: it may be resumed from another folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The folder of scenarios, where it is not the usual one.
    pub scenarios: Option<PathBuf>,
    /// Patterns for names of scenarios.
    pub scenario: Vec<String>,
    /// Patterns for names of strategies, and paths of strategies.
    pub strategy: Vec<String>,
    /// Patterns for versions, and paths of interpreters.
    pub python: Vec<String>,
    /// How children are started, and what they may use.
    pub children: Children,
    /// What of timing is asked for beside how much of it there is.
    #[serde(default)]
    pub measuring: Measuring,
    /// Which part of all this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// These cells alone: those of an earlier run that are run again. Empty for all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cells: BTreeSet<CellKey>,
}

/// Which cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellKey {
    /// The interpreter's label.
    pub interpreter: String,
    /// The strategy's name.
    pub strategy: String,
    /// The scenario's name.
    pub scenario: String,
}

/// What timing may be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measuring {
    /// Patterns for versions, and paths, of the interpreters to time on; empty for those that a run of this sort
    /// usually times on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_on: Vec<String>,
    /// Seconds within which launches go on until everything is decided.
    pub budget_s: Option<u64>,
    /// Whether instructions are counted too.
    pub counts: bool,
}

/// How children are started, and what each may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Children {
    /// Whether a cell's process is forked by a zygote; otherwise it is an interpreter of its own.
    pub forked: bool,
    /// Time that a cell has.
    pub deadline_ms: u64,
    /// Address space of each process, in MiB.
    pub memory_mib: u64,
}

impl Default for Children {
    fn default() -> Self {
        Self { forked: cfg!(target_os = "linux"), deadline_ms: 10_000, memory_mib: 4096 }
    }
}

impl Plan {
    /// The plan of a run that starts now.
    pub fn new(timing: Timing, asked: Asked, seed: u64, inputs: Inputs) -> Self {
        let (machine, parts) = (Machine::of_this_host(), Vec::new());
        let places = Places { scenarios: asked.scenarios.clone(), ..Places::default() };
        Self { format: FORMAT, timing, asked, seed, inputs, machine, parts, places }
    }

    /// The same, with things in these places.
    #[must_use]
    pub fn with_places(self, places: Places) -> Self {
        Self { places, ..self }
    }

    /// Writes the plan into a run's folder: whole, or not at all.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let (path, unfinished) = (place(folder), folder.join("run.json.unfinished"));
        let text = serde_json::to_string_pretty(self)? + "\n";
        let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, &path));
        written.map_err(|error| name(&error, &path))
    }

    /// Reads the plan in a run's folder. The error names the file.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let path = place(folder);
        let text = fs::read_to_string(&path).map_err(|error| name(&error, &path))?;
        let bad = |what: String| {
            let message = format!("{}: {what}", path.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let plan: Self = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
        match plan.format {
            FORMAT => Ok(plan),
            other => Err(bad(format!("format {other}; this Tollgate reads format {FORMAT}"))),
        }
    }
}

fn place(folder: &Path) -> PathBuf {
    folder.join("run.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::fixtures::inputs;

    /// A run of before there were places and cells is read as one that has nothing of its own.
    #[test]
    fn what_is_usual_is_not_written_and_what_is_not_is_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let usual = Plan::new(Timing::None, Asked::default(), 7, inputs());
        usual.write(folder.path()).expect("written");
        let text = fs::read_to_string(place(folder.path())).expect("the plan");
        assert!(!text.contains("places") && !text.contains("cells"), "{text}");
        assert_eq!(Plan::read(folder.path()).expect("read"), usual);

        let key = CellKey {
            interpreter: "3.13.0".to_owned(),
            strategy: "mine".to_owned(),
            scenario: "a".to_owned(),
        };
        let asked = Asked {
            scenarios: Some("/s".into()),
            cells: BTreeSet::from([key]),
            ..Asked::default()
        };
        let hooks = [("mine".to_owned(), PathBuf::from("/mine.py"))].into();
        let places = Places { hooks, ..Places::of(Some(Path::new("/s"))) };
        let own = Plan::new(Timing::None, asked, 7, inputs()).with_places(places.clone());
        own.write(folder.path()).expect("written");
        let read = Plan::read(folder.path()).expect("read");
        assert_eq!((&read, &read.places), (&own, &places));
    }
}
