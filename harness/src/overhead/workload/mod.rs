//! What is timed.

mod table;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use table::{Row, TABLE, Tree};

use crate::{
    scenario::{Generated, Packages, Shape, SourceFile},
    strategy::Strategy,
    tree,
    worker::{Subject, Workload},
};

/// Modules of the tree that is imported before the clock starts, to fault pages in.
const DECOY_MODULES: usize = 12;
/// Into how many laps the import of a tree is divided. `benches/METHODOLOGY.md` says why no more.
const LAPS: usize = 20;
/// The same of a loop, in whose laps little happens.
const LOOP_LAPS: usize = 5;
/// How a module says that a lap may end here.
const LAP: &str = "tollgate_lap()\n";
/// About what a small module has to do: define something.
const BODY: &str = "\
LIMIT = 10\n\n\n\
def clamp(value, low=0, high=LIMIT):\n    \
    \"\"\"Returns the number nearest to value that lies between low and high.\"\"\"\n    \
    return max(low, min(value, high))\n\n\n\
class Range:\n    \
    def __init__(self, low, high):\n        \
        self.low, self.high = low, high\n";

/// One of the programs that are timed: a row of the table in `workload/table.rs`.
#[derive(Clone, Copy)]
pub struct WorkloadKind(&'static Row);

impl WorkloadKind {
    /// The cold import of 100 modules, which comparisons are about unless they say otherwise.
    pub const COLD: Self = Self(&TABLE[0]);

    /// Every workload, in the order in which they are run and shown.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(Self)
    }

    /// Those for which a quick run has the time.
    pub fn quick() -> impl Iterator<Item = Self> {
        Self::all().filter(|workload| workload.0.quick)
    }

    /// The workload of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|workload| workload.name() == name)
    }

    /// The name that records and reports use.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// One line that says what is timed.
    pub const fn summary(self) -> &'static str {
        self.0.summary
    }

    /// How many imports, statements or events one sample is about.
    pub fn operations(self) -> usize {
        match (self.0.times, &self.0.tree) {
            (1, Tree::Generated { modules, .. }) => *modules,
            (times, _) => times,
        }
    }

    /// Whether a hook that is built and not installed is to show nothing: what it does is done before the clock starts.
    pub(super) fn has_sham(self) -> bool {
        self.0.subject == Subject::Call
    }

    /// Writes the workload's modules, and those of its decoy, below `folder`.
    pub(super) fn write(self, folder: &Path) -> io::Result<()> {
        write(folder, self.0.tree.generated().as_ref())
    }

    /// The code that the worker runs.
    pub(super) fn code(self) -> Workload {
        let tree = self.0.tree.generated();
        let entry = tree.as_ref().map(Generated::entry).unwrap_or_default();
        let Row { before, timed, times, .. } = self.0;
        let body = if *times == 1 {
            indented(timed, 1)
        } else {
            let (laps, each) = (LOOP_LAPS, times / LOOP_LAPS);
            let timed = indented(timed, 3);
            format!(
                "    for _ in range({laps}):\n        for _ in range({each}):\n{timed}        {LAP}"
            )
        };
        let stride = match &tree {
            Some(tree) if *times == 1 => stride(tree),
            _ => 1,
        };
        let text = format!("{before}\n\n\ndef timed():\n{body}").replace("{entry}", &entry);
        Workload { decoy: decoy_code(), timed: text, subject: self.0.subject, stride }
    }
}

/// After how many modules a lap ends.
fn stride(tree: &Generated) -> usize {
    tree.modules().div_ceil(LAPS)
}

impl fmt::Debug for WorkloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WorkloadKind({})", self.name())
    }
}

impl PartialEq for WorkloadKind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for WorkloadKind {}

impl Tree {
    fn generated(&self) -> Option<Generated> {
        match *self {
            Self::None => None,
            Self::Generated { shape, packages, modules } => {
                Some(generated(shape, packages, modules))
            }
        }
    }
}

/// Writes a tree and the decoy.
pub(super) fn write(folder: &Path, tree: Option<&Generated>) -> io::Result<()> {
    let own = tree.map(Generated::sources).into_iter().flatten();
    let sources: Vec<SourceFile> = own.chain(decoy().sources()).collect();
    tree::write(folder, sources)
}

/// The code that imports all of `tree`.
pub(super) fn cold(tree: &Generated) -> Workload {
    let timed = format!("def timed():\n    import {}\n", tree.entry());
    Workload { decoy: decoy_code(), timed, subject: Subject::Call, stride: stride(tree) }
}

/// Writes programs that do what [`WorkloadKind::COLD`] times, each under one strategy, for tools that
/// time whole processes; returns their paths, which are of the same length.
pub fn write_program(folder: &Path, strategies: [&Strategy; 2]) -> io::Result<[PathBuf; 2]> {
    let tree = WorkloadKind::COLD.0.tree.generated().map(|tree| tree.with_head(""));
    write(folder, tree.as_ref())?;
    let place = serde_json::Value::from(folder.to_string_lossy()).to_string();
    let entry = tree.map(|tree| tree.entry()).unwrap_or_default();
    let names = ["program0.py", "program1.py"];
    let program = |(name, strategy): (&str, &Strategy)| SourceFile {
        path: name.parse().expect("a name is a path"),
        body: format!(
            "import sys\n{}\nEVENTS = []\n\n\ndef emit(*event):\n    EVENTS.append(event)\n\n\n\
             sys.path.insert(0, {place})\ninstall(emit)\nimport {entry}\n",
            strategy.source
        ),
    };
    tree::write(folder, names.into_iter().zip(strategies).map(program))?;
    Ok(names.map(|name| folder.join(name)))
}

fn indented(text: &str, levels: usize) -> String {
    let indent = "    ".repeat(levels);
    text.lines().flat_map(|line| [&indent, line, "\n"]).collect()
}

fn decoy_code() -> String {
    format!("import {}\n", decoy().entry())
}

fn decoy() -> Generated {
    generated(Shape::FanOut, Packages::Regular, DECOY_MODULES)
        .with_root("decoy")
        .expect("`decoy` is the name of a package")
}

/// A tree of small modules.
pub(super) fn generated(shape: Shape, packages: Packages, modules: usize) -> Generated {
    Generated::new(shape, packages, modules)
        .expect("the workloads' sizes are within bounds")
        .with_head(LAP)
        .with_body(BODY)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_have_names_of_their_own_and_code_that_parses() {
        let names: BTreeSet<_> = WorkloadKind::all().map(WorkloadKind::name).collect();
        assert_eq!(names.len(), TABLE.len());
        for workload in WorkloadKind::all() {
            let code = workload.code();
            for text in [&code.timed, &code.decoy] {
                let parsed = ruff_python_parser::parse_module(text);
                assert!(parsed.is_ok(), "{}: {}\n{text}", workload.name(), parsed.unwrap_err());
            }
            assert!(!code.timed.contains("{entry}"), "{}", code.timed);
            assert_eq!(WorkloadKind::named(workload.name()), Some(workload));
        }
        assert_eq!(WorkloadKind::COLD.name(), "cold-100");
    }
}
