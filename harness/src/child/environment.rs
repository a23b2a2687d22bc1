//! The environment that a program under observation gets.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
};

/// What is handed on from our own environment if it is set there.
const PASSED_ON: [&str; 3] = [
    // An interpreter in an unusual place may find its libpython, or its C library, only so.
    "LD_LIBRARY_PATH",
    // The same on macOS.
    "DYLD_LIBRARY_PATH",
    // Windows: sockets and random numbers do not start without it.
    "SYSTEMROOT",
];

/// The usual environment of a program that runs in `directory`.
///
/// It is a list of what is let in, so that no `PYTHON*` variable, no virtual environment and no
/// instrumentation of the caller's reaches an interpreter.
pub fn inherited_environment(directory: &Path) -> Vec<(OsString, OsString)> {
    let fixed: [(&str, &OsStr); 4] = [
        // A program that starts another by name finds the system's, not the caller's.
        ("PATH", OsStr::new("/usr/bin:/bin")),
        // The same encoding everywhere, and messages in English.
        ("LANG", OsStr::new("C.UTF-8")),
        // The caller's user site and start-up files stay out, and caches go where they are deleted.
        ("HOME", directory.as_os_str()),
        // Temporary files are deleted with the directory.
        ("TMPDIR", directory.as_os_str()),
    ];
    let fixed = fixed.into_iter().map(|(name, value)| (name.into(), value.to_owned()));
    let passed_on =
        PASSED_ON.iter().filter_map(|name| Some((OsString::from(name), env::var_os(name)?)));
    fixed.chain(passed_on).collect()
}
