//! How dark a figure stands: one hue, from pale for little to dark for all, which every eye tells apart. What is
//! not claimed has none, so that it does not look like being right.

use super::row::{Row, Shares};

/// A background and what is legible on it, as numbers of a terminal's 256 colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Shade {
    pub(in crate::report) background: u8,
    pub(in crate::report) foreground: u8,
}

/// The number of the first column that has a share.
const FIRST: usize = 1;

/// The shade of a row's cell; none where it has no share, or one of nothing.
pub(super) fn of(row: &Row, column: usize) -> Option<Shade> {
    let share = *row.delivered.get(column.checked_sub(FIRST)?)?;
    shade(share.filter(|_| row.silent.is_none())?)
}

/// By what is delivered on the interpreter that has it worst.
fn shade(shares: Shares) -> Option<Shade> {
    let (background, foreground) = match level(shares) {
        5 => (18, 231),
        4 => (25, 231),
        3 => (67, 231),
        2 => (110, 16),
        1 => (153, 16),
        _ => return None,
    };
    Some(Shade { background, foreground })
}

/// How dark, from 0 for nothing to 5 for all.
pub(in crate::report) const fn level([low, high]: Shares) -> u8 {
    match low {
        1000 => 5,
        900.. => 4,
        600.. => 3,
        250.. => 2,
        _ if high > 0 => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_darker_and_nothing_has_no_shade() {
        let cases = [[1000, 1000], [980, 1000], [620, 640], [300, 990], [0, 990]];
        let shades = cases.map(shade);
        for (index, one) in shades.iter().enumerate() {
            assert!(one.is_some(), "{:?}", cases[index]);
            assert_eq!(shades.iter().filter(|other| *other == one).count(), 1);
        }
        assert_eq!(shade([0, 0]), None);
    }
}
