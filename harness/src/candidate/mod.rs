//! Candidates: proposed changes to CPython, one folder each.
//!
//! A folder holds `contract.yaml` and, unless the candidate is what CPython does already, the
//! `bootstrap.py` that makes it so. `harness/candidates/README.md` describes both.

mod mutants;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

pub use mutants::{Mutant, mutants};

use tollgate_event::{Edge, EventKind};

use crate::{
    contract::{self, Argument, Contract, ContractError, EventRule, Marks},
    layout::Layout,
    strategy::{self, Strategy},
};

/// A proposed change.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its folder's name; of a mutant, with its own behind a slash.
    pub name: String,
    /// What it promises.
    pub contract: Contract,
    /// What is laid over `importlib._bootstrap`; nothing where the interpreter does it by itself.
    pub overlay: Option<String>,
}

/// Why there is no candidate.
#[derive(Debug, thiserror::Error)]
pub enum CandidateError {
    /// A file of its folder cannot be read.
    #[error("candidate {}: {error}", folder.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Its contract is wrong.
    #[error("{}", told(.0))]
    Contract(Vec<ContractError>),
}

fn told(errors: &[ContractError]) -> String {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    errors.join("\n")
}

/// Reads the candidate in `folder`.
pub fn read(folder: &Path) -> Result<Candidate, CandidateError> {
    let unreadable =
        |error: io::Error| CandidateError::Unreadable { folder: folder.to_owned(), error };
    let file = folder.join("contract.yaml");
    let text = fs::read_to_string(&file).map_err(|error| {
        unreadable(io::Error::new(error.kind(), format!("contract.yaml: {error}")))
    })?;
    let contract = contract::parse(&file, &text).map_err(CandidateError::Contract)?;
    let overlay = match fs::read_to_string(folder.join("bootstrap.py")) {
        Ok(overlay) => Some(overlay),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            let error = io::Error::new(error.kind(), format!("bootstrap.py: {error}"));
            return Err(unreadable(error));
        }
    };
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
    Ok(Candidate { name, contract, overlay })
}

/// Reads every candidate below `folder`: the proposal first, then by name.
pub fn read_all(folder: &Path) -> Result<Vec<Candidate>, CandidateError> {
    let unreadable =
        |error: io::Error| CandidateError::Unreadable { folder: folder.to_owned(), error };
    let mut candidates = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            candidates.push(read(&path)?);
        }
    }
    candidates.sort_by_key(|candidate| (candidate.name != PROPOSAL, candidate.name.clone()));
    Ok(candidates)
}

/// The candidate that mutants are made of.
pub const PROPOSAL: &str = "proposal";

impl Candidate {
    /// The same as part of the interpreter: nothing has to be laid over.
    #[must_use]
    pub fn built_in(&self) -> Self {
        Self { overlay: None, ..self.clone() }
    }

    /// What hears this candidate's events, and lays its overlay over importlib before.
    pub fn listener(&self, layout: &Layout) -> io::Result<Strategy> {
        let listener = strategy::read(&layout.listener())?;
        let events: Vec<_> = self.contract.events.iter().map(|rule| &rule.name).collect();
        let events = format!("EVENTS = frozenset({})", serde_json::to_string(&events)?);
        let source = format!("{}\n\n{events}\n", listener.source);
        self.below(layout, &listener.derived(self.name.clone(), source))
    }

    /// What reports this candidate's events as a strategy does: as kinds of edges, without their arguments.
    pub fn reporter(&self, layout: &Layout) -> io::Result<Strategy> {
        let reporter = strategy::read(&layout.reporter())?;
        let mut kinds = BTreeMap::new();
        for rule in &self.contract.events {
            // of two rules under one name, the first is the one that is held against events
            kinds.entry(rule.name.as_str()).or_insert_with(|| Reported::of(rule));
        }
        let kinds = serde_json::to_string(&kinds)?.replace("null", "None");
        let source = format!("{}\n\nKINDS = {kinds}\n{CLAIMS}\n", reporter.source);
        self.below(layout, &reporter.derived(self.name.clone(), source))
    }

    /// `strategy` on top of this candidate, which is laid over importlib before: with the baseline, what
    /// the candidate costs where nobody listens. It has the candidate's name.
    pub fn below(&self, layout: &Layout, strategy: &Strategy) -> io::Result<Strategy> {
        let lays_over = fs::read_to_string(layout.overlay())?;
        let overlay = self.overlay.as_deref().map_or_else(|| "None".to_owned(), literal);
        let source = format!("{}\n\nOVERLAY = {overlay}\n\n{lays_over}", strategy.source);
        Ok(strategy.derived(self.name.clone(), source))
    }
}

/// What a reporter claims, in Python: the kinds that events stand for.
const CLAIMS: &str =
    "CLAIMS = {kind for start, end, _ in KINDS.values() for kind in (start, end) if kind}";

/// What an event stands for: a start, an end, or both; and the place of the argument that tells them apart.
#[derive(serde::Serialize)]
struct Reported(Option<&'static str>, Option<&'static str>, Option<usize>);

impl Reported {
    fn of(rule: &EventRule) -> Self {
        match rule.marks {
            Marks::One(kind) if kind.edge == Edge::Start => Self(Some(kind.word()), None, None),
            Marks::One(kind) => Self(None, Some(kind.word()), None),
            Marks::Both(operation) => {
                let [start, end] = [EventKind::start(operation), EventKind::end(operation)];
                let place = rule.arguments.iter().position(|it| *it == Argument::End);
                Self(Some(start.word()), Some(end.word()), place)
            }
        }
    }
}

/// A text as a literal of Python: what JSON writes is one, as long as there is no surrogate in it.
pub(crate) fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_candidate_of_ours_is_read() {
        let candidates = read_all(&Layout::of_this_checkout().candidates());
        let candidates = candidates.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(candidates[0].name, PROPOSAL);
        assert!(candidates.len() >= 10);
        let without: Vec<_> =
            candidates.iter().filter(|it| it.overlay.is_none()).map(|it| &it.name).collect();
        assert_eq!(without, ["status-quo"]);
    }

    /// A strategy is one file that stands alone, so the text is there twice; it must not differ.
    #[test]
    fn the_strategy_raises_the_events_of_the_candidate() {
        let layout = Layout::of_this_checkout();
        let proposal = read(&layout.candidates().join(PROPOSAL)).expect("it is read");
        let overlay = proposal.overlay.expect("it has one");
        let (_, functions) = overlay.split_once("\n\n\n").expect("a docstring before them");
        let file = layout.strategies().join(format!("{PROPOSAL}.py"));
        let strategy = strategy::read(&file).expect("it is read");
        assert!(strategy.source.contains(&format!("OVERLAY = '''\n{functions}'''\n")));
    }

    #[test]
    fn a_folder_without_a_contract_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = read(folder.path()).expect_err("no contract").to_string();
        assert!(error.contains("contract.yaml: No such file"), "{error}");
    }

    #[test]
    fn a_bad_contract_is_explained() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("contract.yaml"), "summary: s\n").expect("written");
        let error = read(folder.path()).expect_err("a bad contract").to_string();
        assert!(error.contains("the key `link` is missing"), "{error}");
        assert!(error.contains("contract.yaml:1:1"), "{error}");
    }
}
