//! Parts of reports as the template asks for them.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    record::{Provenance, VerdictWord},
    report::{
        Findings, Table,
        company::Company,
        findings::{by_name, event_order},
        words::{MINUS, count},
    },
    span::event_name_of,
    text,
};

/// A table whose cells say what they are.
#[derive(Debug, Serialize)]
pub(super) struct View {
    title: String,
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
    legend: String,
    /// Whether its columns are as narrow as marks, however long their titles are.
    is_grid: bool,
}

#[derive(Debug, Serialize)]
struct Cell {
    text: String,
    /// A class of the style sheet.
    tone: &'static str,
    is_title: bool,
}

impl View {
    /// The same with narrow columns.
    fn of_marks(self) -> Self {
        Self { is_grid: true, ..self }
    }

    /// The same with titles that are no Markdown.
    pub(super) fn without_marks(mut self) -> Self {
        for title in &mut self.header {
            title.retain(|c| c != '`');
        }
        self
    }
}

pub(super) fn table(table: &Table) -> View {
    titled(String::new(), table)
}

fn titled(title: String, table: &Table) -> View {
    let cell = |(index, text): (usize, &String)| Cell {
        tone: if index == 0 { "" } else { tone(text) },
        text: text::phrase(text).into_owned(),
        is_title: index == 0,
    };
    let row = |row: &Vec<String>| row.iter().enumerate().map(cell).collect();
    View {
        title,
        header: table.header.clone(),
        rows: table.rows.iter().map(row).collect(),
        legend: table.legend.clone(),
        is_grid: false,
    }
}

/// What a cell of a table says, so that it can be seen from afar.
fn tone(text: &str) -> &'static str {
    let is_count = text.contains(|c: char| c.is_ascii_digit()) && !text.contains(['%', '\u{d7}']);
    let words = || text.split(' ');
    match text {
        "\u{2013}" | "n/a" | "\u{b7}" | "" | "not timed" => "none",
        "all" | "undisturbed" | "nothing" => "good",
        "none" | "?" | "void" => "bad",
        _ if text.starts_with("disturbed") => "odd",
        _ if is_count && words().any(|word| word.starts_with('+')) => "bad",
        _ if is_count && words().any(|word| word.starts_with(MINUS)) => "less",
        _ => "",
    }
}

/// The view of the hooks.
pub(super) const STRATEGIES: &str = "strategies";

/// The view that is opened: the first that has anything to show.
pub(super) fn first(findings: &Findings) -> &'static str {
    let views = [
        (!findings.cells.is_empty(), STRATEGIES),
        (findings.evaluation.is_some(), "candidates"),
        (!findings.companies.is_empty(), "company"),
        (!findings.overheads.is_empty(), "cost"),
    ];
    views.into_iter().find(|(is_there, _)| *is_there).map_or(STRATEGIES, |(_, view)| view)
}

/// `361 programs on 8 CPythons (3.9 to 3.15)`
pub(super) fn programs(findings: &Findings) -> String {
    let places = findings.interpreters.places();
    let on = findings.interpreters.words(places.clone());
    let programs = count(findings.scenarios().len(), "program");
    format!("{programs} on {} ({on})", count(places.len(), "CPython"))
}

/// The names of the events that cells speak of, in their order.
pub(super) fn events(findings: &Findings) -> Vec<&str> {
    let counts = findings.cells.iter().flat_map(|cell| cell.tally.iter());
    let spoken = counts.filter(|count| count.claimed || count.truth + count.wrong > 0);
    let events: BTreeSet<_> = spoken.map(|count| event_order(&count.event)).collect();
    events.into_iter().map(|(_, word)| event_name_of(word)).collect()
}

/// The strategies that were timed.
pub(super) fn timed(findings: &Findings) -> Vec<&str> {
    let timed: BTreeSet<_> = findings.overheads.iter().map(|it| by_name(&it.strategy)).collect();
    timed.into_iter().map(|(_, name)| name).collect()
}

/// How many cells there are of each verdict.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    cells: usize,
    conform: usize,
    diverge: usize,
    not_applicable: usize,
    inconclusive: usize,
    companies: usize,
    costs: usize,
}

pub(super) fn summary(findings: &Findings) -> Summary {
    let of = |verdict| findings.cells.iter().filter(|cell| cell.verdict == verdict).count();
    Summary {
        cells: findings.cells.len(),
        conform: of(VerdictWord::Conforms),
        diverge: of(VerdictWord::Diverges),
        not_applicable: of(VerdictWord::NotApplicable),
        inconclusive: of(VerdictWord::Inconclusive),
        companies: findings.companies.len(),
        costs: findings.overheads.len(),
    }
}

pub(super) fn costs(tables: &[(&str, Table)]) -> Vec<View> {
    let title = |run: &str| if tables.len() > 1 { format!("Run {run}") } else { String::new() };
    tables.iter().map(|(run, table)| titled(title(run), table)).collect()
}

/// What became of strategies in company.
#[derive(Debug, Serialize)]
pub(super) struct CompanyView {
    on: String,
    programs: String,
    tables: Vec<View>,
    sentences: String,
}

pub(super) fn companies(companies: Vec<(String, Company)>) -> Vec<CompanyView> {
    let view = |(on, company): (String, Company)| CompanyView {
        on,
        programs: text::printable(&company.programs).into_owned(),
        tables: company.tables.iter().map(table).map(View::of_marks).collect(),
        sentences: text::printable(&company.sentences).into_owned(),
    };
    companies.into_iter().map(view).collect()
}

/// Where records come from. The seed is a text: it does not fit into a double.
#[derive(Debug, Serialize)]
pub(super) struct ProvenanceView {
    run: String,
    tollgate: String,
    revision: String,
    host: String,
    seed: String,
}

pub(super) fn provenance(it: &Provenance) -> ProvenanceView {
    ProvenanceView {
        run: it.run.clone(),
        tollgate: it.tollgate.clone(),
        revision: it.revision.clone().unwrap_or_else(|| "outside git".to_owned()),
        host: it.host.clone(),
        seed: it.seed.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_tones() {
        for (text, expected) in [
            ("102", ""),
            ("102 −4", "less"),
            ("102 −4 +1", "bad"),
            ("+26", "bad"),
            ("–", "none"),
            ("+3.4 to +4.5 %", ""),
            ("undisturbed", "good"),
            ("disturbed in 2: traceback 2", "odd"),
            ("all", "good"),
            ("50 %", ""),
        ] {
            assert_eq!(tone(text), expected, "{text}");
        }
    }
}
