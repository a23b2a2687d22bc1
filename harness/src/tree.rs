//! Package trees on disk: the only place that writes package files.

use std::{
    collections::HashSet,
    env,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

use crate::scenario::SourceFile;

/// Writes `sources` below `root`, a folder that exists.
///
/// Every file and folder is made anew: whatever is already there, a symbolic link too, is an error
/// and is left as it is. So nothing outside `root` is touched. The error names the file or folder;
/// what was written before it stays.
pub fn write(root: &Path, sources: impl IntoIterator<Item = SourceFile>) -> io::Result<()> {
    let mut folders = HashSet::new();
    for SourceFile { path, body } in sources {
        for folder in path.folders() {
            if !folders.contains(folder) {
                let place = root.join(folder);
                fs::create_dir(&place).map_err(|error| about(&place, &error))?;
                folders.insert(folder.to_owned());
            }
        }
        let place = root.join(path.as_str());
        write_new(&place, &body).map_err(|error| about(&place, &error))?;
    }
    Ok(())
}

fn write_new(file: &Path, body: &str) -> io::Result<()> {
    File::create_new(file)?.write_all(body.as_bytes())
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
}

/// The folder below which trees are best put.
///
/// That is memory where there is a file system in it (`/dev/shm` on Linux), otherwise the folder
/// for temporary files. Trees are many small files that live for a second: ext4 takes 0.4 to 1 ms
/// for each once its journal is busy, memory takes two pages for each and adds no noise to timings.
pub fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let writable = memory.is_dir() && access(memory, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    if writable { memory.to_owned() } else { env::temp_dir() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Generated, Packages, Shape};

    fn source(path: &str, body: &str) -> SourceFile {
        SourceFile { path: path.parse().expect("a path within a tree"), body: body.to_owned() }
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    /// The files below `root`, sorted, each with its text.
    fn listing(root: &Path) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut pending = vec![root.to_owned()];
        while let Some(folder) = pending.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    let name = path.strip_prefix(root).expect("a file below the root");
                    let text = fs::read_to_string(&path).expect("a text");
                    files.push((name.to_str().expect("UTF-8").to_owned(), text));
                }
            }
        }
        files.sort();
        files
    }

    #[test]
    fn what_is_asked_for_is_written() {
        let root = folder();
        let sources = [source("pkg/__init__.py", ""), source("pkg/sub/mod.py", "x = 1\n")];
        write(root.path(), sources).expect("written");
        let expected = [("pkg/__init__.py", ""), ("pkg/sub/mod.py", "x = 1\n")];
        let expected = expected.map(|(path, body)| (path.to_owned(), body.to_owned()));
        assert_eq!(listing(root.path()), expected);
    }

    #[test]
    fn generated_trees_are_written() {
        let shapes = [Shape::Chain, Shape::FanOut, Shape::Tree { branching: 3 }];
        for (shape, packages) in shapes
            .into_iter()
            .flat_map(|shape| [(shape, Packages::Regular), (shape, Packages::Namespace)])
        {
            let root = folder();
            let tree = Generated::new(shape, packages, 30).expect("a tree");
            write(root.path(), tree.sources()).expect("written");
            let mut expected: Vec<_> =
                tree.sources().map(|file| (file.path.to_string(), file.body)).collect();
            expected.sort();
            assert_eq!(listing(root.path()), expected, "{shape:?} {packages:?}");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let root = folder();
        fs::write(root.path().join("a.py"), "mine").expect("written");
        let error = write(root.path(), [source("a.py", "yours")]).expect_err("it is there");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(error.to_string().contains("a.py"), "{error}");
        assert_eq!(listing(root.path()), [("a.py".to_owned(), "mine".to_owned())]);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_of_the_root() {
        let (root, outside) = (folder(), folder());
        std::os::unix::fs::symlink(outside.path(), root.path().join("pkg")).expect("a link");
        std::os::unix::fs::symlink(outside.path().join("b.py"), root.path().join("b.py"))
            .expect("a link");
        for path in ["pkg/a.py", "b.py"] {
            let error = write(root.path(), [source(path, "")]).expect_err("a link is there");
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(listing(outside.path()), []);
    }

    #[test]
    fn the_place_for_trees_is_a_folder() {
        assert!(place().is_dir());
    }
}
