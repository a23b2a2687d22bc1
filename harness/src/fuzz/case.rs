//! One random program by its seed, and the smallest that shows the same.

use proptest::{
    prelude::BoxedStrategy,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::program::RandomProgram;

/// The program of a seed; always the same.
pub fn program(programs: &BoxedStrategy<RandomProgram>, seed: u64) -> RandomProgram {
    tree(programs, seed).current()
}

/// The smallest program, as far as `rounds` tries find one, that still `fails`, made from the one of
/// a seed.
pub fn shrunk(
    programs: &BoxedStrategy<RandomProgram>,
    seed: u64,
    rounds: usize,
    mut fails: impl FnMut(&RandomProgram) -> bool,
) -> RandomProgram {
    let mut tree = tree(programs, seed);
    let original = tree.current();
    let mut smallest = original.clone();
    let mut moved = tree.simplify();
    for _ in 0..rounds {
        if !moved {
            break;
        }
        let candidate = tree.current().like(&original);
        moved = if fails(&candidate) {
            smallest = candidate;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    smallest
}

fn tree(
    programs: &BoxedStrategy<RandomProgram>,
    seed: u64,
) -> impl ValueTree<Value = RandomProgram> + use<> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    programs.new_tree(&mut runner).expect("no strategy here rejects anything")
}
