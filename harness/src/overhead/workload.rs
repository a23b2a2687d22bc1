//! What is timed.

use std::{io, path::Path};

use crate::{
    scenario::{Generated, Packages, Shape, SourceFile},
    tree,
    worker::Workload,
};

/// How often the cached statement is executed in one sample.
const CACHED_STATEMENTS: usize = 5_000;
/// Modules of the tree that is imported before the clock starts, to fault pages in.
const DECOY_MODULES: usize = 12;
/// About what a small module has to do: define something.
const BODY: &str = "\
LIMIT = 10\n\n\n\
def clamp(value, low=0, high=LIMIT):\n    \
    \"\"\"Returns the number nearest to value that lies between low and high.\"\"\"\n    \
    return max(low, min(value, high))\n\n\n\
class Range:\n    \
    def __init__(self, low, high):\n        \
        self.low, self.high = low, high\n";

/// One of the programs that are timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkloadKind {
    /// `import` of a package that imports 99 modules, none of them cached, byte code on disk.
    ColdTree,
    /// `import` of the first of 50 modules, each of which imports the next.
    ColdChain,
    /// `import` statements of a module that is already there.
    Cached,
}

/// Every workload, in the order in which they are run and shown.
pub const WORKLOADS: [WorkloadKind; 3] =
    [WorkloadKind::ColdTree, WorkloadKind::ColdChain, WorkloadKind::Cached];

impl WorkloadKind {
    /// The name that records and reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ColdTree => "cold-100",
            Self::ColdChain => "chain-50",
            Self::Cached => "cached",
        }
    }

    /// One line that says what is timed.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::ColdTree => "cold import of a package with 100 modules",
            Self::ColdChain => "cold import of a chain of 50 modules",
            Self::Cached => "cached import statement, 5,000 times in a loop",
        }
    }

    fn tree(self) -> Generated {
        let (shape, modules) = match self {
            Self::ColdTree => (Shape::FanOut, 100),
            // a chain has its package beside its links
            Self::ColdChain => (Shape::Chain, 51),
            Self::Cached => (Shape::FanOut, 2),
        };
        generated(shape, modules)
    }

    /// Writes the workload's modules, and those of its decoy, below `folder`.
    pub(super) fn write(self, folder: &Path) -> io::Result<()> {
        let sources: Vec<SourceFile> = self.tree().sources().chain(decoy().sources()).collect();
        tree::write(folder, sources)
    }

    /// The code that the worker runs.
    pub(super) fn code(self) -> Workload {
        let entry = self.tree().entry();
        let timed = match self {
            Self::ColdTree | Self::ColdChain => format!("def timed():\n    import {entry}\n"),
            Self::Cached => format!(
                "import {entry}\n\n\ndef timed():\n    for _ in range({CACHED_STATEMENTS}):\n        \
                 import {entry}\n"
            ),
        };
        Workload { decoy: format!("import {}\n", decoy().entry()), timed }
    }
}

fn decoy() -> Generated {
    generated(Shape::FanOut, DECOY_MODULES)
        .with_root("decoy")
        .expect("`decoy` is the name of a package")
}

fn generated(shape: Shape, modules: usize) -> Generated {
    Generated::new(shape, Packages::Regular, modules)
        .expect("the workloads' sizes are within bounds")
        .with_body(BODY)
}
