//! What became of each strategy beside each other hook, over all programs.

use std::{collections::BTreeMap, fmt};

use super::fact::{CompanyFact, FateFact, MemberFact};

/// What a strategy is beside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Beside {
    Nobody,
    Strategy(String),
    Neighbour(String),
    /// Others of its own sort, so many.
    Likes(usize),
}

/// As the end of a sentence that begins with the strategy.
impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody else"),
            Self::Strategy(name) | Self::Neighbour(name) => f.write_str(name),
            Self::Likes(count) => write!(f, "{count} of its like"),
        }
    }
}

/// In which order two hooks came and went, seen from one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct When {
    pub(super) came_second: bool,
    pub(super) left_last: bool,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let came = if self.came_second { "second" } else { "first" };
        let left = if self.left_last { "last" } else { "first" };
        write!(f, "installed {came} and removed {left}")
    }
}

/// One strategy beside one other hook.
pub(super) type Meeting<'a> = (&'a str, Beside);

/// What became of every strategy in every meeting.
#[derive(Default)]
pub(super) struct Sums<'a> {
    pub(super) fates: BTreeMap<Meeting<'a>, BTreeMap<When, FateFact>>,
    /// Meetings that left the program changed.
    pub(super) changed: Vec<Meeting<'a>>,
}

impl<'a> Sums<'a> {
    pub(super) fn of(companies: &[&'a CompanyFact]) -> Self {
        let mut sums = Self::default();
        for company in companies {
            for member in &company.members {
                let meeting = (member.strategy.as_str(), beside(company, member.position));
                let when = when(company, member);
                sums.fates.entry(meeting).or_default().entry(when).or_default().add(&member.fate);
            }
            if !company.program.is_empty() {
                sums.changed.extend(meetings(company));
            }
        }
        sums
    }

    /// What became of a strategy in a meeting, whoever came first.
    pub(super) fn total(&self, meeting: &Meeting<'a>) -> Option<FateFact> {
        let mut total = FateFact::default();
        self.fates.get(meeting)?.values().for_each(|fate| total.add(fate));
        Some(total)
    }
}

/// The strategies of a company, each with what it is beside.
fn meetings(company: &CompanyFact) -> impl Iterator<Item = Meeting<'_>> {
    let strategies = company.hooks.iter().enumerate();
    strategies
        .filter(|(position, _)| company.neighbour != Some(*position))
        .map(|(position, strategy)| (strategy.as_str(), beside(company, position)))
}

fn beside(company: &CompanyFact, position: usize) -> Beside {
    if company.copies > 1 {
        return Beside::Likes(company.copies - 1);
    }
    let other = company.hooks.iter().enumerate().find(|(other, _)| *other != position);
    match other {
        None => Beside::Nobody,
        Some((other, hook)) if company.neighbour == Some(other) => Beside::Neighbour(hook.clone()),
        Some((_, hook)) => Beside::Strategy(hook.clone()),
    }
}

fn when(company: &CompanyFact, member: &MemberFact) -> When {
    if company.hooks.len() < 2 {
        return When { came_second: false, left_last: true };
    }
    let came_second = member.position == 1;
    When { came_second, left_last: came_second != company.is_last_first }
}
