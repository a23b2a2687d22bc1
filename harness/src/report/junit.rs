//! The cells of a run as `JUnit` XML: a suite for each interpreter and strategy, a case for each
//! scenario.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{
    facts::CellFact,
    findings::{Findings, by_name},
    words::plain,
};
use crate::{
    command::Places,
    expected::Expectation,
    record::{DivergenceRecord, InterpreterRecord, VerdictWord},
};

/// Interpreter, strategy and scenario.
pub type CellName<'a> = (&'a InterpreterRecord, &'a str, &'a str);

/// How names of runs tell when they began.
const NAME: &str = "%Y%m%dT%H%M%SZ";

/// The cells of a run. A divergence that `expectation` says nothing of is a failure, one that is expected is told
/// with its reason; a cell that shows nothing is an error, one that does not apply is skipped.
pub fn junit<'a>(
    findings: &Findings,
    expectation: &dyn Fn(CellName<'_>, &DivergenceRecord) -> Expectation<'a>,
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
    let began = began(findings);
    let mut report = Report::new("tollgate");
    report.set_time(took(cells.iter().copied()));
    began.map(|began| report.set_timestamp(began));
    for own in cells.chunk_by(|one, other| suite_of(one) == suite_of(other)) {
        let mut suite = TestSuite::new(suite_name(own[0]));
        suite.set_time(took(own.iter().copied()));
        began.map(|began| suite.set_timestamp(began));
        for cell in own {
            let interpreter = &findings.origins[&*cell.interpreter];
            let of = |divergence: &DivergenceRecord| {
                expectation((interpreter, &cell.strategy, &cell.scenario), divergence)
            };
            suite.add_test_case(case(cell, &findings.commands, &of));
        }
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn suite_name(cell: &CellFact) -> String {
    format!("{} {}", cell.interpreter, cell.strategy)
}

/// When the first of the runs began: their names tell.
fn began(findings: &Findings) -> Option<DateTime<FixedOffset>> {
    let names = findings.provenances.iter().map(|it| it.run.get(..16).unwrap_or_default());
    let times = names.filter_map(|name| NaiveDateTime::parse_from_str(name, NAME).ok());
    times.min().map(|time| time.and_utc().fixed_offset())
}

fn took<'a>(cells: impl Iterator<Item = &'a CellFact>) -> Duration {
    Duration::from_micros(cells.map(|cell| cell.micros).sum())
}

fn case<'a>(
    cell: &CellFact,
    commands: &Places,
    of: &dyn Fn(&DivergenceRecord) -> Expectation<'a>,
) -> TestCase {
    let reason = cell.reason.as_deref().map(plain).unwrap_or_default();
    let held = cell.divergences.iter().map(|divergence| (divergence, of(divergence)));
    let (new, known): (Vec<_>, Vec<_>) = held.partition(|(_, of)| *of == Expectation::New);
    let status = match cell.verdict {
        VerdictWord::Diverges if !new.is_empty() => failure(cell, commands, &new),
        VerdictWord::Conforms | VerdictWord::Diverges => TestCaseStatus::success(),
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
    case.set_time(Duration::from_micros(cell.micros));
    if !known.is_empty() {
        case.set_system_out(known.iter().map(expected).collect::<String>());
    }
    case
}

type Held<'a, 'b> = (&'b DivergenceRecord, Expectation<'a>);

fn failure(cell: &CellFact, commands: &Places, new: &[Held<'_, '_>]) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let again = commands.repro(&cell.scenario, &cell.strategy, &cell.interpreter);
    let told: String = new.iter().flat_map(|(it, _)| [plain(&it.text), "\n".into()]).collect();
    status.set_type(kinds(new)).set_message(summary(new));
    status.set_description(format!("{told}{}\n", plain(&again.to_string())));
    status
}

/// `expected: missed import_started of shop (It is called for statements alone.)`, a line each.
fn expected((divergence, of): &Held<'_, '_>) -> String {
    let text = plain(&divergence.text);
    match of {
        Expectation::Expected(reason) => format!("expected: {text} ({})\n", plain(reason.trim())),
        Expectation::New | Expectation::NotHeld => format!("not held against anything: {text}\n"),
    }
}

/// `missing, disturbed`.
fn kinds(divergences: &[Held<'_, '_>]) -> String {
    let mut kinds: Vec<_> = divergences.iter().map(|(it, _)| it.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.join(", ")
}

fn summary(divergences: &[Held<'_, '_>]) -> String {
    let first = divergences.first().map(|(it, _)| plain(&it.text).into_owned());
    let first = first.unwrap_or_default();
    match divergences.len() {
        0 | 1 => first,
        many => format!("{first}, and {} more", many - 1),
    }
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
        let slow = CellRecord { micros: 12_345, ..cell("none", "a", "3.13.0") };
        let records = [
            slow,
            cell("none", "a", "3.9.18"),
            diverging(cell("audit", "a", "3.13.0"), &[own.clone(), disturbed(odd)]),
            diverging(cell("audit", "known", "3.13.0"), std::slice::from_ref(&own)),
            diverging(cell("audit", "partly", "3.13.0"), &[own, disturbed(odd)]),
            diverging(cell("audit", "theirs", "3.13.0"), &[disturbed(odd)]),
            with("hangs", VerdictWord::Inconclusive, odd),
            with("new", VerdictWord::NotApplicable, "the scenario is for Python >=3.15"),
        ];
        let named = |mut record: CellRecord| {
            record.provenance.run = "20261201T022753Z".to_owned();
            Record::Cell(record)
        };
        let findings: Findings = records.map(named).into_iter().collect();
        let xml = junit(&findings, &|(_, _, scenario), divergence| match scenario {
            "known" => Expectation::Expected("Nobody asks it.\n"),
            "partly" if divergence.kind == "missing" => Expectation::Expected("Nobody asks it."),
            "theirs" => Expectation::NotHeld,
            _ => Expectation::New,
        });
        insta::assert_snapshot!(xml.expect("XML"));
    }
}
