//! What of a program's behaviour may differ between two builds of importlib without being another
//! behaviour.

use std::collections::BTreeSet;

use crate::verdict::{Behaviour, ProgramEnd};

/// How importlib's own frames are named.
const BOOTSTRAP: &str = "<frozen importlib._bootstrap>";

/// `behaviour` with importlib's own frames by their functions alone, those that follow each other in
/// one function once: a candidate has other lines, and where it wraps a function has two frames of it.
/// A frame of any other function, or of another file, stays what it is.
///
/// A stack that is full is full some frames earlier under a wrapper: of a `RecursionError` only the
/// files are compared that its traceback passes through.
pub fn settled(behaviour: &Behaviour) -> Behaviour {
    let mut behaviour = behaviour.clone();
    if let ProgramEnd::Raised { exception, frames, .. } = &mut behaviour.end {
        if exception == "RecursionError" {
            let file =
                |frame: &String| frame.rsplit_once(':').map_or("", |(file, _)| file).to_owned();
            let files: BTreeSet<_> = frames.iter().map(file).collect();
            *frames = files.into_iter().collect();
        }
        for frame in frames.iter_mut() {
            if let Some(function) = own(frame) {
                *frame = format!("{BOOTSTRAP} {function}");
            }
        }
        frames.dedup_by(|next, previous| next == previous && next.starts_with(BOOTSTRAP));
    }
    behaviour
}

/// The function of a frame of importlib's.
fn own(frame: &str) -> Option<&str> {
    frame.strip_prefix(BOOTSTRAP)?.rsplit(' ').next()
}
