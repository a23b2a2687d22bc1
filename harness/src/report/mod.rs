//! Reports, rendered from records and from nothing else.
//!
//! For a terminal it is pure text: no colour, and the same for a terminal, a pipe and a file. Each part
//! of it has a module, and each other format (`html`, `markdown`, `json`, `junit`, `pyperf`, `chrome`);
//! what several of them need is in `findings`, `interpreters`, `counts`, `ratio` and `words`.

mod accuracy;
mod axis;
mod beside;
mod chrome;
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
mod html;
mod interpreters;
mod json;
mod junit;
mod markdown;
mod matrix;
mod overhead;
mod pairing;
mod picture;
mod published;
mod pyperf;
mod ratio;
mod scenarios;
mod screen;
mod sentences;
mod severity;
mod table;
#[cfg(test)]
mod tests;
mod trees;
mod truth;
mod witnesses;
mod words;

pub use beside::beside;
pub use chrome::chrome_trace;
pub use comparison::comparison;
pub use deviations::deviations;
pub use evaluation::{MutantCost, evaluation, mutants};
pub use findings::Findings;
pub use history::history;
pub use html::Page;
use interpreters::Interpreters;
pub use json::{json, json_schema};
pub use junit::{CellName, junit};
pub use markdown::{PARTS, PICTURE, SpliceError, markdown, markdown_part, slot, splice, spliced};
pub use picture::{Tone, picture, picture_told};
pub use published::{conformance_page, overhead_page, overview_page};
pub use pyperf::pyperf;
pub use screen::{Look, screen};
use table::Table;

/// The whole report on one run.
pub fn text(findings: &Findings) -> String {
    if findings.counts.all() == 0 {
        return "Nothing was run: there are no records.\n".to_owned();
    }
    paragraphs(&[
        banner(findings),
        conformance(findings),
        text_of(accuracy::deliveries(findings)),
        text_of(accuracy::accuracy(findings)),
        text_of(footprints::footprints(findings)),
        company::companies(findings),
        overhead(findings),
        summary(findings),
    ])
}

/// What stands above a report whose costs say nothing. Empty otherwise.
fn banner(findings: &Findings) -> String {
    if findings.fitness().is_err() { screen::unfit(findings) } else { String::new() }
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

/// What keeps the truth or a cell from being known, with reasons. Empty if nothing does.
pub fn doubts(findings: &Findings) -> String {
    truth::doubts(findings)
}

/// What the strategies cost: a table for each run. Empty without a record of a cost.
pub fn overhead(findings: &Findings) -> String {
    overhead::overhead(findings)
}

/// How many cells there are of each verdict, in one line.
pub fn summary(findings: &Findings) -> String {
    format!("{}\n", findings.counts)
}

/// Of several things, the one on the newest interpreter, whose label is `label`.
pub fn newest<T>(things: impl IntoIterator<Item = T>, label: impl Fn(&T) -> &str) -> Option<T> {
    let mut things: Vec<_> = things.into_iter().collect();
    let order = Interpreters::new(things.iter().map(&label));
    things.sort_by_key(|it| order.place(label(it)));
    things.pop()
}

fn text_of(table: Option<Table>) -> String {
    table.map(Table::text).unwrap_or_default()
}

/// Parts that say something, with a blank line between them.
fn paragraphs(parts: &[String]) -> String {
    let spoken: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    spoken.join("\n")
}
