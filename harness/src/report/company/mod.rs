//! Strategies in company: who loses events, who doubles them, who reports after its removal, who leaves
//! the program changed.

mod costs;
mod fact;
mod grid;
mod sentences;
mod sums;
#[cfg(test)]
mod tests;

pub(super) use costs::costs;
pub(super) use fact::CompanyFact;
use grid::Names;
pub(super) use grid::Titles;
use sums::Sums;

use super::{findings::Findings, interpreters::merge, table::Table, words::listed};

/// How many programs are named.
const NAMED: usize = 6;

/// What became of strategies in company, where it is the same.
#[derive(PartialEq)]
pub(super) struct Company {
    /// Which programs were run.
    pub(super) programs: String,
    /// Who suffers beside whom.
    pub(super) tables: Vec<Table>,
    /// Whole lines: how exactly.
    pub(super) sentences: String,
}

/// Tables and sentences, once for all interpreters that show the same. Empty without a company.
pub(super) fn companies(findings: &Findings) -> String {
    let parts = by_interpreters(findings, Titles::Numbers).into_iter().map(|(on, company)| {
        let tables: Vec<_> = company.tables.into_iter().map(Table::text).collect();
        let (programs, sentences) = (company.programs, company.sentences);
        format!("In company, on {on}.\n{programs}{}{sentences}", tables.join("\n"))
    });
    parts.chain(costs(findings).map(Table::text)).collect::<Vec<_>>().join("\n")
}

/// What became of companies, with the interpreters on which it did.
pub(super) fn by_interpreters(findings: &Findings, titles: Titles) -> Vec<(String, Company)> {
    let places = findings.places(findings.companies.iter().map(|it| it.interpreter.as_str()));
    let told = merge(places.into_iter().map(|place| (place, on_one(findings, place, titles))));
    told.into_iter().map(|(group, it)| (findings.interpreters.words(group), it)).collect()
}

fn on_one(findings: &Findings, place: usize, titles: Titles) -> Company {
    let is_here = |it: &&CompanyFact| findings.place(&it.interpreter) == place;
    let mut companies: Vec<_> = findings.companies.iter().filter(is_here).collect();
    companies.sort_by_key(|it| (&it.hooks, it.copies, !it.is_last_first, &it.scenario));
    let sums = Sums::of(&companies);
    let names = Names::of(&sums);
    let mut scenarios: Vec<_> = companies.iter().map(|it| it.scenario.as_str()).collect();
    scenarios.sort_unstable();
    scenarios.dedup();
    Company {
        programs: format!("Programs: {}; each is run three times.\n", listed(scenarios, NAMED)),
        tables: grid::grid(&sums, &names, titles),
        sentences: sentences::fates(&sums)
            + &sentences::changes(&companies)
            + &sentences::unjudged(&companies),
    }
}
