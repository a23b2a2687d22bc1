//! Who suffers beside whom, as marks in two tables.

use std::collections::BTreeSet;

use super::{
    fact::FateFact,
    sums::{Beside, Meeting, Sums},
};
use crate::report::{table::Table, words::MINUS};

const LEGEND: &str = "\
\u{2212} loses events, 2 reports them twice, ! reports wrongly in another way, \u{2020} reports after its removal,
\u{d7} cannot be installed or removed, p: the program is left changed, or ends in another way, \u{b7} as alone.
A row is what becomes of that strategy, whoever came first and whoever left first.
";

/// The names on the sides of the tables.
pub(super) struct Names<'a> {
    pub(super) strategies: Vec<&'a str>,
    pub(super) neighbours: Vec<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn of(sums: &'a Sums<'a>) -> Self {
        let meetings = || sums.fates.keys().chain(&sums.changed);
        let strategies: BTreeSet<_> = meetings().map(|(strategy, _)| *strategy).collect();
        let neighbours: BTreeSet<_> = meetings()
            .filter_map(|(_, beside)| match beside {
                Beside::Neighbour(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        Self {
            strategies: strategies.into_iter().collect(),
            neighbours: neighbours.into_iter().collect(),
        }
    }
}

/// What stands above the columns of strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Titles {
    /// Numbers, which stand beside the names of the rows too: a terminal has no room for names.
    Numbers,
    /// Names.
    Names,
}

/// Strategies beside strategies, then beside neighbours and their like. None if there are none.
pub(super) fn grid(sums: &Sums<'_>, names: &Names<'_>, titles: Titles) -> Vec<Table> {
    [pairs(sums, names, titles), beside_others(sums, names)].into_iter().flatten().collect()
}

fn pairs(sums: &Sums<'_>, names: &Names<'_>, titles: Titles) -> Option<Table> {
    let number = |index: usize| (titles == Titles::Numbers).then(|| (index + 1).to_string());
    let beside = (titles == Titles::Numbers).then(|| "beside".to_owned());
    let columns = names.strategies.iter().enumerate();
    let columns = columns.map(|(index, name)| number(index).unwrap_or_else(|| (*name).to_owned()));
    let header = ["strategy".to_owned()].into_iter().chain(beside).chain(columns);
    let row = |(index, strategy): (usize, &&str)| {
        let beside = |other: &&str| mark(sums, &(strategy, Beside::Strategy((*other).to_owned())));
        let titles = [(*strategy).to_owned()].into_iter().chain(number(index));
        titles.chain(names.strategies.iter().map(beside)).collect()
    };
    let rows: Vec<Vec<String>> = names.strategies.iter().enumerate().map(row).collect();
    Table::new(header, rows, "")
}

fn beside_others(sums: &Sums<'_>, names: &Names<'_>) -> Option<Table> {
    let likes = sums.fates.keys().chain(&sums.changed).find_map(|(_, beside)| match beside {
        Beside::Likes(count) => Some(*count),
        _ => None,
    });
    let mut header = vec!["strategy".to_owned(), "alone".to_owned()];
    header.extend(names.neighbours.iter().map(|name| (*name).to_owned()));
    header.extend(likes.map(|count| format!("{count} more")));
    let row = |strategy: &&str| {
        let of = |beside| mark(sums, &(strategy, beside));
        let mut row = vec![(*strategy).to_owned(), of(Beside::Nobody)];
        let neighbours = names.neighbours.iter();
        row.extend(neighbours.map(|name| of(Beside::Neighbour((*name).to_owned()))));
        row.extend(likes.map(|count| of(Beside::Likes(count))));
        row
    };
    Table::new(header, names.strategies.iter().map(row).collect(), LEGEND)
}

fn mark(sums: &Sums<'_>, meeting: &Meeting<'_>) -> String {
    let is_changed = sums.changed.contains(meeting);
    let total = sums.total(meeting);
    if total.is_none() && !is_changed {
        return String::new();
    }
    let mut marks = total.map(|fate| marks(&fate)).unwrap_or_default();
    if is_changed {
        marks.push('p');
    }
    if marks.is_empty() { "\u{b7}".to_owned() } else { marks }
}

fn marks(fate: &FateFact) -> String {
    let FateFact { refused, together, left, afterwards } = fate;
    let marks = [
        (refused.is_some(), '\u{d7}'),
        (together.lost + left.lost > 0, MINUS),
        (together.doubled + left.doubled > 0, '2'),
        (together.wrong + left.wrong > 0, '!'),
        (*afterwards > 0, '\u{2020}'),
    ];
    marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect()
}
