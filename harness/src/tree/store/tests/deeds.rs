//! What a cell may do to its tree.

use std::{
    fs::{self, File, FileTimes, Permissions},
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
    time::SystemTime,
};

use crate::tree::fixtures::listing;

/// Puts the time of the last modification back, as a program can.
fn put_back(path: &Path, like: &fs::Metadata) {
    let times = FileTimes::new().set_modified(like.modified().expect("a time"));
    File::open(path).and_then(|file| file.set_times(times)).expect("times that can be set");
}

/// Overwrites a file in place with as many other bytes, and lets it look as old as before.
fn edit(path: &Path, body: &[u8]) {
    let before = fs::metadata(path).expect("metadata");
    assert_eq!(before.len(), body.len() as u64);
    let mut file = File::options().write(true).open(path).expect("a file");
    file.write_all(body).expect("written");
    put_back(path, &before);
    let after = fs::metadata(path).expect("metadata");
    assert_eq!((before.ino(), before.mtime()), (after.ino(), after.mtime()));
}

/// What a cell did to a tree at a path.
pub(super) type Deed = fn(&Path);

/// What a cell may do so that its tree has to be written anew for the next one.
pub(super) const HOSTILE: [(&str, Deed); 17] = [
    ("deletes a file", |tree| fs::remove_file(tree.join("pkg/b.py")).expect("removed")),
    ("deletes byte code", |tree| {
        fs::remove_file(tree.join("__pycache__/a.echo.pyc")).expect("removed");
    }),
    ("deletes a folder", |tree| fs::remove_dir_all(tree.join("pkg")).expect("removed")),
    ("deletes the tree", |tree| fs::remove_dir_all(tree).expect("removed")),
    ("edits a file", |tree| edit(&tree.join("a.py"), b"x = 9\n")),
    ("edits byte code", |tree| edit(&tree.join("__pycache__/a.echo.pyc"), &[0; 22])),
    ("writes the same again", |tree| edit(&tree.join("a.py"), b"x = 1\n")),
    ("adds a file", |tree| fs::write(tree.join("pkg/d.py"), "").expect("written")),
    ("adds a file to an old folder", |tree| {
        let before = fs::metadata(tree.join("pkg")).expect("metadata");
        fs::write(tree.join("pkg/d.py"), "").expect("written");
        put_back(&tree.join("pkg"), &before);
    }),
    ("adds a folder", |tree| fs::create_dir(tree.join("new")).expect("a folder")),
    ("adds a link", |tree| symlink("a.py", tree.join("new.py")).expect("a link")),
    ("puts a link in place of a folder", |tree| {
        fs::rename(tree.join("pkg"), tree.join("moved")).expect("moved");
        symlink("moved", tree.join("pkg")).expect("a link");
    }),
    ("puts a link in place of the tree", |tree| {
        let moved = tree.with_extension("moved");
        fs::rename(tree, &moved).expect("moved");
        symlink(moved, tree).expect("a link");
    }),
    ("puts a copy in place of a file", |tree| {
        let file = tree.join("a.py");
        let before = fs::metadata(&file).expect("metadata");
        fs::copy(&file, tree.join("copy")).expect("a copy");
        put_back(&tree.join("copy"), &before);
        fs::rename(tree.join("copy"), file).expect("moved");
    }),
    ("swaps two files", |tree| {
        fs::rename(tree.join("a.py"), tree.join("t")).expect("moved");
        fs::rename(tree.join("pkg/b.py"), tree.join("a.py")).expect("moved");
        fs::rename(tree.join("t"), tree.join("pkg/b.py")).expect("moved");
    }),
    ("takes permissions away", |tree| {
        fs::set_permissions(tree.join("pkg"), Permissions::from_mode(0o000)).expect("permissions");
    }),
    ("makes a file look newer", |tree| {
        let file = File::open(tree.join("a.py")).expect("a file");
        file.set_modified(SystemTime::now()).expect("times that can be set");
    }),
];

/// What leaves a tree as it is.
pub(super) const HARMLESS: [(&str, Deed); 4] = [
    ("does nothing", |_| {}),
    ("reads all files", |tree| assert_eq!(listing(tree).len(), 7 + 6)),
    ("reads a file that it could write", |tree| {
        let options = File::options().read(true).write(true).open(tree.join("a.py"));
        let (mut file, mut text) = (options.expect("a file"), String::new());
        file.read_to_string(&mut text).expect("a text");
        file.seek(SeekFrom::Start(0)).expect("a file");
        assert_eq!(text, "x = 1\n");
    }),
    ("looks for what is not there", |tree| assert!(!tree.join("absent.py").exists())),
];
