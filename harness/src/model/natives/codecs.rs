//! `bytes.decode()` and `str.encode()`: the first use of a codec imports its module.

use crate::model::{
    machine::Machine,
    object::{map::Text, value::Value},
    stop::{Outcome, outside},
};

/// Codecs that every interpreter has at hand.
const READY: &[&str] = &["utf_8", "utf8", "ascii", "latin_1"];

/// Names of codecs and other names for them that are letters alone, on any version.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "aliases", "ansi", "arabic", "ascii", "charmap", "chinese", "csascii", "cseuckr",
    "cseucpkdfmtjapanese", "csgbk", "csisolatinarabic", "csisolatincyrillic", "csisolatingreek",
    "csisolatinhebrew", "csmacintosh", "csshiftjis", "cyrillic", "dbcs", "euccn", "eucjp",
    "euckr", "gbk", "greek", "hebrew", "hex", "hkscs", "hz", "hzgb", "idna", "johab", "korean",
    "latin", "mac", "maccentraleurope", "maccyrillic", "macgreek", "maciceland", "macintosh",
    "macroman", "macturkish", "mbcs", "mskanji", "oem", "palmos", "punycode", "quopri",
    "quotedprintable", "ruscii", "shiftjis", "sjis", "thai", "uhc", "ujis", "undefined",
    "unicodebigunmarked", "unicodelittleunmarked", "us", "utf", "uu", "zip", "zlib",
];

/// Codecs whose modules import nothing, and which have ASCII as it is.
pub(crate) const TABLES: &[&str] = &["koi8_r", "koi8_u", "cp1250", "cp1251", "iso8859_15"];

/// Whether there is no codec of this name for certain.
pub(crate) fn is_unknown(module: &str) -> bool {
    let is_plain = module.chars().all(|c| c.is_ascii_lowercase()) && !module.is_empty();
    is_plain && !KNOWN.contains(&module)
}

impl Machine<'_> {
    pub(crate) fn bytes_method(
        &mut self,
        bytes: &[u8],
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let codec = match args {
            [] => Text::from("utf-8"),
            [Value::Text(codec)] => Text::clone(codec),
            _ => return outside(format!("this call of the method `{name}` of bytes")),
        };
        match (name, std::str::from_utf8(bytes)) {
            ("decode", Ok(text)) if text.is_ascii() => {
                self.look_up_codec(&codec)?;
                Ok(Value::text(text))
            }
            _ => outside(format!("the method `{name}` of bytes")),
        }
    }

    /// `text.encode(codec)`.
    pub(crate) fn encode(&mut self, text: &str, codec: &Text) -> Outcome<Value> {
        self.look_up_codec(codec)?;
        if !text.is_ascii() {
            return outside("an encoding beyond ASCII");
        }
        Ok(Value::Bytes(text.as_bytes().into()))
    }

    /// `encodings.search_function`.
    fn look_up_codec(&mut self, codec: &Text) -> Outcome<()> {
        let module = codec.to_ascii_lowercase().replace(['-', ' '], "_");
        if READY.contains(&&*module) || self.codecs.contains(&module) {
            return Ok(());
        }
        let is_known = TABLES.contains(&&*module);
        if !is_known && !is_unknown(&module) {
            return outside(format!("the codec `{codec}`"));
        }
        let full: Text = format!("encodings.{module}").into();
        match self.import_level_0(&full) {
            Err(stop) if self.is_raised(&stop, "ImportError") => {
                Err(self.error("LookupError", format!("unknown encoding: {codec}")))
            }
            imported => {
                self.codecs.push(module);
                imported.map(drop)
            }
        }
    }
}
