//! A stream that is looked at block by block.

use std::{iter::Peekable, ops::Range};

/// The next items of a stream.
pub(super) struct Window<I: Iterator> {
    items: Vec<I::Item>,
    /// The item before the first of `items`.
    before: Option<I::Item>,
    rest: Peekable<I>,
}

/// An item, and the one that it comes after.
#[derive(Clone, Copy)]
pub(super) struct Placed<T> {
    pub(super) item: T,
    /// Nothing for the first of all.
    pub(super) after: Option<T>,
}

impl<I: Iterator<Item: Copy>> Window<I> {
    /// A window that shows nothing yet.
    pub(super) fn new(stream: I) -> Self {
        Self { items: Vec::new(), before: None, rest: stream.peekable() }
    }

    /// Shows `size` items or, if there are not as many, all; whether nothing comes after them.
    pub(super) fn widen(&mut self, size: usize) -> bool {
        let more = size.saturating_sub(self.items.len());
        self.items.extend(self.rest.by_ref().take(more));
        self.rest.peek().is_none()
    }

    pub(super) fn items(&self) -> &[I::Item] {
        &self.items
    }

    /// Items that are shown, with what they come after.
    pub(super) fn placed(&self, range: Range<usize>) -> impl Iterator<Item = Placed<I::Item>> {
        range.map(|index| {
            let after = index.checked_sub(1).map_or(self.before, |before| Some(self.items[before]));
            Placed { item: self.items[index], after }
        })
    }

    /// Leaves the first `count` of the items behind.
    pub(super) fn pass(&mut self, count: usize) {
        if let Some(last) = self.items.drain(..count).next_back() {
            self.before = Some(last);
        }
    }
}
