//! The report on a terminal, rendered from records and from nothing else; and that on candidates, from
//! what their trials come to.
//!
//! Pure text: no colour, and the same for a terminal, a pipe and a file. Each part has a module;
//! what several of them need is in `findings`, `interpreters`, `counts`, `ratio` and `words`.

mod accuracy;
mod beside;
mod clauses;
mod company;
mod comparison;
mod controls;
mod counts;
mod deviations;
mod evaluation;
mod facts;
mod findings;
#[cfg(test)]
mod fixtures;
mod footprints;
mod history;
mod interpreters;
mod matrix;
mod overhead;
mod ratio;
mod repros;
mod scenarios;
mod sentences;
#[cfg(test)]
mod tests;
mod trees;
mod truth;
mod witnesses;
mod words;

pub use beside::beside;
pub use comparison::comparison;
pub use deviations::deviations;
pub use evaluation::{
    Evaluated, PatchCost, builds, evaluation, mutants, patch_costs, side_by_side,
};
pub use findings::Findings;
pub use history::history;

/// The whole report on one run.
pub fn text(findings: &Findings) -> String {
    if findings.counts.all() == 0 {
        return "Nothing was run: there are no records.\n".to_owned();
    }
    paragraphs(&[
        conformance(findings),
        repros::repros(findings),
        accuracy::deliveries(findings),
        accuracy::accuracy(findings),
        footprints::footprints(findings),
        company::companies(findings),
        overhead(findings),
        summary(findings),
    ])
}

/// What the strategies showed: the matrix, every scenario, every divergence, and how sure the truth
/// is. Empty without a record of a scenario.
pub fn conformance(findings: &Findings) -> String {
    paragraphs(&[
        matrix::matrix(findings),
        scenarios::scenarios(findings),
        sentences::divergences(findings),
        truth::truth(findings),
    ])
}

/// What each strategy gets right and wrong, in one table. Empty if nothing was judged.
pub fn matrix(findings: &Findings) -> String {
    matrix::matrix(findings)
}

/// What the strategies cost: a table for each run. Empty without a record of a cost.
pub fn overhead(findings: &Findings) -> String {
    overhead::overhead(findings)
}

/// How many cells there are of each verdict, in one line.
pub fn summary(findings: &Findings) -> String {
    format!("{}\n", findings.counts)
}

/// Parts that say something, with a blank line between them.
fn paragraphs(parts: &[String]) -> String {
    let spoken: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    spoken.join("\n")
}

/// The command that writes a plain script which shows what a strategy gets wrong in a scenario.
pub(crate) fn repro_command(scenario: &str, strategy: &str, interpreter: &str) -> String {
    format!("cargo xtask repro {scenario} {strategy} --python {interpreter}")
}
