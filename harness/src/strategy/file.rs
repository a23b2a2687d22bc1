//! The file of a strategy: what can be said of it before any interpreter has seen it.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

use unicode_normalization::UnicodeNormalization as _;

use super::{Strategy, StrategyName};
use crate::text;

/// The largest file of a strategy, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// What an editor may write in front of a text. CPython skips it in a file, and no other tool expects it.
const MARK: char = '\u{feff}';

/// Reads one strategy. The error names the file, its line where there is one, and what to do.
pub fn read(path: &Path) -> io::Result<Strategy> {
    let (name, source) = named(path)
        .and_then(|name| Ok((name, source(path)?)))
        .map_err(|wrong| io::Error::new(wrong.kind, wrong.told(path)))?;
    Ok(Strategy { name, path: path.to_owned(), source })
}

/// What is wrong with a file.
struct Wrong {
    kind: io::ErrorKind,
    line: Option<usize>,
    message: String,
}

impl Wrong {
    fn new(message: impl Into<String>) -> Self {
        Self { kind: io::ErrorKind::InvalidData, line: None, message: message.into() }
    }

    fn told(&self, path: &Path) -> String {
        let file = path.to_string_lossy();
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("strategy {}{line}: {}", text::phrase(&file), self.message)
    }
}

/// The name: the file's without its extension. It stands in tables, records and command lines.
fn named(path: &Path) -> Result<StrategyName, Wrong> {
    let expected =
        "rename the file: its name is the strategy's, made of what can be seen and is UTF-8";
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    match stem {
        None => Err(Wrong::new(format!("the name is not UTF-8; {expected}"))),
        Some(stem) if stem.trim().is_empty() => {
            Err(Wrong::new(format!("there is no name; {expected}")))
        }
        Some(stem) if text::has_hidden(stem) => {
            Err(Wrong::new(format!("the name has a character that is not seen; {expected}")))
        }
        Some(stem) => Ok(StrategyName(stem.to_owned())),
    }
}

fn source(path: &Path) -> Result<String, Wrong> {
    let unreadable =
        |error: io::Error| Wrong { kind: error.kind(), line: None, message: error.to_string() };
    // what is no file might never end, or never begin
    let kind = fs::metadata(path).map_err(unreadable)?;
    if kind.is_dir() {
        return Err(Wrong::new("this is a folder; expected the Python file itself"));
    }
    if !kind.is_file() {
        return Err(Wrong::new("this is no regular file; expected a Python file"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        let advice = "have it import the tool, as its users do";
        return Err(Wrong::new(format!("the file is larger than 1 MiB; {advice}")));
    }
    text_of(bytes)
}

fn text_of(bytes: Vec<u8>) -> Result<String, Wrong> {
    let at = |offset: usize, bytes: &[u8], message: String| {
        let line = bytes[..offset].split(|byte| *byte == b'\n').count();
        Wrong { line: Some(line), ..Wrong::new(message) }
    };
    let source = String::from_utf8(bytes).map_err(|error| {
        let (offset, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let byte = bytes[offset];
        let message = format!(
            "byte 0x{byte:02x} at offset {offset} is not UTF-8; save the file in that encoding"
        );
        at(offset, bytes, message)
    })?;
    if source.starts_with(MARK) {
        let message = "the file begins with a byte order mark; save it as UTF-8 without one";
        return Err(at(0, source.as_bytes(), message.to_owned()));
    }
    if let Some(offset) = source.find('\0') {
        let message = format!("the character NUL at offset {offset}; Python reads no such file");
        return Err(at(offset, source.as_bytes(), message));
    }
    Ok(source)
}

/// The strategy among `known` that would be taken for `own`: its name is the same, or differs in what
/// nobody sees or some file systems ignore.
pub fn namesake<'a>(
    known: impl IntoIterator<Item = &'a Strategy>,
    own: &Strategy,
) -> Option<&'a Strategy> {
    let alike = |name: &StrategyName| name.0.nfkc().collect::<String>().to_lowercase();
    let name = alike(&own.name);
    known.into_iter().find(|other| alike(&other.name) == name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    fn refused(name: impl AsRef<Path>, bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        let error = read(&path).expect_err("a bad file").to_string();
        error.replace(&*folder.path().to_string_lossy(), "F")
    }

    #[test]
    fn what_is_no_text_is_pointed_at() {
        let told = refused("x.py", b"CLAIMS = set()\n# caf\xe9\n");
        assert_eq!(
            told,
            "strategy F/x.py:2: byte 0xe9 at offset 20 is not UTF-8; save the file in that encoding"
        );
        assert!(
            refused("x.py", "\u{feff}CLAIMS = 1".as_bytes()).contains("x.py:1: the file begins")
        );
        assert!(refused("x.py", b"a\nb\0").contains("x.py:2: the character NUL at offset 3"));
        assert!(refused("x.py", &vec![b'#'; 1 << 21]).contains("larger than 1 MiB"));
        let latin = std::ffi::OsStr::from_bytes(b"caf\xe9.py");
        assert!(refused(latin, b"").contains("the name is not UTF-8"));
        assert!(refused("a\u{202e}b.py", b"").contains("a character that is not seen"));
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        for (path, told) in
            [("/", "there is no name"), ("/tmp", "a folder"), ("/dev/zero", "no regular file")]
        {
            let error = read(Path::new(path)).expect_err("no file").to_string();
            assert!(error.contains(told) || error.contains("not UTF-8"), "{error}");
        }
        let missing = read(Path::new("/nowhere/x.py")).expect_err("no file");
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn names_that_read_alike_are_one_name() {
        let of = |name: &str| Strategy {
            name: StrategyName(name.to_owned()),
            path: name.into(),
            source: String::new(),
        };
        let known = [of("audit"), of("caf\u{e9}")];
        for (name, found) in [("Audit", 0), ("cafe\u{301}", 1)] {
            assert_eq!(namesake(&known, &of(name)), Some(&known[found]), "{name}");
        }
        assert_eq!(namesake(&known, &of("audits")), None);
    }
}
