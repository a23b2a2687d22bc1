//! Values that are kept once and named by their number.

use std::{borrow::Borrow, collections::HashMap, hash::Hash};

/// Distinct values, in the order of first occurrence.
#[derive(Debug)]
pub(super) struct Pool<T>(HashMap<T, usize>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Hash + Eq> Pool<T> {
    /// The number of `value`, from 0.
    pub(super) fn add<Q>(&mut self, value: &Q) -> usize
    where
        T: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = T> + ?Sized,
    {
        if let Some(number) = self.0.get(value) {
            return *number;
        }
        let number = self.0.len();
        self.0.insert(value.to_owned(), number);
        number
    }

    /// The values by their numbers.
    pub(super) fn into_values(self) -> Vec<T> {
        let mut numbered: Vec<_> = self.0.into_iter().collect();
        numbered.sort_by_key(|(_, number)| *number);
        numbered.into_iter().map(|(value, _)| value).collect()
    }
}
