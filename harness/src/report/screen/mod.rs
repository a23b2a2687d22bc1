//! The last screen: which hook is right, which is wrong and how, what it does to the program, what it
//! costs, and how sure that is. One row a strategy, the best first.

mod costs;
mod row;
mod shade;
#[cfg(test)]
mod tests;
mod words;

pub(super) use costs::{headline, line as cost_line, unfit};
pub(super) use row::{Row, Shares, Silent, rows, rows_by_place, title_of};
pub(super) use shade::{Shade, level};
pub(super) use words::{HEADER, cells, ends, examples, others, searches, share_told, wrongs};

use super::{
    findings::{Findings, by_name},
    words::{count, fitted_table},
};

/// The narrowest screen that is laid out for; on a narrower one lines wrap.
const NARROWEST: usize = 80;
/// The widest: beyond it the eye loses the row.
const WIDEST: usize = 120;
/// Rows that fit on a screen beside the lines around them.
const MOST_ROWS: usize = 16;

/// What a screen is drawn on.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Its columns.
    pub width: usize,
    /// Whether shares may be shaded.
    pub has_colour: bool,
}

/// The screen, in lines of at most its width. Empty if no strategy was judged.
pub fn screen(findings: &Findings, look: Look) -> String {
    let width = look.width.clamp(NARROWEST, WIDEST);
    let rows = rows(findings);
    if rows.is_empty() {
        return String::new();
    }
    let hidden = rows.len().saturating_sub(MOST_ROWS);
    let shown = &rows[..rows.len() - hidden];
    let told: Vec<_> = shown.iter().map(cells).collect();
    let shades =
        |row: usize, column: usize| shade::of(&shown[row], column).filter(|_| look.has_colour);
    let table = fitted_table(&HEADER, &told, words::NOTICES, (width, &shades));
    let rest = match hidden {
        0 => String::new(),
        more => format!("… {} more in the report\n", count(more, "strategy").replace("ys", "ies")),
    };
    let below = [
        searches(&rows, width),
        ends(&rows, width),
        wrongs(&rows),
        others(&rows, width),
        cost_line(findings),
    ];
    [title(findings), table, rest].concat() + &below.concat()
}

/// `Run 20261201T022753Z: 251 scenarios × 16 strategies × 8 CPythons (3.9 to 3.15)`
pub(super) fn title(findings: &Findings) -> String {
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
