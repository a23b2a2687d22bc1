//! The report on a terminal, rendered from records and from nothing else.
//!
//! Pure text: no colour, and the same for a terminal, a pipe and a file. Each part has a module;
//! what several of them need is in `findings`, `interpreters`, `counts`, `ratio` and `words`.

mod beside;
mod clauses;
mod counts;
mod findings;
#[cfg(test)]
mod fixtures;
mod interpreters;
mod matrix;
mod overhead;
mod ratio;
mod scenarios;
mod sentences;
#[cfg(test)]
mod tests;
mod trees;
mod truth;
mod words;

pub use beside::beside;
use findings::Findings;

use crate::record::{Record, VerdictWord};

/// The whole report on the records of one run.
pub fn text(records: &[Record]) -> String {
    if records.is_empty() {
        return "Nothing was run: there are no records.\n".to_owned();
    }
    paragraphs(&[conformance(records), overhead(records), summary(records)])
}

/// What the strategies showed: the matrix, every scenario, every divergence, and how sure the truth
/// is. Empty without a record of a scenario.
pub fn conformance(records: &[Record]) -> String {
    let findings = Findings::of(records);
    paragraphs(&[
        matrix::matrix(&findings),
        scenarios::scenarios(&findings),
        sentences::divergences(&findings),
        truth::truth(&findings),
    ])
}

/// What the strategies cost: a table for each run. Empty without a record of a cost.
pub fn overhead(records: &[Record]) -> String {
    overhead::overhead(&Findings::of(records))
}

/// How many cells there are of each verdict, in one line.
pub fn summary(records: &[Record]) -> String {
    let cells = Findings::of(records).cells;
    let of = |verdict| cells.iter().filter(|cell| cell.verdict == verdict).count();
    let all = match cells.len() {
        0 => return "No cell was run.\n".to_owned(),
        all => words::count(all, "cell"),
    };
    format!(
        "{all}: {} conform, {} diverge, {} not applicable, {} inconclusive.\n",
        of(VerdictWord::Conforms),
        of(VerdictWord::Diverges),
        of(VerdictWord::NotApplicable),
        of(VerdictWord::Inconclusive),
    )
}

/// Parts that say something, with a blank line between them.
fn paragraphs(parts: &[String]) -> String {
    let spoken: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    spoken.join("\n")
}
