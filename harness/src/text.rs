//! Text of programs, hooks and files as it may be shown: no terminal, page or eye obeys it, and none of it
//! is longer than a reader looks at.
//!
//! Everything that is printed or written for people goes through here: pieces where they are put into
//! sentences and tables, whole texts once more where they leave ([`printable`]).

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

/// The most characters of a name: of a module, a strategy, a key.
pub const NAME_CHARS: usize = 200;
/// The most characters of a phrase: a message, a reason, what of a program was changed.
pub const PHRASE_CHARS: usize = 2_000;
/// The most characters of a line that is printed.
pub const LINE_CHARS: usize = 8_000;
/// The most characters of a text of several lines that is kept, such as a trace.
pub const KEPT_CHARS: usize = 20_000;

/// What of a text that is too long comes from its end.
const TAIL: usize = 4;

/// Whether a character does something other than be seen: it moves the cursor, colours what follows,
/// ends a line, turns the order of what is around it, or has no width.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether `text` has a character that does something other than be seen.
pub fn has_hidden(text: &str) -> bool {
    text.contains(is_hidden)
}

/// The text on one line, with an escape such as `\n` or `\u{1b}` for each character that would not be
/// seen.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !has_hidden(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// At most about `most` characters of the text: its head and its tail, and between them how many were
/// left out.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    // a character has at least a byte
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let count = text.chars().count();
    if count <= most {
        return Cow::Borrowed(text);
    }
    let tail = most / TAIL;
    let place = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(at, _)| at);
    let (head, rest) = (&text[..place(most - tail)], &text[place(count - tail)..]);
    Cow::Owned(format!("{head}…({} characters left out)…{rest}", count - most))
}

/// A phrase as it may stand in a sentence.
pub fn phrase(text: &str) -> Cow<'_, str> {
    short_and_visible(text, PHRASE_CHARS)
}

/// A name as it may stand in a sentence or a table.
pub fn name(text: &str) -> Cow<'_, str> {
    short_and_visible(text, NAME_CHARS)
}

fn short_and_visible(text: &str, most: usize) -> Cow<'_, str> {
    match shortened(text, most) {
        Cow::Borrowed(text) => visible(text),
        // an escape is at most ten characters, so this is bounded, too
        Cow::Owned(text) => Cow::Owned(visible(&text).into_owned()),
    }
}

/// A whole text as it may leave for a terminal or a file for people: its lines are kept, and what is in them
/// is visible and no longer than [`LINE_CHARS`].
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_fine = |line: &str| line.len() <= LINE_CHARS && !has_hidden(line);
    if text.split('\n').all(is_fine) {
        return Cow::Borrowed(text);
    }
    let line = |line| shortened(&visible(line), LINE_CHARS).into_owned();
    Cow::Owned(text.split('\n').map(line).collect::<Vec<_>>().join("\n"))
}

/// A name as data keep it: whatever is in it, and no longer than [`PHRASE_CHARS`].
pub fn kept_name(text: &str) -> String {
    shortened(text, PHRASE_CHARS).into_owned()
}

/// A text of several lines as data keep it: no longer than [`KEPT_CHARS`].
pub fn kept(text: &str) -> String {
    shortened(text, KEPT_CHARS).into_owned()
}

/// How many columns of a terminal `text` takes, where every character is seen.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` and as many spaces as fill `columns` columns of a terminal.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `text` as Markdown that shows exactly it, on one line.
pub fn markdown(text: &str) -> String {
    escaped(text, &|c| matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '~'))
}

/// The same with a `\` before each character that `is_mark`.
fn escaped(text: &str, is_mark: &dyn Fn(char) -> bool) -> String {
    let text = phrase(text);
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // a name that is pasted into an issue must call nobody and link nowhere
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            mark if is_mark(mark) => escaped.extend(['\\', mark]),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A sentence of ours as Markdown: what stands between backticks is code, all else is shown as it is.
/// Text of others in it is [`uncoded`].
pub fn markdown_prose(sentence: &str) -> String {
    let parts: Vec<_> = sentence.split('`').collect();
    if parts.len() % 2 == 0 {
        return markdown(sentence);
    }
    // within a word, as in a function's name, an underscore marks nothing
    let is_mark = |c| matches!(c, '\\' | '*' | '[' | ']' | '~');
    let words = |text: &str| {
        let words = phrase(text).into_owned();
        let words = words.split(' ').map(|word| {
            if edges_with_underscore(word) { markdown(word) } else { escaped(word, &is_mark) }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let part = |(index, part): (usize, &&str)| match index % 2 {
        0 => words(part),
        _ => format!("`{}`", phrase(part)),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Whether an underscore stands beside something else than letters and digits, where it may mark a stress.
fn edges_with_underscore(word: &str) -> bool {
    let chars: Vec<_> = word.chars().collect();
    let is_inner = |index: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| chars.get(at));
        let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        is_word(beside(index.checked_sub(1))) && is_word(beside(Some(index + 1)))
    };
    chars.iter().enumerate().any(|(index, c)| *c == '_' && !is_inner(index))
}

/// A phrase without backticks, which would begin or end code in a sentence of ours.
pub fn uncoded(text: &str) -> String {
    phrase(text).replace('`', "'")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_seen_is_told() {
        for (text, shown) in [
            ("plain é 模块", "plain é 模块"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\r\n\tb\0", "a\\r\\n\\tb\\u{0}"),
            ("\u{9b}x\u{7f}", "\\u{9b}x\\u{7f}"),
            ("sho\u{202e}p", "sho\\u{202e}p"),
            (
                "\u{2028}\u{2066}\u{feff}\u{200b}\u{e0041}",
                "\\u{2028}\\u{2066}\\u{feff}\\u{200b}\\u{e0041}",
            ),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn a_long_text_keeps_its_head_and_its_tail() {
        assert_eq!(shortened("12345678", 8), "12345678");
        assert_eq!(shortened("123456789", 8), "123456…(1 characters left out)…89");
        assert_eq!(shortened("éééééééé", 8), "éééééééé");
        let long = "x".repeat(3_000_000);
        assert!(name(&long).contains("2999800 characters left out"));
    }

    #[test]
    fn lines_are_kept_and_what_is_in_them_is_harmless() {
        assert_eq!(printable("a\nb\n"), "a\nb\n");
        assert_eq!(printable("a\u{1b}\n\nb\r\n"), "a\\u{1b}\n\nb\\r\n");
        let long = format!("{}\nb", "x".repeat(1_000_000));
        assert!(printable(&long).chars().count() < LINE_CHARS + 50);
        assert!(printable(&long).ends_with("x\nb"));
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        assert_eq!(padded("模", 4), "模  ");
        assert_eq!(padded("e\u{301}", 3), "e\u{301}  ");
        assert_eq!(padded("long", 2), "long");
    }

    #[test]
    fn markdown_shows_what_is_there() {
        assert_eq!(markdown("<b>*x*</b> @all\n"), "&lt;b&gt;\\*x\\*&lt;/b&gt; &#64;all\\\\n");
        assert_eq!(markdown_prose("`<a>` of <module>"), "`<a>` of &lt;module&gt;");
        assert_eq!(
            markdown_prose("import_ended of _x_ and __y"),
            "import_ended of \\_x\\_ and \\_\\_y"
        );
        assert_eq!(markdown_prose("one ` and <b>"), "one \\` and &lt;b&gt;");
        assert_eq!(uncoded("`x`\u{1b}"), "'x'\\u{1b}");
    }

    proptest! {
        #[test]
        fn nothing_hidden_and_nothing_long_gets_through(text: String, most in 4_usize..40) {
            prop_assert!(!has_hidden(&visible(&text)));
            prop_assert!(!has_hidden(&phrase(&text)));
            prop_assert!(printable(&text).split('\n').all(|line| !has_hidden(line)));
            prop_assert!(shortened(&text, most).chars().count() <= most + 50);
        }
    }
}
