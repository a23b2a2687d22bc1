//! The value of `trace` in the text of a scenario file, replaced in place.

use std::{fmt::Write as _, ops::Range};

use crate::span::Trace;

/// `text` with these traces, each with its range of versions, or one without.
///
/// Nothing if there is no line that begins with `trace:`.
pub(super) fn with_traces(text: &str, traces: &[(Option<String>, Trace)]) -> Option<String> {
    let place = value(text)?;
    let end = if text[place.clone()].contains("\r\n") { "\r\n" } else { "\n" };
    let written = written(traces).replace('\n', end);
    Some([&text[..place.start], &written, &text[place.end..]].concat())
}

/// The bytes of the key `trace` and its value: the line with the key and what is indented below it.
/// Blank lines and comments behind that belong to what follows.
fn value(text: &str) -> Option<Range<usize>> {
    let mut lines = text.split_inclusive('\n').scan(0, |offset, line| {
        let start = *offset;
        *offset += line.len();
        Some((start, *offset, line))
    });
    let (start, mut end, _) = lines.find(|(.., line)| line.starts_with("trace:"))?;
    for (_, line_end, line) in lines {
        let is_blank = line.trim().is_empty();
        if line.starts_with(' ') && !is_blank {
            end = line_end;
        } else if !is_blank && !line.starts_with('#') {
            break;
        }
    }
    Some(start..end)
}

fn written(traces: &[(Option<String>, Trace)]) -> String {
    let mut text = String::new();
    for (index, (range, trace)) in traces.iter().enumerate() {
        let (key, indent) = match range {
            None => ("trace".to_owned(), "  "),
            Some(range) => (format!("  \"{range}\""), "    "),
        };
        if index == 0 && range.is_some() {
            text.push_str("trace:\n");
        }
        if trace.is_empty() {
            let _ = writeln!(text, "{key}: \"\"");
            continue;
        }
        let _ = writeln!(text, "{key}: |");
        for line in trace.to_string().lines() {
            let _ = writeln!(text, "{indent}{line}");
        }
    }
    text
}
