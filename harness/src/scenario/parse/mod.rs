//! From the text of a scenario file to a scenario.

mod isolation;
mod tree;
mod versions;

use std::{path::Path, str::FromStr};

use super::{
    Scenario, ScenarioError, ScenarioName,
    explain::{Place, SCENARIO, Source},
    wire::{self, Located, WireScenario},
};
use crate::{
    text::has_hidden,
    version::{SUPPORTED_MINORS, VersionRange},
};

/// Reads the scenario `name` from the `text` of `file`, which is only named in messages.
///
/// Where the text is no YAML of the right shape, the first error and all unknown keys are returned,
/// otherwise all that is wrong with the values, from top to bottom.
pub fn parse(file: &Path, name: ScenarioName, text: &str) -> Result<Scenario, Vec<ScenarioError>> {
    let source = Source { file, text, format: &SCENARIO };
    if text.starts_with("\u{feff}\u{feff}") {
        let expected = "expected one byte order mark at most, or none";
        return Err(vec![source.error((1, 1), "a second byte order mark", expected)]);
    }
    let wire: WireScenario =
        wire::read(text).map_err(|error| source.explain_all::<WireScenario>(&error))?;
    let mut reader = Reader { source, errors: Vec::new() };
    let scenario = reader.scenario(name, wire);
    match scenario {
        Some(scenario) if reader.errors.is_empty() => Ok(scenario),
        _ => Err(reader.finish()),
    }
}

/// Checks values, and goes on after what is wrong.
struct Reader<'a> {
    source: Source<'a>,
    errors: Vec<ScenarioError>,
}

impl Reader<'_> {
    fn scenario(&mut self, name: ScenarioName, wire: WireScenario) -> Option<Scenario> {
        let summary = self.summary(&wire.summary);
        let python = self.python(wire.python.as_ref());
        let files = self.files(wire.files.0);
        let generate = wire.generate.map(|wire| self.generated(&wire, &files));
        let isolation = self.isolation(wire.isolation);
        let run = match &isolation {
            Some((_, module)) => self.run(wire.run, module.clone(), (wire.summary.at.0, 1)),
            None => None,
        };
        let raises = self.raises(wire.raises, python.as_ref());
        let at = wire.exits.as_ref().map_or((1, 1), |exits| exits.at);
        let exits = self.exits(wire.exits, python.as_ref());
        if let (Some(python), Some(raises), Some(exits)) = (&python, &raises, &exits) {
            self.check_ends(at, python, raises, exits);
        }
        let trace = self.trace(wire.trace, python.as_ref());
        Some(Scenario {
            name,
            summary: summary?,
            see: wire.see,
            python: python?,
            files: files.into_iter().map(|file| file.value).collect(),
            generate: match generate {
                Some(generated) => Some(generated?),
                None => None,
            },
            setup: wire.setup,
            isolation: isolation?.0,
            run: run?,
            raises: raises?,
            exits: exits?,
            trace: trace?,
            digest: digest(self.source.text),
        })
    }

    fn fail(&mut self, at: Place, message: impl Into<String>, expected: impl Into<String>) {
        self.errors.push(self.source.error(at, message, expected));
    }

    fn finish(mut self) -> Vec<ScenarioError> {
        self.errors.sort_by_key(|error| {
            error.position.as_ref().map(|position| (position.line, position.column))
        });
        // The alias of a bad value is as bad, and at the same place.
        self.errors.dedup();
        self.errors
    }

    fn summary(&mut self, text: &Located<String>) -> Option<String> {
        let summary = text.value.trim();
        if summary.is_empty() || summary.contains('\n') {
            let expected = "expected the behaviour in one sentence";
            self.fail(text.at, "the summary is not one line", expected);
            return None;
        }
        if has_hidden(summary) {
            let message = "the summary has a character that moves, colours or hides what is shown";
            self.fail(text.at, message, "expected what can be read on one line");
            return None;
        }
        Some(summary.to_owned())
    }

    fn python(&mut self, text: Option<&Located<String>>) -> Option<VersionRange> {
        let Some(text) = text else { return Some(VersionRange::from_minimum()) };
        let range = self.range(text)?;
        if range.supported().next().is_none() {
            let (first, last) = (SUPPORTED_MINORS.start(), SUPPORTED_MINORS.end());
            let expected = format!("expected a range with versions from 3.{first} to 3.{last}");
            self.fail(text.at, format!("no supported version is in `{range}`"), expected);
            return None;
        }
        Some(range)
    }

    fn range(&mut self, text: &Located<String>) -> Option<VersionRange> {
        let range = VersionRange::from_str(&text.value);
        range.map_err(|error| self.fail(text.at, "bad version range", error.to_string())).ok()
    }
}

/// The 64-bit FNV-1a hash of a file, in 16 hexadecimal digits. It tells versions of a scenario
/// apart in records; nobody is expected to forge one.
fn digest(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn the_digest_is_fnv_1a() {
        assert_eq!(digest(""), "cbf29ce484222325");
        assert_eq!(digest("foobar"), "85944171f73967e8");
    }
}
