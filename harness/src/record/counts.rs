//! How many records there are of each sort.

use std::{collections::BTreeMap, fmt};

use super::{Record, TruthWord, VerdictWord};

/// How many records there are, by what they say. Displayed as one line about the cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    all: usize,
    doubtful_truths: usize,
    cells: BTreeMap<VerdictWord, usize>,
}

impl Counts {
    /// Counts one record.
    pub fn add(&mut self, record: &Record) {
        self.all += 1;
        match record {
            Record::Truth(truth) => {
                let doubtful = matches!(truth.truth, TruthWord::Disputed | TruthWord::Unknown);
                self.doubtful_truths += usize::from(doubtful);
            }
            Record::Cell(cell) => *self.cells.entry(cell.verdict).or_default() += 1,
            Record::Overhead(_) => {}
        }
    }

    /// How many records there are of any sort.
    pub fn all(&self) -> usize {
        self.all
    }

    /// Whether every hand-written trace holds and every cell shows something.
    pub fn is_sound(&self) -> bool {
        self.doubtful_truths == 0 && self.of(VerdictWord::Inconclusive) == 0
    }

    fn of(&self, verdict: VerdictWord) -> usize {
        self.cells.get(&verdict).copied().unwrap_or_default()
    }
}

/// `2 cells: 1 conform, 1 diverge, 0 not applicable, 0 inconclusive.`
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cells.values().sum::<usize>() {
            0 => return f.write_str("No cell was run."),
            1 => f.write_str("1 cell")?,
            many => write!(f, "{many} cells")?,
        }
        write!(
            f,
            ": {} conform, {} diverge, {} not applicable, {} inconclusive.",
            self.of(VerdictWord::Conforms),
            self.of(VerdictWord::Diverges),
            self.of(VerdictWord::NotApplicable),
            self.of(VerdictWord::Inconclusive),
        )
    }
}
