//! Traces as people write them.
//!
//! ```text
//! import pkg.child !ValueError
//!   import pkg !ValueError
//!     find pkg
//!     load pkg !ValueError
//! ```
//!
//! One span a line: operation, module, and how it ended if not well: `!Type` raised, `?` found
//! nothing, `...` had no end. Two spaces of indentation are one level of nesting. A name with white space,
//! quotes and the like in it, or an empty one, is written in double quotes. Threads are blocks,
//! `thread main:` first, then `thread 2:` and so on; without such a line all spans are the main thread's.
//! Blank lines and lines that start with `#` say nothing.

use std::{fmt, str::FromStr};

use tollgate_event::Operation;

use super::{
    Ending, Name, Span, Trace,
    name::{self, NameError},
};

const INDENT: usize = 2;
/// The mark of a span without an end.
pub(super) const UNENDED: &str = "...";

/// A trace text that is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct TraceTextError {
    /// Line within the text, from 1.
    pub line: usize,
    /// Column within that line, from 1, in characters.
    pub column: usize,
    /// What was found and what was expected.
    pub message: String,
}

impl FromStr for Trace {
    type Err = TraceTextError;

    fn from_str(text: &str) -> Result<Self, TraceTextError> {
        let mut parser = Parser::default();
        for (index, line) in text.lines().enumerate() {
            parser.line(line).map_err(|(column, message)| TraceTextError {
                line: index + 1,
                column: column + 1,
                message,
            })?;
        }
        Ok(parser.finish())
    }
}

/// Column from 0, in characters, and what was expected.
type LineError = NameError;

#[derive(Default)]
struct Parser {
    threads: Vec<Vec<Span>>,
    /// The spans that the next line may still be a child of, outermost first.
    open: Vec<Span>,
    labelled: bool,
}

impl Parser {
    fn line(&mut self, line: &str) -> Result<(), LineError> {
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        if body.is_empty() || body.starts_with('#') {
            return Ok(());
        }
        if let Some(label) = body.strip_prefix("thread ") {
            return self.thread(indent, label);
        }
        let depth = self.depth(indent, body)?;
        let span = parse_span(body).map_err(|(column, message)| (indent + column, message))?;
        self.close(depth);
        self.check_order(&span).map_err(|message| (indent, message))?;
        self.open.push(span);
        Ok(())
    }

    /// What the end of the program cuts short is the last thing in its thread, and so is what it is in.
    fn check_order(&self, span: &Span) -> Result<(), String> {
        let before = match self.open.last() {
            Some(parent) => parent.children.last(),
            None => self.threads.last().and_then(|spans| spans.last()),
        };
        if let Some(before) = before.filter(|before| before.ending == Ending::Unended) {
            return Err(format!("it comes after `{before}`, which has no end in this thread"));
        }
        let parent = self.open.last().filter(|parent| parent.ending != Ending::Unended);
        match parent {
            Some(parent) if span.ending == Ending::Unended => Err(format!(
                "it has no end within `{parent}`, which has one; expected `{UNENDED}` there, too"
            )),
            _ => Ok(()),
        }
    }

    fn depth(&self, indent: usize, body: &str) -> Result<usize, LineError> {
        if body.starts_with('\t') {
            return Err((indent, "a tab; indentation is two spaces a level".to_owned()));
        }
        if !indent.is_multiple_of(INDENT) {
            let expected = format!("indented by {indent}; indentation is two spaces a level");
            return Err((indent, expected));
        }
        let depth = indent / INDENT;
        if depth > self.open.len() {
            let most = self.open.len() * INDENT;
            let parent = if self.open.is_empty() { "no line" } else { "the line above" };
            let message =
                format!("indented by {indent}, but {parent} can hold it; expected {most} at most");
            return Err((indent, message));
        }
        Ok(depth)
    }

    fn thread(&mut self, indent: usize, label: &str) -> Result<(), LineError> {
        let started = !self.threads.is_empty() || !self.open.is_empty();
        if indent > 0 || (started && !self.labelled) {
            return Err((indent, "`thread …:` must start the trace, unindented".to_owned()));
        }
        self.close(0);
        let next = self.threads.len() + 1;
        let expected = if next == 1 { "main:".to_owned() } else { format!("{next}:") };
        if label.trim_end() != expected {
            return Err((7, format!("expected `thread {expected}` here")));
        }
        self.threads.push(Vec::new());
        self.labelled = true;
        Ok(())
    }

    /// Closes the open spans from `depth` on, each into its parent.
    fn close(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(span) = self.open.pop() else { return };
            match self.open.last_mut() {
                Some(parent) => parent.children.push(span),
                None => self.forest().push(span),
            }
        }
    }

    fn forest(&mut self) -> &mut Vec<Span> {
        if self.threads.is_empty() {
            self.threads.push(Vec::new());
        }
        let last = self.threads.len() - 1;
        &mut self.threads[last]
    }

    fn finish(mut self) -> Trace {
        self.close(0);
        Trace { threads: self.threads }
    }
}

fn parse_span(body: &str) -> Result<Span, LineError> {
    let (word, rest) = body.split_once(' ').unwrap_or((body, ""));
    let operation = word.parse::<Operation>().map_err(|_| {
        let message =
            format!("`{word}` is no operation; expected call, import, find, load or exec");
        (0, message)
    })?;
    if rest.is_empty() || rest.starts_with(char::is_whitespace) {
        return Err((word.len() + 1, format!("expected a module's name after `{word}`")));
    }
    let (name, rest) =
        name::parse(rest).map_err(|(column, message)| (word.len() + 1 + column, message))?;
    let column = body.chars().count() - rest.trim_start().chars().count();
    let ending = parse_ending(rest.trim(), operation).map_err(|message| (column, message))?;
    Ok(Span { operation, name, ending, children: Vec::new() })
}

fn parse_ending(text: &str, operation: Operation) -> Result<Ending, String> {
    match (text, text.strip_prefix('!')) {
        ("", _) => Ok(Ending::Ok),
        (UNENDED, _) => Ok(Ending::Unended),
        ("?", _) if operation == Operation::Find => Ok(Ending::NotFound),
        ("?", _) => Err("only a `find` ends with `?`".to_owned()),
        (_, Some(exception)) if !exception.is_empty() => match name::parse(exception) {
            Ok((exception, "")) => Ok(Ending::Raised(exception)),
            Ok((_, rest)) => Err(format!("`{}` follows the exception's type", rest.trim())),
            Err((_, message)) => Err(message),
        },
        _ => Err(format!(
            "`{text}` is no ending; expected `!ExceptionType`, `?`, `{UNENDED}` or nothing"
        )),
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, spans) in self.threads.iter().enumerate() {
            match (self.threads.len(), index) {
                (0 | 1, _) => {}
                (_, 0) => writeln!(f, "thread main:")?,
                _ => writeln!(f, "thread {}:", index + 1)?,
            }
            for span in spans {
                write_span(span, 0, f)?;
            }
        }
        Ok(())
    }
}

fn write_span(span: &Span, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "{:indent$}{span}", "", indent = depth * INDENT)?;
    span.children.iter().try_for_each(|child| write_span(child, depth + 1, f))
}

/// The span's own line, without its children.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, Name(&self.name))?;
        match &self.ending {
            Ending::Ok => Ok(()),
            Ending::NotFound => f.write_str(" ?"),
            Ending::Raised(exception) => write!(f, " !{}", Name(exception)),
            Ending::Unended => write!(f, " {UNENDED}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ending(operation: Operation) -> BoxedStrategy<Ending> {
        let raised = name::tests::name().prop_map(Ending::Raised);
        if operation == Operation::Find {
            prop_oneof![Just(Ending::Ok), Just(Ending::NotFound), raised].boxed()
        } else {
            prop_oneof![Just(Ending::Ok), raised].boxed()
        }
    }

    fn span() -> impl Strategy<Value = Span> {
        let leaf = (prop::sample::select(&Operation::ALL[..]), name::tests::name()).prop_flat_map(
            |(operation, name)| {
                ending(operation).prop_map(move |ending| Span {
                    operation,
                    name: name.clone(),
                    ending,
                    children: Vec::new(),
                })
            },
        );
        leaf.prop_recursive(4, 32, 4, |inner| {
            (inner.clone(), prop::collection::vec(inner, 0..4))
                .prop_map(|(span, children)| Span { children, ..span })
        })
    }

    fn trace() -> impl Strategy<Value = Trace> {
        let thread = (prop::collection::vec(span(), 1..4), 0..4_usize).prop_map(cut_short);
        let threads = (any::<bool>(), prop::collection::vec(thread, 0..3));
        threads.prop_map(|(is_idle, mut threads)| {
            // a main thread that does nothing is written where there are others
            if is_idle && !threads.is_empty() {
                threads.insert(0, Vec::new());
            }
            Trace { threads }
        })
    }

    /// The spans, of which the last has no end, nor the last within it, and so on `depth` levels down.
    fn cut_short((mut spans, depth): (Vec<Span>, usize)) -> Vec<Span> {
        let mut level = &mut spans;
        for _ in 0..depth {
            let Some(last) = level.last_mut() else { break };
            last.ending = Ending::Unended;
            level = &mut last.children;
        }
        spans
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(trace in trace()) {
            prop_assert_eq!(trace.to_string().parse(), Ok(trace));
        }

        #[test]
        fn any_text_is_a_trace_or_an_error(text: String) {
            let _ = text.parse::<Trace>();
        }
    }

    fn error(text: &str) -> String {
        text.parse::<Trace>().expect_err("a bad trace").to_string()
    }

    #[test]
    fn errors_say_where_and_what() {
        insta::assert_snapshot!(error("import a\n   find a"), @"line 2, column 4: indented by 3; indentation is two spaces a level");
        insta::assert_snapshot!(error("import a\n    find a"), @"line 2, column 5: indented by 4, but the line above can hold it; expected 2 at most");
        insta::assert_snapshot!(error("  import a"), @"line 1, column 3: indented by 2, but no line can hold it; expected 0 at most");
        insta::assert_snapshot!(error("import a\n\tfind a"), @"line 2, column 1: a tab; indentation is two spaces a level");
        insta::assert_snapshot!(error("imports a"), @"line 1, column 1: `imports` is no operation; expected call, import, find, load or exec");
        insta::assert_snapshot!(error("import"), @"line 1, column 8: expected a module's name after `import`");
        insta::assert_snapshot!(error("import a ?"), @"line 1, column 10: only a `find` ends with `?`");
        insta::assert_snapshot!(error("import a ValueError"), @"line 1, column 10: `ValueError` is no ending; expected `!ExceptionType`, `?`, `...` or nothing");
        insta::assert_snapshot!(error("import a !A B"), @"line 1, column 10: `B` follows the exception's type");
        insta::assert_snapshot!(error("import ?"), @"line 1, column 8: a name that begins with `?` is written in double quotes");
        insta::assert_snapshot!(error("import a\\b"), @r#"line 1, column 9: a name with a quote, a backslash or a control character is written in double quotes, as in "a\\b""#);
        insta::assert_snapshot!(error("import a\n  load a ..."), @"line 2, column 3: it has no end within `import a`, which has one; expected `...` there, too");
        insta::assert_snapshot!(error("import a ...\nimport b"), @"line 2, column 1: it comes after `import a ...`, which has no end in this thread");
        insta::assert_snapshot!(error("import a\nthread main:"), @"line 2, column 1: `thread …:` must start the trace, unindented");
        insta::assert_snapshot!(error("thread 2:\nimport a"), @"line 1, column 8: expected `thread main:` here");
    }
}
