//! What a scenario is called.

use std::{fmt, path::Path, str::FromStr};

/// The path of a scenario's file below the scenario folder, with `/` and without `.yaml`:
/// `packages/parent-fails`.
///
/// Names stand in tables, record files and command lines, so they are made of parts of lower-case
/// letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScenarioName(String);

/// A path or a text that names no scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name is not made of lower-case letters, digits and hyphens")]
pub struct ScenarioNameError;

impl ScenarioName {
    /// The name of the scenario in `file`, a path relative to the scenario folder.
    pub fn from_file(file: &Path) -> Result<Self, ScenarioNameError> {
        let parts: Option<Vec<_>> = file.iter().map(|part| part.to_str()).collect();
        let path = parts.ok_or(ScenarioNameError)?.join("/");
        path.strip_suffix(".yaml").ok_or(ScenarioNameError)?.parse()
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScenarioName {
    type Err = ScenarioNameError;

    fn from_str(text: &str) -> Result<Self, ScenarioNameError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_part = |part: &str| !part.is_empty() && part.chars().all(allowed);
        if text.split('/').all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ScenarioNameError)
        }
    }
}

impl fmt::Display for ScenarioName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_path() {
        let name = |path: &str| ScenarioName::from_file(Path::new(path)).map(|name| name.0);
        assert_eq!(name("packages/parent-fails.yaml").as_deref(), Ok("packages/parent-fails"));
        assert_eq!(name("gh-149466.yaml").as_deref(), Ok("gh-149466"));
        for bad in ["a.yml", "A.yaml", "a b.yaml", "a_b.yaml", ".yaml", "../a.yaml", "a.b.yaml"] {
            assert_eq!(name(bad), Err(ScenarioNameError), "{bad}");
        }
    }
}
