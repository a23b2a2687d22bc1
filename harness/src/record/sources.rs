//! What a run's scenarios say, so that a report can show it when the files have long changed.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::{RunFolder, name};
use crate::{
    scenario::{Run, Scenario, SourceFile},
    text,
};

/// Version of the file's format.
const FORMAT: u32 = 1;
const FILE: &str = "scenarios.json";

/// `scenarios.json`: written before the first record. No record depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    format: u32,
    /// The scenarios of the run, in no particular order.
    pub scenarios: Vec<SourceRecord>,
}

/// What one scenario says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRecord {
    /// Its name.
    pub scenario: String,
    /// Digest of its file, as in the records that are about it.
    pub digest: String,
    /// The behaviour in one sentence.
    pub summary: String,
    /// Where the behaviour is described.
    pub see: Vec<String>,
    /// The versions that it applies to.
    pub python: String,
    /// Python that runs before anything is observed.
    pub setup: Option<String>,
    /// What is observed: a program, or `-m` and a module.
    pub run: String,
    /// Options of the interpreter.
    pub options: Vec<String>,
    /// Environment variables, `NAME=value`.
    pub environment: Vec<String>,
    /// The files that are written out, and after them those of the site directory.
    pub files: Vec<FileRecord>,
    /// What is generated beside them, in words.
    pub generated: Option<String>,
}

/// One file of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Where it lies: below the scenario's tree, or `<site>/` and below the site directory.
    pub path: String,
    /// Its text; of a long one its head and its tail.
    pub body: String,
}

impl Sources {
    /// What these scenarios say.
    pub fn of(scenarios: &[Scenario]) -> Self {
        Self::new(scenarios.iter().map(SourceRecord::from).collect())
    }

    pub(super) fn new(scenarios: Vec<SourceRecord>) -> Self {
        Self { format: FORMAT, scenarios }
    }

    /// What all of these say: each scenario once, by name.
    pub(super) fn together(all: Vec<Self>) -> Self {
        let mut scenarios: Vec<_> = all.into_iter().flat_map(|it| it.scenarios).collect();
        scenarios.sort_by(|one, other| one.scenario.cmp(&other.scenario));
        scenarios.dedup_by(|one, other| one.scenario == other.scenario);
        Self::new(scenarios)
    }

    /// Reads what a run's folder says of its scenarios: nothing where the run is older than this
    /// file. The error names the file.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| name(&error, &path))?,
        };
        let sources: Self =
            serde_json::from_str(&text).map_err(|error| name(&error.into(), &path))?;
        match sources.format {
            FORMAT => Ok(Some(sources)),
            other => {
                let message = format!("format {other}; this Tollgate reads format {FORMAT}");
                let error = io::Error::new(io::ErrorKind::InvalidData, message);
                Err(name(&error, &path))
            }
        }
    }
}

impl RunFolder {
    /// Writes what the run's scenarios say: whole, or not at all.
    pub fn write_sources(&self, sources: &Sources) -> io::Result<()> {
        let (path, unfinished) = (self.path.join(FILE), self.path.join("scenarios.unfinished"));
        let text = serde_json::to_string(sources)? + "\n";
        let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, &path));
        written.map_err(|error| name(&error, &path))
    }
}

impl From<&Scenario> for SourceRecord {
    fn from(scenario: &Scenario) -> Self {
        let start = scenario.start_up();
        let own = scenario.files.iter().map(|it| file("", it));
        let site = start.into_iter().flat_map(|it| &it.site).map(|it| file("<site>/", it));
        let set = |(name, value): &(String, String)| format!("{name}={value}");
        let environment = start.into_iter().flat_map(|it| &it.environment);
        let generated = scenario.generate.as_ref();
        Self {
            scenario: scenario.name.to_string(),
            digest: scenario.digest.clone(),
            summary: text::kept_name(&scenario.summary),
            see: scenario.see.clone(),
            python: scenario.python.to_string(),
            setup: scenario.setup.as_deref().map(text::kept),
            run: match &scenario.run {
                Run::Code(text) => text.clone(),
                Run::Module(module) => format!("-m {module}"),
            },
            options: start.map(|it| it.options.clone()).unwrap_or_default(),
            environment: environment.map(set).collect(),
            files: own.chain(site).collect(),
            generated: generated
                .map(|it| format!("{} modules below package {}", it.sources().count(), it.root())),
        }
    }
}

fn file(place: &str, file: &SourceFile) -> FileRecord {
    FileRecord { path: format!("{place}{}", file.path), body: file.body.clone() }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::scenario::parse;

    const WHOLE: &str = "\
summary: A name.
see: [gh-1]
files: {a.py: \"x = '</script>'\\n\"}
generate: {shape: chain, modules: 3}
setup: import sys
run: import a
trace: \"\"
";

    #[test]
    fn what_a_scenario_says_is_read_back() {
        let name = "packages/x".parse().expect("a name");
        let scenario = parse(Path::new("x.yaml"), name, WHOLE).expect("a scenario");
        let sources = Sources::of(&[scenario]);
        let said = &sources.scenarios[0];
        assert_eq!((said.summary.as_str(), said.run.trim()), ("A name.", "import a"));
        assert_eq!(said.files[0].body, "x = '</script>'\n");
        assert_eq!(said.generated.as_deref(), Some("3 modules below package gen"));

        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Sources::read(folder.path()).expect("no file is no error"), None);
        let text = serde_json::to_string(&sources).expect("JSON");
        fs::write(folder.path().join(FILE), &text).expect("written");
        assert_eq!(Sources::read(folder.path()).expect("read"), Some(sources));
        let other = text.replace("\"format\":1", "\"format\":2");
        fs::write(folder.path().join(FILE), other).expect("written");
        let error = Sources::read(folder.path()).expect_err("another format").to_string();
        let path: PathBuf = folder.path().join(FILE);
        assert!(error.starts_with(&path.display().to_string()), "{error}");
    }
}
