//! Sources compiled ahead, once for each interpreter and by itself.
//!
//! Compiling ten lines in a forked child takes 2 ms, more than all the rest of a small cell: the
//! compiler's memory has to be copied page by page. A child that is handed byte code pays nothing.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Failure, Job, Start, Target, answer::Answer, cell_folder::CellFolder, frames::push};

/// A source and the file name that its code shall carry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
}

/// Marshalled code; nothing where a source has none, or where compiling it warns. Then the program
/// itself must be the one to compile it, so that the error or the warning is seen.
pub(super) type Code = Option<Arc<[u8]>>;

/// The sources of one compilation, at most: a child answers 64 MiB and takes 10 s.
const BATCH: usize = 1_000;

/// What was compiled so far.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// By the worker, of which each interpreter has its own.
    known: Mutex<HashMap<PathBuf, HashMap<Source, Code>>>,
}

impl Codes {
    /// The code of a source, compiled now if it has to be.
    pub(super) fn get(&self, start: &dyn Start, target: &Target, source: &Source) -> Code {
        if let Some(code) = self.lookup(target, source) {
            return code;
        }
        self.prepare(start, target, std::slice::from_ref(source));
        self.lookup(target, source).flatten()
    }

    /// Compiles those of `sources` that are not known yet, many in one child.
    ///
    /// If the child fails, they count as sources without code: each cell compiles its own.
    pub(super) fn prepare(&self, start: &dyn Start, target: &Target, sources: &[Source]) {
        let mut unknown: Vec<&Source> = Vec::new();
        for source in sources {
            if self.lookup(target, source).is_none() && !unknown.contains(&source) {
                unknown.push(source);
            }
        }
        for batch in unknown.chunks(BATCH) {
            let codes = compile(start, target, batch).unwrap_or_else(|_| vec![None; batch.len()]);
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let known = known.entry(target.worker.clone()).or_default();
            known.extend(batch.iter().map(|&source| source.clone()).zip(codes));
        }
    }

    fn lookup(&self, target: &Target, source: &Source) -> Option<Code> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&target.worker)?.get(source).cloned()
    }
}

/// Compiles `sources` in one child.
fn compile(start: &dyn Start, target: &Target, sources: &[&Source]) -> Result<Vec<Code>, Failure> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"compile");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    for source in sources {
        push(&mut request, "source-name", source.name.as_bytes());
        push(&mut request, "source", source.text.as_bytes());
    }
    let folder = CellFolder::new()?;
    let directory = folder.working_directory();
    let ended = start.start(Job {
        target,
        request: &request,
        folder: &directory,
        alone: false,
        own: None,
    })?;
    let answer = Answer::read(&ended)?;
    let frames = answer.frames().iter().filter(|frame| frame.key == "code");
    let code = |value: &[u8]| (!value.is_empty()).then(|| value.into());
    let codes: Vec<Code> = frames.map(|frame| code(frame.value)).collect();
    if codes.len() != sources.len() {
        let message = format!("{} codes for {} sources", codes.len(), sources.len());
        return Err(Failure::Garbage(message));
    }
    Ok(codes)
}
