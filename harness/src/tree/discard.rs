//! Removing what is of no use any more, and saying what could not be removed.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::remove;

/// What could not be removed since somebody last asked, in words.
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Removes the folder `root`. Nobody has to wait for it, so what cannot be removed is told later, by
/// [`left_behind`]; the next harness tries again.
pub fn discard(root: &Path) {
    let Err(error) = remove(root) else { return };
    // another harness may have been at it as well
    if fs::symlink_metadata(root).is_ok() {
        LEFT.lock().unwrap_or_else(PoisonError::into_inner).push(error.to_string());
    }
}

/// What could not be removed and why, each told once: by its path, which begins with the folder that was to be
/// removed. Its folders may have other names now.
pub fn left_behind() -> Vec<String> {
    std::mem::take(&mut *LEFT.lock().unwrap_or_else(PoisonError::into_inner))
}
