//! What the model runs: a tree of files in memory, and two pieces of code.

use std::{collections::HashMap, path::Path};

use crate::{
    model::{
        abstention::Doubt,
        importing::library::{is_built_in, is_module},
        source::{
            parse::parse,
            start::{Start, Unknown},
        },
    },
    scenario::{Run, Scenario, SourceFile},
    version::Version,
};

/// A program and the files that it can import.
#[derive(Clone, Debug)]
pub struct Program {
    files: Vec<SourceFile>,
    /// What is at each path below the tree's folder.
    entries: Entries,
    /// Whether any of the files is an extension module or byte code.
    has_compiled: bool,
    setup: String,
    run: String,
    /// What runs in place of `run`, as `-m` names it.
    module: Option<String>,
    start: Result<Start, Unknown>,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The file with this number.
    File(usize),
    Folder,
}

impl Program {
    /// A program over `files`, whose paths can exist beside each other. `setup` runs unobserved.
    pub fn new(files: impl IntoIterator<Item = SourceFile>, setup: &str, run: &str) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        let entries = Entries::of(&files);
        let is_compiled = |file: &SourceFile| {
            let extension = Path::new(file.path.as_str()).extension();
            extension
                .is_some_and(|extension| ["so", "pyd", "pyc"].iter().any(|one| extension == *one))
        };
        let has_compiled = files.iter().any(is_compiled);
        let (setup, run) = (setup.to_owned(), run.to_owned());
        let start = Ok(Start::usual().clone());
        Self { files, entries, has_compiled, setup, run, module: None, start }
    }

    /// How many of its texts CPython of `version` does not compile, or may not.
    pub fn count_refused(&self, version: Version) -> usize {
        let files = self.files.iter().filter(|file| {
            Path::new(file.path.as_str()).extension().is_some_and(|extension| extension == "py")
        });
        let texts = files.map(|file| file.body.as_str()).chain([&*self.setup, &*self.run]);
        texts.filter(|text| parse(text, version).is_err()).count()
    }

    pub(crate) fn entry(&self, path: &str) -> Option<Entry> {
        self.entries.get(path)
    }

    /// Whether a search must look for extension modules and byte code.
    pub(crate) fn has_compiled_files(&self) -> bool {
        self.has_compiled
    }

    /// Whether the tree has modules under names of the library's.
    pub(crate) fn shadows_library(&self) -> bool {
        self.files
            .iter()
            .filter_map(|file| file.path.top_level())
            .any(|name| is_module(name) && !is_built_in(name))
    }

    /// What is at a path below the user's site directory.
    pub(crate) fn site_entry(&self, path: &str) -> Option<Entry> {
        self.start().site_entries.get(path)
    }

    /// Whether the interpreter starts with `site`.
    pub(crate) fn has_site(&self) -> bool {
        !self.start().site.is_empty()
    }

    /// The files of the user's site directory.
    pub(crate) fn site_files(&self) -> &[SourceFile] {
        &self.start().site
    }

    /// Whether `word` stands in its texts, by itself or within another one.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        let files = self.files.iter().map(|file| file.body.as_str());
        files.chain([&*self.setup, &*self.run]).any(|text| text.contains(word))
    }

    pub(crate) fn files(&self) -> &[SourceFile] {
        &self.files
    }

    pub(crate) fn setup(&self) -> &str {
        &self.setup
    }

    pub(crate) fn run(&self) -> &str {
        &self.run
    }

    /// The module that runs in place of `run`.
    pub(crate) fn module(&self) -> Option<&str> {
        self.module.as_deref()
    }

    /// How the interpreter starts; as always where that is unknown.
    pub(crate) fn start(&self) -> &Start {
        self.start.as_ref().unwrap_or(Start::usual())
    }

    /// What about the start the model cannot follow.
    pub(in crate::model) fn doubt(&self) -> Option<Doubt> {
        let (construct, why) = self.start.as_ref().err()?;
        Some(Doubt::new(construct.as_str(), *why))
    }
}

/// What is at each path that some files make, by folder. Modules that are imported one after the other mostly
/// lie beside each other, so what is asked for is in the processor's caches, however many files there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entries(HashMap<String, HashMap<String, Entry>>);

impl Entries {
    pub(crate) fn of(files: &[SourceFile]) -> Self {
        let mut entries = Self::default();
        for (number, file) in files.iter().enumerate() {
            for folder in file.path.folders() {
                if entries.get(folder).is_none() {
                    entries.insert(folder, Entry::Folder);
                }
            }
            entries.insert(file.path.as_str(), Entry::File(number));
        }
        entries
    }

    /// What is at a path, `/` between its parts.
    pub(crate) fn get(&self, path: &str) -> Option<Entry> {
        let (folder, name) = in_folder(path);
        self.0.get(folder)?.get(name).copied()
    }

    fn insert(&mut self, path: &str, entry: Entry) {
        let (folder, name) = in_folder(path);
        if !self.0.contains_key(folder) {
            self.0.insert(folder.to_owned(), HashMap::new());
        }
        if let Some(names) = self.0.get_mut(folder) {
            names.insert(name.to_owned(), entry);
        }
    }
}

fn in_folder(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

impl From<&Scenario> for Program {
    fn from(scenario: &Scenario) -> Self {
        let setup = scenario.setup.as_deref().unwrap_or_default();
        let run = scenario.run.code().unwrap_or_default();
        let mut program = Self::new(scenario.sources(), setup, run);
        if let Run::Module(name) = &scenario.run {
            program.module = Some(name.clone());
        }
        program.start = scenario.start_up().map_or_else(|| Ok(Start::usual().clone()), Start::of);
        program
    }
}
