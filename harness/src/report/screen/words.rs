//! What a row says, in the words of the screen.

use std::cmp::Reverse;

use super::{
    super::{
        findings::Findings,
        ratio,
        words::{count, number, plain},
    },
    row::{Example, Notice, Row, Shares, Silent},
};
use crate::verdict::Aspect;

/// Titles of the columns. The four events have the proposal's names, shortened.
pub(in crate::report) const HEADER: [&str; 8] =
    ["strategy", "started", "ended", "loading", "loaded", "wrong", "program", "cost"];
/// The number of the column that is as wide as the screen lets it be.
pub(super) const NOTICES: usize = 6;

/// How many ways of being wrong are named.
const KINDS: usize = 2;
/// How many strategies are named with what is wrong with their reports.
const EXPLAINED: usize = 3;

/// One cell for each column.
pub(in crate::report) fn cells(row: &Row) -> Vec<String> {
    let mut cells = vec![row.title()];
    if let Some(why) = row.silent {
        let told = match why {
            Silent::NotApplicable => "n/a",
            Silent::Inconclusive => "?",
        };
        cells.extend(std::iter::repeat_n(told.to_owned(), HEADER.len() - 1));
        return cells;
    }
    let nothing = || "–".to_owned();
    cells.extend(row.delivered.map(|share| share.map_or_else(nothing, share_told)));
    cells.push(number(row.wrongs()));
    cells.push(noticed(&row.notices));
    cells.push(row.cost.as_ref().map_or_else(nothing, |cost| ratio::short(cost.ratio)));
    cells
}

/// `all`, `93–98 %`; only what is all is called so.
pub(in crate::report) fn share_told([low, high]: Shares) -> String {
    match (low, high) {
        (1000, _) => "all".to_owned(),
        (_, 0) => "none".to_owned(),
        (low, high) if low / 10 == high / 10 => format!("{} %", low / 10),
        (low, 1000) => format!("{}–100", low / 10),
        (low, high) => format!("{}–{}", low / 10, high / 10),
    }
}

/// `nothing`, `65 tracebacks`, `2 ends, …`: in how many scenarios the worst of it shows.
fn noticed(notices: &[Notice]) -> String {
    let Some((worst, others)) = notices.split_first() else { return "nothing".to_owned() };
    let told = format!("{} {}", number(worst.scenarios), noun(worst.aspect, worst.scenarios));
    if others.is_empty() { told } else { format!("{told}, …") }
}

/// A word for what differs, short enough for a column.
const fn noun(aspect: Aspect, number: usize) -> &'static str {
    let is_one = number == 1;
    match aspect {
        Aspect::End if is_one => "end",
        Aspect::End => "ends",
        Aspect::Stdout if is_one => "output",
        Aspect::Stdout => "outputs",
        Aspect::Stderr => "stderr",
        Aspect::Warnings => "warnings",
        Aspect::Context if is_one => "context",
        Aspect::Context => "contexts",
        Aspect::Headroom | Aspect::Depth => "stack",
        Aspect::Traceback if is_one => "traceback",
        Aspect::Traceback => "tracebacks",
        Aspect::Attributes => "attributes",
        Aspect::Modules => "modules",
        Aspect::State | Aspect::InstalledState => "state",
        Aspect::Memory => "memory",
    }
}

/// `wrong of audit: 4 came twice, 1 did not happen`
fn wrong_line(row: &Row) -> String {
    let mut kinds: Vec<_> = row.wrong.iter().collect();
    kinds.sort_by_key(|(kind, number)| (Reverse(**number), **kind));
    let (named, others) = kinds.split_at(kinds.len().min(KINDS));
    let named = named.iter().map(|(kind, count)| format!("{} {}", number(**count), kind.words()));
    let others: usize = others.iter().map(|(_, number)| **number).sum();
    let rest = (others > 0).then(|| format!("{} otherwise", number(others)));
    let told: Vec<_> = named.chain(rest).collect();
    format!("wrong of {}: {}\n", plain(&row.title()), told.join(", "))
}

/// What those report that claim none of the four events. Empty if there are none.
pub(in crate::report) fn searches(rows: &[Row], width: usize) -> String {
    let told = rows.iter().filter_map(|row| {
        let share = row.searches?;
        Some(format!("{} {}", plain(&row.title()), share_told(share)))
    });
    line("searches: ", told.collect(), width)
}

/// What is wrong with the reports of those that report most wrongly, a line each.
pub(in crate::report) fn wrongs(rows: &[Row]) -> String {
    let mut worst: Vec<_> = rows.iter().filter(|row| row.wrongs() > 0).collect();
    worst.sort_by_key(|row| Reverse(row.wrongs()));
    worst.into_iter().take(EXPLAINED).map(wrong_line).collect()
}

/// Who reports what is no import, which is not wrong. Empty if nobody does.
pub(in crate::report) fn others(rows: &[Row], width: usize) -> String {
    let mut told: Vec<_> = rows.iter().filter(|row| row.other > 0).collect();
    told.sort_by_key(|row| Reverse(row.other));
    let told = told.iter().map(|row| format!("{} {}", number(row.other), plain(&row.title())));
    line("not wrong, but of no import: ", told.collect(), width)
}

/// Whose program ends in another way, each with the scenario in which it does. Empty if none does.
pub(in crate::report) fn ends(rows: &[Row], width: usize) -> String {
    let told = rows.iter().filter_map(|row| {
        let worst = row.notices.first().filter(|notice| notice.aspect == Aspect::End)?;
        Some((plain(&row.title()).into_owned(), plain(&worst.example.scenario).into_owned()))
    });
    let told: Vec<_> = told.collect();
    let start = "the program ends otherwise under ";
    let whole: Vec<_> =
        told.iter().map(|(name, scenario)| format!("{name} ({scenario})")).collect();
    let has_room = start.len() + whole.join(", ").chars().count() <= width;
    let names = told.into_iter().map(|(name, _)| name).collect();
    line(start, if has_room { whole } else { names }, width)
}

/// The worst that each strategy does to the program, with the commonest example, a line each.
pub(in crate::report) fn examples(findings: &Findings, rows: &[Row]) -> String {
    let mut told: Vec<_> =
        rows.iter().filter_map(|row| Some((row, row.notices.first()?))).collect();
    told.sort_by_key(|(_, worst)| (worst.aspect.severity(), Reverse(worst.scenarios)));
    let line = |(row, worst): (&Row, &Notice)| {
        let Example { scenario, place, text } = &worst.example;
        let on = findings.interpreters.name(*place);
        let (title, text, scenario) = (row.title(), plain(text), plain(scenario));
        let more = match worst.scenarios {
            1 => String::new(),
            many => format!("; that differs in {}", count(many, "scenario")),
        };
        format!("{} {text} in {scenario} on {on}{more}\n", plain(&title))
    };
    told.into_iter().map(line).collect()
}

/// One line of at most `width` columns: as many of `items` as fit, and how many more there are.
fn line(start: &str, items: Vec<String>, width: usize) -> String {
    let length = |text: &str| text.chars().count();
    let (mut told, total) = (String::new(), items.len());
    for (index, item) in items.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        let rest = format!(" and {} more", total - index - 1);
        let room = width.saturating_sub(length(start) + length(&told) + length(comma));
        let needed = if index + 1 == total { length(&item) } else { length(&item) + length(&rest) };
        if needed > room && index > 0 {
            return format!("{start}{told} and {} more\n", total - index);
        }
        told.extend([comma, &item]);
    }
    if told.is_empty() { told } else { format!("{start}{told}\n") }
}
