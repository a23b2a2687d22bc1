//! What a scenario expects, which may depend on the Python version.

use std::str::FromStr;

use tollgate_event::canonical;

use super::Reader;
use crate::{
    scenario::{
        ByVersion, ExitStatus, ExitStatusError,
        explain::Place,
        wire::{A_NUMBER, Located, Scalar, WireByVersion},
    },
    span::Trace,
    version::{Version, VersionRange},
};

const EXPECTED: &str = "expected a text, or a map from version ranges to texts";

impl Reader<'_> {
    pub(super) fn raises(
        &mut self,
        wire: Option<Located<WireByVersion>>,
        python: Option<&VersionRange>,
    ) -> Option<ByVersion<Option<String>>> {
        let Some(wire) = wire else { return Some(ByVersion::Always(None)) };
        let wire = self.texts(wire)?;
        self.by_version(wire, python, |reader, _, text| match text {
            Some(text) => reader.exception(&text).map(Some),
            None => Some(None),
        })
    }

    /// The name of a type, which Python lets be any text without NUL.
    fn exception(&mut self, text: &Located<String>) -> Option<String> {
        if text.value.contains('\0') {
            let expected = "expected its `__name__`, as in ValueError; Python has no NUL in one";
            self.fail(text.at, "the name of an exception's type holds NUL", expected);
            return None;
        }
        Some(canonical(&text.value).into_owned())
    }

    pub(super) fn exits(
        &mut self,
        wire: Option<Located<WireByVersion<Scalar>>>,
        python: Option<&VersionRange>,
    ) -> Option<ByVersion<Option<ExitStatus>>> {
        let Some(wire) = wire else { return Some(ByVersion::Always(None)) };
        if let WireByVersion::Other(found) = wire.value {
            self.exit_status(found, wire.at)?;
        }
        self.by_version(wire, python, |reader, _, text| match text {
            Some(Located { value: Scalar(text), at }) => reader.exit_status(&text, at).map(Some),
            None => Some(None),
        })
    }

    fn exit_status(&mut self, text: &str, at: Place) -> Option<ExitStatus> {
        let status = text.parse();
        let fail = |error: ExitStatusError| {
            self.fail(at, format!("`{text}` is no exit status"), error.to_string());
        };
        status.map_err(fail).ok()
    }

    /// Checks that no program both raises and ends its process; `at` is where to say so.
    pub(super) fn check_ends(
        &mut self,
        at: Place,
        python: &VersionRange,
        raises: &ByVersion<Option<String>>,
        exits: &ByVersion<Option<ExitStatus>>,
    ) {
        let both = |version: &Version| {
            raises.get(version).is_some_and(Option::is_some)
                && exits.get(version).is_some_and(Option::is_some)
        };
        if let Some(version) = python.supported().find(both) {
            let expected = "a program that ends its own process raises nothing that reaches its top \
                            level; say `null` of one of the two";
            let message = format!("in {version} the program exits, and it raises, too");
            self.fail(at, message, expected);
        }
    }

    pub(super) fn trace(
        &mut self,
        wire: Located<WireByVersion>,
        python: Option<&VersionRange>,
    ) -> Option<ByVersion<Trace>> {
        let wire = self.texts(wire)?;
        self.by_version(wire, python, |reader, range, text| {
            let Some(text) = text else {
                reader.fail(range, "a range without a trace", "an empty trace is written \"\"");
                return None;
            };
            reader.one_trace(&text)
        })
    }

    fn one_trace(&mut self, text: &Located<String>) -> Option<Trace> {
        let expected = "expected `operation module`, then `!ExceptionType` if it raised, `?` if it \
                        found nothing or `...` if it never ended; two spaces of indentation are one \
                        level";
        let trace = Trace::from_str(&text.value);
        trace
            .map_err(|error| {
                let at = self.source.within(text, error.line, error.column);
                self.fail(at, format!("bad trace: {}", error.message), expected);
            })
            .ok()
    }

    /// The same where it can only be texts.
    fn texts(&mut self, wire: Located<WireByVersion>) -> Option<Located<WireByVersion>> {
        if let WireByVersion::Number(_) = wire.value {
            self.fail(wire.at, format!("wrong type: {A_NUMBER}"), EXPECTED);
            return None;
        }
        Some(wire)
    }

    /// Reads each text with `read`, which also gets the place of its range. `python` is nothing
    /// where it was wrong itself.
    fn by_version<W: From<String>, T>(
        &mut self,
        wire: Located<WireByVersion<W>>,
        python: Option<&VersionRange>,
        read: impl Fn(&mut Self, Place, Option<Located<W>>) -> Option<T>,
    ) -> Option<ByVersion<T>> {
        let at = wire.at;
        let texts = match wire.value {
            WireByVersion::Text(text) => {
                let text = Located { value: W::from(text), at };
                return read(self, at, Some(text)).map(ByVersion::Always);
            }
            WireByVersion::Map(texts) => texts.0,
            WireByVersion::Number(number) => {
                let text = Located { value: W::from(number.to_string()), at };
                return read(self, at, Some(text)).map(ByVersion::Always);
            }
            WireByVersion::Other(found) => {
                self.fail(at, format!("wrong type: {found}"), EXPECTED);
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
