//! Parents that are in lockstep with each other: they hand their turn on in a ring.

use std::{
    io::{self, Write},
    os::fd::OwnedFd,
    sync::Arc,
};

/// The place of one parent in a ring. When it is dropped, those that wait for this parent learn that it is gone, as soon
/// as its process has ended.
#[derive(Clone, Debug)]
pub struct Seat {
    /// How many parents there are.
    pub(super) size: usize,
    /// Where its turn comes from, and where it goes on to.
    pub(super) descriptors: Vec<Arc<OwnedFd>>,
}

/// Seats for `size` parents, each of which hands its turn on to the next one, and the last to the first. The first has
/// it. All of them must be taken, and by parents that run at the same time.
///
/// # Errors
///
/// When there are no pipes left.
pub fn ring(size: usize) -> io::Result<Vec<Seat>> {
    let mut pipes: Vec<_> = (0..size).map(|_| io::pipe()).collect::<Result<_, _>>()?;
    if let Some((_, writer)) = pipes.first_mut() {
        writer.write_all(&[0])?;
    }
    let (turns, mut nexts): (Vec<_>, Vec<_>) = pipes.into_iter().unzip();
    nexts.rotate_left(1.min(size));
    let seat = |(turn, next)| {
        let descriptors = [OwnedFd::from(turn), OwnedFd::from(next)];
        Seat { size, descriptors: descriptors.map(Arc::new).into() }
    };
    Ok(turns.into_iter().zip(nexts).map(seat).collect())
}
