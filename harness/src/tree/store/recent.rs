//! What was used last is kept.

use std::collections::VecDeque;

/// Things of which only so many are kept, those used last.
#[derive(Debug)]
pub(super) struct Recent<T> {
    /// Each with its weight; the one used last is last.
    items: VecDeque<(T, usize)>,
    weight: usize,
    most: usize,
}

impl<T> Recent<T> {
    /// Keeps things that together weigh up to `most`.
    pub(super) fn new(most: usize) -> Self {
        Self { items: VecDeque::new(), weight: 0, most }
    }

    /// Takes out the one used last among those that are `wanted`.
    pub(super) fn take(&mut self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        let index = self.items.iter().rposition(|(item, _)| wanted(item))?;
        let (item, weight) = self.items.remove(index)?;
        self.weight -= weight;
        Some(item)
    }

    /// Puts one in; returns those for which there is no room any more. The new one itself is always
    /// kept.
    pub(super) fn put(&mut self, item: T, weight: usize) -> Vec<T> {
        self.items.push_back((item, weight));
        self.weight += weight;
        let mut dropped = Vec::new();
        while self.weight > self.most && self.items.len() > 1 {
            let Some((item, weight)) = self.items.pop_front() else { break };
            self.weight -= weight;
            dropped.push(item);
        }
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_not_used_for_longest_go() {
        let mut recent = Recent::new(10);
        assert_eq!(recent.put('a', 4), []);
        assert_eq!(recent.put('b', 4), []);
        let a = recent.take(|&item| item == 'a').expect("a is there");
        assert_eq!(recent.put(a, 4), []);
        assert_eq!(recent.put('c', 4), ['b']);
        assert_eq!(recent.take(|&item| item == 'b'), None);
        assert_eq!(recent.put('d', 100), ['a', 'c']);
        assert_eq!(recent.put('e', 1), ['d']);
        assert_eq!(recent.take(|_| true), Some('e'));
        assert_eq!(recent.take(|_| true), None);
    }
}
