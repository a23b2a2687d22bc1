//! Which scenarios found out which mutant.

use std::fmt::Write as _;

use super::{NAMED, markdown};
use crate::{
    candidate::Mutant,
    evaluation::Sum,
    report::{
        Table,
        words::{count, listed, plain},
    },
};

/// The table of mutants, the entrants of `sum` in their order; then how many were found out.
pub fn mutants(mutants: &[Mutant], sum: &Sum) -> String {
    let mut survivors = Vec::new();
    let mut rows = Vec::with_capacity(mutants.len());
    for (index, mutant) in mutants.iter().enumerate() {
        let caught = sum.caught_by(index);
        let own = mutant.candidate.name.rsplit('/').next().unwrap_or_default();
        if caught.is_empty() {
            survivors.push(own);
        }
        let by = if caught.is_empty() { "**nobody**".to_owned() } else { listed(&caught, NAMED) };
        let first = sum.first_flaw(index).unwrap_or_default();
        rows.push(vec![own.to_owned(), mutant.summary.clone(), by, first]);
    }
    let header = ["mutant", "what is wrong", "found out in", "how, in the first of them"];
    let table = Table::new(header, rows, "");
    let mut text = table.map(|table| markdown(&table)).unwrap_or_default();
    let found = mutants.len() - survivors.len();
    _ = writeln!(text, "\n{} of {} found out.", found, count(mutants.len(), "mutant"));
    for survivor in survivors {
        _ = writeln!(text, "Survived: {}", plain(survivor));
    }
    text
}
