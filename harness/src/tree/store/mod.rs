//! Trees that are written once and lent to one cell after another.

mod home;
mod instance;
mod recent;
mod seal;
#[cfg(test)]
mod tests;

use std::{
    cell::LazyCell,
    io,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
};

use home::Home;
pub use home::claim;
use instance::{Content, Instance};
use recent::Recent;
use seal::Seal;

use super::{ByteCode, Compile, Dialect, discard, place, write::write_all};
use crate::scenario::{Scenario, SourceFile};

/// How many files of trees that are not in use are kept. In memory a small file takes two pages, so
/// this is about 3 GiB.
const MOST_FILES: usize = 400_000;

/// Trees on disk, each lent to one cell at a time.
///
/// A tree that comes back as it was given out is given out again, to any cell of a scenario with the
/// same files. One that a cell has changed in whatever way is removed, so that no other cell sees
/// the change. What is not noticed is a change by a process that outlives its cell, after the tree
/// has come back; the next one to bring the tree back notices that.
#[derive(Debug)]
pub struct Store {
    home: Home,
    most_files: usize,
    written: AtomicUsize,
    kept: Mutex<Kept>,
}

/// What is not in use.
#[derive(Debug)]
struct Kept {
    trees: Recent<Instance>,
    /// Byte code outlives the trees that it was made for: some cells change theirs every time.
    codes: Recent<(Arc<Content>, Arc<ByteCode>)>,
}

/// The use of a tree, until this is dropped.
#[derive(Debug)]
pub struct Lease<'a> {
    store: &'a Store,
    instance: Option<Instance>,
}

impl Store {
    /// An empty store at the [place] for trees. What harnesses that were killed have left there is
    /// removed.
    pub fn new() -> io::Result<Self> {
        Self::new_in(&place(), MOST_FILES)
    }

    /// An empty store below the folder `place` that keeps up to `most_files` files of trees that are
    /// not in use, and as many files' byte code. The tree used last is kept whatever its size.
    pub fn new_in(place: &Path, most_files: usize) -> io::Result<Self> {
        let kept = Kept { trees: Recent::new(most_files), codes: Recent::new(most_files) };
        let home = Home::new_in(place)?;
        Ok(Self { home, most_files, written: AtomicUsize::new(0), kept: Mutex::new(kept) })
    }

    /// The tree of `scenario`, for one cell alone: written now, or earlier for another.
    ///
    /// With a `compiler`, every module for which it has byte code has a `.pyc` file in its dialect,
    /// and perhaps others in dialects with other cache tags. Without, there is no byte code.
    ///
    /// # Errors
    ///
    /// The file that could not be written, or why nothing could be compiled.
    pub fn lease(
        &self,
        scenario: &Scenario,
        compiler: Option<&dyn Compile>,
    ) -> io::Result<Lease<'_>> {
        let compiler = compiler.and_then(|compiler| Some((compiler, compiler.dialect()?)));
        let dialect = compiler.as_ref().map(|(_, dialect)| dialect);
        let instance = match self.take(scenario, dialect) {
            Some(instance) => instance,
            None => self.begin(scenario)?,
        };
        // from here on a failure removes the tree
        let mut lease = Lease { store: self, instance: Some(instance) };
        let instance = lease.instance.as_mut().expect("it was put there");
        self.complete(instance, compiler)?;
        Ok(lease)
    }

    /// How many trees had to be written, because none that is kept would do.
    pub fn written(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("nobody panics while holding it")
    }

    fn take(&self, scenario: &Scenario, dialect: Option<&Dialect>) -> Option<Instance> {
        let mut kept = self.kept();
        let trees = &mut kept.trees;
        let same = |tree: &Instance| tree.content.is_of(scenario);
        let Some(dialect) = dialect else {
            return trees.take(|tree| same(tree) && tree.dialects.is_empty());
        };
        trees.take(|tree| same(tree) && tree.dialects.contains(dialect)).or_else(|| {
            trees.take(|tree| same(tree) && tree.has_room_for(dialect, self.most_files))
        })
    }

    /// A place for a tree of which nothing is written.
    fn begin(&self, scenario: &Scenario) -> io::Result<Instance> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        // always as long, so that a program that measures its path finds the same in every cell
        let path = self.home.path().join(format!("{number:07}"));
        std::fs::create_dir(&path)?;
        let content = Arc::new(Content::of(scenario));
        Ok(Instance { content, path, files: 0, dialects: Vec::new(), seal: None })
    }

    /// Writes what is missing of a tree, and seals it.
    fn complete(
        &self,
        tree: &mut Instance,
        compiler: Option<(&dyn Compile, Dialect)>,
    ) -> io::Result<()> {
        let content = Arc::clone(&tree.content);
        let sources = LazyCell::new(|| content.sources());
        let is_new = tree.seal.is_none();
        let missing = compiler.filter(|(_, dialect)| !tree.dialects.contains(dialect));
        if !is_new && missing.is_none() {
            return Ok(());
        }
        tree.seal = None;
        if is_new {
            tree.files += sources.len();
            write_all(&tree.path, &sources)?;
        }
        if let Some((compiler, dialect)) = missing {
            let code = self.code(&content, &sources, compiler, &dialect)?;
            tree.files += code.len();
            code.write(&tree.path)?;
            tree.dialects.push(dialect);
        }
        let seal = tree.seal.insert(Seal::take(&tree.path)?);
        self.home.outlast(seal.newest())
    }

    /// The byte code of a tree: kept, or made now.
    fn code(
        &self,
        content: &Arc<Content>,
        sources: &[SourceFile],
        compiler: &dyn Compile,
        dialect: &Dialect,
    ) -> io::Result<Arc<ByteCode>> {
        let wanted = |(of, code): &(Arc<Content>, Arc<ByteCode>)| {
            code.dialect() == dialect && (Arc::ptr_eq(of, content) || of == content)
        };
        let kept = self.kept().codes.take(wanted);
        let code = match kept {
            Some((_, code)) => code,
            None => Arc::new(ByteCode::compile(sources, compiler, dialect)?),
        };
        self.kept().codes.put((Arc::clone(content), Arc::clone(&code)), code.len());
        Ok(code)
    }

    fn give_back(&self, tree: Instance) {
        let unchanged = tree.seal.as_ref().is_some_and(|seal| seal.holds(&tree.path));
        let files = tree.files;
        let gone = if unchanged { self.kept().trees.put(tree, files) } else { vec![tree] };
        for tree in gone {
            // one that cannot be removed is not used again
            discard(&tree.path);
        }
    }
}

impl Lease<'_> {
    /// The folder that holds the tree: what goes to `sys.path`.
    pub fn path(&self) -> &Path {
        let instance = self.instance.as_ref();
        &instance.expect("it is there until the lease is dropped").path
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(tree) = self.instance.take() {
            self.store.give_back(tree);
        }
    }
}
