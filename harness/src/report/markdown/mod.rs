//! Markdown for a comment or a README.

mod splice;

pub use splice::{Part, SpliceError, slot, splice, spliced};

use super::{
    Table, accuracy, company, evaluation, findings::Findings, footprints, matrix, overhead,
    sentences, table::escaped, truth,
};

/// The parts that a text can have, in the order of a whole report.
pub const PARTS: [&str; 7] =
    ["matrix", "events", "divergences", "overhead", "company", "candidates", "truth"];

/// The whole report on one run; `command` is what makes it again.
pub fn markdown(findings: &Findings, command: &str) -> String {
    let parts: Vec<_> = PARTS
        .into_iter()
        .filter_map(|part| markdown_part(findings, part).map(|text| titled(part, &text)))
        .collect();
    let provenance = findings.provenance().map(|line| format!("{}\n\n", escaped(&line)));
    format!("{}{}\nMade by `{command}`.\n", provenance.unwrap_or_default(), parts.join("\n"))
}

/// One part of the report; nothing where the run says nothing of it, or there is no such part.
pub fn markdown_part(findings: &Findings, part: &str) -> Option<String> {
    let text = match part {
        "matrix" => {
            let table = matrix::matrix_table(findings)?.markdown();
            format!("{}\n{table}", escaped(matrix::title(findings).trim_end()) + "\n")
        }
        "events" => {
            let tables = [accuracy::deliveries(findings), accuracy::accuracy(findings)];
            let footprints = footprints::footprints(findings);
            joined(tables.into_iter().chain([footprints]).flatten())
        }
        "overhead" => {
            joined(overhead::overhead_tables(findings).into_iter().map(|(_, table)| table))
        }
        "divergences" => list(&sentences::divergences(findings)),
        "company" => companies(findings),
        "candidates" => findings.evaluation.as_ref().map(evaluation::candidates)?,
        "truth" => list(&truth::truth(findings)),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The longer parts are folded.
fn titled(part: &str, text: &str) -> String {
    match part {
        "matrix" | "overhead" => text.to_owned(),
        part => {
            let title = match part {
                "events" => "Events: recall and precision; stack and memory",
                "divergences" => "Every divergence",
                "company" => "In company",
                "candidates" => "Candidates, side by side",
                _ => "How sure the truth is",
            };
            format!("<details><summary>{title}</summary>\n\n{text}\n</details>\n")
        }
    }
}

fn joined(tables: impl Iterator<Item = Table>) -> String {
    tables.map(Table::markdown).collect::<Vec<_>>().join("\n")
}

fn companies(findings: &Findings) -> String {
    let parts = company::by_interpreters(findings).into_iter().map(|(on, company)| {
        let tables = joined(company.tables.into_iter());
        let programs = escaped(company.programs.trim_end());
        let sentences = list(&company.sentences);
        format!("On {on}. {programs}\n\n{tables}\n{sentences}")
    });
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
