//! Byte code: each interpreter compiles for itself, and all cores compile at once.

use std::{io, iter};

use super::{Failure, Job, Start, Target, answer::Answer, cell_folder::CellFolder, frames::push};
use crate::{
    parallel,
    tree::{Compile, Dialect},
};

/// Most of a request: what takes about a second to compile, so that the deadline is far.
const MOST_SOURCE_BYTES: usize = 2 << 20;
/// Most of an answer, with room for its frames below [`crate::child::Limits::answer_bytes`].
const MOST_CODE_BYTES: usize = 32 << 20;

/// An interpreter as the compiler of trees.
#[derive(Clone, Copy)]
pub struct Compiler<'a> {
    /// How its workers are started.
    pub start: &'a dyn Start,
    /// The interpreter.
    pub target: &'a Target,
}

impl Compile for Compiler<'_> {
    fn dialect(&self) -> Option<Dialect> {
        self.target.dialect()
    }

    fn compile(&self, sources: &[&str]) -> io::Result<Vec<Option<Vec<u8>>>> {
        compile(self.start, self.target, sources).map_err(io::Error::other)
    }
}

/// Has `target` compile each of `sources` as a module's text.
///
/// Code objects come as `marshal` writes them, for a file called `<compiled>`; importlib puts the
/// right name in when it loads them. There is none where a source does not compile, or where
/// compiling it gives any warning: the program under test is to raise and show these itself.
pub fn compile(
    start: &dyn Start,
    target: &Target,
    sources: &[&str],
) -> Result<Vec<Option<Vec<u8>>>, Failure> {
    let parts = parts(sources);
    let compiled = parallel::map(&parts, |part| compile_part(start, target, part))?;
    Ok(compiled.into_iter().flatten().collect())
}

/// Divides `sources` into one part a core, or as often as keeps each below the most of a request.
fn parts<'a, 'b>(sources: &'b [&'a str]) -> Vec<&'b [&'a str]> {
    let total: usize = sources.iter().map(|source| source.len()).sum();
    let rounds = total.div_ceil(parallel::width() * MOST_SOURCE_BYTES).max(1);
    let bytes = total.div_ceil(parallel::width() * rounds);
    let mut left = sources;
    iter::from_fn(|| {
        let mut sum = 0;
        let mut fits = |source: &&str| {
            sum += source.len();
            sum <= bytes
        };
        // the one that goes over belongs to it, so that a part is never empty
        let count = left.iter().take_while(|source| fits(source)).count() + 1;
        let (part, rest) = left.split_at(count.min(left.len()));
        left = rest;
        (!part.is_empty()).then_some(part)
    })
    .collect()
}

fn compile_part(
    start: &dyn Start,
    target: &Target,
    sources: &[&str],
) -> Result<Vec<Option<Vec<u8>>>, Failure> {
    let mut compiled = Vec::with_capacity(sources.len());
    while compiled.len() < sources.len() {
        compiled.extend(ask(start, target, &sources[compiled.len()..])?);
    }
    Ok(compiled)
}

/// One request: the code of as many sources, from the first on, as its answer has room for.
fn ask(
    start: &dyn Start,
    target: &Target,
    sources: &[&str],
) -> Result<Vec<Option<Vec<u8>>>, Failure> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"compile");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "room", MOST_CODE_BYTES.to_string().as_bytes());
    for source in sources {
        push(&mut request, "source", source.as_bytes());
    }
    let folder = CellFolder::new()?;
    let ended = start.start(Job::new(target, &request, folder.path()))?;
    let answer = Answer::read(&ended)?;
    let codes = answer.frames().iter().filter(|frame| frame.key == "code");
    let codes: Vec<_> =
        codes.map(|code| (!code.value.is_empty()).then(|| code.value.to_owned())).collect();
    if codes.is_empty() || codes.len() > sources.len() {
        let message = format!("{} frames `code` for {} sources", codes.len(), sources.len());
        return Err(Failure::Garbage(message));
    }
    Ok(codes)
}
