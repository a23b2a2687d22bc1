//! An interpreter made ready for cells: with the probe that it can load, and the worker compiled.

use std::{
    ffi::OsStr,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

use crate::{
    child::{self, Limits, Program},
    interpreter::Interpreter,
    layout::Layout,
    probe::{self, ProbeError},
    tree::Dialect,
};

/// What a cell runs in.
#[derive(Clone, Debug)]
pub struct Target {
    /// The interpreter.
    pub interpreter: Interpreter,
    /// The built probe.
    pub probe: PathBuf,
    /// The worker as byte code of this interpreter.
    pub worker: PathBuf,
}

/// Why an interpreter could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// There is no probe for it.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// It did not compile the worker.
    #[error("compiling the worker with Python {label}: {reason}")]
    Worker {
        /// Which interpreter.
        label: String,
        /// What went wrong.
        reason: String,
    },
}

/// Compiles the worker, of several files, with builtins alone, so that it works before anything else
/// does.
const COMPILE: &str = r#"
import sys
import _ast
*sources, target = sys.argv[1:]
body = []
for source in sources:
    with open(source, "rb") as file:
        tree = compile(file.read(), source, "exec", _ast.PyCF_ONLY_AST, dont_inherit=True)
    body.extend(tree.body)
whole = _ast.Module(body=body, type_ignores=[])
code = compile(whole, sources[-1], "exec", dont_inherit=True)
magic = sys.modules["_frozen_importlib_external"].MAGIC_NUMBER
with open(target, "wb") as file:
    # flag 1: checked against nothing, so no time and size of the source follow
    file.write(magic + b"\1\0\0\0" + bytes(8) + sys.modules["marshal"].dumps(code))
"#;

impl Target {
    /// Makes `interpreter` ready: builds the probe and compiles the worker, unless that is done.
    pub fn new(layout: &Layout, interpreter: Interpreter) -> Result<Self, TargetError> {
        let probe = probe::build(layout, &interpreter)?;
        let worker = compiled_worker(layout, &interpreter).map_err(|error| {
            TargetError::Worker { label: interpreter.label(), reason: error.to_string() }
        })?;
        Ok(Self { interpreter, probe, worker })
    }
}

impl Target {
    /// The byte code that the interpreter keeps; nothing if it keeps none.
    pub fn dialect(&self) -> Option<Dialect> {
        let interpreter = &self.interpreter;
        Some(Dialect { cache_tag: interpreter.cache_tag.clone()?, magic: interpreter.magic? })
    }
}

/// Compiling takes a fifth of a small cell's time, so it is done once for each interpreter.
fn compiled_worker(layout: &Layout, interpreter: &Interpreter) -> io::Result<PathBuf> {
    let sources = layout.worker();
    let mut hasher = DefaultHasher::new();
    for source in &sources {
        (fs::read(source)?, source).hash(&mut hasher);
    }
    (COMPILE, &interpreter.real_path, &interpreter.full_version).hash(&mut hasher);
    let folder = layout.worker_builds();
    let compiled = folder.join(format!("{:016x}.pyc", hasher.finish()));
    if compiled.exists() {
        return Ok(compiled);
    }
    fs::create_dir_all(&folder)?;
    // Another process may be at it too: whoever is last replaces a file by an equal one.
    let unfinished = tempfile::NamedTempFile::new_in(&folder)?;
    compile(interpreter, &sources, unfinished.path())?;
    unfinished.persist(&compiled)?;
    Ok(compiled)
}

fn compile(interpreter: &Interpreter, sources: &[PathBuf], target: &Path) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let options = ["-I", "-S", "-B", "-c", COMPILE].map(OsStr::new);
    let paths = sources.iter().map(|it| it.as_os_str()).chain([target.as_os_str()]);
    let program = Program::new(&interpreter.path, options.into_iter().chain(paths), folder.path());
    let ended = child::run(&program, &Limits::default())?;
    if ended.ending.is_success() {
        return Ok(());
    }
    Err(io::Error::other(format!("{}\n{}", ended.ending, ended.error_tail(10))))
}
