//! Data on standard output, what is told on standard error, and the command that it comes from.

use std::{
    io::{self, ErrorKind, Write},
    path::{self, MAIN_SEPARATOR, Path},
};

use tollgate::{command, report::Look, text::printable};

/// Prints `text` for people: no terminal obeys what is in it, and its lines are of bounded length. A reader
/// that has gone away, such as `head`, is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    print_data(&printable(text))
}

/// Prints `text` as it is: for programs, whose formats have escapes of their own.
pub(crate) fn print_data(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Prints a screen of ours, whose shades the terminal obeys: what is untrusted in it was made harmless where it was put
/// in, and the rest of it is told as [`print()`] does.
pub(crate) fn print_screen([above, screen, below]: [&str; 3]) -> io::Result<()> {
    print_data(&format!("{}{screen}{}", printable(above), printable(below)))
}

/// Prints each of `lines`; see [`print()`].
pub(crate) fn print_lines(lines: &[String]) -> io::Result<()> {
    let text = lines.join("\n");
    if text.is_empty() { Ok(()) } else { print(&(text + "\n")) }
}

/// Tells a person something on standard error, as [`print()`] would print it. One that has gone away is
/// no error.
pub(crate) fn say(text: &str) {
    _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

/// `crate::output::tell!` for texts of programs: see [`say()`].
macro_rules! tell {
    ($($argument:tt)*) => { $crate::output::say(&format!($($argument)*)) };
}
pub(crate) use tell;

/// The flags whose values are paths, with a separator in them or without.
const PATHS: [&str; 5] = ["--scenarios", "--source", "--patch", "--base", "--out"];

/// The command that was given, to be given again in any folder: what is there by a relative path gets a whole one.
pub(crate) fn command() -> String {
    let words: Vec<_> = std::env::args().collect();
    let whole = |pair: &[String]| {
        let [before, word] = pair else { unreachable!("windows of two") };
        let is_path = PATHS.contains(&before.as_str()) || word.contains(MAIN_SEPARATOR);
        let path = (is_path && Path::new(word).exists()).then(|| path::absolute(word).ok());
        path.flatten().map_or_else(|| word.clone(), |path| path.display().to_string())
    };
    command::line(words.windows(2).map(whole))
}

/// Columns of a terminal where nobody can say.
const USUAL_WIDTH: usize = 80;

/// What standard output shows: no colour into a pipe, or where `NO_COLOR` is set.
pub(crate) fn look() -> Look {
    let terminal = console::Term::stdout();
    let features = terminal.features();
    let has_colour =
        features.is_attended() && features.colors_supported() && console::colors_enabled();
    Look { width: width(), has_colour }
}

/// How many columns standard output has: those of its terminal, or 80 where it is none.
fn width() -> usize {
    let terminal = console::Term::stdout();
    terminal.size_checked().map_or(USUAL_WIDTH, |(_, columns)| columns.into())
}
