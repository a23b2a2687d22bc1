//! The files that a program sees: those of its scenario, and what it writes itself.
//!
//! Paths begin with the name of a folder as messages have it: `<tree>`, `<work>` for the working
//! directory, `<user>` for the user's site directory. Everything beyond these is unknown.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use crate::model::{
    importing::library::{STDLIB_ENTRY, TREE},
    object::string::has_halves,
    source::{
        program::{Entry, Program},
        sources::FileId,
    },
    stop::{Outcome, doubt},
};

/// The working directory at the start, which is empty.
pub(crate) const WORK: &str = "<work>";
/// The user's site directory.
pub(crate) const SITE: &str = "<user>/site-packages";

/// What is at a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Folder,
    File(Contents),
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Contents {
    /// A text of the scenario.
    Given(FileId),
    Bytes(Rc<[u8]>),
    Code(ByteCode),
    Archive(Rc<[Member]>),
}

/// A file in a zip file: its name, with `/` at the end for a folder, and its contents.
pub(crate) type Member = (String, Contents);

/// A file of byte code for the version that runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ByteCode {
    /// What it was compiled from.
    pub(crate) source: Rc<[u8]>,
    pub(crate) file: FileId,
    /// Whether it holds without a look at the source.
    pub(crate) unchecked: bool,
    /// Whether only the header is there.
    pub(crate) truncated: bool,
}

/// When a folder was changed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// Before the program began.
    Start,
    /// At a moment of its own.
    Moment(u64),
    /// At a time that the program has set, in seconds.
    Set(i64),
}

#[derive(Debug)]
pub(super) struct Disk<'a> {
    program: &'a Program,
    /// What the program wrote, and with nothing what it removed.
    changes: BTreeMap<String, Option<Node>>,
    stamps: BTreeMap<String, Stamp>,
    moment: u64,
    /// `os.getcwd()`
    pub(super) current: String,
}

impl<'a> Disk<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        let (changes, stamps) = (BTreeMap::new(), BTreeMap::new());
        Self { program, changes, stamps, moment: 0, current: WORK.to_owned() }
    }

    /// Whether there may be files other than source.
    pub(super) fn has_other_files(&self) -> bool {
        !self.changes.is_empty() || self.program.has_compiled_files()
    }

    /// A path from the root and without `.` and `..`.
    pub(super) fn absolute(&self, path: &str) -> Outcome<String> {
        let known = [TREE, WORK, SITE, STDLIB_ENTRY].iter().any(|root| path.starts_with(root));
        if has_halves(path) {
            let why = "which file that is depends on how the system encodes names";
            return doubt("a path with half a surrogate pair", why);
        }
        if path.starts_with('/') {
            return doubt(format!("the path `{path}`"), "it lies outside the tree");
        }
        let whole = if known { path.to_owned() } else { format!("{}/{path}", self.current) };
        if whole.split('/').all(|part| !["", ".", ".."].contains(&part)) {
            return Ok(whole);
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in whole.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.len() < 2 => {
                    return doubt(format!("the path `{path}`"), "it lies outside the tree");
                }
                ".." => drop(parts.pop()),
                _ => parts.push(part),
            }
        }
        Ok(parts.join("/"))
    }

    /// What is at an absolute path.
    pub(super) fn at(&self, path: &str) -> Option<Node> {
        if !self.changes.is_empty()
            && let Some(changed) = self.changes.get(path)
        {
            return changed.clone();
        }
        let (entry, file): (_, fn(usize) -> FileId) = match path.strip_prefix(TREE) {
            Some("") => return Some(Node::Folder),
            Some(rest) => (self.program.entry(rest.strip_prefix('/')?), FileId::Tree),
            None => match path.strip_prefix(SITE) {
                Some("") if self.program.has_site() => return Some(Node::Folder),
                Some(rest) => (self.program.site_entry(rest.strip_prefix('/')?), FileId::Site),
                None => return (path == WORK).then_some(Node::Folder),
            },
        };
        entry.map(|entry| match entry {
            Entry::File(number) => Node::File(Contents::Given(file(number))),
            Entry::Folder => Node::Folder,
        })
    }

    pub(super) fn is_file(&self, path: &str) -> bool {
        matches!(self.at(path), Some(Node::File(_)))
    }

    pub(super) fn is_folder(&self, path: &str) -> bool {
        matches!(self.at(path), Some(Node::Folder))
    }

    /// Puts something at a path, or with nothing removes what is there.
    pub(super) fn put(&mut self, path: &str, node: Option<Node>) {
        if (self.at(path).is_some()) != node.is_some()
            && let Some((folder, _)) = path.rsplit_once('/')
        {
            self.moment += 1;
            self.stamps.insert(folder.to_owned(), Stamp::Moment(self.moment));
        }
        self.changes.insert(path.to_owned(), node);
    }

    pub(super) fn set_time(&mut self, path: &str, seconds: i64) {
        self.stamps.insert(path.to_owned(), Stamp::Set(seconds));
    }

    /// When a folder was changed last.
    pub(super) fn stamp(&self, folder: &str) -> Stamp {
        self.stamps.get(folder).copied().unwrap_or(Stamp::Start)
    }

    /// The names in a folder.
    pub(super) fn names_in(&self, folder: &str) -> BTreeSet<String> {
        let child = |path: &str| {
            let rest = path.strip_prefix(folder)?.strip_prefix('/')?;
            rest.split('/').next().map(ToOwned::to_owned)
        };
        let tree = self.program.files().iter().map(|file| format!("{TREE}/{}", file.path));
        let site = self.program.site_files().iter().map(|file| format!("{SITE}/{}", file.path));
        let given = tree.chain(site).filter_map(|path| child(&path));
        let changed = self.changes.keys().filter_map(|path| child(path));
        let there = |name: &String| self.at(&format!("{folder}/{name}")).is_some();
        given.chain(changed).filter(there).collect()
    }
}
