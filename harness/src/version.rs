//! Python versions, and ranges of them as packaging tools write them (`>=3.9,<3.15`).
//!
//! Only the release counts: an interpreter that calls itself 3.16.0a3 is 3.16.0 here, so that a
//! scenario written for `>=3.16` already runs on its pre-releases.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use pep440_rs::{Operator, VersionSpecifier, VersionSpecifiers};

/// The minor versions of Python 3 that Tollgate supports.
pub const SUPPORTED_MINORS: RangeInclusive<u32> = 9..=15;

/// Micro versions looked at when a range is checked against the supported versions. CPython has not
/// yet made more than 25 releases of one minor version.
const MICROS: RangeInclusive<u32> = 0..=40;

/// The release of a Python interpreter, without what marks a pre-release or a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 3.
    pub major: u32,
    /// The feature release: 13 in 3.13.0.
    pub minor: u32,
    /// The bug-fix release.
    pub micro: u32,
}

impl Version {
    /// The oldest version that Tollgate supports.
    pub const MINIMUM: Self = Self::new(3, *SUPPORTED_MINORS.start(), 0);

    /// Puts a version together.
    pub const fn new(major: u32, minor: u32, micro: u32) -> Self {
        Self { major, minor, micro }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}.{}", self.major, self.minor, self.micro))
    }
}

/// Reads `3.13.0`, `3.13` (micro 0), and what `platform.python_version()` says of pre-releases and
/// of builds from a checkout (`3.15.0a2+`).
impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let wrong = || VersionError(format!("`{text}` is no Python version; expected 3.13.0"));
        let parsed: pep440_rs::Version = text.trim_end_matches('+').parse().map_err(|_| wrong())?;
        let part = |index: usize| {
            u32::try_from(parsed.release().get(index).copied().unwrap_or(0)).map_err(|_| wrong())
        };
        Ok(Self::new(part(0)?, part(1)?, part(2)?))
    }
}

/// A text that is no version or no range of versions; it says why and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct VersionError(String);

/// A set of versions: one or more conditions, all of which hold, such as `>=3.9,<3.15` or
/// `==3.15.*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange(VersionSpecifiers);

impl VersionRange {
    /// Every version from [`Version::MINIMUM`] on.
    pub fn from_minimum() -> Self {
        let minimum = Version::MINIMUM;
        let minimum = release(&[minimum.major, minimum.minor]);
        Self(VersionSpecifier::greater_than_equal_version(minimum).into())
    }

    /// Whether `version` is in the range.
    pub fn contains(&self, version: &Version) -> bool {
        self.0.contains(&release(&[version.major, version.minor, version.micro]))
    }

    /// The supported versions in the range, oldest first.
    pub fn supported(&self) -> impl Iterator<Item = Version> {
        SUPPORTED_MINORS
            .flat_map(|minor| MICROS.map(move |micro| Version::new(3, minor, micro)))
            .filter(|version| self.contains(version))
    }
}

fn release(parts: &[u32]) -> pep440_rs::Version {
    pep440_rs::Version::new(parts.iter().copied().map(u64::from))
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conditions: Vec<_> =
            self.0.iter().map(|one| format!("{one}").replace(' ', "")).collect();
        f.pad(&conditions.join(","))
    }
}

impl FromStr for VersionRange {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        text.split(',').map(|condition| parse_condition(condition.trim())).collect()
    }
}

impl FromIterator<VersionSpecifier> for VersionRange {
    fn from_iter<I: IntoIterator<Item = VersionSpecifier>>(conditions: I) -> Self {
        Self(conditions.into_iter().collect())
    }
}

fn parse_condition(text: &str) -> Result<VersionSpecifier, VersionError> {
    let expected = "expected a range such as >=3.9,<3.15 or ==3.15.*";
    if text.is_empty() {
        return Err(VersionError(format!("a condition is missing; {expected}")));
    }
    if !text.starts_with(['<', '>', '=', '!', '~']) {
        return Err(VersionError(format!("`{text}` has no comparison; {expected}")));
    }
    let condition: VersionSpecifier =
        text.parse().map_err(|error| VersionError(format!("`{text}`: {error}; {expected}")))?;
    if !condition.version().is_stable() || condition.version().is_local() {
        let message = format!("`{text}`: a pre-release counts as its release; write that instead");
        return Err(VersionError(message));
    }
    match whole_minor(&condition) {
        Some(instead) => Err(VersionError(format!(
            "`{text}` compares with the one release {}.0; for all of {0} write {instead}",
            condition.version()
        ))),
        None => Ok(condition),
    }
}

/// What was most likely meant by a condition in which a minor version stands for its first release:
/// PEP 440 reads `<=3.14` as "up to 3.14.0".
fn whole_minor(condition: &VersionSpecifier) -> Option<String> {
    let &[major, minor] = condition.version().release() else { return None };
    match condition.operator() {
        Operator::Equal | Operator::ExactEqual => Some(format!("=={major}.{minor}.*")),
        Operator::NotEqual => Some(format!("!={major}.{minor}.*")),
        Operator::LessThanEqual => Some(format!("<{major}.{}", minor.saturating_add(1))),
        Operator::GreaterThan => Some(format!(">={major}.{}", minor.saturating_add(1))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn only_the_release_of_a_version_counts() {
        for text in ["3.16.0", "3.16", "3.16.0a3", "3.16.0a3+", "3.16.0rc1"] {
            assert_eq!(version(text).to_string(), "3.16.0");
        }
        assert!(version("3.9.18") < version("3.10.0"));
        assert!("three".parse::<Version>().is_err());
        assert!("3.99999999999".parse::<Version>().is_err());
    }

    #[test]
    fn a_range_holds_what_it_says() {
        let holds = [
            (">=3.9", "3.9.0", true),
            (">=3.9", "3.8.19", false),
            (">=3.9,<3.15", "3.14.9", true),
            (">=3.9,<3.15", "3.15.0a1", false),
            ("==3.15.*", "3.15.2", true),
            ("==3.15.*", "3.14.2", false),
            ("!=3.12.*", "3.12.0", false),
            ("~=3.13.2", "3.13.1", false),
            ("> 3.12.4 , < 4", "3.12.5", true),
        ];
        for (range, text, expected) in holds {
            let range: VersionRange = range.parse().expect("a range");
            assert_eq!(range.contains(&version(text)), expected, "{range} and {text}");
        }
    }

    #[test]
    fn a_bad_range_says_what_to_write() {
        let error = |text: &str| text.parse::<VersionRange>().expect_err("a bad range").to_string();
        insta::assert_snapshot!(error(""), @"a condition is missing; expected a range such as >=3.9,<3.15 or ==3.15.*");
        insta::assert_snapshot!(error("3.9"), @"`3.9` has no comparison; expected a range such as >=3.9,<3.15 or ==3.15.*");
        insta::assert_snapshot!(error(">=3.9,"), @"a condition is missing; expected a range such as >=3.9,<3.15 or ==3.15.*");
        insta::assert_snapshot!(error("=>3.9"), @r#"`=>3.9`: no such comparison operator "=>", must be one of ~= == != <= >= < > ===; expected a range such as >=3.9,<3.15 or ==3.15.*"#);
        insta::assert_snapshot!(error(">=3.x"), @"`>=3.x`: after parsing `3`, found `.x`, which is not part of a valid version; expected a range such as >=3.9,<3.15 or ==3.15.*");
        insta::assert_snapshot!(error("<=3.14"), @"`<=3.14` compares with the one release 3.14.0; for all of 3.14 write <3.15");
        insta::assert_snapshot!(error("==3.15"), @"`==3.15` compares with the one release 3.15.0; for all of 3.15 write ==3.15.*");
        insta::assert_snapshot!(error(">3.9"), @"`>3.9` compares with the one release 3.9.0; for all of 3.9 write >=3.10");
        insta::assert_snapshot!(error("!=3.9"), @"`!=3.9` compares with the one release 3.9.0; for all of 3.9 write !=3.9.*");
        insta::assert_snapshot!(error(">=3.13.0a1"), @"`>=3.13.0a1`: a pre-release counts as its release; write that instead");
    }

    #[test]
    fn supported_versions_are_those_of_the_range() {
        let minors = |text: &str| -> Vec<_> {
            let range: VersionRange = text.parse().expect("a range");
            range.supported().filter(|version| version.micro == 0).map(|v| v.minor).collect()
        };
        assert_eq!(minors(">=3.9"), SUPPORTED_MINORS.collect::<Vec<_>>());
        assert_eq!(minors("<3.11"), [9, 10]);
        assert!(minors(">=4").is_empty());
        assert!(VersionRange::from_minimum().supported().eq(minimum_range().supported()));
    }

    fn minimum_range() -> VersionRange {
        ">=3.9".parse().expect("a range")
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(minor in 0_u32..20, micro in 0_u32..40, below in 0_u32..20) {
            let text = format!(">={},<3.{below}", Version::new(3, minor, micro));
            let range: VersionRange = text.parse().expect("a range");
            prop_assert_eq!(range.to_string().parse(), Ok(range));
        }

        #[test]
        fn any_text_is_a_range_or_an_error(text: String) {
            let _ = text.parse::<VersionRange>();
            let _ = text.parse::<Version>();
        }
    }
}
