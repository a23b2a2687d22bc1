//! What is wrong with scenario files, told to the person who wrote them.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
};

use crate::text;

/// The most characters of a source line that a message shows.
const MAX_SHOWN: usize = 120;
/// The most characters of a message.
const MAX_SAID: usize = 400;

/// One thing that is wrong with one file. [`Display`](fmt::Display) shows it as `rustc` would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The file or folder.
    pub file: PathBuf,
    /// Where in the file; nothing where the file could not be read, or is a folder.
    pub position: Option<Position>,
    /// What was found.
    pub message: String,
    /// What was expected, or what to do.
    pub expected: String,
}

/// A place in a file, and the line to show for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The text of that line.
    pub source_line: String,
}

impl ScenarioError {
    /// An error about a file or folder as a whole.
    pub(super) fn whole(file: &Path, message: impl Into<String>, expected: &str) -> Self {
        let (message, expected) = (message.into(), expected.to_owned());
        Self { file: file.to_owned(), position: None, message, expected }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let brief = |text: &str| text::visible(&text::shortened(text, MAX_SAID)).into_owned();
        writeln!(f, "error: {}", brief(&self.message))?;
        let file = brief(&self.file.to_string_lossy());
        let Some(position) = &self.position else {
            writeln!(f, " --> {file}")?;
            return writeln!(f, "  = {}", brief(&self.expected));
        };
        let Position { line, column, .. } = position;
        let margin = " ".repeat(line.to_string().len());
        let (shown, caret) = position.excerpt();
        writeln!(f, "{margin}--> {file}:{line}:{column}")?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{}", format!("{line} | {shown}").trim_end())?;
        writeln!(f, "{margin} | {:caret$}^", "")?;
        writeln!(f, "{margin} = {}", brief(&self.expected))
    }
}

impl std::error::Error for ScenarioError {}

impl Position {
    /// What to show of the line, and how many columns of a terminal stand before the place in it.
    fn excerpt(&self) -> (String, usize) {
        let column = self.column.saturating_sub(1);
        let is_long = self.source_line.chars().count() > MAX_SHOWN;
        let skipped = if is_long { column.saturating_sub(MAX_SHOWN / 2) } else { 0 };
        let shown = self.source_line.chars().skip(skipped).take(MAX_SHOWN);
        let shown: String = shown.map(|c| if c == '\t' { ' ' } else { c }).collect();
        let before: String = shown.chars().take(column - skipped).collect();
        let missing = (column - skipped).saturating_sub(before.chars().count());
        (text::visible(&shown).into_owned(), text::width(&text::visible(&before)) + missing)
    }
}

/// Everything that is wrong with the scenario files of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadErrors {
    /// In the order of the files, and within one file from top to bottom.
    pub errors: Vec<ScenarioError>,
    /// How many scenario files were found, the good ones included.
    pub files: usize,
}

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.errors.iter().try_for_each(|error| writeln!(f, "{error}"))?;
        let bad = self.errors.iter().map(|error| &error.file).collect::<BTreeSet<_>>().len();
        match (self.files, bad) {
            (0, _) => write!(f, "nothing was run"),
            (1, _) => write!(f, "the one scenario file is bad; nothing was run"),
            (all, 1) => write!(f, "1 of {all} scenario files is bad; nothing was run"),
            (all, bad) => write!(f, "{bad} of {all} scenario files are bad; nothing was run"),
        }
    }
}

impl std::error::Error for LoadErrors {}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: usize, column: usize, source_line: &str) -> String {
        let source_line = source_line.to_owned();
        let position = Some(Position { line, column, source_line });
        let (message, expected) = ("unknown key `filez`".to_owned(), "`files`".to_owned());
        ScenarioError { file: "a/b.yaml".into(), position, message, expected }.to_string()
    }

    #[test]
    fn an_error_shows_its_line() {
        insta::assert_snapshot!(error(12, 3, "  filez:"), @r"
            error: unknown key `filez`
              --> a/b.yaml:12:3
               |
            12 |   filez:
               |   ^
               = `files`
        ");
    }

    #[test]
    fn what_is_shown_cannot_disturb_the_terminal() {
        assert!(error(1, 5, "\ta\u{1b}[31mb").contains("1 |  a\\u{1b}[31mb\n  |          ^\n"));
    }

    #[test]
    fn a_long_line_is_shown_around_the_column() {
        let line = format!("{}x{}", "<".repeat(500), ">".repeat(500));
        let text = error(1, 501, &line);
        let rows: Vec<_> = text.lines().skip(3).take(2).collect();
        assert_eq!(rows[0].find('x'), rows[1].find('^'));
        assert_eq!(rows[0].len(), "1 | ".len() + MAX_SHOWN);
    }
}
