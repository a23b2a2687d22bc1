//! What became of whom and when, in sentences.

use std::collections::BTreeSet;

use super::{
    fact::{CompanyFact, FateFact, ShareFact},
    sums::{Beside, Sums, When},
};
use crate::{
    record::VerdictWord,
    report::words::{count, listed, plain},
};

/// How many companies are named in one sentence.
const NAMED: usize = 8;

/// A sentence for each thing that becomes of a strategy; those of several meetings are one.
pub(super) fn fates(sums: &Sums<'_>) -> String {
    let mut told: Vec<Told<'_>> = Vec::new();
    for ((strategy, beside), by_order) in &sums.fates {
        for (when, fate) in by_order {
            for text in clauses(fate) {
                let is_same = |it: &&mut Told<'_>| it.strategy == *strategy && it.text == text;
                match told.iter_mut().find(is_same) {
                    Some(known) => known.meetings.push((beside, *when)),
                    None => told.push(Told { strategy, text, meetings: vec![(beside, *when)] }),
                }
            }
        }
    }
    let mut sentences: Vec<(String, Vec<&str>)> = Vec::new();
    for it in &told {
        let about = it.about();
        match sentences.iter_mut().find(|(known, _)| *known == about) {
            Some((_, texts)) => texts.push(&it.text),
            None => sentences.push((about, vec![&it.text])),
        }
    }
    let sentence =
        |(about, texts): &(String, Vec<&str>)| format!("{about}: {}.\n", texts.join(", "));
    sentences.iter().map(sentence).collect()
}

/// One thing that becomes of one strategy.
struct Told<'a> {
    strategy: &'a str,
    text: String,
    meetings: Vec<(&'a Beside, When)>,
}

impl Told<'_> {
    /// `bootstrap beside bootstrap, proposal (installed first and removed first)`
    fn about(&self) -> String {
        let mut by_order: Vec<(Vec<&Beside>, BTreeSet<When>)> = Vec::new();
        for beside in self.meetings.iter().map(|(beside, _)| *beside).collect::<BTreeSet<_>>() {
            let own = self.meetings.iter().filter(|(other, _)| *other == beside);
            let orders: BTreeSet<_> = own.map(|(_, when)| *when).collect();
            match by_order.iter_mut().find(|(_, known)| *known == orders) {
                Some((group, _)) => group.push(beside),
                None => by_order.push((vec![beside], orders)),
            }
        }
        let group = |(hooks, orders): &(Vec<&Beside>, BTreeSet<When>)| {
            let words: Vec<_> = hooks.iter().map(ToString::to_string).collect();
            let words = plain(&words.join(", ")).into_owned();
            if is_in_any_order(hooks, orders) {
                return words;
            }
            let orders: Vec<_> = orders.iter().map(ToString::to_string).collect();
            format!("{words} ({})", orders.join(", or "))
        };
        let groups: Vec<_> = by_order.iter().map(group).collect();
        format!("{} beside {}", plain(self.strategy), groups.join("; "))
    }
}

/// Whether it is no matter who comes and goes first, or there is nobody who could.
fn is_in_any_order(hooks: &[&Beside], orders: &BTreeSet<When>) -> bool {
    let possible = match hooks[0] {
        Beside::Nobody | Beside::Likes(_) => 1,
        // a neighbour comes first or second, not both
        Beside::Neighbour(_) => 2,
        Beside::Strategy(_) => 4,
    };
    orders.len() == possible
}

fn clauses(fate: &FateFact) -> Vec<String> {
    if let Some((step, reason)) = &fate.refused {
        let cannot = match step.as_str() {
            "install" => "cannot be installed",
            "remove" => "cannot be removed",
            _ => "cannot finish",
        };
        return vec![format!("{cannot}: {}", plain(reason))];
    }
    let mut clauses = of_share(fate.together, "");
    clauses.extend(of_share(fate.left, " when the other is gone"));
    if fate.afterwards > 0 {
        clauses.push(format!("reports {} after its removal", count(fate.afterwards, "event")));
    }
    clauses
}

fn of_share(share: ShareFact, when: &str) -> Vec<String> {
    let ShareFact { due, lost, doubled, wrong } = share;
    let loses = if lost == due {
        format!("loses all of {}{when}", count(due, "event"))
    } else {
        format!("loses {lost} of {}{when}", count(due, "event"))
    };
    let twice = format!("reports {} once too often{when}", count(doubled, "event"));
    let wrongly = format!("reports {} wrongly{when}", count(wrong, "event"));
    let clauses = [(lost, loses), (doubled, twice), (wrong, wrongly)];
    clauses.into_iter().filter(|(number, _)| *number > 0).map(|(_, clause)| clause).collect()
}

/// What of the program companies change: for each sort of change, which ones do.
pub(super) fn changes(companies: &[&CompanyFact]) -> String {
    let mut told: Vec<Change<'_>> = Vec::new();
    for company in companies {
        for change in &company.program {
            let (aspect, order) = (change.subject.as_str(), order(company));
            let is_same = |it: &&mut Change<'_>| it.aspect == aspect && it.order == order;
            let by = name(company);
            if let Some(known) = told.iter_mut().find(is_same) {
                known.by.push(by);
            } else {
                told.push(Change { aspect, order, first: &change.text, by: vec![by] });
            }
        }
    }
    told.iter_mut().map(Change::sentence).collect()
}

/// A change of one aspect of the program.
struct Change<'a> {
    aspect: &'a str,
    order: &'static str,
    /// What the first company that does it changes.
    first: &'a str,
    by: Vec<String>,
}

impl Change<'_> {
    fn sentence(&mut self) -> String {
        self.by.dedup();
        let Self { aspect, order, first, by } = self;
        let (aspect, first) = (plain(aspect), plain(first));
        let by = listed(by, NAMED);
        format!("The program's {aspect} is changed by {by}{order}: the first {first}.\n")
    }
}

/// In which order a company was dissolved, if there is more than one.
fn order(company: &CompanyFact) -> &'static str {
    match (company.hooks.len(), company.is_last_first) {
        (2, true) => " if the last goes first",
        (2, false) => " if the first goes first",
        _ => "",
    }
}

/// `audit and bootstrap`, `40 of audit`.
fn name(company: &CompanyFact) -> String {
    let hooks: Vec<_> = company.hooks.iter().map(|hook| plain(hook).into_owned()).collect();
    let copies = if company.copies > 1 { format!("{} of ", company.copies) } else { String::new() };
    copies + &hooks.join(" and ")
}

/// Strategies that take no part, and companies that show nothing, with the reason.
pub(super) fn unjudged(companies: &[&CompanyFact]) -> String {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for company in companies {
        let verb = match company.verdict {
            VerdictWord::NotApplicable => "takes no part",
            VerdictWord::Inconclusive => "shows nothing",
            VerdictWord::Conforms | VerdictWord::Diverges => continue,
        };
        let reason = plain(company.reason.as_deref().unwrap_or_default());
        let text = format!("{}{} {verb}: {reason}", name(company), order(company));
        match told.iter_mut().find(|(known, _)| *known == text) {
            Some((_, scenarios)) => scenarios.push(&company.scenario),
            None => told.push((text, vec![&company.scenario])),
        }
    }
    let sentence = |(text, scenarios): &(String, Vec<&str>)| {
        format!("{text} ({}).\n", listed(scenarios, NAMED))
    };
    told.iter().map(sentence).collect()
}
