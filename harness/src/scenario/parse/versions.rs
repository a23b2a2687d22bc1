//! What a scenario expects, which may depend on the Python version.

use std::str::FromStr;

use super::Reader;
use crate::{
    scenario::{
        ByVersion,
        explain::Place,
        wire::{Located, WireByVersion},
    },
    span::Trace,
    version::VersionRange,
};

impl Reader<'_> {
    pub(super) fn raises(
        &mut self,
        wire: Option<Located<WireByVersion>>,
        python: Option<&VersionRange>,
    ) -> Option<ByVersion<Option<String>>> {
        let Some(wire) = wire else { return Some(ByVersion::Always(None)) };
        self.by_version(wire, python, |reader, _, text| match text {
            Some(text) => reader.exception(text).map(Some),
            None => Some(None),
        })
    }

    fn exception(&mut self, text: Located<String>) -> Option<String> {
        let is_letter = |c: char| c.is_alphabetic() || c == '_';
        let name = &text.value;
        let good =
            name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_numeric());
        if !good {
            let expected = "expected its bare name, as in ValueError";
            self.fail(text.at, format!("`{name}` names no exception type"), expected);
            return None;
        }
        Some(text.value)
    }

    pub(super) fn trace(
        &mut self,
        wire: Located<WireByVersion>,
        python: Option<&VersionRange>,
    ) -> Option<ByVersion<Trace>> {
        self.by_version(wire, python, |reader, range, text| {
            let Some(text) = text else {
                reader.fail(range, "a range without a trace", "an empty trace is written \"\"");
                return None;
            };
            reader.one_trace(&text)
        })
    }

    fn one_trace(&mut self, text: &Located<String>) -> Option<Trace> {
        let expected = "expected `operation module`, then `!ExceptionType` if it raised or `?` if \
                        it found nothing; two spaces of indentation are one level";
        let trace = Trace::from_str(&text.value);
        trace
            .map_err(|error| {
                let at = self.source.within(text, error.line, error.column);
                self.fail(at, format!("bad trace: {}", error.message), expected);
            })
            .ok()
    }

    /// Reads each text with `read`, which also gets the place of its range. `python` is nothing
    /// where it was wrong itself.
    fn by_version<T>(
        &mut self,
        wire: Located<WireByVersion>,
        python: Option<&VersionRange>,
        read: impl Fn(&mut Self, Place, Option<Located<String>>) -> Option<T>,
    ) -> Option<ByVersion<T>> {
        let at = wire.at;
        let texts = match wire.value {
            WireByVersion::Text(value) => {
                return read(self, at, Some(Located { value, at })).map(ByVersion::Always);
            }
            WireByVersion::Map(texts) => texts.0,
            WireByVersion::Other(found) => {
                let expected = "expected a text, or a map from version ranges to texts";
                self.fail(at, format!("wrong type: {found}"), expected);
                return None;
            }
        };
        let mut ranges = Vec::with_capacity(texts.len());
        let mut values = Vec::with_capacity(texts.len());
        for (key, text) in texts {
            ranges.push(self.range(&key).map(|value| Located { value, at: key.at }));
            values.push(read(self, key.at, text));
        }
        let ranges: Vec<_> = ranges.into_iter().collect::<Option<_>>()?;
        self.check_coverage(at, python?, &ranges);
        let pairs = ranges.into_iter().zip(values);
        pairs
            .map(|(range, value)| Some((range.value, value?)))
            .collect::<Option<_>>()
            .map(ByVersion::Ranges)
    }

    /// Checks that each supported version within `python` is in exactly one of `ranges`, and that
    /// each of them has one.
    fn check_coverage(
        &mut self,
        at: Place,
        python: &VersionRange,
        ranges: &[Located<VersionRange>],
    ) {
        let mut unused: Vec<_> = ranges.iter().collect();
        for version in python.supported() {
            let mut holding = ranges.iter().filter(|range| range.value.contains(&version));
            let Some(first) = holding.next() else {
                let expected = "expected each version that `python` allows in one of the ranges";
                return self.fail(at, format!("no range holds {version}"), expected);
            };
            if let Some(second) = holding.next() {
                let message = format!("{version} is also in `{}`", first.value);
                return self.fail(second.at, message, "expected ranges that do not overlap");
            }
            unused.retain(|range| range.at != first.at);
        }
        if let Some(range) = unused.first() {
            let message = format!("no supported version of `python: {python}` is in this range");
            self.fail(range.at, message, "expected a range that is needed, or none");
        }
    }
}
