//! The cells of a run as `JUnit` XML: a suite for each interpreter and strategy, a case for each
//! scenario.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{
    facts::CellFact,
    findings::{Findings, by_name},
    words::plain,
};
use crate::{
    command::Places,
    record::{DivergenceRecord, VerdictWord},
};

/// Interpreter, strategy and scenario.
pub type CellName<'a> = (&'a str, &'a str, &'a str);

/// The cells of a run. A divergence is a failure, unless `is_expected` says that all of the cell's
/// are; a cell that shows nothing is an error, one that does not apply is skipped.
pub fn junit(
    findings: &Findings,
    is_expected: &dyn Fn(CellName<'_>) -> bool,
) -> Result<String, SerializeError> {
    let mut cells: Vec<&CellFact> = findings.cells.iter().collect();
    let suite_of = |cell: &CellFact| (findings.place(&cell.interpreter), cell.strategy.clone());
    cells.sort_by(|one, other| {
        let key = |cell: &&CellFact| findings.place(&cell.interpreter);
        (key(one), by_name(&one.strategy), &one.scenario).cmp(&(
            key(other),
            by_name(&other.strategy),
            &other.scenario,
        ))
    });
    let mut report = Report::new("tollgate");
    let case = |cell| case(cell, &findings.commands, is_expected);
    for own in cells.chunk_by(|one, other| suite_of(one) == suite_of(other)) {
        let mut suite = TestSuite::new(suite_name(own[0]));
        for cell in own {
            suite.add_test_case(case(cell));
        }
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn suite_name(cell: &CellFact) -> String {
    format!("{} {}", cell.interpreter, cell.strategy)
}

fn case(
    cell: &CellFact,
    commands: &Places,
    is_expected: &dyn Fn(CellName<'_>) -> bool,
) -> TestCase {
    let reason = cell.reason.as_deref().map(plain).unwrap_or_default();
    let known = is_expected((&cell.interpreter, &cell.strategy, &cell.scenario));
    let told = told(&cell.divergences);
    let status = match cell.verdict {
        VerdictWord::Conforms => TestCaseStatus::success(),
        VerdictWord::Diverges if known => TestCaseStatus::success(),
        VerdictWord::Diverges => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(kinds(&cell.divergences)).set_message(summary(&cell.divergences));
            let again = commands.repro(&cell.scenario, &cell.strategy, &cell.interpreter);
            status.set_description(format!("{told}{}\n", plain(&again.to_string())));
            status
        }
        VerdictWord::Inconclusive => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("inconclusive").set_message(reason);
            status
        }
        VerdictWord::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason);
            status
        }
    };
    let mut case = TestCase::new(&*cell.scenario, status);
    case.set_classname(format!("tollgate.{}", suite_name(cell).replace(' ', ".")));
    if cell.verdict == VerdictWord::Diverges && known {
        case.set_system_out(format!("expected:\n{told}"));
    }
    case
}

/// `missing, disturbed`.
fn kinds(divergences: &[DivergenceRecord]) -> String {
    let mut kinds: Vec<_> = divergences.iter().map(|it| it.kind.as_str()).collect();
    kinds.dedup();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.join(", ")
}

fn summary(divergences: &[DivergenceRecord]) -> String {
    let first = divergences.first().map(|it| plain(&it.text).into_owned()).unwrap_or_default();
    match divergences.len() {
        0 | 1 => first,
        many => format!("{first}, and {} more", many - 1),
    }
}

fn told(divergences: &[DivergenceRecord]) -> String {
    let lines = divergences.iter().flat_map(|it| [plain(&it.text), "\n".into()]);
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{CellRecord, Record},
        report::fixtures::{cell, disturbed, divergence, diverging},
    };

    #[test]
    fn each_verdict_has_its_element() {
        let with = |scenario: &str, verdict, reason: &str| CellRecord {
            verdict,
            reason: Some(reason.to_owned()),
            ..cell("audit", scenario, "3.13.0")
        };
        let odd = "<b> & ]]> \u{1b}[2J \u{0}";
        let own = divergence("missing", "import.start", odd);
        let records = [
            cell("none", "a", "3.13.0"),
            cell("none", "a", "3.9.18"),
            diverging(cell("audit", "a", "3.13.0"), &[own.clone(), disturbed(odd)]),
            diverging(cell("audit", "known", "3.13.0"), &[own]),
            with("hangs", VerdictWord::Inconclusive, odd),
            with("new", VerdictWord::NotApplicable, "the scenario is for Python >=3.15"),
        ];
        let findings: Findings = records.map(Record::Cell).into_iter().collect();
        let xml = junit(&findings, &|(_, _, scenario)| scenario == "known").expect("XML");
        insta::assert_snapshot!(xml);
    }
}
