//! The first table: the rows of the screen, for all interpreters and for each of them, every figure with the cells
//! that it is made of.

use serde::Serialize;

use crate::{
    report::{
        Findings,
        accuracy::PROPOSED,
        screen::{self, Row},
    },
    text,
};

/// What stands on the first screen.
#[derive(Debug, Serialize)]
pub(super) struct Ranking {
    /// The four events.
    events: Vec<EventView>,
    strategies: Vec<StrategyView>,
    /// Whole lines below the table.
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct EventView {
    name: &'static str,
    title_parts: Vec<String>,
}

/// One strategy: over all interpreters first, then on each.
#[derive(Debug, Serialize)]
struct StrategyView {
    name: String,
    /// Between them the title may be broken.
    title_parts: Vec<String>,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    /// The interpreter's label; empty for all of them.
    python: String,
    /// Its short name.
    on: String,
    /// Its place among the rows of the same interpreter.
    rank: usize,
    cells: Vec<CellView>,
}

/// A figure.
#[derive(Debug, Serialize)]
struct CellView {
    text: String,
    /// A class of the style sheet.
    tone: String,
    /// What to sort by.
    value: Option<f64>,
    /// Which cells are behind it.
    link: Option<Link>,
}

/// What the address of a view asks for, beside the strategy and the interpreter.
#[derive(Debug, Serialize)]
struct Link {
    view: &'static str,
    show: &'static str,
    event: &'static str,
}

/// The table; nothing if no strategy was judged.
pub(super) fn ranking(findings: &Findings) -> Option<Ranking> {
    let all = screen::rows(findings);
    let places = findings.interpreters.places();
    let on_each = screen::rows_by_place(findings);
    let strategies = all.iter().enumerate().map(|(rank, row)| {
        let mut rows = vec![view(row, rank, "", "all")];
        for place in places.clone() {
            let (label, on) =
                (findings.interpreters.label(place), findings.interpreters.name(place));
            let of = on_each[place].iter().enumerate().find(|(_, it)| it.strategy == row.strategy);
            rows.extend(of.map(|(rank, row)| view(row, rank, label, on)));
        }
        StrategyView { name: row.strategy.clone(), title_parts: parts(&row.title()), rows }
    });
    let strategies: Vec<_> = strategies.collect();
    let events = PROPOSED.iter().map(|(name, _)| EventView { name, title_parts: parts(name) });
    let events = events.collect();
    (!strategies.is_empty()).then(|| Ranking { events, strategies, notes: notes(findings, &all) })
}

/// A name, in the parts between which a narrow column may break it.
fn parts(name: &str) -> Vec<String> {
    name.split_inclusive('_').map(str::to_owned).collect()
}

/// What the screen says below its table.
fn notes(findings: &Findings, rows: &[Row]) -> Vec<String> {
    let wide = usize::MAX;
    let told = [
        screen::searches(rows, wide),
        screen::ends(rows, wide),
        screen::wrongs(rows),
        screen::others(rows, wide),
        if findings.fitness().is_ok() { screen::cost_line(findings) } else { String::new() },
    ];
    told.concat().lines().map(str::to_owned).collect()
}

fn view(row: &Row, rank: usize, label: &str, on: &str) -> RowView {
    let texts = screen::cells(row).into_iter().skip(1);
    let cells = texts.enumerate().map(|(column, text)| {
        let text = text::phrase(&text).into_owned();
        if row.silent.is_some() {
            return CellView { text, tone: "silent".to_owned(), value: None, link: None };
        }
        let (tone, value, link) = figure(row, column);
        CellView { text, tone, value, link }
    });
    let cells = cells.collect();
    RowView { python: label.to_owned(), on: on.to_owned(), rank, cells }
}

/// Tone, value and link of a column behind the strategy's name.
fn figure(row: &Row, column: usize) -> (String, Option<f64>, Option<Link>) {
    let cells = |show, event| Some(Link { view: "scenarios", show, event });
    let bad = |is_bad| if is_bad { "more".to_owned() } else { "nothing".to_owned() };
    if let Some(delivered) = row.delivered.get(column) {
        let event = PROPOSED[column].0;
        let Some([low, high]) = *delivered else { return ("unclaimed".to_owned(), None, None) };
        let show = if low == 1000 { "" } else { "missing" };
        let tone = format!("l{}", screen::level([low, high]));
        return (tone, Some(whole(1001 * low + high)), cells(show, event));
    }
    match column {
        4 => {
            let wrongs = row.wrongs();
            (bad(wrongs > 0), Some(whole(wrongs)), cells("wrong", "").filter(|_| wrongs > 0))
        }
        5 => {
            let noticed: usize = row.notices.iter().map(|notice| notice.scenarios).sum();
            (bad(noticed > 0), Some(whole(noticed)), cells("disturbed", "").filter(|_| noticed > 0))
        }
        _ => {
            let link = Link { view: "cost", show: "", event: "" };
            let cost = row.cost.as_ref().map(|cost| cost.ratio);
            ("cost".to_owned(), cost, Some(link).filter(|_| cost.is_some()))
        }
    }
}

fn whole(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{CellRecord, Record},
        report::fixtures::{cell, claimed, counting, divergence, diverging},
    };

    fn drawn(row: &RowView) -> String {
        let cells = row.cells.iter().map(|cell| {
            let link =
                cell.link.as_ref().map(|it| format!(" {} {} {}", it.view, it.show, it.event));
            format!("{} [{}]{}", cell.text, cell.tone, link.unwrap_or_default())
        });
        let cells: Vec<_> = cells.collect();
        format!("{} #{}: {}", row.on, row.rank, cells.join(" | "))
    }

    #[test]
    fn each_interpreter_has_a_row_of_its_own() {
        let half = |label| -> CellRecord {
            let counts = [claimed("import.start", [4, 3, 1])];
            let wrong = [divergence("unexpected", "import.start", "shop")];
            diverging(counting(cell("audit", "a", label), &counts), &wrong)
        };
        let whole = counting(cell("audit", "a", "3.10.1"), &[claimed("import.start", [4, 4, 0])]);
        let findings: Findings = [half("3.9.1"), whole].into_iter().map(Record::Cell).collect();
        let ranking = ranking(&findings).expect("a table");
        let told: Vec<_> = ranking.strategies[0].rows.iter().map(drawn).collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        all #0: 75–100 [l3] scenarios missing import_started | – [unclaimed] | – [unclaimed] | – [unclaimed] | 1 [more] scenarios wrong  | nothing [nothing] | – [cost]
        3.9 #0: 75 % [l3] scenarios missing import_started | – [unclaimed] | – [unclaimed] | – [unclaimed] | 1 [more] scenarios wrong  | nothing [nothing] | – [cost]
        3.10 #0: all [l5] scenarios  import_started | – [unclaimed] | – [unclaimed] | – [unclaimed] | 0 [nothing] | nothing [nothing] | – [cost]
        ");
    }
}
