//! Where a file lies in a scenario's tree.

use std::{collections::HashMap, fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization as _;

/// The longest path, in characters.
const MAX_CHARS: usize = 512;
/// The longest part of a path, in bytes: what common file systems can store.
const MAX_PART_BYTES: usize = 255;

/// A path within a package tree: relative, with `/`, unable to leave the tree on any platform.
///
/// Case is kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreePath(String);

/// Why a text is no path within a tree. The message completes "the path …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreePathError {
    /// Nothing there.
    #[error("is empty")]
    Empty,
    /// Longer than common file systems can store.
    #[error("is longer than {MAX_CHARS} characters, or a part of it than {MAX_PART_BYTES} bytes")]
    TooLong,
    /// Starts at the root of the file system.
    #[error("is absolute")]
    Absolute,
    /// Has a part `..`, even one that stays within the tree.
    #[error("leaves its folder with `..`")]
    Parent,
    /// Has a part `.`.
    #[error("has a part `.`")]
    Current,
    /// Has `//` or ends with `/`.
    #[error("has an empty part")]
    EmptyPart,
    /// Has a character that separates or roots paths on some platform, or that cannot be seen.
    #[error("has the character {0:?}")]
    Character(char),
}

impl TreePath {
    /// The path as text, with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The paths of the folders that hold this file, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(end, _)| &self.0[..end])
    }

    /// The module or package that this file puts at the top level, if it is one that Python would
    /// import: the first folder, or the file's name up to its first `.`.
    pub fn top_level(&self) -> Option<&str> {
        if let Some((folder, _)) = self.0.split_once('/') {
            return Some(folder);
        }
        let (name, extensions) = self.0.split_once('.')?;
        let extension = extensions.rsplit('.').next()?;
        ["py", "pyc", "so", "pyd"].contains(&extension).then_some(name)
    }
}

impl FromStr for TreePath {
    type Err = TreePathError;

    fn from_str(text: &str) -> Result<Self, TreePathError> {
        // `:` is a drive on Windows (`C:x`) and a hidden stream of a file (`a.py:x`).
        let odd = |c: char| matches!(c, '\\' | ':') || c.is_control();
        match text.chars().find(|&c| odd(c)) {
            _ if text.is_empty() => return Err(TreePathError::Empty),
            _ if text.chars().count() > MAX_CHARS => return Err(TreePathError::TooLong),
            _ if text.starts_with('/') => return Err(TreePathError::Absolute),
            Some(c) => return Err(TreePathError::Character(c)),
            None => {}
        }
        text.split('/').try_for_each(check_part)?;
        Ok(Self(text.to_owned()))
    }
}

fn check_part(part: &str) -> Result<(), TreePathError> {
    match part {
        "" => Err(TreePathError::EmptyPart),
        "." => Err(TreePathError::Current),
        ".." => Err(TreePathError::Parent),
        _ if part.len() > MAX_PART_BYTES => Err(TreePathError::TooLong),
        _ => Ok(()),
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Finds paths that cannot exist beside each other, or that could not on a file system that does
/// not tell upper from lower case.
#[derive(Default)]
pub(super) struct Collisions {
    /// By the lower-case form of a path: the path as first written, and whether it is a folder.
    seen: HashMap<String, (String, Place)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Folder,
    File,
}

impl Collisions {
    /// Takes note of `path`. The error is the path that stands in its way.
    pub(super) fn add(&mut self, path: &TreePath) -> Result<(), String> {
        for folder in path.folders() {
            self.claim(folder, Place::Folder)?;
        }
        self.claim(path.as_str(), Place::File)
    }

    fn claim(&mut self, path: &str, place: Place) -> Result<(), String> {
        let claimed = (path.to_owned(), place);
        let first = self.seen.entry(alike(path)).or_insert_with(|| claimed.clone());
        if *first == claimed { Ok(()) } else { Err(first.0.clone()) }
    }
}

/// One text for all paths that a file system or Python may take for one: Python normalises identifiers.
fn alike(path: &str) -> String {
    path.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    fn path(text: &str) -> TreePath {
        text.parse().expect("a path within a tree")
    }

    #[test]
    fn what_could_leave_the_tree_is_no_path() {
        use TreePathError::{Absolute, Character, Current, Empty, EmptyPart, Parent, TooLong};
        let long = "a/".repeat(256) + "b";
        let long_part = "é".repeat(128);
        let cases = [
            ("", Empty),
            ("/abs.py", Absolute),
            ("../x", Parent),
            ("a/../../b", Parent),
            ("a/..", Parent),
            ("./a", Current),
            ("a//b", EmptyPart),
            ("a/", EmptyPart),
            ("C:\\x", Character(':')),
            ("C:x", Character(':')),
            ("a\\b", Character('\\')),
            ("a\0b", Character('\0')),
            ("a\nb", Character('\n')),
            (&long, TooLong),
            (&long_part, TooLong),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<TreePath>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn the_top_level_is_what_python_would_import() {
        for (text, top_level) in [
            ("pkg/sub/mod.py", Some("pkg")),
            ("mod.py", Some("mod")),
            ("ext.cpython-313-darwin.so", Some("ext")),
            ("notes.txt", None),
            ("LICENSE", None),
        ] {
            assert_eq!(path(text).top_level(), top_level, "{text}");
        }
    }

    #[test]
    fn paths_that_exclude_each_other_collide() {
        let collision = |paths: &[&str]| {
            let mut collisions = Collisions::default();
            paths.iter().find_map(|text| collisions.add(&path(text)).err())
        };
        assert_eq!(collision(&["a.py", "a/__init__.py", "a/b.py"]), None);
        assert_eq!(collision(&["a", "a/b.py"]).as_deref(), Some("a"));
        assert_eq!(collision(&["a/b.py", "a"]).as_deref(), Some("a"));
        assert_eq!(collision(&["a/b.py", "a/B.py"]).as_deref(), Some("a/b.py"));
        assert_eq!(collision(&["A/b.py", "a/c.py"]).as_deref(), Some("A"));
        assert_eq!(collision(&["a.py", "a.py"]), None);
        let twins = ["caf\u{e9}.py", "cafe\u{301}.py"];
        assert_eq!(collision(&twins).as_deref(), Some(twins[0]));
        assert_eq!(collision(&["ﬁ.py", "fi.py"]).as_deref(), Some("ﬁ.py"));
    }

    proptest! {
        #[test]
        fn an_accepted_path_stays_below_the_root(text in r"([a-z.:/\\ ]|\.\.|\PC){0,12}") {
            if let Ok(path) = text.parse::<TreePath>() {
                prop_assert_eq!(path.as_str(), &text);
                let joined = Path::new("/root").join(path.as_str());
                prop_assert!(joined.starts_with("/root"));
                let mut below = Path::new(path.as_str()).components();
                prop_assert!(below.all(|part| matches!(part, Component::Normal(_))));
            }
        }
    }
}
