//! The witnesses, held against each other: pure.
//!
//! What really happens in a scenario is said by the model, which predicts it, by the modules, which
//! testify to their bodies, and by the recorder, which watches the import system. Beside them stand
//! the trace that a person wrote, and the program as it is without any hook. Each two that speak of
//! the same thing are compared; who stands alone is the culprit.

mod bodies;
mod culprit;
mod pairs;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::{
    model::Prediction,
    scenario::ExitStatus,
    span::{Scope, Trace},
    verdict::{Behaviour, ProgramEnd},
};

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The scenario, as a person wrote it.
    Author,
    /// The model, which predicts.
    Model,
    /// The modules, which say what of them ran.
    Modules,
    /// The recorder, which watches from inside importlib.
    Recorder,
    /// The program without a hook. It is no witness, it is what happens.
    Program,
}

impl Party {
    /// The three whose agreement is the truth.
    pub const WITNESSES: [Self; 3] = [Self::Model, Self::Modules, Self::Recorder];

    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Author, Self::Model, Self::Modules, Self::Recorder, Self::Program];

    /// The word for records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Model => "model",
            Self::Modules => "modules",
            Self::Recorder => "recorder",
            Self::Program => "program",
        }
    }
}

/// `the model`.
impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Author => "the scenario",
            Self::Model => "the model",
            Self::Modules => "the modules",
            Self::Recorder => "the recorder",
            Self::Program => "the program",
        })
    }
}

/// What two parties may disagree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// The spans of the import system.
    Trace,
    /// Which bodies of modules ran, in which order, and how each ended.
    Bodies,
    /// How the program ends.
    End,
    /// What `sys.modules` holds then.
    Modules,
}

impl About {
    /// The word for records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Bodies => "bodies",
            Self::End => "end",
            Self::Modules => "modules",
        }
    }
}

/// Completes “the model and the recorder disagree on …”.
impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Trace => "what the import system did",
            Self::Bodies => "which bodies ran",
            Self::End => "how the program ends",
            Self::Modules => "what sys.modules holds in the end",
        })
    }
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Who says it.
    pub party: Party,
    /// What is said, a line for each item; spans are indented as in trace texts.
    pub text: String,
}

/// Two parties that say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What it is on.
    pub about: About,
    /// The one side.
    pub left: Side,
    /// The other; the culprit, if it is one of the two.
    pub right: Side,
}

/// Parties that do not all agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Who stands alone; nothing where that cannot be told.
    pub culprit: Option<Party>,
    /// Everything that two parties disagree on, at least one. The culprit's come first.
    pub disagreements: Vec<Disagreement>,
}

impl Dispute {
    /// Who disagrees with whom, in a sentence without its end.
    pub fn sentence(&self) -> String {
        let Disagreement { about, left, right } = &self.disagreements[0];
        let same = |it: &&Disagreement| it.about == *about && it.right.party == right.party;
        let others = self.disagreements.iter().filter(same).map(|it| it.left.party.to_string());
        let others: Vec<_> = others.collect();
        match self.culprit {
            Some(culprit) => {
                let stand = if culprit == Party::Modules { "stand" } else { "stands" };
                format!("{culprit} {stand} alone against {} on {about}", others.join(" and "))
            }
            None => format!("{} and {} disagree on {about}", left.party, right.party),
        }
    }
}

/// The sentence, and what the first two say, on lines of its own if it is more than one line.
impl fmt::Display for Dispute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Disagreement { left, right, .. } = &self.disagreements[0];
        let is_short = |side: &&Side| side.text.lines().count() == 1;
        write!(f, "{}", self.sentence())?;
        for side in [left, right] {
            let gap = if [left, right].iter().all(is_short) { ' ' } else { '\n' };
            write!(f, "; {}:{gap}{}", side.party, side.text.trim_end())?;
        }
        Ok(())
    }
}

/// What the parties say of one scenario on one interpreter. Who says nothing is `None`.
#[derive(Clone, Debug)]
pub struct Statements<'a> {
    /// The modules that all this is about.
    pub scope: Scope,
    /// The trace that a person wrote.
    pub written: Option<&'a Trace>,
    /// The type of the exception with which a person says that the program ends, if it raises.
    pub raises: Option<&'a str>,
    /// How a person says that the program ends its own process, if it does.
    pub exits: Option<ExitStatus>,
    /// What the model predicts.
    pub predicted: Option<&'a Prediction>,
    /// What the modules testify: a `load` or an `exec` for each body that the import system ran, a
    /// `call` for each that something else ran.
    pub testified: Option<&'a Trace>,
    /// What the recorder saw.
    pub recorded: &'a Trace,
    /// How the program ended under the recorder.
    pub recorded_end: &'a ProgramEnd,
    /// The program without a hook.
    pub program: &'a Behaviour,
}

/// Holds all that is said against each other; nothing if it agrees.
pub fn dispute(statements: &Statements<'_>) -> Option<Dispute> {
    let pairs = pairs::all(statements);
    let culprit = culprit::culprit(&pairs);
    let disagreements = pairs.into_iter().filter_map(pairs::Pair::disagreement);
    let mut disagreements: Vec<_> = disagreements.map(|it| it.turned_to(culprit)).collect();
    disagreements.sort_by_key(|it| (Some(it.right.party) != culprit, it.about));
    (!disagreements.is_empty()).then_some(Dispute { culprit, disagreements })
}

/// The first thing that `party` says otherwise than another witness or the program, whoever is
/// right.
pub fn contradiction(statements: &Statements<'_>, party: Party) -> Option<Disagreement> {
    let pairs = pairs::all(statements).into_iter();
    let mut pairs =
        pairs.filter(|it| it.parties.contains(&party) && !it.parties.contains(&Party::Author));
    pairs.find_map(pairs::Pair::disagreement)
}

impl Disagreement {
    fn turned_to(self, culprit: Option<Party>) -> Self {
        let Self { about, left, right } = self;
        if Some(left.party) == culprit {
            return Self { about, left: right, right: left };
        }
        Self { about, left, right }
    }
}
