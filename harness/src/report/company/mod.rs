//! Strategies in company: who loses events, who doubles them, who reports after its removal, who leaves
//! the program changed.

mod costs;
mod fact;
mod grid;
mod sentences;
mod sums;
#[cfg(test)]
mod tests;

pub(super) use fact::CompanyFact;
use grid::Names;
use sums::Sums;

use super::{findings::Findings, interpreters::merge, words::listed};

/// How many programs are named.
const NAMED: usize = 6;

/// Tables and sentences, once for all interpreters that show the same. Empty without a company.
pub(super) fn companies(findings: &Findings) -> String {
    let places = findings.places(findings.companies.iter().map(|it| it.interpreter.as_str()));
    let told = merge(places.into_iter().map(|place| (place, on_one(findings, place))));
    let parts = told.into_iter().map(|(group, text)| {
        format!("In company, on {}.\n{text}", findings.interpreters.words(group))
    });
    let costs = Some(costs::costs(findings)).filter(|costs| !costs.is_empty());
    parts.chain(costs).collect::<Vec<_>>().join("\n")
}

fn on_one(findings: &Findings, place: usize) -> String {
    let is_here = |it: &&CompanyFact| findings.place(&it.interpreter) == place;
    let mut companies: Vec<_> = findings.companies.iter().filter(is_here).collect();
    companies.sort_by_key(|it| (&it.hooks, it.copies, !it.is_last_first, &it.scenario));
    let sums = Sums::of(&companies);
    let names = Names::of(&sums);
    let tables =
        if names.strategies.is_empty() { String::new() } else { grid::grid(&sums, &names) };
    let mut scenarios: Vec<_> = companies.iter().map(|it| it.scenario.as_str()).collect();
    scenarios.sort_unstable();
    scenarios.dedup();
    let programs = format!("Programs: {}; each is run three times.\n", listed(scenarios, NAMED));
    [
        programs,
        tables,
        sentences::fates(&sums),
        sentences::changes(&companies),
        sentences::unjudged(&companies),
    ]
    .concat()
}
