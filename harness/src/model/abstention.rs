//! What the model does not understand, and where it met it.

use std::fmt;

use ruff_text_size::TextSize;

use crate::model::source::sources::FileId;

/// A construct that the model does not follow, so that it predicts nothing for this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abstention {
    /// The file of the tree that holds it; `<setup>` and `<run>` are the scenario's code.
    pub file: String,
    /// Line within the file, from 1.
    pub line: usize,
    /// Column within that line, from 1, in characters.
    pub column: usize,
    /// What was met, in words: `` a `with` statement ``.
    pub construct: String,
    /// Why the model does not follow it.
    pub why: String,
}

/// `<run>:3:5: a `with` statement: outside the subset of Python that the model runs`.
impl fmt::Display for Abstention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, construct, why } = self;
        write!(f, "{file}:{line}:{column}: {construct}: {why}")
    }
}

/// Where in the program something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: FileId,
    pub(super) offset: TextSize,
}

/// An abstention in the making. Deep within the model the place is not known; the statement or
/// expression being run fills it in.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) construct: String,
    pub(super) why: String,
    pub(super) place: Option<Place>,
}

impl Doubt {
    pub(super) fn new(construct: impl Into<String>, why: impl Into<String>) -> Self {
        Self { construct: construct.into(), why: why.into(), place: None }
    }

    /// Something that Python can do and the model does not.
    pub(super) fn outside(construct: impl Into<String>) -> Self {
        Self::new(construct, "outside the subset of Python that the model runs")
    }
}

/// Line and column, from 1, of `offset` in `text`.
pub(super) fn position(text: &str, offset: TextSize) -> (usize, usize) {
    let mut end = offset.to_usize().min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}
