//! Commands of Tollgate's as they are printed: whoever pastes one into a shell gets what is said beside it.
//!
//! All of them are made here, so that none forgets where a run has its scenarios and hooks from.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::{self, MAIN_SEPARATOR, Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{interpreter::Interpreter, layout::Layout, strategy::Strategy};

/// What can be done with one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Shows what happens beside what is reported.
    Trace,
    /// Writes a plain script that shows what is wrong.
    Repro,
    /// Makes the scenario smaller.
    Shrink,
}

/// Whose cell it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// A strategy, by its name.
    Strategy(&'a str),
    /// A candidate, by its name.
    Candidate(&'a str),
    /// An interpreter that was built with one, by what reports call it.
    Build(&'a str),
}

/// Where things are that their names do not lead to: nothing for what comes with Tollgate, and for interpreters that
/// a search finds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// The folder of scenarios.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenarios: Option<PathBuf>,
    /// Files of strategies and folders of candidates, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hooks: BTreeMap<String, PathBuf>,
    /// Executables, by the labels of their interpreters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub interpreters: BTreeMap<String, PathBuf>,
    /// Interpreters that were built with a candidate, by what reports call them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub builds: BTreeMap<String, Build>,
    /// Names of scenarios and strategies whose cells no plain script shows: it takes Tollgate.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub bound: BTreeSet<String>,
}

/// An interpreter that was built with a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// The name of the candidate whose contract it is held against.
    pub candidate: String,
    /// The executable.
    pub python: PathBuf,
}

/// A command about one cell, each of its words quoted for a shell.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// What is done.
    pub task: Task,
    /// The scenario's name.
    pub scenario: &'a str,
    /// Whose cell it is.
    pub who: Who<'a>,
    /// The interpreter's label.
    pub python: &'a str,
    /// Where things are.
    pub places: &'a Places,
}

impl Places {
    /// Nothing but the folder of scenarios, where it is not the usual one.
    pub fn of(scenarios: Option<&Path>) -> Self {
        Self { scenarios: scenarios.map(absolute), ..Self::default() }
    }

    /// The same with the files of those strategies that do not come with Tollgate.
    #[must_use]
    pub fn with_strategies(mut self, layout: &Layout, strategies: &[Strategy]) -> Self {
        let ours = layout.strategies();
        let own = strategies.iter().filter(|it| it.path.parent() != Some(ours.as_path()));
        self.hooks.extend(own.map(|it| (it.name.to_string(), absolute(&it.path))));
        self
    }

    /// The same with the folder of a candidate that does not come with Tollgate.
    #[must_use]
    pub fn with_candidate(mut self, name: &str, folder: Option<&Path>) -> Self {
        self.hooks.extend(folder.map(|folder| (name.to_owned(), absolute(folder))));
        self
    }

    /// The same with an interpreter that was built with a candidate; `name` is what reports call it.
    #[must_use]
    pub fn with_build(mut self, name: &str, build: Build) -> Self {
        self.builds.insert(name.to_owned(), build);
        self
    }

    /// The same with the executables of `interpreters`, if one of the `requests` is a path: beside it, the numbers of
    /// labels are not those that a search gives.
    #[must_use]
    pub fn with_interpreters<'a>(
        mut self,
        requests: &[String],
        interpreters: impl IntoIterator<Item = &'a Interpreter>,
    ) -> Self {
        if requests.iter().any(|it| it.contains(MAIN_SEPARATOR)) {
            let named = interpreters.into_iter().map(|it| (it.label(), absolute(&it.path)));
            self.interpreters.extend(named);
        }
        self
    }

    /// The same with names of scenarios and strategies whose cells no plain script shows.
    #[must_use]
    pub fn with_bound(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.bound.extend(names);
        self
    }

    /// Whether names lead to everything.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The command that shows what a strategy reports beside what happens.
    pub fn trace<'a>(
        &'a self,
        scenario: &'a str,
        strategy: &'a str,
        python: &'a str,
    ) -> Command<'a> {
        let who = Who::Strategy(strategy);
        Command { task: Task::Trace, scenario, who, python, places: self }
    }

    /// The command that writes a plain script which shows what a strategy gets wrong; where none can, the one that
    /// shows it here.
    pub fn repro<'a>(
        &'a self,
        scenario: &'a str,
        strategy: &'a str,
        python: &'a str,
    ) -> Command<'a> {
        let is_bound = [scenario, strategy].iter().any(|name| self.bound.contains(*name));
        let task = if is_bound { Task::Trace } else { Task::Repro };
        Command { task, ..self.trace(scenario, strategy, python) }
    }

    /// The command about any cell of a strategy, with `{scenario}`, `{strategy}` and `{python}` for whoever fills in
    /// [words](Self::words).
    pub fn template(&self, task: Task) -> String {
        let words = Words { scenario: "{scenario}", hook: "{strategy}", python: "{python}" };
        self.text(task, flag(task), words)
    }

    /// What stands for each of these names in a command, where that is not the name itself.
    pub fn words<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
        let hook = |name| (name, self.hook(name).into_owned());
        let words = names.into_iter().map(|name| match self.interpreters.get(name) {
            Some(path) => (name, quoted_path(path).into_owned()),
            None => hook(name),
        });
        words.filter(|(name, word)| name != word).collect()
    }

    fn hook<'a>(&'a self, name: &'a str) -> Cow<'a, str> {
        self.hooks.get(name).map_or_else(|| quoted(name), |path| quoted_path(path))
    }

    /// The candidate, and the interpreter that was built with it.
    fn build(&self, name: &str) -> String {
        let built = |it: &Build| {
            format!("{} --built {}", self.hook(&it.candidate), quoted_path(&it.python))
        };
        self.builds.get(name).map_or_else(|| quoted(name).into_owned(), built)
    }

    fn python<'a>(&'a self, label: &'a str) -> Cow<'a, str> {
        self.interpreters.get(label).map_or_else(|| quoted(label), |path| quoted_path(path))
    }

    fn text(&self, task: Task, flag: &str, Words { scenario, hook, python }: Words<'_>) -> String {
        let task = match task {
            Task::Trace => "trace",
            Task::Repro => "repro",
            Task::Shrink => "shrink",
        };
        let folder = self.scenarios.as_deref().map(quoted_path);
        let folder = folder.map(|it| format!(" --scenarios {it}")).unwrap_or_default();
        format!("cargo xtask {task} {scenario} {flag}{hook} --python {python}{folder}")
    }
}

/// The words of a command, quoted.
#[derive(Clone, Copy)]
struct Words<'a> {
    scenario: &'a str,
    hook: &'a str,
    python: &'a str,
}

impl fmt::Display for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { task, scenario, who, python, places } = *self;
        let (flag, hook) = match who {
            Who::Strategy(name) => (flag(task), places.hook(name)),
            Who::Candidate(name) => ("--candidate ", places.hook(name)),
            Who::Build(name) => ("--candidate ", Cow::Owned(places.build(name))),
        };
        let (scenario, python) = (quoted(scenario), places.python(python));
        let words = Words { scenario: &scenario, hook: &hook, python: &python };
        f.write_str(&places.text(task, flag, words))
    }
}

/// What stands before a strategy. Every task understands it with the flag and without.
fn flag(task: Task) -> &'static str {
    if task == Task::Repro { "" } else { "--strategy " }
}

/// A command of Tollgate's with these words behind `cargo xtask`.
pub fn line(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let words = words.into_iter().map(|word| quoted(word.as_ref()).into_owned());
    ["cargo".to_owned(), "xtask".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A word as a shell reads it.
pub fn quoted(word: &str) -> Cow<'_, str> {
    // no word of a command line has a zero in it
    shlex::try_quote(word).unwrap_or(Cow::Borrowed(word))
}

fn quoted_path(path: &Path) -> Cow<'_, str> {
    match path.to_string_lossy() {
        Cow::Borrowed(path) => quoted(path),
        Cow::Owned(path) => Cow::Owned(quoted(&path).into_owned()),
    }
}

fn absolute(path: &Path) -> PathBuf {
    path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Places {
        let build = Build { candidate: "theirs".to_owned(), python: "/b/python".into() };
        let hooks = [("mine", "/it's mine/mine.py"), ("theirs", "/c/theirs")];
        Places {
            scenarios: Some("/my scenarios".into()),
            hooks: hooks.map(|(name, path)| (name.to_owned(), path.into())).into(),
            interpreters: [("3.13.0".to_owned(), "/opt/python".into())].into(),
            builds: [("theirs (a.diff)".to_owned(), build)].into(),
            bound: ["native".to_owned()].into(),
        }
    }

    #[test]
    fn a_shell_reads_what_was_meant() {
        let (usual, own) = (Places::default(), own());
        let candidate = Command { who: Who::Candidate("theirs"), ..own.trace("a", "", "3.9.1") };
        let build = Command { who: Who::Build("theirs (a.diff)"), ..candidate };
        for (command, words) in [
            (
                build,
                "trace|a|--candidate|/c/theirs|--built|/b/python|--python|3.9.1|--scenarios|/my scenarios",
            ),
            (usual.trace("a/b", "audit", "3.9.1"), "trace a/b --strategy audit --python 3.9.1"),
            (usual.repro("a b", "audit", "3.9.1#2"), "repro|a b|audit|--python|3.9.1#2"),
            (
                own.repro("$a", "mine", "3.13.0"),
                "repro|$a|/it's mine/mine.py|--python|/opt/python|--scenarios|/my scenarios",
            ),
            (
                own.trace("a", "audit", "3.9.1"),
                "trace|a|--strategy|audit|--python|3.9.1|--scenarios|/my scenarios",
            ),
            (
                own.repro("b", "native", "3.9.1"),
                "trace|b|--strategy|native|--python|3.9.1|--scenarios|/my scenarios",
            ),
            (candidate, "trace|a|--candidate|/c/theirs|--python|3.9.1|--scenarios|/my scenarios"),
        ] {
            let separator = if words.contains('|') { '|' } else { ' ' };
            let expected = ["cargo", "xtask"].into_iter().chain(words.split(separator));
            let read = shlex::split(&command.to_string()).expect("words");
            assert_eq!(read, expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_template_that_is_filled_in_is_the_command() {
        let places = own();
        let words = places.words(["a", "$a", "mine", "audit", "3.13.0", "3.9.1"]);
        let word = |name: &'static str| words.get(name).map_or(name, String::as_str);
        for (scenario, strategy, python) in [("a", "audit", "3.9.1"), ("$a", "mine", "3.13.0")] {
            let filled = places.template(Task::Trace).replace("{scenario}", word(scenario));
            let filled = filled.replace("{strategy}", word(strategy));
            let filled = filled.replace("{python}", word(python));
            assert_eq!(filled, places.trace(scenario, strategy, python).to_string());
        }
    }
}
