//! The part of a failed build's output that says why it failed.

use crate::child::Ended;

/// Marks of a line that says what is wrong, the most telling first: a compiler's, Python's, make's.
const MARKS: [&str; 5] = [": fatal error:", ": error:", "Error: ", "error: ", "*** "];
/// Lines that a person needs around it.
const CONTEXT: usize = 4;

/// The first error with some lines after it; the last lines where there is none.
pub(super) fn first_error(ended: &Ended) -> String {
    let stderr = String::from_utf8_lossy(&ended.stderr);
    let lines: Vec<_> = stderr.lines().collect();
    let found = MARKS.iter().find_map(|mark| lines.iter().position(|line| line.contains(mark)));
    match found {
        // what Python says of its source stands before it
        Some(at) if lines[at].contains("SyntaxError") => {
            lines[at.saturating_sub(CONTEXT)..=at].join("\n")
        }
        Some(at) => lines[at..lines.len().min(at + CONTEXT)].join("\n"),
        None => ended.error_tail(2 * CONTEXT),
    }
}
