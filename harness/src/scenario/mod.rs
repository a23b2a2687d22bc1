//! Scenarios: small Python projects, and what the import system does when they run.
//!
//! `scenarios/FORMAT.md` describes the files. [`load`] reads a folder of them and reports
//! everything that is wrong at once. What is on disk (`wire`) is not what the program uses
//! ([`Scenario`]): the latter holds only values that were checked.

mod allowed;
mod by_version;
mod error;
mod exit_status;
mod explain;
mod generate;
mod load;
mod name;
mod parse;
mod path;
mod start_up;
mod unknown;
mod wire;

pub(crate) use allowed::strategy_option_errors;
pub use by_version::ByVersion;
pub use error::{LoadErrors, Position, ScenarioError};
pub use exit_status::{ExitStatus, ExitStatusError};
pub(crate) use explain::{Format, Place, Source, one_of};
pub use generate::{GenerateError, Generated, Packages, Shape};
pub use load::{MAX_BYTES, load};
pub use name::{ScenarioName, ScenarioNameError};
pub use parse::parse;
pub use path::{TreePath, TreePathError};
pub use start_up::{Isolation, Run, StartUp};
pub(crate) use unknown::{UnknownKey, unknown_keys};
pub use wire::schema;
pub(crate) use wire::{Located, WireMap, read as read_yaml};

use crate::{
    span::{Scope, Trace},
    version::{Version, VersionRange},
};

/// A small Python project, and what happens when it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What it is called: the path of its file.
    pub name: ScenarioName,
    /// The behaviour in one sentence, on one line.
    pub summary: String,
    /// Where the behaviour is described: issues, documentation, the catalogue.
    pub see: Vec<String>,
    /// The versions that it applies to; at least one of them is supported.
    pub python: VersionRange,
    /// The files that are written out. Their paths can exist beside each other.
    pub files: Vec<SourceFile>,
    /// The package tree to generate beside them.
    pub generate: Option<Generated>,
    /// Python that runs before the hook is installed and before anything is observed.
    pub setup: Option<String>,
    /// What is observed.
    pub run: Run,
    /// Which process it runs in.
    pub isolation: Isolation,
    /// The `__name__` of the exception type that `run` ends with, in canonical form; nothing where it
    /// ends well.
    pub raises: ByVersion<Option<String>>,
    /// What is left of the process where the program ends it itself.
    pub exits: ByVersion<Option<ExitStatus>>,
    /// What the import system does.
    pub trace: ByVersion<Trace>,
    /// A hash of the file's text in 16 hexadecimal digits.
    pub digest: String,
}

/// A file of a package tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it lies.
    pub path: TreePath,
    /// Its whole text.
    pub body: String,
}

impl Scenario {
    /// Whether the scenario is about this version of Python.
    pub fn applies_to(&self, version: &Version) -> bool {
        self.python.contains(version)
    }

    /// What the import system does in `version`; nothing where the scenario does not apply, or does
    /// not say, which happens only with versions that are not supported yet.
    pub fn trace_for(&self, version: &Version) -> Option<&Trace> {
        self.trace.get(version).filter(|_| self.applies_to(version))
    }

    /// The type of the exception that `run` ends with in `version`; nothing where it ends well, and
    /// where the scenario does not apply.
    pub fn raises_for(&self, version: &Version) -> Option<&str> {
        let raised = self.raises.get(version).filter(|_| self.applies_to(version));
        raised.and_then(Option::as_deref)
    }

    /// How the program ends its own process in `version`; nothing where it does not, and where the
    /// scenario does not apply.
    pub fn exits_for(&self, version: &Version) -> Option<ExitStatus> {
        self.exits.get(version).copied().flatten().filter(|_| self.applies_to(version))
    }

    /// How the process starts that the scenario asks for; nothing if any will do.
    pub fn start_up(&self) -> Option<&StartUp> {
        match &self.isolation {
            Isolation::Any => None,
            Isolation::Spawn(start_up) => Some(start_up),
        }
    }

    /// The packages that the scenario speaks about: those of its files, and those that its traces
    /// name.
    pub fn scope(&self) -> Scope {
        let mut scope = Scope::default();
        let roots = self.generate.iter().map(Generated::root);
        let site = self.start_up().into_iter().flat_map(|start_up| &start_up.site);
        let files = self.files.iter().chain(site).filter_map(|file| file.path.top_level());
        roots.chain(files).for_each(|module| scope.add(module));
        self.trace.values().for_each(|trace| scope.add_trace(trace));
        scope
    }

    /// All files of the tree: those written out, then those generated.
    pub fn sources(&self) -> impl Iterator<Item = SourceFile> {
        let generated = self.generate.iter().flat_map(Generated::sources);
        self.files.iter().cloned().chain(generated)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn scenario(text: &str) -> Scenario {
        let name = "packages/x".parse().expect("a name");
        let scenario = parse(Path::new("x.yaml"), name, text);
        scenario.unwrap_or_else(|errors| panic!("{}", errors[0]))
    }

    const BY_VERSION: &str = r#"
summary: What differs between versions.
python: ">=3.11,<3.15"
files:
  pkg/__init__.py: ""
  data.txt: ""
generate: {shape: chain, modules: 3}
run: import pkg
raises:
  "<3.13": ValueError
  ">=3.13": null
trace:
  "<3.13": |
    import pkg !ValueError
  ">=3.13": |
    import pkg
      import other.part
"#;

    #[test]
    fn what_is_expected_depends_on_the_version() {
        let scenario = scenario(BY_VERSION);
        let at = |minor| {
            let version = Version::new(3, minor, 1);
            let trace = scenario.trace_for(&version).map(ToString::to_string);
            (scenario.applies_to(&version), scenario.raises_for(&version), trace)
        };
        let raised = Some("import pkg !ValueError\n".to_owned());
        assert_eq!(at(10), (false, None, None));
        assert_eq!(at(11), (true, Some("ValueError"), raised));
        assert_eq!(at(14), (true, None, Some("import pkg\n  import other.part\n".to_owned())));
        assert_eq!(at(15), (false, None, None));
    }

    #[test]
    fn a_program_may_end_its_process() {
        let text = "summary: s\nrun: x\nexits:\n  \"<3.12\": 3\n  \"==3.12.*\": SIGKILL\n  \">=3.13\": null\n\
                    trace: \"\"\n";
        let scenario = scenario(text);
        let at = |minor| scenario.exits_for(&Version::new(3, minor, 0)).map(|status| status.word());
        assert_eq!(at(11).as_deref(), Some("3"));
        assert_eq!(at(12).as_deref(), Some("SIGKILL"));
        assert_eq!(at(13), None);
    }

    #[test]
    fn the_scope_is_what_the_files_and_traces_name() {
        let scope = scenario(BY_VERSION).scope();
        for module in ["pkg", "pkg.sub", "other", "gen.m0"] {
            assert!(scope.contains(module), "{module}");
        }
        assert!(!scope.contains("data") && !scope.contains("importlib"));
    }

    #[test]
    fn the_sources_are_files_and_generated_modules() {
        let sources: Vec<_> =
            scenario(BY_VERSION).sources().map(|file| file.path.to_string()).collect();
        let generated = ["gen/__init__.py", "gen/m0.py", "gen/m1.py"];
        assert_eq!(sources[..2], ["pkg/__init__.py", "data.txt"]);
        assert_eq!(sources[2..], generated);
    }

    #[test]
    fn what_is_not_given_has_a_default() {
        let scenario = scenario("summary: s\nrun: import a\ntrace: \"\"\n");
        assert_eq!(scenario.python, VersionRange::from_minimum());
        assert_eq!(scenario.raises, ByVersion::Always(None));
        assert_eq!(scenario.exits, ByVersion::Always(None));
        assert_eq!(scenario.sources().count(), 0);
        assert!(scenario.trace_for(&Version::MINIMUM).is_some_and(Trace::is_empty));
    }
}
