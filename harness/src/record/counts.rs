//! How many records there are of each sort.

use std::{collections::BTreeMap, fmt};

use super::{Record, TruthWord, VerdictWord};

/// How many records there are, by what they say. Displayed as one line about the cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    all: usize,
    truths: usize,
    doubtful_truths: usize,
    unclear_footprints: usize,
    diverging_footprints: usize,
    cells: BTreeMap<VerdictWord, usize>,
    companies: BTreeMap<VerdictWord, usize>,
}

impl Counts {
    /// Counts one record.
    pub fn add(&mut self, record: &Record) {
        self.all += 1;
        match record {
            Record::Truth(truth) => {
                self.truths += 1;
                let doubtful = matches!(truth.truth, TruthWord::Disputed | TruthWord::Unknown);
                self.doubtful_truths += usize::from(doubtful);
            }
            Record::Cell(cell) => *self.cells.entry(cell.verdict).or_default() += 1,
            Record::Footprint(footprint) => {
                let is_unclear = footprint.verdict == VerdictWord::Inconclusive;
                self.unclear_footprints += usize::from(is_unclear);
                let diverges = footprint.verdict == VerdictWord::Diverges;
                self.diverging_footprints += usize::from(diverges);
            }
            Record::Composition(company) => {
                *self.companies.entry(company.verdict).or_default() += 1;
            }
            Record::Overhead(_) => {}
        }
    }

    /// How many records there are of any sort.
    pub fn all(&self) -> usize {
        self.all
    }

    /// How many truths and cells there are.
    pub fn conformance(&self) -> usize {
        self.truths + self.cells.values().sum::<usize>()
    }

    /// How many cells there are in which a strategy diverges.
    pub fn diverging(&self) -> usize {
        self.of(VerdictWord::Diverges)
    }

    /// How many companies there are.
    pub fn compositions(&self) -> usize {
        self.companies.values().sum()
    }

    /// Whether every hand-written trace holds and every cell, footprint and company shows something.
    pub fn is_sound(&self) -> bool {
        let inconclusive = VerdictWord::Inconclusive;
        let companies = self.companies.get(&inconclusive).copied().unwrap_or_default();
        let unclear = self.of(inconclusive) + companies + self.unclear_footprints;
        self.doubtful_truths + unclear == 0
    }

    /// What keeps it from being sound: `2 doubtful truths, 1 inconclusive cell`.
    pub fn doubts(&self) -> String {
        let inconclusive = VerdictWord::Inconclusive;
        let companies = self.companies.get(&inconclusive).copied().unwrap_or_default();
        let parts = [
            (
                self.doubtful_truths,
                "scenario whose truth is in doubt",
                "scenarios whose truth is in doubt",
            ),
            (self.of(inconclusive), "inconclusive cell", "inconclusive cells"),
            (self.unclear_footprints, "inconclusive footprint", "inconclusive footprints"),
            (companies, "inconclusive company", "inconclusive companies"),
        ];
        let told = parts.into_iter().filter(|(number, ..)| *number > 0);
        let told = told.map(|(number, one, many)| {
            format!("{number} {}", if number == 1 { one } else { many })
        });
        told.collect::<Vec<_>>().join(", ")
    }

    fn of(&self, verdict: VerdictWord) -> usize {
        self.cells.get(&verdict).copied().unwrap_or_default()
    }
}

impl Counts {
    /// `2 companies: 1 as alone, 1 disturbed, 0 not applicable, 0 inconclusive.`
    fn fmt_companies(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |verdict| self.companies.get(&verdict).copied().unwrap_or_default();
        match self.compositions() {
            1 => f.write_str("1 company")?,
            many => write!(f, "{many} companies")?,
        }
        write!(
            f,
            ": {} as alone, {} disturbed, {} not applicable, {} inconclusive.",
            of(VerdictWord::Conforms),
            of(VerdictWord::Diverges),
            of(VerdictWord::NotApplicable),
            of(VerdictWord::Inconclusive),
        )
    }
}

/// `2 cells: 1 conform, 1 diverge, 0 not applicable, 0 inconclusive.` Without cells, companies.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cells.values().sum::<usize>() {
            0 if self.compositions() > 0 => return self.fmt_companies(f),
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
        )?;
        match self.diverging_footprints {
            0 => Ok(()),
            1 => f.write_str(" 1 footprint diverges."),
            many => write!(f, " {many} footprints diverge."),
        }
    }
}
