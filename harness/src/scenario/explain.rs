//! Places in a YAML file, and the errors of the YAML reader in this project's words.

use std::path::Path;

use serde_yaml::{
    Error, Location, MessageFormatter as _, UserMessageFormatter, budget::BudgetBreach,
};

use schemars::JsonSchema;

use super::{
    error::{Position, ScenarioError},
    unknown::{UnknownKey, unknown_keys},
    wire::{Located, MAX_ALIASES, MAX_DEPTH},
};

/// How alike a key must be to a known one to be taken for a slip of the pen.
const ALIKE: f32 = 0.6;

/// What messages about a text begin with that is no YAML.
const UNREADABLE: &str = "not readable as YAML";

const WRONG_TYPE: &str = "wrong type";

/// The longest key that YAML takes without a `?` before it.
const MAX_KEY: usize = 1_024;

/// The first line down to the one after `last` that begins with a longer key, and how long that is.
fn long_key(text: &str, last: usize) -> Option<(usize, usize)> {
    let length = |line: &str| {
        let line = line.trim_start();
        let end = line.find(": ").or_else(|| line.trim_end().strip_suffix(':').map(str::len))?;
        Some(line[..end].chars().count()).filter(|length| *length > MAX_KEY)
    };
    let mut lines = text.lines().take(last + 1).enumerate();
    lines.find_map(|(index, line)| Some((index + 1, length(line)?)))
}

/// A line and a column, both from 1.
pub(crate) type Place = (usize, usize);

/// A file of ours and its text.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a Path,
    pub(crate) text: &'a str,
    /// What it should have been.
    pub(crate) format: &'a Format,
}

/// What is said of a file that is not of a format at all.
pub(crate) struct Format {
    /// What is in such a file: `scenario`.
    pub(crate) noun: &'static str,
    /// The keys that it has at least.
    pub(crate) keys: &'static str,
    /// Where the format is described.
    pub(crate) guide: &'static str,
}

/// The format of scenario files.
pub(super) const SCENARIO: Format =
    Format { noun: "scenario", keys: "summary, run and trace", guide: "scenarios/FORMAT.md" };

impl Source<'_> {
    /// An error at a place in the file.
    pub(crate) fn error(
        &self,
        (line, column): Place,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) -> ScenarioError {
        let source_line = self.line(line).to_owned();
        let position = Some(Position { line, column, source_line });
        let (message, expected) = (message.into(), expected.into());
        ScenarioError { file: self.file.to_owned(), position, message, expected }
    }

    fn line(&self, line: usize) -> &str {
        // YAML also ends a line at a lone carriage return.
        let lines = self.text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        lines.flat_map(|line| line.split('\r')).nth(line.saturating_sub(1)).unwrap_or_default()
    }

    /// Where in the file a line and column of a text stand; the start of the text where the file
    /// spells it differently, as in a folded block or with escapes.
    pub(super) fn within(&self, text: &Located<String>, line: usize, column: usize) -> Place {
        let (start_line, start_column) = text.at;
        // The reader places a block at its first line that is not blank, after the indentation.
        let blank = text.value.lines().take_while(|line| line.is_empty()).count();
        let Some(offset) = line.checked_sub(blank + 1) else { return text.at };
        let wanted = text.value.lines().nth(line - 1).unwrap_or_default();
        let there = self.line(start_line + offset);
        match there.char_indices().nth(start_column - 1) {
            Some((index, _)) if &there[index..] == wanted => {
                (start_line + offset, start_column - 1 + column)
            }
            _ => text.at,
        }
    }

    /// What is wrong with the text where it cannot be read into `T`: the error of the YAML reader, and all
    /// keys that `T` does not have.
    pub(crate) fn explain_all<T: JsonSchema>(&self, error: &Error) -> Vec<ScenarioError> {
        let mut errors = vec![self.explain(error)];
        for UnknownKey { at, key, known } in unknown_keys::<T>(self.text) {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            errors.push(self.error(at, format!("unknown key `{key}`"), one_of(&key, &known)));
        }
        let place = |error: &ScenarioError| {
            error.position.as_ref().map(|position| (position.line, position.column))
        };
        errors.sort_by_key(place);
        // the reader has stopped at one of them
        errors.dedup_by(|next, one| place(next) == place(one) && next.message == one.message);
        errors
    }

    /// An error of the YAML reader.
    fn explain(&self, error: &Error) -> ScenarioError {
        let error = error.without_snippet();
        let at = match error.location() {
            Some(location) if !matches!(error, Error::Eof { .. }) => place(location),
            _ => (1, 1),
        };
        let (message, expected) = explain(error, self.format);
        // a key that is too long is read as a text
        let may_be = message.starts_with(UNREADABLE) || message == WRONG_TYPE;
        if let Some((line, length)) = long_key(self.text, at.0).filter(|_| may_be) {
            let expected = format!(
                "expected a key of at most {MAX_KEY} characters: YAML takes no longer one on a line"
            );
            return self.error((line, 1), format!("a key of {length} characters"), expected);
        }
        self.error(at, message, expected)
    }
}

/// Where a location of the YAML reader is.
pub(crate) fn place(location: Location) -> Place {
    // An unknown location is line 0.
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).max(1);
    (number(location.line()), number(location.column()))
}

/// What can be done about a missing trace.
const TRACE_ADVICE: &str = "; with `trace: \"\"` here, `cargo xtask bless` writes what happens";

/// What was found, and what was expected.
fn explain(error: &Error, format: &Format) -> (String, String) {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            (format!("unknown key `{field}`"), one_of(field, expected))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            (format!("unknown value `{variant}`"), one_of(variant, expected))
        }
        Error::SerdeMissingField { field, .. } => {
            let advice = if *field == "trace" { TRACE_ADVICE } else { "" };
            let expected = format!("expected `{field}: …` in this map{advice}");
            (format!("the key `{field}` is missing"), expected)
        }
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_ref().map_or_else(|| "a key".to_owned(), |key| format!("`{key}`"));
            (format!("{key} is given twice"), "expected each key once in a map".to_owned())
        }
        Error::Unexpected { expected, .. } => wrong_type(expected),
        Error::InvalidScalar { ty, .. } => wrong_type(ty),
        Error::NullIntoString { .. } => {
            ("nothing where a text belongs".to_owned(), "an empty text is written \"\"".to_owned())
        }
        Error::AliasError { error, .. } => explain(error, format),
        other => explain_yaml(other, format),
    }
}

/// Errors about the file as YAML, whatever it says.
fn explain_yaml(error: &Error, format: &Format) -> (String, String) {
    let Format { noun, keys, guide } = format;
    match error {
        Error::Eof { .. } => (
            format!("no {noun} in the file"),
            format!("expected a map with the keys {keys} at least"),
        ),
        Error::MultipleDocuments { .. } => (
            "a second YAML document".to_owned(),
            format!("one file is one {noun}; move the second to a file of its own"),
        ),
        Error::Budget { breach, .. } => too_much(breach, noun),
        Error::MergeKeyNotAllowed { .. } => (
            "a merge key `<<`".to_owned(),
            format!("write the keys out; {noun}s have no merge keys"),
        ),
        _ => (
            format!("{UNREADABLE}: {}", UserMessageFormatter.format_message(error)),
            format!("{guide} shows the format"),
        ),
    }
}

fn too_much(breach: &BudgetBreach, noun: &str) -> (String, String) {
    let what = match breach {
        BudgetBreach::Aliases { .. } => format!("more than {MAX_ALIASES} aliases"),
        BudgetBreach::Anchors { .. } => format!("more than {MAX_ALIASES} anchors"),
        BudgetBreach::Depth { .. } => format!("nested more than {MAX_DEPTH} deep"),
        _ => format!("more YAML than any {noun} needs"),
    };
    (what, "write values out, and no deeper than the format asks for".to_owned())
}

/// The message for a value of the wrong type, from the reader's name of the right one.
fn wrong_type(expected: &str) -> (String, String) {
    let expected = match expected {
        "string scalar" => "a text",
        "sequence start" => "a list: [a, b], or one `- item` a line",
        "mapping start" => "a map: one `key: value` a line",
        "u64" | "usize" => "a whole number",
        other => other,
    };
    (WRONG_TYPE.to_owned(), format!("expected {expected}"))
}

/// What to write in the place of `found`.
pub(crate) fn one_of(found: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    match similar::get_close_matches(found, known, 1, ALIKE).first() {
        Some(alike) => format!("expected one of {list} (did you mean `{alike}`?)"),
        None => format!("expected one of {list}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::scenario::parse;

    /// Line, column and shown line of the one error of a scenario with this trace.
    fn error_in(trace: &str) -> (usize, usize, String) {
        error_of(&format!("summary: s\nrun: r\ntrace: {trace}"))
    }

    fn error_of(text: &str) -> (usize, usize, String) {
        let name = "x".parse().expect("a name");
        let errors = parse(Path::new("x.yaml"), name, text).expect_err("a bad trace");
        let position = errors[0].position.clone().expect("a position");
        assert_eq!(errors.len(), 1);
        (position.line, position.column, position.source_line)
    }

    #[test]
    fn a_place_in_a_block_is_a_place_in_the_file() {
        let line = |text: &str| text.to_owned();
        assert_eq!(error_in("|\n  import a\n   find a\n"), (5, 4, line("   find a")));
        assert_eq!(error_in("|-\n\n\n import a\n  find a"), (7, 3, line("  find a")));
        assert_eq!(error_in("|2\n    import a\n"), (4, 5, line("    import a")));
        assert_eq!(error_in("|+ # why\n  é a\n\n"), (4, 3, line("  é a")));
        assert_eq!(error_in("import é x"), (3, 17, line("trace: import é x")));
    }

    #[test]
    fn a_place_in_a_text_that_is_spelled_differently_is_its_start() {
        assert_eq!(error_in(">\n  import a\n  find a\n").0, 4);
        assert_eq!(error_in("\"import a\\n   find a\"").1, 8);
        assert_eq!(error_in("import a\n  find a\n").0, 3);
    }

    #[test]
    fn every_line_ending_of_yaml_ends_a_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["summary: s", "run: r", "trace: |", "  import a", "   find a"].join(end);
            assert_eq!(error_of(&text), (5, 4, "   find a".to_owned()), "{end:?}");
        }
    }
}
