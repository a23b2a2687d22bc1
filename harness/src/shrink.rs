//! A scenario made smaller while what a strategy gets wrong in it stays.

use crate::{
    fuzz::{NO_PYTHON, Seen, reduced, written},
    interpreter::Interpreter,
    look::Look,
    scenario::{Run, Scenario, SourceFile},
    verdict::Divergence,
};

/// What has to stay.
#[derive(Clone, Debug)]
pub struct Kept {
    sort: &'static str,
    what: String,
    /// How the program ends without a hook, without its message.
    end: String,
}

impl Kept {
    /// The sort of this divergence and the event or aspect that it is about, in a program that ends as
    /// the one in `look`. Which module it is about may change: modules go.
    pub fn of(divergence: &Divergence, look: &Look) -> Self {
        let end = look.alone.behaviour.end.sort().to_string();
        Self { sort: divergence.word(), what: what(divergence), end }
    }

    /// Whether it is still there.
    pub fn is_in(&self, look: &Look) -> bool {
        let is_same = |it: &Divergence| it.word() == self.sort && what(it) == self.what;
        look.alone.behaviour.end.sort().to_string() == self.end
            && look.divergences.iter().any(is_same)
    }
}

fn what(divergence: &Divergence) -> String {
    match divergence {
        Divergence::Disturbed { aspect, .. } => aspect.to_string(),
        other => other.point().map(|point| point.kind.to_string()).unwrap_or_default(),
    }
}

/// `scenario` without the files and statements that it can do without while `look` still shows what is
/// `kept`, by up to `rounds` tries.
///
/// The files of a generated tree are written out first, so that each can go. A program that is run by
/// `-m` is all in its files.
pub fn shrink(
    scenario: &Scenario,
    kept: &Kept,
    rounds: usize,
    mut look: impl FnMut(&Scenario) -> Result<Look, String>,
) -> Scenario {
    let files: Vec<SourceFile> = scenario.sources().collect();
    let start = Scenario { files, generate: None, ..scenario.clone() };
    let has_text = |scenario: &Scenario| {
        let texts = scenario.files.iter().map(|file| file.body.as_str());
        texts.chain(scenario.run.code()).all(|text| text != NO_PYTHON)
    };
    reduced(start, rounds, |smaller| {
        has_text(smaller) && look(smaller).is_ok_and(|seen| kept.is_in(&seen))
    })
}

/// How much there is of a scenario: files, and lines that say something, in files and program.
pub fn size(scenario: &Scenario) -> (usize, usize) {
    let files: Vec<SourceFile> = scenario.sources().collect();
    let texts = files.iter().map(|file| file.body.as_str()).chain(scenario.run.code());
    let lines = texts.flat_map(str::lines).filter(|line| !line.trim().is_empty()).count();
    (files.len(), lines)
}

/// The file of a scenario that was made smaller, with the trace that was seen on `interpreter`.
/// Nothing for a program that is run by `-m` or asks for a process of its own, which this does not
/// write.
pub fn file(
    scenario: &Scenario,
    look: Look,
    interpreter: &Interpreter,
    comment: &str,
) -> Option<String> {
    if matches!(scenario.run, Run::Module(_)) || scenario.start_up().is_some() {
        return None;
    }
    let seen = Seen { trace: look.trace, behaviour: look.alone.behaviour };
    let told = (interpreter.version.minor, &seen);
    Some(written(scenario, &[comment.to_owned()], &scenario.summary, told))
}
