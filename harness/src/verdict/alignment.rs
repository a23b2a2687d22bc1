//! Which reports stand for which events: a longest common subsequence, or nearly one.
//!
//! Edges that occur once on each side are anchors: the longest run of them that both sides have in
//! the same order is found in O(n log n), and only what lies between two anchors is compared by
//! Myers' algorithm, whose cost grows with length × differences. A run of a million spans of which one
//! in a hundred was not reported would otherwise take hours.
//!
//! Edges that one side does not have at all have no say in that: how often a hook reports what did not
//! happen, such as what the library imports to read a file without byte code, does not decide which of two
//! equal reports stands for an event.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Up to this many edges on a side are left to Myers' algorithm, which finds the shortest
/// explanation.
const SHORT: usize = 64;

/// A stretch of both sides; one of the two may be empty unless they are the `same`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) expected: Range<usize>,
    pub(super) observed: Range<usize>,
    pub(super) same: bool,
}

/// Both sides from their beginning to their end, in stretches. Edges are numbers below `distinct`.
pub(super) fn align(expected: &[u32], observed: &[u32], distinct: usize) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    if expected == observed {
        push(&mut stretches, 0..expected.len(), 0..observed.len(), true);
        return stretches;
    }
    let (own, others) = (positions(expected, distinct), positions(observed, distinct));
    let (own, others) = (Shared::of(expected, &others), Shared::of(observed, &own));
    let (mut left, mut right) = (0, 0);
    let same = align_shared(&own.edges, &others.edges, distinct).into_iter().filter(|it| it.same);
    for (one, other) in same.flat_map(|it| it.expected.zip(it.observed)) {
        let (one, other) = (own.positions[one], others.positions[other]);
        push(&mut stretches, left..one, right..other, false);
        push(&mut stretches, one..one + 1, other..other + 1, true);
        (left, right) = (one + 1, other + 1);
    }
    push(&mut stretches, left..expected.len(), right..observed.len(), false);
    stretches
}

/// The edges of one side that the other has too, and where they are.
struct Shared {
    edges: Vec<u32>,
    positions: Vec<usize>,
}

impl Shared {
    fn of(edges: &[u32], other: &[Position]) -> Self {
        let is_shared = |edge: u32| !matches!(other[edge as usize], Position::Nowhere);
        let found = edges.iter().enumerate().filter(|(_, edge)| is_shared(**edge));
        let (positions, edges) = found.map(|(position, &edge)| (position, edge)).unzip();
        Self { edges, positions }
    }
}

/// Sides that have the same edges, each as often as it likes.
fn align_shared(expected: &[u32], observed: &[u32], distinct: usize) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let short = expected.len().max(observed.len()) <= SHORT;
    let anchors = if short { Vec::new() } else { anchors(expected, observed, distinct) };
    let (mut left, mut right) = (0, 0);
    for (anchor, twin) in anchors {
        between(expected, observed, (left..anchor, right..twin), &mut stretches);
        push(&mut stretches, anchor..anchor + 1, twin..twin + 1, true);
        (left, right) = (anchor + 1, twin + 1);
    }
    let rest = (left..expected.len(), right..observed.len());
    between(expected, observed, rest, &mut stretches);
    stretches
}

/// Adds a stretch, or lengthens the last one if that is equal as well.
fn push(stretches: &mut Vec<Stretch>, expected: Range<usize>, observed: Range<usize>, same: bool) {
    match stretches.last_mut() {
        Some(last) if last.same && same => {
            (last.expected.end, last.observed.end) = (expected.end, observed.end);
        }
        _ if expected.is_empty() && observed.is_empty() => {}
        _ => stretches.push(Stretch { expected, observed, same }),
    }
}

fn between(
    expected: &[u32],
    observed: &[u32],
    (left, right): (Range<usize>, Range<usize>),
    into: &mut Vec<Stretch>,
) {
    if left.is_empty() || right.is_empty() {
        return push(into, left, right, false);
    }
    let (from, to) = (left.start, right.start);
    for operation in capture_diff_slices(Algorithm::Myers, &expected[left], &observed[right]) {
        let (old, new) = (operation.old_range(), operation.new_range());
        let (old, new) = (from + old.start..from + old.end, to + new.start..to + new.end);
        push(into, old, new, matches!(operation, DiffOp::Equal { .. }));
    }
}

/// Positions of edges that occur once on each side, as many as stand in the same order on both.
fn anchors(expected: &[u32], observed: &[u32], distinct: usize) -> Vec<(usize, usize)> {
    let (own, twins) = (positions(expected, distinct), positions(observed, distinct));
    let is_anchor =
        |(position, edge): (usize, &u32)| match (own[*edge as usize], twins[*edge as usize]) {
            (Position::Once(_), Position::Once(twin)) => Some((position, twin)),
            _ => None,
        };
    let pairs: Vec<_> = expected.iter().enumerate().filter_map(is_anchor).collect();
    in_order(&pairs)
}

/// Where an edge is on one side.
#[derive(Clone, Copy)]
enum Position {
    Nowhere,
    Once(usize),
    Often,
}

fn positions(edges: &[u32], distinct: usize) -> Vec<Position> {
    let mut positions = vec![Position::Nowhere; distinct];
    for (position, &edge) in edges.iter().enumerate() {
        let known = &mut positions[edge as usize];
        *known = match known {
            Position::Nowhere => Position::Once(position),
            _ => Position::Often,
        };
    }
    positions
}

/// As many of the pairs as have growing second numbers; the first numbers grow already. Of several
/// such choices it is one that takes pairs from the front.
fn in_order(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // From the back: `ends[n]` is the pair at which a run of n + 1 begins, with the largest second
    // number of all that are known.
    let mut ends: Vec<usize> = Vec::new();
    let mut next: Vec<Option<usize>> = vec![None; pairs.len()];
    for (index, (_, second)) in pairs.iter().enumerate().rev() {
        let length = ends.partition_point(|&end| pairs[end].1 > *second);
        next[index] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    std::iter::successors(ends.last().copied(), |&index| next[index])
        .map(|index| pairs[index])
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is the same, as positions on both sides.
    fn pairs(expected: &[u32], observed: &[u32]) -> Vec<(usize, usize)> {
        let distinct = expected.iter().chain(observed).max().map_or(0, |&most| most as usize + 1);
        let (mut left, mut right) = (0, 0);
        let mut pairs = Vec::new();
        for stretch in align(expected, observed, distinct) {
            assert_eq!((stretch.expected.start, stretch.observed.start), (left, right));
            (left, right) = (stretch.expected.end, stretch.observed.end);
            if stretch.same {
                assert_eq!(expected[stretch.expected.clone()], observed[stretch.observed.clone()]);
                pairs.extend(stretch.expected.zip(stretch.observed));
            }
        }
        assert_eq!((left, right), (expected.len(), observed.len()), "nothing is left out");
        pairs
    }

    #[test]
    fn as_many_as_possible_stay_in_order() {
        let cases: &[(&[(usize, usize)], usize)] = &[
            (&[], 0),
            (&[(0, 5)], 1),
            (&[(0, 1), (1, 0)], 1),
            (&[(0, 4), (1, 0), (2, 1), (3, 5), (4, 2)], 3),
        ];
        for (pairs, length) in cases {
            let run = in_order(pairs);
            assert_eq!(run.len(), *length, "{pairs:?}");
            assert!(run.is_sorted_by_key(|(_, second)| *second), "{pairs:?}");
        }
    }

    proptest! {
        #[test]
        fn what_only_one_side_has_decides_nothing(
            expected in prop::collection::vec(0_u32..4, 0..40),
            observed in prop::collection::vec((0_u32..4, any::<bool>()), 0..40),
        ) {
            let told = observed.iter().flat_map(|&(edge, is_in_company)| {
                [Some(edge), is_in_company.then_some(4)]
            });
            let noisy: Vec<u32> = told.flatten().collect();
            let quiet: Vec<u32> = observed.iter().map(|(edge, _)| *edge).collect();
            let kept: Vec<usize> = (0..noisy.len()).filter(|at| noisy[*at] != 4).collect();
            let of_quiet: Vec<_> =
                pairs(&expected, &quiet).into_iter().map(|(one, at)| (one, kept[at])).collect();
            prop_assert_eq!(pairs(&expected, &noisy), of_quiet);
        }

        #[test]
        fn what_was_left_out_of_a_long_run_is_all_that_differs(
            length in 100_u32..2_000,
            lost in prop::collection::btree_set(0_u32..100, 0..20),
        ) {
            let expected: Vec<_> = (0..length).collect();
            let observed: Vec<_> = (0..length).filter(|edge| !lost.contains(edge)).collect();
            prop_assert_eq!(pairs(&expected, &observed).len(), length as usize - lost.len());
        }

        #[test]
        fn any_two_runs_are_aligned(
            expected in prop::collection::vec(0_u32..40, 0..200),
            observed in prop::collection::vec(0_u32..40, 0..200),
        ) {
            pairs(&expected, &observed);
        }
    }
}
