//! The Python texts of one prediction, parsed when they are first run.

use std::cell::OnceCell;

use ruff_python_ast::Stmt;

use crate::{
    model::{
        abstention::{Abstention, Doubt, Place, position},
        natives::TEXTS,
        source::{
            parse::{Refusal, parse},
            program::Program,
            warning,
        },
    },
    version::Version,
};

/// A text of the program: a file of the tree by its number, or the scenario's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileId {
    Tree(usize),
    /// A file of the user's site directory.
    Site(usize),
    /// The model's own text of a module of the library.
    Library(usize),
    /// A text that the program has made.
    Made(usize),
    Setup,
    Run,
}

/// Owns what was parsed, so that functions can borrow their bodies from it.
pub(crate) struct Sources<'p> {
    program: &'p Program,
    version: Version,
    tree: Vec<OnceCell<Parsed>>,
    site: Vec<OnceCell<Parsed>>,
    library: Vec<OnceCell<Parsed>>,
    /// Texts that the program has made, in order; room for all is made with the first.
    made: OnceCell<Box<[OnceCell<Made>]>>,
    setup: OnceCell<Parsed>,
    run: OnceCell<Parsed>,
}

/// How many texts a program may make.
const MAX_MADE: usize = 1_000;

struct Made {
    name: String,
    text: String,
    parsed: OnceCell<Parsed>,
}

type Parsed = Result<Box<[Stmt]>, Refusal>;

impl<'p> Sources<'p> {
    pub(crate) fn new(program: &'p Program, version: Version) -> Self {
        let cells = |count: usize| (0..count).map(|_| OnceCell::new()).collect();
        Self {
            program,
            version,
            tree: cells(program.files().len()),
            site: cells(program.site_files().len()),
            library: cells(TEXTS.len()),
            made: OnceCell::new(),
            setup: OnceCell::new(),
            run: OnceCell::new(),
        }
    }

    /// Takes in a text that the program has made, under the name of its file. Nothing if there are
    /// too many.
    pub(crate) fn add(&self, name: &str, text: String) -> Option<FileId> {
        let made = self.made.get_or_init(|| (0..MAX_MADE).map(|_| OnceCell::new()).collect());
        let number = made.iter().position(|cell| cell.get().is_none())?;
        let text = Made { name: name.to_owned(), text, parsed: OnceCell::new() };
        made[number].set(text).ok().map(|()| FileId::Made(number))
    }

    fn made(&self, number: usize) -> Option<&Made> {
        self.made.get()?.get(number)?.get()
    }

    pub(crate) fn program(&self) -> &'p Program {
        self.program
    }

    /// The statements of a file, or why it has none.
    pub(crate) fn body(&self, file: FileId) -> Result<&[Stmt], &Refusal> {
        let cell = match file {
            FileId::Tree(number) => &self.tree[number],
            FileId::Site(number) => &self.site[number],
            FileId::Library(number) => &self.library[number],
            FileId::Made(number) => match self.made(number) {
                Some(made) => &made.parsed,
                None => return Ok(&[]),
            },
            FileId::Setup => &self.setup,
            FileId::Run => &self.run,
        };
        let parsed = cell.get_or_init(|| self.parse(file));
        parsed.as_ref().map(AsRef::as_ref)
    }

    fn parse(&self, file: FileId) -> Parsed {
        let body = parse(self.text(file), self.version)?;
        let is_own = matches!(file, FileId::Library(_));
        if let Some(category) = &self.program.start().raised_warnings
            && !is_own
        {
            warning::check(self.text(file), &body, category, self.version)?;
        }
        Ok(body)
    }

    pub(crate) fn text(&self, file: FileId) -> &str {
        match file {
            FileId::Tree(number) => &self.program.files()[number].body,
            FileId::Site(number) => &self.program.site_files()[number].body,
            FileId::Library(number) => TEXTS[number].1,
            FileId::Made(number) => self.made(number).map_or("", |made| &made.text),
            FileId::Setup => self.program.setup(),
            FileId::Run => self.program.run(),
        }
    }

    /// What the file is called.
    pub(crate) fn name(&self, file: FileId) -> &str {
        match file {
            FileId::Tree(number) => self.program.files()[number].path.as_str(),
            FileId::Site(number) => self.program.site_files()[number].path.as_str(),
            FileId::Library(number) => TEXTS[number].0,
            FileId::Made(number) => self.made(number).map_or("", |made| &made.name),
            FileId::Setup => "<setup>",
            FileId::Run => "<run>",
        }
    }

    /// The abstention that a doubt is, in words for people.
    pub(crate) fn abstention(&self, doubt: Doubt) -> Abstention {
        let Doubt { construct, why, place } = doubt;
        let start = Place { file: FileId::Run, offset: 0.into() };
        let Place { file, offset } = place.unwrap_or(start);
        let (line, column) = position(self.text(file), offset);
        Abstention { file: self.name(file).to_owned(), line, column, construct, why }
    }
}
