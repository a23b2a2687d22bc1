//! What companies are held against: each hook alone, and what happens beside each neighbour.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use rayon::prelude::*;

use super::{
    company::{Company, Removal},
    judge::{Alone, Measure},
    plan::Cast,
};
use crate::{
    scenario::Scenario,
    span::{CutShort, Trace, build},
    strategy::Strategy,
    verdict::Claims,
    worker::{Failure, Performance, Play, Runner, Target},
};

/// Where something is played.
#[derive(Clone, Copy)]
pub(super) struct Stage<'a> {
    pub(super) runner: &'a Runner,
    pub(super) target: &'a Target,
    pub(super) scenario: &'a Scenario,
}

impl Stage<'_> {
    pub(super) fn play(&self, company: &Company<'_>) -> Result<Performance, Failure> {
        let play =
            Play { scenario: self.scenario, members: &company.members, steps: &company.steps() };
        self.runner.compose(self.target, play)
    }
}

/// What was seen of every hook alone, and what happened meanwhile. Where a child failed, the text
/// says how.
pub(super) struct Reference<'a> {
    cast: &'a Cast<'a>,
    alone: HashMap<&'a Path, Result<Alone, String>>,
    truth: Result<Vec<Trace>, String>,
    /// By the name of the company that the recorder was in, and the order of removal.
    beside: HashMap<(String, Removal), Result<Vec<Trace>, String>>,
}

impl<'a> Reference<'a> {
    /// Plays everything that `companies` are held against, on all cores.
    pub(super) fn of(cast: &'a Cast<'a>, stage: Stage<'a>, companies: &[Company<'a>]) -> Self {
        let members: HashSet<_> = companies.iter().flat_map(|it| &it.members).collect();
        let is_needed =
            |hook: &&'a Strategy| members.contains(hook) || hook.path == cast.baseline.path;
        let hooks: Vec<_> = cast.everybody().filter(|(hook, _)| is_needed(hook)).collect();
        let alone = |(hook, claims): &(&'a Strategy, Option<&Claims>)| {
            let played = stage.play(&Company::alone(hook));
            let alone = |performance| Alone { claims: claims.cloned(), performance };
            (hook.path.as_path(), played.map(alone).map_err(|failure| failure.to_string()))
        };
        let beside_neighbours = companies.iter().filter(|it| it.neighbour.is_some());
        let recorded: HashMap<_, _> = beside_neighbours
            .map(|company| company.with(cast.recorder))
            .map(|company| ((company.name(), company.removal), company))
            .collect();
        let beside = |(key, company)| (key, truth(stage, &company, cast.recorder));
        Self {
            cast,
            alone: hooks.par_iter().map(alone).collect(),
            truth: truth(stage, &Company::alone(cast.recorder), cast.recorder),
            beside: recorded.into_par_iter().map(beside).collect(),
        }
    }

    /// What `company` is held against. The error says what is missing for that.
    pub(super) fn measure(&self, company: &Company<'a>) -> Result<Measure<'_>, String> {
        let text = |text: &String| text.clone();
        let alone = |hook: &Strategy| self.alone[hook.path.as_path()].as_ref().map_err(text);
        let truth_alone = self.truth.as_ref().map_err(text)?;
        Ok(Measure {
            truth_alone,
            truth: match self.recorded(company) {
                Some(key) => self.beside[&key].as_ref().map_err(text)?,
                None => truth_alone,
            },
            baseline: &alone(self.cast.baseline)?.performance,
            alone: company.members.iter().map(|member| alone(member)).collect::<Result<_, _>>()?,
        })
    }

    /// The company in which the recorder is beside the same neighbour; none without a neighbour.
    fn recorded(&self, company: &Company<'a>) -> Option<(String, Removal)> {
        company.neighbour?;
        Some((company.with(self.cast.recorder).name(), company.removal))
    }
}

/// What the recorder sees in each run of the program while it is installed.
fn truth(
    stage: Stage<'_>,
    company: &Company<'_>,
    recorder: &Strategy,
) -> Result<Vec<Trace>, String> {
    let told = |error: &dyn ToString| format!("recorder: {}", error.to_string());
    let seen = stage.play(company).map_err(|failure| told(&failure))?;
    if let Some((step, reason)) = seen.failures.first() {
        return Err(told(&format!("{step}: {reason}")));
    }
    let member = company.members.iter().position(|member| member.path == recorder.path);
    let member = member.expect("the recorder is in its own company");
    let trace = |stage: &crate::worker::Stage| {
        build(&stage.events[member], seen.main_thread, CutShort::Others)
    };
    seen.stages.iter().map(trace).collect::<Result<_, _>>().map_err(|error| told(&error))
}
