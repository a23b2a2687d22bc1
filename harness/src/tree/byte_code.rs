//! `.pyc` files beside the sources of a tree, as a user has them after a first run.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
};

use super::write::{Folders, MODIFIED, write_files};
use crate::scenario::{SourceFile, TreePath};

/// Where an interpreter keeps byte code, beside the source.
const CACHE: &str = "__pycache__";
/// The longest name of a file, in bytes, on common file systems.
const MAX_NAME_BYTES: usize = 255;

/// The byte code that an interpreter loads. Interpreters of one dialect share their files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// `sys.implementation.cache_tag`, the middle of a file's name.
    pub cache_tag: String,
    /// `importlib.util.MAGIC_NUMBER`, the first bytes of a file.
    pub magic: [u8; 4],
}

/// Somebody who compiles Python.
pub trait Compile {
    /// What is compiled to; none for an interpreter that keeps no byte code.
    fn dialect(&self) -> Option<Dialect>;

    /// The code object of each source as `marshal` writes it; none where the program should meet
    /// the source itself.
    fn compile(&self, sources: &[&str]) -> io::Result<Vec<Option<Vec<u8>>>>;
}

/// The `.pyc` files of one tree in one dialect.
#[derive(Clone, Debug)]
pub struct ByteCode {
    dialect: Dialect,
    /// Whole files. Equal sources have the same: nothing in one depends on where the source is.
    contents: Vec<Vec<u8>>,
    /// Each file's path below the root, and its content by number.
    files: Vec<(String, usize)>,
}

impl ByteCode {
    /// Has every distinct source compiled once.
    ///
    /// Files are of the default sort, checked against the size of their source and its time, which
    /// is [`MODIFIED`]. A folder for which `sources` itself has a `__pycache__` is left as it is.
    pub fn compile(
        sources: &[SourceFile],
        compiler: &dyn Compile,
        dialect: &Dialect,
    ) -> io::Result<Self> {
        let (mut distinct, mut numbers) = (Vec::new(), HashMap::new());
        let files: Vec<(String, usize)> = cached(sources, &dialect.cache_tag)
            .map(|(path, body)| {
                let number = *numbers.entry(body).or_insert_with(|| {
                    distinct.push(body);
                    distinct.len() - 1
                });
                (path, number)
            })
            .collect();
        let codes = if distinct.is_empty() { Vec::new() } else { compiler.compile(&distinct)? };
        let contents = distinct
            .iter()
            .zip(codes)
            .map(|(source, code)| code.map_or_else(Vec::new, |code| file(dialect, source, &code)));
        let contents: Vec<_> = contents.collect();
        let has_code = |(_, number): &(String, usize)| !contents[*number].is_empty();
        let files = files.into_iter().filter(has_code).collect();
        Ok(Self { dialect: dialect.clone(), contents, files })
    }

    /// Writes the files into the tree below `root`, which has the sources and nothing of this
    /// dialect. Nothing is overwritten, and no link is followed.
    pub fn write(&self, root: &Path) -> io::Result<()> {
        let content = |number: usize| self.contents[number].as_slice();
        let files = self.files.iter().map(|(path, number)| (path.as_str(), content(*number)));
        write_files(root, files, Folders::InnermostNew)
    }

    /// What it was compiled to.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// The sources that get byte code: where it goes, and their text.
fn cached<'a>(sources: &'a [SourceFile], tag: &'a str) -> impl Iterator<Item = (String, &'a str)> {
    let own: HashSet<&str> =
        sources.iter().filter_map(|source| cache_holder(&source.path)).collect();
    sources.iter().filter_map(move |source| {
        let path = source.path.as_str();
        let (folder, name) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
        let stem = name.strip_suffix(".py").filter(|stem| !stem.is_empty())?;
        let name = format!("{stem}.{tag}.pyc");
        let cached = !own.contains(folder) && cache_holder(&source.path).is_none();
        (cached && name.len() <= MAX_NAME_BYTES)
            .then(|| (format!("{folder}{CACHE}/{name}"), source.body.as_str()))
    })
}

/// The folder that holds the `__pycache__` in or at which `path` is, with its `/`.
fn cache_holder(path: &TreePath) -> Option<&str> {
    let mut places = path.folders().chain([path.as_str()]);
    places.find_map(|place| {
        let holder = place.strip_suffix(CACHE)?;
        (holder.is_empty() || holder.ends_with('/')).then_some(holder)
    })
}

/// A whole `.pyc` file as PEP 552 describes it, checked by time and size.
fn file(dialect: &Dialect, source: &str, code: &[u8]) -> Vec<u8> {
    let flags = 0_u32;
    // importlib compares the size modulo 2**32 as well
    #[expect(clippy::cast_possible_truncation, reason = "as the format says")]
    let size = source.len() as u32;
    let mut file = Vec::with_capacity(16 + code.len());
    file.extend(dialect.magic);
    for word in [flags, MODIFIED, size] {
        file.extend(word.to_le_bytes());
    }
    file.extend(code);
    file
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::tree::{
        fixtures::{Echo, folder, source},
        write,
    };

    /// Writes `files` with their byte code; returns how many were compiled, and the code's paths.
    fn check(files: &[(&str, &str)], expected: &[&str]) -> (tempfile::TempDir, usize) {
        let root = folder();
        let sources: Vec<_> = files.iter().map(|(path, body)| source(path, body)).collect();
        write(root.path(), sources.clone()).expect("written");
        let echo = Echo::new("echo-1", *b"ECHO");
        let dialect = echo.dialect().expect("a dialect");
        let code = ByteCode::compile(&sources, &echo, &dialect).expect("compiled");
        code.write(root.path()).expect("written");
        let mut paths: Vec<_> = code.files.iter().map(|(path, _)| path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(paths, expected);
        (root, echo.asked())
    }

    #[test]
    fn files_are_as_importlib_writes_them() {
        let (root, _) = check(&[("a/b.py", "x = 1\n")], &["a/__pycache__/b.echo-1.pyc"]);
        let written = fs::read(root.path().join("a/__pycache__/b.echo-1.pyc")).expect("a file");
        assert_eq!(written, *b"ECHO\0\0\0\0\x00\xe1\x0b\x5e\x06\0\0\0x = 1\n");
    }

    #[test]
    fn equal_sources_are_compiled_once() {
        let files = [("a.py", "x"), ("b.py", "x"), ("c/a.py", "x"), ("c/b.py", "y")];
        let code = ["a", "b", "c/a", "c/b"].map(|path| match path.split_once('/') {
            None => format!("__pycache__/{path}.echo-1.pyc"),
            Some((folder, name)) => format!("{folder}/__pycache__/{name}.echo-1.pyc"),
        });
        let (_, asked) = check(&files, &code.each_ref().map(String::as_str));
        assert_eq!(asked, 2);
    }

    #[test]
    fn only_modules_that_compile_get_byte_code() {
        let long = format!("{}.py", "a".repeat(250));
        let files =
            [("a.py", "!"), ("b.txt", "x"), (".py", "x"), (long.as_str(), "x"), ("a.b.py", "x")];
        check(&files, &["__pycache__/a.b.echo-1.pyc"]);
    }

    #[test]
    fn a_cache_that_the_scenario_has_is_its_own() {
        let files = [
            ("a/__pycache__", "no folder"),
            ("a/b.py", "x"),
            ("c/__pycache__/d.echo-1.pyc", "stale"),
            ("c/__pycache__/e.py", "x"),
            ("c/d.py", "x"),
            ("my__pycache__/f.py", "x"),
        ];
        check(&files, &["my__pycache__/__pycache__/f.echo-1.pyc"]);
    }

    #[test]
    fn nothing_to_compile_asks_nobody() {
        let (root, asked) = check(&[("data.txt", "x")], &[]);
        assert_eq!((asked, fs::read_dir(root.path()).expect("a folder").count()), (0, 1));
    }
}
