//! Data on standard output.

use std::io::{self, ErrorKind, Write};

/// Prints `text`. A reader that has gone away, such as `head`, is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Prints each of `lines`; see [`print()`].
pub(crate) fn print_lines(lines: &[String]) -> io::Result<()> {
    let text = lines.join("\n");
    if text.is_empty() { Ok(()) } else { print(&(text + "\n")) }
}
