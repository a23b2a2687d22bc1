//! What an executable answers to `ask.py`, and what follows from it.

use std::{collections::BTreeMap, ffi::OsString, os::unix::ffi::OsStringExt, path::Path};

use super::{Interpreter, Libpython, ProbeKind, SkipSort, Skipped, Threading};
use crate::version::Version;

/// The first version whose free-threaded builds PyO3 0.30 supports.
const FREE_THREADED_MINIMUM: Version = Version::new(3, 14, 0);

/// The answers by key, unescaped.
pub(super) struct Answers(BTreeMap<String, Vec<u8>>);

impl Answers {
    /// Reads `key=value` lines. Other lines are let pass: a wrapper may have had something to say.
    ///
    /// None if this is not, or not all of, what `ask.py` writes.
    pub(super) fn parse(output: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(output);
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        let answers = Self(pairs.map(|(key, value)| (key.to_owned(), unescape(value))).collect());
        answers.flag("complete").is_ok().then_some(answers)
    }

    fn bytes(&self, key: &str) -> Result<&[u8], String> {
        let value = self.0.get(key).ok_or_else(|| format!("`{key}` is missing"))?;
        Ok(value)
    }

    fn text(&self, key: &str) -> Result<String, String> {
        Ok(String::from_utf8_lossy(self.bytes(key)?).into_owned())
    }

    fn optional_text(&self, key: &str) -> Result<Option<String>, String> {
        Ok(Some(self.text(key)?).filter(|text| !text.is_empty()))
    }

    fn flag(&self, key: &str) -> Result<bool, String> {
        match self.bytes(key)? {
            b"1" => Ok(true),
            b"0" => Ok(false),
            _ => Err(format!("`{key}` is `{}`", self.text(key)?)),
        }
    }

    fn version(&self) -> Result<Version, String> {
        let text = self.text("version")?;
        let parts: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
        match parts.as_deref() {
            Some(&[major, minor, micro]) => Ok(Version::new(major, minor, micro)),
            _ => Err(format!("`version` is `{text}`")),
        }
    }

    /// The executable as the interpreter itself names it; empty if it does not know.
    pub(super) fn executable(&self) -> Result<OsString, String> {
        Ok(OsString::from_vec(self.bytes("executable")?.to_vec()))
    }

    /// What these answers make of the executable at `path`.
    ///
    /// # Errors
    ///
    /// It is passed over, and why.
    pub(super) fn judge(&self, path: &Path, real_path: &Path) -> Result<Interpreter, Skipped> {
        let skip = |what: &str, (sort, reason): (SkipSort, String)| {
            let what = what.to_owned();
            Skipped { path: path.to_owned(), what, reason, sort }
        };
        let interpreter = self.describe(path, real_path).map_err(|reason| {
            let reason = format!("its answer does not make sense: {reason}");
            skip("unknown", (SkipSort::NoAnswer, reason))
        })?;
        match reason_to_skip(&interpreter) {
            None => Ok(interpreter),
            Some(why) => {
                let what = format!("{} {}", interpreter.implementation, interpreter.version);
                Err(skip(&what, why))
            }
        }
    }

    fn describe(&self, path: &Path, real_path: &Path) -> Result<Interpreter, String> {
        let (threading, probe) = if self.flag("free_threaded")? {
            (Threading::FreeThreaded, ProbeKind::FreeThreaded)
        } else {
            (Threading::Gil, ProbeKind::StableAbi)
        };
        Ok(Interpreter {
            path: path.to_owned(),
            real_path: real_path.to_owned(),
            ordinal: 1,
            version: self.version()?,
            full_version: self.text("full_version")?,
            implementation: implementation_name(&self.text("implementation")?),
            cache_tag: self.optional_text("cache_tag")?,
            magic: self.bytes("magic")?.try_into().ok(),
            threading,
            gil_enabled: self.flag("gil_enabled")?,
            debug: self.flag("debug")?,
            libpython: if self.flag("shared")? { Libpython::Shared } else { Libpython::Static },
            platform: self.text("platform")?,
            can_fork: self.flag("can_fork")?,
            soabi: self.optional_text("soabi")?,
            build_flags: build_flags(&self.text("configure")?),
            probe,
        })
    }
}

fn reason_to_skip(interpreter: &Interpreter) -> Option<(SkipSort, String)> {
    let version = interpreter.version;
    let minimum = Version::MINIMUM;
    if interpreter.implementation != "CPython" {
        let reason = "not CPython, whose import system is the one under test";
        Some((SkipSort::Unsupported, reason.to_owned()))
    } else if version < minimum {
        Some((SkipSort::Old, format!("older than {}.{}", minimum.major, minimum.minor)))
    } else if interpreter.probe == ProbeKind::FreeThreaded && version < FREE_THREADED_MINIMUM {
        let reason = "PyO3 0.30 supports free-threaded builds from 3.14 on";
        Some((SkipSort::Unsupported, reason.to_owned()))
    } else {
        None
    }
}

/// The implementation as it is usually spelled, from `sys.implementation.name`.
fn implementation_name(name: &str) -> String {
    let spelled = match name {
        "cpython" => "CPython",
        "pypy" => "PyPy",
        "graalpy" => "GraalPy",
        other => other,
    };
    spelled.to_owned()
}

/// What of the arguments to `configure` bears on speed.
fn build_flags(arguments: &str) -> Vec<String> {
    const KNOWN: [(&str, &str); 6] = [
        ("--enable-optimizations", "pgo"),
        ("--with-lto", "lto"),
        ("--enable-bolt", "bolt"),
        ("--enable-experimental-jit", "jit"),
        ("--with-tail-call-interp", "tail-call"),
        ("--with-assertions", "assertions"),
    ];
    let given: Vec<(&str, &str)> = arguments
        .split_whitespace()
        .map(|argument| argument.trim_matches('\''))
        .map(|argument| argument.split_once('=').unwrap_or((argument, "yes")))
        .collect();
    let flag = |(option, flag): (&str, &str)| match given.iter().find(|(name, _)| *name == option) {
        None | Some((_, "no")) => None,
        Some((_, "yes")) => Some(flag.to_owned()),
        Some((_, value)) => Some(format!("{flag}={value}")),
    };
    KNOWN.into_iter().filter_map(flag).collect()
}

/// Undoes the percent-encoding of `ask.py`. A percent sign that starts no code stands for itself.
fn unescape(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                plain.push(byte);
                rest = &tail[2..];
            }
            _ => {
                plain.push(*first);
                rest = tail;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_byte_survives(value: Vec<u8>) {
            let escape = |byte: &u8| match byte {
                b'%' => "%25".to_owned(),
                b' '..=b'~' => char::from(*byte).to_string(),
                _ => format!("%{byte:02x}"),
            };
            let escaped: String = value.iter().map(escape).collect();
            prop_assert_eq!(unescape(&escaped), value);
        }

        #[test]
        fn any_output_is_an_answer_or_not(output: Vec<u8>) {
            let _ = Answers::parse(&output);
        }
    }

    #[test]
    fn a_percent_sign_alone_is_itself() {
        assert_eq!(unescape("50%"), b"50%");
        assert_eq!(unescape("%zz%4"), b"%zz%4");
    }

    #[test]
    fn build_flags_are_those_that_were_switched_on() {
        let debian = "'--enable-shared' '--enable-experimental-jit=yes-off' 'CC=gcc -pthread'";
        assert_eq!(build_flags(debian), ["jit=yes-off"]);
        let fast = "'--with-lto=full' '--enable-optimizations' '--enable-experimental-jit=no'";
        assert_eq!(build_flags(fast), ["pgo", "lto=full"]);
        assert!(build_flags("").is_empty());
        assert!(build_flags("--without-lto --with-lto-like").is_empty());
    }
}
