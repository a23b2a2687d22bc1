//! What the findings of a run depend on, boiled down so that a change is noticed.

use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::name;
use crate::{
    layout::Layout, matrix::Matrix, scenario::Scenario, strategy::Strategy, worker::Target,
};

/// Digests of all that a run's findings depend on, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The executable of the harness.
    pub harness: String,
    /// The Python files that run in children.
    pub worker: BTreeMap<String, String>,
    /// The scenarios' files.
    pub scenarios: BTreeMap<String, String>,
    /// The strategies' files.
    pub strategies: BTreeMap<String, String>,
    /// The interpreters, by label.
    pub interpreters: BTreeMap<String, InterpreterInput>,
}

/// An interpreter and its probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterpreterInput {
    /// The executable behind all links.
    pub path: PathBuf,
    /// `sys.version`, first line: it has the time of the build.
    pub version: String,
    /// Platform it was built for.
    pub platform: String,
    /// Digest of the probe that it loads.
    pub probe: String,
}

impl Inputs {
    /// What a run of `matrix` depends on. Reads files; the error names the one that cannot be read.
    ///
    /// `others` are hooks that are strategies of no cell: neighbours.
    pub fn of(layout: &Layout, matrix: &Matrix, others: &[&Strategy]) -> io::Result<Self> {
        let scenarios = matrix
            .scenarios
            .iter()
            .map(|scenario| (scenario.name.to_string(), scenario.digest.clone()));
        let strategies = matrix
            .strategies
            .iter()
            .chain(others.iter().copied())
            .map(|strategy| (strategy.name.to_string(), digest_of_strategy(strategy)));
        Ok(Self {
            harness: digest_of_file(&env::current_exe()?)?,
            worker: programs(&layout.recorder())?,
            scenarios: scenarios.collect(),
            strategies: strategies.collect(),
            interpreters: interpreters(&matrix.targets)?,
        })
    }

    /// The same of files alone, without the harness and interpreters.
    pub fn of_files(
        layout: &Layout,
        scenarios: &[Scenario],
        strategies: &[Strategy],
    ) -> io::Result<Self> {
        let scenarios = scenarios.iter().map(|it| (it.name.to_string(), it.digest.clone()));
        let strategies = strategies.iter().map(|it| (it.name.to_string(), digest_of_strategy(it)));
        Ok(Self {
            worker: programs(&layout.recorder())?,
            scenarios: scenarios.collect(),
            strategies: strategies.collect(),
            ..Self::default()
        })
    }

    /// One digest of the scenarios, the strategies and the worker: of what is judged and by what,
    /// whoever runs it and on which interpreters.
    pub fn contents(&self) -> String {
        let mut hasher = Sha256::new();
        for (sort, files) in [
            ("scenario", &self.scenarios),
            ("strategy", &self.strategies),
            ("worker", &self.worker),
        ] {
            for (name, digest) in files {
                hasher.update(format!("{sort}\0{name}\0{digest}\0"));
            }
        }
        shortened(hasher)
    }

    /// What is different now, one clause each. Empty if a run may go on.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        if self.harness != now.harness {
            changes.push("the harness was built anew from other sources".to_owned());
        }
        changes.extend(differences("", &self.worker, &now.worker));
        changes.extend(differences("interpreter ", &self.interpreters, &now.interpreters));
        changes.extend(differences("strategy ", &self.strategies, &now.strategies));
        changes.extend(differences("scenario ", &self.scenarios, &now.scenarios));
        changes
    }
}

fn differences<T: PartialEq>(
    sort: &str,
    then: &BTreeMap<String, T>,
    now: &BTreeMap<String, T>,
) -> Vec<String> {
    let gone_or_changed = then.iter().filter_map(|(name, value)| match now.get(name) {
        None => Some(format!("{sort}{name} is gone")),
        Some(other) if other != value => Some(format!("{sort}{name} has changed")),
        Some(_) => None,
    });
    let new = now.keys().filter(|name| !then.contains_key(*name));
    gone_or_changed.chain(new.map(|name| format!("{sort}{name} is new"))).collect()
}

/// The Python files beside this one, and itself.
fn programs(one: &Path) -> io::Result<BTreeMap<String, String>> {
    let folder = one.parent().unwrap_or(one);
    let entries = fs::read_dir(folder).map_err(|error| name(&error, folder))?;
    let paths: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_, io::Error>>()?;
    let programs = paths.iter().filter(|path| path.extension().is_some_and(|it| it == "py"));
    let program = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        Ok((format!("harness/worker/{file}"), digest_of_file(path)?))
    };
    programs.map(program).collect()
}

fn interpreters(targets: &[Target]) -> io::Result<BTreeMap<String, InterpreterInput>> {
    let mut probes: BTreeMap<&Path, String> = BTreeMap::new();
    let mut interpreters = BTreeMap::new();
    for target in targets {
        if !probes.contains_key(target.probe.as_path()) {
            probes.insert(&target.probe, digest_of_file(&target.probe)?);
        }
        let interpreter = &target.interpreter;
        let input = InterpreterInput {
            path: interpreter.real_path.clone(),
            version: interpreter.full_version.clone(),
            platform: interpreter.platform.clone(),
            probe: probes[target.probe.as_path()].clone(),
        };
        interpreters.insert(interpreter.label(), input);
    }
    Ok(interpreters)
}

/// The harness itself is far larger than all that it holds at a time, so files are read in pieces.
fn digest_of_file(path: &Path) -> io::Result<String> {
    let read = |file: File| {
        let (mut file, mut hasher) = (BufReader::with_capacity(1 << 16, file), Sha256::new());
        loop {
            let piece = file.fill_buf()?;
            if piece.is_empty() {
                return Ok(shortened(hasher));
            }
            hasher.update(piece);
            let length = piece.len();
            file.consume(length);
        }
    };
    File::open(path).and_then(read).map_err(|error| name(&error, path))
}

fn digest_of_strategy(strategy: &Strategy) -> String {
    digest(strategy.source.as_bytes())
}

pub(super) fn digest(bytes: &[u8]) -> String {
    shortened(Sha256::new_with_prefix(bytes))
}

/// The first 64 bits of the digest, in hexadecimal digits: against accidents, not against forgers.
fn shortened(hasher: Sha256) -> String {
    let digest = hasher.finalize();
    let first = std::array::from_fn(|index| digest[index]);
    format!("{:016x}", u64::from_be_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::fixtures::inputs;

    #[test]
    fn every_change_is_named() {
        let edit = |change: &dyn Fn(&mut Inputs)| {
            let mut now = inputs();
            change(&mut now);
            inputs().changes(&now)
        };
        let other = || "0".to_owned();
        assert_eq!(edit(&|_| {}), [""; 0]);
        for (change, expected) in [
            (&|now: &mut Inputs| now.harness = other()) as &dyn Fn(&mut Inputs),
            &|now| _ = now.worker.insert("harness/worker/worker.py".to_owned(), other()),
            &|now| now.interpreters.get_mut("3.13.0").unwrap().probe = other(),
            &|now| _ = now.interpreters.remove("3.13.0"),
            &|now| _ = now.strategies.insert("own".to_owned(), other()),
            &|now| _ = now.scenarios.insert("b".to_owned(), other()),
            &|now| _ = now.scenarios.remove("a"),
        ]
        .into_iter()
        .zip([
            "the harness was built anew from other sources",
            "harness/worker/worker.py has changed",
            "interpreter 3.13.0 has changed",
            "interpreter 3.13.0 is gone",
            "strategy own is new",
            "scenario b has changed",
            "scenario a is gone",
        ]) {
            assert_eq!(edit(change), [expected]);
        }
    }

    #[test]
    fn the_digest_is_that_of_sha_256() {
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea");
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        for length in [0, 3, 100_000] {
            let bytes = vec![b'a'; length];
            fs::write(file.path(), &bytes).expect("written");
            assert_eq!(digest_of_file(file.path()).expect("read"), digest(&bytes));
        }
    }
}
