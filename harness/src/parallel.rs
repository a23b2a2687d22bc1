//! Independent pieces of work on all cores.
//!
//! The matrix runs cells on rayon's threads. A cell that waited for more work of rayon's would be
//! given *another cell* to run in the meantime, while it holds a tree and its clock is running. So
//! what happens within a cell is shared out over threads of its own, which do nothing else.

use std::{
    num::NonZero,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

/// How many threads work at once: as many as there are cores for us.
pub(crate) fn width() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What `work` makes of each item, in their order; or the error of one, after which no new item is
/// begun. A single item is worked on in the calling thread.
pub(crate) fn map<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    if items.len() < 2 || width() < 2 {
        return items.iter().map(work).collect();
    }
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let one_thread = || {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            done.push((index, work(item).inspect_err(|_| failed.store(true, Ordering::Relaxed))?));
        }
        Ok(done)
    };
    let ended: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..width().min(items.len())).map(|_| scope.spawn(one_thread)).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut done = Vec::with_capacity(items.len());
    for ended in ended {
        done.extend(ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
    }
    done.sort_unstable_by_key(|&(index, _)| index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for length in [0, 1, 2, 1_000] {
            let items: Vec<usize> = (0..length).collect();
            let doubled = map(&items, |&item| Ok::<_, ()>(item * 2)).expect("no error");
            assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..100_000).collect();
        let result = map(&items, |&item| {
            begun.fetch_add(1, Ordering::Relaxed);
            if item == 10 { Err("ten") } else { Ok(()) }
        });
        assert_eq!(result, Err("ten"));
        assert!(begun.into_inner() < items.len(), "all the rest was done all the same");
    }
}
