//! What is published as Markdown: the small table, the page of a version of Python, and the one of all.

mod divergences;
mod links;
#[cfg(test)]
mod tests;

use super::{
    accuracy,
    findings::Findings,
    overhead, screen, sentences,
    table::{Table, escaped},
    truth,
    words::{count, number, plain},
};
use divergences::{Example, Told};
use links::Links;

/// Titles of the columns, with the proposal's own names.
const HEADER: [&str; 8] = [
    "strategy",
    "import_started",
    "import_ended",
    "module_loading",
    "module_loaded",
    "wrong reports",
    "the program notices",
    "a cold import costs",
];
/// As wide as a line below the table may be: a page breaks them itself.
const WIDTH: usize = 200;

/// The rows of the screen, and how to read them. Nothing if no strategy was judged.
pub(super) fn table(findings: &Findings) -> Option<String> {
    let rows = screen::rows(findings);
    let columns = HEADER.len() - usize::from(rows.iter().all(|row| row.cost.is_none()));
    let cells = |row: &screen::Row| {
        let mut cells = screen::cells(row);
        cells.truncate(columns);
        cells
    };
    let header = HEADER[..columns].iter().copied();
    let table = Table::new(header, rows.iter().map(cells).collect(), "")?.markdown();
    let legend = [
        screen::searches(&rows, WIDTH),
        screen::ends(&rows, WIDTH),
        screen::wrongs(&rows),
        screen::others(&rows, WIDTH),
        screen::cost_line(findings),
    ];
    let title = escaped(screen::title(findings).trim_end());
    let items = list(&legend.concat());
    Some(format!("{title}\n\n{table}\n{READING}\n\n{items}"))
}

const READING: &str = "\
Under each of the four events stands how much of what happened was reported in its place, from the interpreter that has \
it worst to the best; – claims nothing, n/a there is no such hook. The program notices a hook where it ends, prints or \
shows something else than without it.";

/// What strategies get right and wrong: the table, then a section a strategy. Empty if nothing was judged.
pub fn conformance_page(findings: &Findings) -> String {
    let Some(table) = table(findings) else { return String::new() };
    let mut links = Links::default();
    let sections =
        screen::rows(findings).into_iter().map(|row| section(findings, &row, &mut links));
    let sections: String = sections.collect();
    let truth = folded("How sure the truth is", &list(&truth::truth(findings)));
    format!("{table}\n{sections}{truth}\n{}", links.definitions())
}

/// Every strategy on every interpreter: the table, and where interpreters differ. Empty if nothing was judged.
pub fn overview_page(findings: &Findings) -> String {
    let deliveries = accuracy::deliveries(findings).map(|table| titled(table).markdown());
    let title = "## Where interpreters differ\n\n";
    deliveries.map_or_else(String::new, |table| format!("{title}{table}"))
}

/// What strategies cost: a table for each run. Empty without a record of a cost, or if the controls failed.
pub fn overhead_page(findings: &Findings) -> String {
    if findings.fitness().is_err() {
        return String::new();
    }
    let tables = overhead::overhead_tables(findings).into_iter();
    tables.map(|(_, table)| titled(table).markdown()).collect::<Vec<_>>().join("\n")
}

/// The table with the names by which strategies are called beside others.
fn titled(mut table: Table) -> Table {
    for (title, cell) in
        table.rows.iter_mut().flat_map(|row| table.header.iter().zip(row.iter_mut()))
    {
        if title == "strategy" {
            *cell = screen::title_of(cell).to_owned();
        }
    }
    table
}

/// What is wrong with a strategy, the worst first.
fn section(findings: &Findings, row: &screen::Row, links: &mut Links) -> String {
    let title = format!("## {}\n\n", escaped(&row.title()));
    let told = match row.silent {
        Some(screen::Silent::NotApplicable) => "There is no such hook on this Python.\n".to_owned(),
        Some(screen::Silent::Inconclusive) => {
            "It failed wherever it was tried: it hung, crashed, or could not be put in place.\n"
                .to_owned()
        }
        None => divergences::of(findings, &row.strategy)
            .iter()
            .map(|told| item(findings, &row.strategy, told, links))
            .collect(),
    };
    let told = if told.is_empty() { "It diverges nowhere.\n".to_owned() } else { told };
    format!("{title}{told}\n")
}

/// Scenarios that are named without being folded.
const NAMED: usize = 3;
/// Scenarios that are named at all; the run's report has them all.
const MOST: usize = 12;

/// One sentence, its scenarios, an example, and the command that shows it.
fn item(findings: &Findings, strategy: &str, told: &Told<'_>, links: &mut Links) -> String {
    let clause = escaped(&told.clause);
    let number = count(told.scenarios.len(), "scenario");
    let Example { scenario, place, text } = &told.example;
    let command = findings.commands.repro(scenario, strategy, findings.interpreters.label(*place));
    let command = plain(&command.to_string()).replace('`', "'");
    let example = format!("In {}: {}. `{command}`", links.to(scenario), escaped(text));
    // one more is named, not counted
    if told.scenarios.len() <= NAMED + 1 {
        let all = links.all(&told.scenarios);
        return format!("- **{clause}** in {number}: {all}.\n  {example}\n");
    }
    let (first, rest) = told.scenarios.split_at(NAMED);
    let folded = folded_rest(rest, links);
    format!("- **{clause}** in {number}: {}.\n  {example}\n{folded}", links.all(first))
}

/// The scenarios that are not named in the sentence.
fn folded_rest(rest: &[&str], links: &mut Links) -> String {
    let (named, more) = rest.split_at(rest.len().min(MOST));
    let more = match more.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (title, named) = (number(rest.len()), links.all(named));
    format!("\n  <details><summary>and {title} more</summary>\n\n  {named}{more}\n\n  </details>\n")
}

/// Lines as items; what is indented belongs to the line before it.
fn list(lines: &str) -> String {
    let item = |line: &str| match line.strip_prefix("  ") {
        Some(more) => format!("  {}\n", escaped(more)),
        None if line.is_empty() => String::new(),
        None => format!("- {}\n", escaped(line)),
    };
    lines.lines().filter(|line| !line.starts_with(sentences::COMMAND)).map(item).collect()
}

fn folded(title: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("<details><summary>{title}</summary>\n\n{text}\n</details>\n")
}
