//! In which order the arms of a round are sampled.
//!
//! What runs later in a round, or after a certain other arm, finds other caches. Orders that are
//! drawn at random leave that to luck and a fixed one makes it a difference, so the orders are the
//! rows of a Williams design: in [`cycle`] rounds each arm stands equally often at each position,
//! and equally often right after each other arm.

/// After how many rounds the orders of `arms` arms are balanced and start over.
pub fn cycle(arms: usize) -> usize {
    match arms {
        0 | 1 => 1,
        even if even.is_multiple_of(2) => even,
        // Each row is needed in its mirror image too.
        odd => 2 * odd,
    }
}

/// The arms from 0 to `arms`, in the order in which round number `round` samples them.
///
/// `start` is the row that round 0 takes: any number, drawn anew for each launch, so that
/// launches of fewer rounds than a [`cycle`] are balanced together.
pub fn order(arms: usize, round: usize, start: usize) -> Vec<usize> {
    let rows = cycle(arms);
    let row = (round % rows + start % rows) % rows;
    let mut order: Vec<_> =
        (0..arms).map(|position| (zigzag(arms, position) + row) % arms).collect();
    if row >= arms {
        order.reverse();
    }
    order
}

/// 0, `arms - 1`, 1, `arms - 2`, 2 …: neighbours differ by each distance (modulo `arms`) once.
fn zigzag(arms: usize, position: usize) -> usize {
    if position.is_multiple_of(2) { position / 2 } else { arms - position.div_ceil(2) }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn counts<T: Ord>(items: impl Iterator<Item = T>) -> (usize, BTreeSet<usize>) {
        let mut counts = BTreeMap::new();
        items.for_each(|item| *counts.entry(item).or_insert(0) += 1);
        (counts.len(), counts.into_values().collect())
    }

    #[test]
    fn a_cycle_has_each_arm_equally_often_at_each_position() {
        for arms in 1..=9 {
            let rounds = cycle(arms);
            let places =
                (0..rounds).flat_map(|round| order(arms, round, 3).into_iter().enumerate());
            assert_eq!(counts(places), (arms * arms, [rounds / arms].into()), "{arms} arms");
        }
    }

    #[test]
    fn a_cycle_has_each_arm_equally_often_after_each_other() {
        for arms in 2..=9 {
            let rounds = cycle(arms);
            let orders: Vec<_> = (0..rounds).map(|round| order(arms, round, 5)).collect();
            let neighbours =
                orders.iter().flat_map(|order| order.windows(2).map(|pair| (pair[0], pair[1])));
            let expected = (arms * (arms - 1), [rounds / arms].into());
            assert_eq!(counts(neighbours), expected, "{arms} arms");
        }
    }

    #[test]
    fn the_start_is_a_number_of_rounds_ahead() {
        for arms in 0..=5 {
            assert_eq!(order(arms, 4, 3), order(arms, 7, 0));
            assert_eq!(order(arms, 1, cycle(arms)), order(arms, 1, 0));
            assert_eq!(order(arms, usize::MAX, usize::MAX).len(), arms);
        }
        assert_eq!(order(4, 0, 0), [0, 3, 1, 2]);
    }
}
