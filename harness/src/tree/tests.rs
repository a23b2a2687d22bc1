//! What is written below a root, and what is not.

use std::{fs, io, os::unix::fs::MetadataExt};

use super::{
    fixtures::{folder, listing, source},
    *,
};
use crate::scenario::{Generated, Packages, Shape};

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
    let kinds = [Packages::Regular, Packages::Namespace];
    // 30 are written at once, 2,000 shared out, both within a folder and over folders
    let cases = shapes.into_iter().flat_map(|shape| {
        kinds.into_iter().flat_map(move |kind| [(shape, kind, 30), (shape, kind, 2_000)])
    });
    for (shape, packages, modules) in cases {
        let root = folder();
        let tree = Generated::new(shape, packages, modules).expect("a tree");
        write(root.path(), tree.sources()).expect("written");
        let mut expected: Vec<_> =
            tree.sources().map(|file| (file.path.to_string(), file.body)).collect();
        expected.sort();
        assert_eq!(listing(root.path()), expected, "{shape:?} {packages:?} {modules}");
    }
}

#[test]
fn every_time_is_the_same() {
    let root = folder();
    let deep = [source("a/b/c.py", ""), source("a/d.py", "x = 1\n"), source("e.py", "")];
    write(root.path(), deep).expect("written");
    for path in ["", "a", "a/b", "a/b/c.py", "a/d.py", "e.py"] {
        let metadata = fs::metadata(root.path().join(path)).expect("it is there");
        assert_eq!((metadata.mtime(), metadata.mtime_nsec()), (MODIFIED.into(), 0), "{path:?}");
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

    fs::create_dir(root.path().join("pkg")).expect("a folder");
    let error = write(root.path(), [source("pkg/b.py", "")]).expect_err("its folder is there");
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert!(error.to_string().contains("/pkg: "), "{error}");
}

#[test]
fn one_file_in_the_way_of_many_is_named() {
    let root = folder();
    let tree = Generated::new(Shape::FanOut, Packages::Namespace, 3_000).expect("a tree");
    let sources = tree.sources().chain([source("gen/m1.py", "again")]);
    let error = write(root.path(), sources).expect_err("one file is there twice");
    assert!(error.to_string().contains("/gen/m1.py: "), "{error}");
}

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
