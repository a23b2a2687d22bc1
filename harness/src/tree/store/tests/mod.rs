//! What cells do to their trees, and what the next one finds.

mod deeds;

use std::{
    fs::{self, File},
    path::Path,
    sync::Barrier,
    thread,
};

use deeds::{Deed, HARMLESS, HOSTILE};

use super::*;
use crate::{
    scenario::parse,
    tree::{
        Compile,
        fixtures::{Echo, folder, listing},
    },
};

const FILES: &str = r#"{a.py: "x = 1\n", pkg/__init__.py: "", pkg/b.py: "y = 2\n", pkg/c.py: "!"}"#;

/// A scenario with `files` and 3 generated modules below `root`.
fn scenario(files: &str, root: &str) -> Scenario {
    let text = format!(
        "summary: s\nfiles: {files}\n\
         generate: {{shape: chain, modules: 3, root: {root}}}\nrun: import a\ntrace: \"\"\n"
    );
    let name = "packages/x".parse().expect("a name");
    parse(Path::new("x.yaml"), name, &text).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

fn usual() -> Scenario {
    scenario(FILES, "gen")
}

fn store(place: &tempfile::TempDir) -> Store {
    Store::new_in(place.path(), 1_000).expect("a store")
}

fn lease<'a>(store: &'a Store, compiler: &Echo) -> Lease<'a> {
    store.lease(&usual(), Some(compiler)).expect("a tree")
}

fn byte_code(path: &Path) -> Vec<String> {
    let files = listing(path).into_iter().map(|(path, _)| path);
    files.filter(|path| path.contains("__pycache__/")).collect()
}

/// Has a cell do something, then looks at what the next one is given.
fn check(what: &str, deed: Deed, expected_to_write: usize) {
    let place = folder();
    let (store, compiler) = (store(&place), Echo::new("echo", *b"ECHO"));
    let first = lease(&store, &compiler);
    let expected = listing(first.path());
    deed(first.path());
    drop(first);
    let second = lease(&store, &compiler);
    assert_eq!(listing(second.path()), expected, "after a cell that {what}");
    assert_eq!(store.written(), expected_to_write, "trees, after a cell that {what}");
    // even where a tree was lost, its byte code is not compiled again
    assert_eq!(compiler.asked(), 5, "after a cell that {what}");
}

#[test]
fn no_cell_finds_what_another_did() {
    for (what, deed) in HOSTILE {
        check(what, deed, 2);
    }
}

#[test]
fn a_tree_that_was_only_read_is_lent_again() {
    for (what, deed) in HARMLESS {
        check(what, deed, 1);
    }
}

#[test]
fn no_two_cells_have_a_tree_at_once() {
    let place = folder();
    let (store, compiler) = (store(&place), Echo::new("echo", *b"ECHO"));
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                barrier.wait();
                for round in 0..50 {
                    let lease = lease(&store, &compiler);
                    let mark = lease.path().join("mark");
                    File::create_new(&mark).expect("nobody else has marked it");
                    // every second one clears up, which is no excuse
                    if round % 2 == 0 {
                        fs::remove_file(mark).expect("it is still there");
                    }
                }
            });
        }
    });
    assert_eq!(store.written(), 200);
}

#[test]
fn scenarios_with_the_same_files_share_trees() {
    let place = folder();
    let store = store(&place);
    let path = |files, root| {
        let lease = store.lease(&scenario(files, root), None).expect("a tree");
        lease.path().to_owned()
    };
    let first = path(FILES, "gen");
    assert_eq!(path(FILES, "gen"), first);
    assert_ne!(path("{a.py: \"\"}", "gen"), first);
    assert_ne!(path(FILES, "other"), first);
    assert_eq!(store.written(), 3);
}

#[test]
fn byte_code_of_several_interpreters_lies_side_by_side() {
    let place = folder();
    let store = store(&place);
    let (one, two) = (Echo::new("echo-1", *b"ECH1"), Echo::new("echo-2", *b"ECH2"));
    let bare = store.lease(&usual(), None).expect("a tree").path().to_owned();
    assert_eq!(byte_code(&bare), [""; 0]);
    for (compiler, expected) in [(&one, 6), (&two, 12), (&one, 12)] {
        let lease = lease(&store, compiler);
        assert_eq!(lease.path(), bare);
        assert_eq!(byte_code(lease.path()).len(), expected);
    }
    assert_eq!((one.asked(), two.asked(), store.written()), (5, 5, 1));
    // whoever asks for none gets none
    assert_eq!(byte_code(store.lease(&usual(), None).expect("a tree").path()), [""; 0]);
    let keeps_none = Echo { dialect: None, ..Echo::new("", *b"NONE") };
    assert_eq!(byte_code(lease(&store, &keeps_none).path()), [""; 0]);
    assert_eq!(store.written(), 2);
}

#[test]
fn byte_code_with_the_same_name_and_another_magic_lies_apart() {
    let place = folder();
    let store = store(&place);
    let (old, new) = (Echo::new("echo", *b"OLD1"), Echo::new("echo", *b"NEW1"));
    for _ in 0..2 {
        for compiler in [&old, &new] {
            let lease = lease(&store, compiler);
            let file = fs::read(lease.path().join("__pycache__/a.echo.pyc")).expect("byte code");
            assert_eq!(file[..4], compiler.dialect.as_ref().expect("a dialect").magic);
        }
    }
    assert_eq!((store.written(), old.asked(), new.asked()), (2, 5, 5));
}

#[test]
fn only_so_many_files_are_kept() {
    let place = folder();
    let store = Store::new_in(place.path(), 20).expect("a store");
    let lease = |root: &str| {
        let lease = store.lease(&scenario(FILES, root), None).expect("a tree");
        lease.path().to_owned()
    };
    // 7 files each, so that two have room
    let paths = ["one", "two", "one", "three"].map(lease);
    assert_eq!(paths.each_ref().map(|path| path.exists()), [true, false, true, true]);
    lease("one");
    lease("two");
    assert_eq!(store.written(), 4);
}

#[test]
fn a_large_tree_does_not_get_byte_code_of_all() {
    let place = folder();
    let store = Store::new_in(place.path(), 20).expect("a store");
    for number in 0..5 {
        let lease = lease(&store, &Echo::new(&format!("echo-{number}"), *b"ECHO"));
        assert_eq!(byte_code(lease.path()).len(), 6);
    }
    // one kept, and what the store needs itself
    let kept = fs::read_dir(store.home.path()).expect("a folder").count();
    assert_eq!((kept, store.written()), (1 + 1, 5));
}

/// An interpreter that fails.
struct Failing;

impl Compile for Failing {
    fn dialect(&self) -> Option<Dialect> {
        Echo::new("echo", *b"ECHO").dialect()
    }

    fn compile(&self, _: &[&str]) -> io::Result<Vec<Option<Vec<u8>>>> {
        Err(io::Error::other("no compiler today"))
    }
}

#[test]
fn a_failure_is_told_and_leaves_no_half_tree() {
    let place = folder();
    let store = store(&place);
    let error = store.lease(&usual(), Some(&Failing)).expect_err("a failure");
    assert_eq!(error.to_string(), "no compiler today");
    let compiler = Echo::new("echo", *b"ECHO");
    assert_eq!(byte_code(lease(&store, &compiler).path()).len(), 6);
    assert_eq!(store.written(), 2);
}

#[test]
fn nothing_is_left_of_a_store() {
    let place = folder();
    let store = store(&place);
    drop(lease(&store, &Echo::new("echo", *b"ECHO")));
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1);
    drop(store);
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 0);
}
