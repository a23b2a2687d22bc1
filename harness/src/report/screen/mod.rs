//! The last screen: which hook is right, which is wrong and how, what it does to the program, what it
//! costs, and how sure that is. One row a strategy, the best first.

mod costs;
mod row;
#[cfg(test)]
mod tests;

use super::{
    findings::{Findings, by_name},
    words::{count, fitted_table},
};
use crate::strategy::BASELINE;
use row::Row;

/// The narrowest screen that is laid out for; on a narrower one lines wrap.
const NARROWEST: usize = 80;
/// The widest: beyond it the eye loses the row.
const WIDEST: usize = 120;
/// Rows that fit on a screen beside the lines around them.
const MOST_ROWS: usize = 20;

/// The screen, in lines of at most `width` columns. Empty if no strategy was judged.
pub fn screen(findings: &Findings, width: usize) -> String {
    let width = width.clamp(NARROWEST, WIDEST);
    let mut rows: Vec<Row> = findings
        .strategies()
        .into_iter()
        .filter(|strategy| *strategy != BASELINE)
        .map(|strategy| Row::of(findings, strategy))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    rows.sort_by_key(Row::rank);
    let hidden = rows.len().saturating_sub(MOST_ROWS);
    let shown: Vec<_> = rows.iter().take(MOST_ROWS).map(Row::cells).collect();
    let table = fitted_table(&row::HEADER, &shown, row::NOTICES, width);
    let rest = match hidden {
        0 => String::new(),
        more => format!("… {} more in the report\n", count(more, "strategy").replace("ys", "ies")),
    };
    let below = [row::searches(&rows), row::wrongs(&rows), costs::line(findings)];
    [title(findings), table, rest].concat() + &below.concat()
}

/// `Run 20261201T022753Z: 251 scenarios × 16 strategies × 8 CPythons (3.9 to 3.15)`
fn title(findings: &Findings) -> String {
    let places = findings.interpreters.places();
    let run = findings.provenances.first().map_or("", |provenance| &provenance.run);
    let strategies = findings.strategies().into_iter().map(by_name).count();
    format!(
        "Run {run}: {} × {} × {} ({})\n",
        count(findings.scenarios().len(), "scenario"),
        if strategies == 1 { "1 strategy".to_owned() } else { format!("{strategies} strategies") },
        count(places.len(), "CPython"),
        findings.interpreters.words(places),
    )
}
