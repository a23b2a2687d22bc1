//! Names in texts: bare where they can be told from what stands around them, else in double quotes.
//!
//! A name is in its canonical form (see `tollgate-event`). In quotes stand the escapes of JSON, `\u{1f600}`
//! for any character, and `\ud800` for a surrogate, so that a quoted name reads as in Python.

use std::fmt::{self, Write as _};

use tollgate_event::canonical;

/// Shows a name as it stands in a trace.
pub(crate) struct Name<'a>(pub(crate) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_bare(self.0) { f.write_str(self.0) } else { write_quoted(self.0, f) }
    }
}

/// What a bare name may not begin with, because an ending does.
const ENDINGS: [&str; 3] = ["!", "?", super::text::UNENDED];

/// Whether a name can stand in a text as it is.
fn is_bare(name: &str) -> bool {
    let is_fine = |(index, c): (usize, char)| {
        !matches!(c, '"' | '\\') && !c.is_whitespace() && is_printable(c, index == 0)
    };
    !name.is_empty()
        && !ENDINGS.iter().any(|ending| name.starts_with(ending))
        && name.chars().enumerate().all(is_fine)
}

/// Whether a character shows. One that combines with that before it does not where it is the first.
pub(crate) fn is_printable(c: char, is_first: bool) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    let mut text = String::with_capacity(5);
    if !is_first {
        text.push('a');
    }
    text.push(c);
    text.escape_debug().eq(text.chars())
}

fn write_quoted(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    let (mut rest, mut is_first) = (name, true);
    while let Some(c) = rest.chars().next() {
        let escape = escape(rest);
        rest = &rest[escape.map_or(c.len_utf8(), str::len)..];
        match (c, escape) {
            (_, Some(escape)) => f.write_str(escape)?,
            ('"' | '\\', _) => write!(f, "\\{c}")?,
            ('\n', _) => f.write_str("\\n")?,
            ('\r', _) => f.write_str("\\r")?,
            ('\t', _) => f.write_str("\\t")?,
            (' ', _) => f.write_char(c)?,
            _ if is_printable(c, is_first) && !c.is_whitespace() => f.write_char(c)?,
            _ => write!(f, "\\u{{{:x}}}", u32::from(c))?,
        }
        is_first = false;
    }
    f.write_char('"')
}

/// What a canonical name begins with, if that is one of its two escapes: they are those of a quoted
/// name, too.
fn escape(name: &str) -> Option<&str> {
    if name.starts_with("\\\\") {
        return name.get(..2);
    }
    let escape = name.get(..6).filter(|text| text.starts_with("\\u"))?;
    surrogate(&escape[2..]).map(|_| escape)
}

/// The surrogate with these four hexadecimal digits.
fn surrogate(digits: &str) -> Option<u32> {
    code(digits).filter(|code| (0xd800..0xe000).contains(code))
}

fn code(digits: &str) -> Option<u32> {
    let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// A name at the beginning of a text, and what follows it.
type Parsed<'a> = (String, &'a str);

/// What is wrong with a name, and at which character, from 0.
pub(super) type NameError = (usize, String);

/// Reads the name at the beginning of `text`.
pub(super) fn parse(text: &str) -> Result<Parsed<'_>, NameError> {
    if let Some(rest) = text.strip_prefix('"') {
        return quoted(text, rest);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return Err((0, "expected a name".to_owned()));
    }
    if let Some(place) = name.chars().position(|c| matches!(c, '"' | '\\') || c.is_control()) {
        let message = "a name with a quote, a backslash or a control character is written in double \
                       quotes, as in \"a\\\\b\"";
        return Err((place, message.to_owned()));
    }
    if let Some(ending) = ENDINGS.iter().find(|ending| name.starts_with(**ending)) {
        let message = format!("a name that begins with `{ending}` is written in double quotes");
        return Err((0, message));
    }
    Ok((name.to_owned(), rest))
}

fn quoted<'a>(text: &'a str, mut rest: &'a str) -> Result<Parsed<'a>, NameError> {
    let mut name = String::new();
    let place = |rest: &str| text.chars().count() - rest.chars().count();
    loop {
        let mut characters = rest.chars();
        match characters.next() {
            None => return Err((place(rest), "the name has no closing quote".to_owned())),
            Some('"') => return Ok((name, characters.as_str())),
            Some('\\') => {
                let known = unescape(characters.as_str(), &mut name);
                rest = known.ok_or_else(|| (place(rest), UNKNOWN_ESCAPE.to_owned()))?;
            }
            Some(c) => {
                name.push(c);
                rest = characters.as_str();
            }
        }
    }
}

const UNKNOWN_ESCAPE: &str = "no escape; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t, \\u and four \
                              hexadecimal digits, and \\u{…}";

/// Adds to a name what an escape stands for; `text` is what follows the backslash. Returns what
/// follows the escape, or nothing if it is none.
fn unescape<'a>(text: &'a str, name: &mut String) -> Option<&'a str> {
    let letter = text.chars().next()?;
    let rest = &text[letter.len_utf8()..];
    let plain = match letter {
        '"' | '/' => letter,
        '\\' => {
            name.push_str("\\\\");
            return Some(rest);
        }
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unescape_code(rest, name),
        _ => return None,
    };
    name.push(plain);
    Some(rest)
}

fn unescape_code<'a>(text: &'a str, name: &mut String) -> Option<&'a str> {
    let (digits, rest) = match text.strip_prefix('{') {
        Some(braced) => braced.split_once('}')?,
        None => text.split_at_checked(4)?,
    };
    let number = code(digits)?;
    match char::from_u32(number) {
        Some(c) => name.push_str(&canonical(c.encode_utf8(&mut [0; 4]))),
        None if (0xd800..0xe000).contains(&number) => write!(name, "\\u{number:04x}").ok()?,
        None => return None,
    }
    Some(rest)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Names in canonical form: characters, backslashes and surrogates.
    pub(in crate::span) fn name() -> impl Strategy<Value = String> {
        let surrogate = (0xd800_u32..0xe000).prop_map(|code| format!("\\u{code:04x}"));
        let part = prop_oneof![
            any::<char>().prop_map(|c| canonical(&c.to_string()).into_owned()),
            prop::sample::select(
                &["a", ".", " ", "\n", "\"", "\\\\", "?", "!", "...", "\u{301}"][..]
            )
            .prop_map(str::to_owned),
            surrogate,
        ];
        prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(name in name()) {
            let shown = Name(&name).to_string();
            prop_assert!(shown.lines().count() == 1, "{shown}");
            let text = format!("{shown} rest");
            prop_assert_eq!(parse(&text), Ok((name, " rest")));
        }

        #[test]
        fn any_text_begins_with_a_name_or_is_refused(text in ".+") {
            if let Ok((name, rest)) = parse(&text) {
                prop_assert!(rest.len() < text.len());
                let shown = Name(&name).to_string();
                prop_assert_eq!(parse(&shown), Ok((name, "")));
            }
        }
    }

    #[test]
    fn names_are_quoted_where_they_could_be_taken_for_something_else() {
        for (name, shown) in [
            ("shop.cart", "shop.cart"),
            ("数.café", "数.café"),
            ("cafe\u{301}", "cafe\u{301}"),
            ("\u{301}a", r#""\u{301}a""#),
            ("", r#""""#),
            ("two words", r#""two words""#),
            ("a\nb\tc\r", r#""a\nb\tc\r""#),
            (r"a\\b", r#""a\\b""#),
            (r"a\ud800b", r#""a\ud800b""#),
            (r"a\\ud800b", r#""a\\ud800b""#),
            ("say \"hi\"", r#""say \"hi\"""#),
            ("\u{0}\u{a0}\u{200b}\u{2028}", r#""\u{0}\u{a0}\u{200b}\u{2028}""#),
            ("?", r#""?""#),
            ("!x", r#""!x""#),
            ("...", r#""...""#),
            ("..a", "..a"),
        ] {
            assert_eq!(Name(name).to_string(), shown);
        }
    }

    #[test]
    fn more_is_read_than_is_written() {
        for (text, name) in [
            (r#""a\u{62}c""#, "abc"),
            (r#""a\u0062c""#, "abc"),
            (r#""\u{5c}""#, r"\\"),
            (r#""\uD800""#, r"\ud800"),
            (r#""\u{d800}""#, r"\ud800"),
            (r#""\/""#, "/"),
        ] {
            assert_eq!(parse(text), Ok((name.to_owned(), "")), "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_its_place() {
        for (text, place) in [
            (r"a\b", 1),
            ("a\"b", 1),
            ("\"ab", 3),
            (r#""a\x""#, 2),
            (r#""\u12""#, 1),
            (r#""\u{110000}""#, 1),
            (r#""\u+061""#, 1),
            ("?", 0),
            ("...", 0),
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.0, place, "{text}: {}", error.1);
        }
    }
}
