//! A source tree: what of it goes into a build.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Files and folders at the top of a tree that a build of one's own may have left there, or that no
/// build looks at. What is in them does not go into ours.
const LEFT: [&str; 17] = [
    ".git",
    ".github",
    ".hg",
    "build",
    "python",
    "python.exe",
    "Makefile",
    "Makefile.pre",
    "config.cache",
    "config.log",
    "config.status",
    "pyconfig.h",
    "pybuilddir.txt",
    "platform",
    "python-config",
    "python-config.py",
    "autom4te.cache",
];

/// Endings of files that compilers leave anywhere.
const COMPILED: [&str; 6] = ["o", "a", "so", "pyc", "gcda", "gcno"];

/// The files of a tree, relative to it and in order.
fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if is_left(&path) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_left(path: &Path) -> bool {
    let is_named = |names: &[&str], part: Option<&std::ffi::OsStr>| {
        names.iter().any(|name| part == Some(name.as_ref()))
    };
    let is_top = path.components().count() == 1;
    is_top && is_named(&LEFT, path.file_name())
        || path.file_name() == Some("__pycache__".as_ref())
        || is_named(&COMPILED, path.extension())
        || path == Path::new("Modules/config.c")
        || path == Path::new("Modules/Setup.local")
}

/// Takes the whole tree into a digest: names and contents.
pub(super) fn digest(root: &Path, hasher: &mut Sha256) -> io::Result<()> {
    for path in files(root)? {
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.update([0]);
        let file = root.join(&path);
        // a link is what it points to, as it is for a build
        let bytes = match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(|error| about(&file, &error))?,
        };
        hasher.update(bytes.len().to_le_bytes());
        hasher.update(bytes);
    }
    Ok(())
}

/// Copies the tree to a folder that is not there yet. Times are kept, because `make` goes by them.
pub(super) fn copy(root: &Path, to: &Path) -> io::Result<()> {
    for path in files(root)? {
        let (from, to) = (root.join(&path), to.join(&path));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        let data = match fs::metadata(&from) {
            // a link to nowhere
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            data => data.map_err(|error| about(&from, &error))?,
        };
        fs::copy(&from, &to).map_err(|error| about(&from, &error))?;
        let copied = fs::File::open(&to)?;
        copied.set_modified(data.modified()?)?;
    }
    Ok(())
}

fn about(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("written");
        }
        folder
    }

    fn digest_of(root: &Path) -> Vec<u8> {
        let mut hasher = Sha256::new();
        digest(root, &mut hasher).expect("readable");
        hasher.finalize().to_vec()
    }

    #[test]
    fn what_a_build_leaves_is_no_source() {
        let clean = tree(&[("configure", "c"), ("Lib/a.py", "a"), ("Lib/build/b.py", "b")]);
        let built = tree(&[
            ("configure", "c"),
            ("Lib/a.py", "a"),
            ("Lib/build/b.py", "b"),
            ("Lib/__pycache__/a.pyc", "x"),
            ("Objects/a.o", "x"),
            ("Makefile", "x"),
            ("build/x", "x"),
            (".git/HEAD", "x"),
        ]);
        assert_eq!(digest_of(clean.path()), digest_of(built.path()));
        let to = tempfile::tempdir().expect("a folder");
        copy(built.path(), &to.path().join("copy")).expect("copied");
        assert_eq!(digest_of(clean.path()), digest_of(&to.path().join("copy")));
        assert!(!to.path().join("copy/Makefile").exists());
    }

    #[test]
    fn any_change_is_another_digest() {
        let one = digest_of(tree(&[("a", "bc")]).path());
        assert_ne!(one, digest_of(tree(&[("a", "bd")]).path()));
        assert_ne!(one, digest_of(tree(&[("ab", "c")]).path()));
    }
}
