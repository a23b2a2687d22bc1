//! Small pieces of text that every part of the report is made of.

use std::{borrow::Cow, fmt::Display};

use comfy_table::{
    Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Row, Table, TableStyle,
};

use indicatif::HumanCount;

use super::screen::Shade;
use crate::text;

/// The sign of negative numbers and of what was missed.
pub(super) const MINUS: char = '\u{2212}';

/// `1 cell`, `2,000 cells`.
pub(super) fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(count))
}

/// `32,070`.
pub(super) fn number(count: usize) -> String {
    HumanCount(count as u64).to_string()
}

/// The first `most` of `items`, and how many more there are. One more is named, not counted.
pub(super) fn listed<T: Display>(items: impl IntoIterator<Item = T>, most: usize) -> String {
    let items: Vec<_> = items.into_iter().map(|item| item.to_string()).collect();
    if items.len() <= most + 1 {
        return items.join(", ");
    }
    format!("{} and {} more", items[..most].join(", "), items.len() - most)
}

/// The text on one line, not too long, and without what a terminal would obey: names and messages come
/// from the programs that were run.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    text::phrase(text)
}

/// Completes the line that ends with `before` by `text`: behind it where `text` is a single line,
/// else indented below.
pub(super) fn explained(before: &str, text: &str) -> String {
    let text = text::shortened(text, text::KEPT_CHARS);
    let lines: Vec<_> = text.lines().map(plain).collect();
    match lines.as_slice() {
        [] => format!("{before}\n"),
        [line] => format!("{before} {line}\n"),
        lines => format!("{before}\n  {}\n", lines.join("\n  ")),
    }
}

/// A table with a line below its header and no other.
pub(super) fn table<S: AsRef<str>>(header: &[S], rows: &[Vec<String>]) -> String {
    let style = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    let mut table = Table::new();
    table.load_style(style).set_header(header.iter().map(|cell| text::name(cell.as_ref())));
    for row in rows {
        table.add_row(row.iter().map(|cell| text::name(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt() + "\n"
}

/// From so many columns on there is room for more space between two.
const ROOMY: usize = 90;

/// The same in lines of at most `width` columns: the column with the number `flexible` has what the others leave, and
/// what does not fit there ends with an ellipsis. Cells, by their row and column, have the shades that they are given.
pub(super) fn fitted_table<S: AsRef<str>>(
    header: &[S],
    rows: &[Vec<String>],
    flexible: usize,
    (width, shades): (usize, &dyn Fn(usize, usize) -> Option<Shade>),
) -> String {
    let style = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    let mut table = Table::new();
    let row = |cells: Vec<Cell>| {
        let mut row = Row::from(cells);
        row.max_height(1);
        row
    };
    let plain = |cell: &str| plain(cell).into_owned();
    let mut is_shaded = false;
    let mut drawn = |row: usize, column: usize, cell: &str| {
        let cell = Cell::new(plain(cell));
        let Some(shade) = shades(row, column) else { return cell };
        is_shaded = true;
        cell.bg(Color::AnsiValue(shade.background)).fg(Color::AnsiValue(shade.foreground))
    };
    let rows: Vec<Vec<Cell>> = rows
        .iter()
        .enumerate()
        .map(|(row, cells)| {
            let cells = cells.iter().enumerate();
            cells.map(|(column, cell)| drawn(row, column, cell)).collect()
        })
        .collect();
    table
        .load_style(style)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_truncation_indicator("…")
        .set_header(row(header.iter().map(|cell| Cell::new(plain(cell.as_ref()))).collect()));
    if is_shaded {
        table.enforce_styling();
    }
    for cells in rows {
        table.add_row(row(cells));
    }
    for (number, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, u16::from(width >= ROOMY)));
        if number != flexible {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.trim_fmt() + "\n"
}

/// Leaves the first column blank where it repeats the row above.
pub(super) fn blank_repeated(rows: &mut [Vec<String>]) {
    for index in (1..rows.len()).rev() {
        if rows[index][0] == rows[index - 1][0] {
            rows[index][0].clear();
        }
    }
}
