//! Markdown for a comment or a README.

mod splice;

pub use splice::{PICTURE, SpliceError, slot, splice, spliced};

use super::{
    Table, accuracy, company, evaluation, findings::Findings, footprints, matrix, overhead,
    published, screen, sentences, table::escaped, truth, words::number,
};

/// The parts that a text can have, in the order of a whole report.
pub const PARTS: [&str; 9] = [
    "table",
    "answer",
    "matrix",
    "events",
    "divergences",
    "overhead",
    "company",
    "candidates",
    "truth",
];

/// The most characters that a comment may have.
const COMMENT: usize = 65_536;
/// Sentences about each strategy; the report has them all.
const SENTENCES: usize = 8;
/// Interpreters that a table of costs may have side by side in the width of a comment.
const SIDE_BY_SIDE: usize = 4;
/// As wide as the lines below the table may be: a comment breaks them itself.
const WIDTH: usize = 200;

/// A report on one run that fits into a comment: the answer, and folded what it rests on, as far as there is room;
/// `command` is what makes it again.
pub fn markdown(findings: &Findings, command: &str) -> String {
    let provenance = findings.provenance().map(|line| format!("{}\n\n", escaped(&line)));
    let end = format!("\n{}\n\nMade by `{command}`.\n", escaped(&findings.counts().to_string()));
    let mut text = provenance.unwrap_or_default();
    for part in PARTS {
        let Some(told) = comment_part(findings, part) else { continue };
        let room = COMMENT.saturating_sub(length(&text) + length(&end) + MARGIN);
        text += &bounded(&told, room, &|told| titled(part, told));
        text.push('\n');
    }
    text + end.trim_start_matches('\n')
}

/// What stands around a part and is not counted with it.
const MARGIN: usize = 400;

fn length(text: &str) -> usize {
    text.chars().count()
}

/// As many whole lines of `text` as there is `room` for, `titled`; nothing if that is none.
fn bounded(text: &str, room: usize, titled: &dyn Fn(&str) -> String) -> String {
    if length(text) <= room {
        return titled(text);
    }
    let (mut kept, mut left) = (String::new(), room);
    let mut lines = text.split_inclusive('\n');
    for line in lines.by_ref() {
        let Some(rest) = left.checked_sub(length(line)) else { break };
        (kept, left) = (kept + line, rest);
    }
    let more = lines.count() + 1;
    let cut = format!("\n… {more} more lines are in the report.\n");
    if kept.is_empty() { String::new() } else { titled(&(kept + &cut)) }
}

/// One part of the report; nothing where the run says nothing of it, or there is no such part.
pub fn markdown_part(findings: &Findings, part: &str) -> Option<String> {
    let text = match part {
        "table" => published::table(findings)?,
        "answer" => answer(findings)?,
        "matrix" => {
            let table = matrix::matrix_table(findings)?.markdown();
            format!("{}\n{table}", escaped(matrix::title(findings).trim_end()) + "\n")
        }
        "events" => {
            let tables = [accuracy::deliveries(findings), accuracy::accuracy(findings)];
            let footprints = footprints::footprints(findings);
            joined(tables.into_iter().chain([footprints]).flatten())
        }
        "overhead" => costs(findings, usize::MAX),
        "divergences" => list(&sentences::divergences(findings)),
        "company" => companies(findings),
        "candidates" => findings.evaluation.as_ref().map(evaluation::candidates)?,
        "truth" => list(&truth::truth(findings)),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The same for a comment, where there is less room, and none for a table as wide as the matrix.
fn comment_part(findings: &Findings, part: &str) -> Option<String> {
    let text = match part {
        // the answer has it
        "table" | "matrix" => return None,
        "overhead" => costs(findings, SIDE_BY_SIDE),
        "divergences" => list(&sentences::worst_divergences(findings, SENTENCES)),
        other => return markdown_part(findings, other),
    };
    (!text.is_empty()).then_some(text)
}

/// The same rows as on the screen, and below them what is wrong, and how far the costs may be trusted.
fn answer(findings: &Findings) -> Option<String> {
    let rows = screen::rows(findings);
    let mut header: Vec<_> = screen::HEADER.iter().map(|title| (*title).to_owned()).collect();
    header.insert(OTHER, "other meaning".to_owned());
    let cells = |row: &screen::Row| {
        let mut cells = screen::cells(row);
        cells.insert(OTHER, number(row.other));
        cells
    };
    let legend = screen::searches(&rows, WIDTH)
        + &screen::wrongs(&rows)
        + &screen::examples(findings, &rows)
        + &screen::cost_line(findings);
    let table = Table::new(header, rows.iter().map(cells).collect(), "")?.markdown();
    let title = escaped(screen::title(findings).trim_end());
    Some(format!("{title}\n\n{table}\n{}", list(&legend)))
}

/// Where the reports with another meaning stand: after the wrong ones.
const OTHER: usize = 6;

/// The tables of costs, or why none is shown. Of more interpreters than `most` the newest are shown.
fn costs(findings: &Findings, most: usize) -> String {
    if findings.fitness().is_err() {
        return escaped(screen::unfit(findings).trim_end()) + "; the report has the detail.\n";
    }
    let narrow = |mut table: Table| {
        let surplus = table.header.len().saturating_sub(most.saturating_add(2));
        if surplus > 0 {
            let cut = |cells: &mut Vec<String>| _ = cells.drain(2..2 + surplus);
            cut(&mut table.header);
            for row in &mut table.rows {
                cut(row);
            }
            let told =
                ["Of ", &number(surplus), " older interpreters the costs are in the report.\n"];
            table.legend += &told.concat();
        }
        table
    };
    joined(overhead::overhead_tables(findings).into_iter().map(|(_, table)| narrow(table)))
}

/// All but the answer is folded.
fn titled(part: &str, text: &str) -> String {
    let title = match part {
        "answer" => return text.to_owned(),
        "overhead" => "What it costs",
        "events" => "Events: recall and precision; stack and memory",
        "divergences" => "The worst of what diverges",
        "company" => "In company",
        "candidates" => "Candidates, side by side",
        _ => "How sure the truth is",
    };
    format!("<details><summary>{title}</summary>\n\n{text}\n</details>\n")
}

fn joined(tables: impl Iterator<Item = Table>) -> String {
    tables.map(Table::markdown).collect::<Vec<_>>().join("\n")
}

fn companies(findings: &Findings) -> String {
    let parts = company::by_interpreters(findings, company::Titles::Numbers).into_iter().map(
        |(on, company)| {
            let tables = joined(company.tables.into_iter());
            let programs = escaped(company.programs.trim_end());
            let sentences = list(&company.sentences);
            format!("On {on}. {programs}\n\n{tables}\n{sentences}")
        },
    );
    let costs = company::costs(findings).map(Table::markdown);
    parts.chain(costs).collect::<Vec<_>>().join("\n")
}

/// Lines as items; what is indented belongs to the line before it, and a command is code.
fn list(lines: &str) -> String {
    let command = |line: &str| {
        let command = line.strip_prefix(sentences::COMMAND)?;
        command.starts_with("cargo xtask ").then(|| command.replace('`', "'"))
    };
    let item = |line: &str| match line.strip_prefix("  ") {
        _ if line.trim().is_empty() => String::new(),
        _ if command(line).is_some() => format!("  `{}`\n", command(line).unwrap_or_default()),
        Some(more) => format!("  {}\n", escaped(more)),
        None => format!("- {}\n", escaped(line)),
    };
    lines.lines().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::Record,
        report::fixtures::{cell, claimed, cost, counting, divergence, diverging, truth},
    };

    #[test]
    fn a_report_has_what_the_run_says() {
        let cell =
            counting(cell("audit", "a/__b__", "3.9.1"), &[claimed("import.start", [2, 1, 0])]);
        let missing = divergence("missing", "import.start", "x|y<b>");
        let agreed = (crate::record::TruthWord::Agreed, None);
        let findings: Findings = [
            truth("a/__b__", "3.9.1", agreed),
            Record::Cell(diverging(cell, &[missing])),
            Record::Overhead(cost("none", "3.9.1", 1.0)),
            Record::Overhead(cost("audit", "3.9.1", 1.03)),
        ]
        .into_iter()
        .collect();
        insta::assert_snapshot!(markdown(&findings, "cargo xtask report run --format markdown"));
        assert_eq!(markdown_part(&findings, "company"), None);
        assert_eq!(markdown_part(&findings, "no such part"), None);
    }
}
