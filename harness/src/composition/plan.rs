//! Everybody who takes part on one interpreter, and the companies that they make.

use super::company::{Comes, Company, Removal};
use crate::{
    strategy::Strategy,
    verdict::Claims,
    worker::{Runner, Target},
};

/// What is composed.
#[derive(Clone, Debug)]
pub struct Hooks {
    /// The strategies; the baseline may be among them and is nobody's company.
    pub strategies: Vec<Strategy>,
    /// The baseline: no hook.
    pub baseline: Strategy,
    /// What says what happens.
    pub recorder: Strategy,
    /// Neighbours that come before a strategy.
    pub earlier: Vec<Strategy>,
    /// Neighbours that come after a strategy.
    pub later: Vec<Strategy>,
}

impl Hooks {
    /// Everybody whose code is executed.
    pub(super) fn all(&self) -> impl Iterator<Item = &Strategy> {
        let own = self.strategies.iter().chain([&self.baseline, &self.recorder]);
        own.chain(&self.earlier).chain(&self.later)
    }
}

/// Those of the hooks that can be set beside others on one interpreter, with what each claims.
pub(super) struct Cast<'a> {
    hooks: &'a Hooks,
    pub(super) baseline: &'a Strategy,
    pub(super) recorder: &'a Strategy,
    strategies: Vec<(&'a Strategy, Claims)>,
    /// Those that cannot, and why.
    pub(super) absent: Vec<(&'a Strategy, Absence)>,
}

/// Why a strategy takes no part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// It does not apply to this interpreter, or no process that others share can have it.
    NotApplicable(String),
    /// It could not even say what it is.
    Failed(String),
}

impl<'a> Cast<'a> {
    /// Asks every strategy of `hooks` what it claims on `target`.
    pub(super) fn of(hooks: &'a Hooks, runner: &Runner, target: &Target) -> Self {
        let (mut strategies, mut absent) = (Vec::new(), Vec::new());
        for strategy in hooks.strategies.iter().filter(|strategy| !strategy.is_baseline()) {
            match claims(runner, target, strategy) {
                Ok(claims) => strategies.push((strategy, claims)),
                Err(absence) => absent.push((strategy, absence)),
            }
        }
        let (baseline, recorder) = (&hooks.baseline, &hooks.recorder);
        Self { hooks, baseline, recorder, strategies, absent }
    }

    /// Everybody but the recorder; with what each claims that is a strategy.
    pub(super) fn everybody(&self) -> impl Iterator<Item = (&'a Strategy, Option<&Claims>)> {
        let silent = self.hooks.earlier.iter().chain(&self.hooks.later).chain([self.baseline]);
        let silent = silent.map(|hook| (hook, None));
        silent.chain(self.strategies.iter().map(|(strategy, claims)| (*strategy, Some(claims))))
    }

    /// `hook` beside each neighbour, in both orders of removal.
    pub(super) fn neighbours_of(&self, hook: &'a Strategy) -> Vec<Company<'a>> {
        let earlier = self.hooks.earlier.iter().map(|neighbour| (neighbour, Comes::Earlier));
        let later = self.hooks.later.iter().map(|neighbour| (neighbour, Comes::Later));
        let beside = |(neighbour, comes)| {
            Removal::ALL.map(|removal| Company::beside(hook, neighbour, (comes, removal)))
        };
        earlier.chain(later).flat_map(beside).collect()
    }

    /// Every company: each strategy alone, in a crowd of its like, beside each strategy in both
    /// orders, and beside each neighbour.
    pub(super) fn companies(&self) -> Vec<Company<'a>> {
        let mut companies = Vec::new();
        for (first, _) in &self.strategies {
            companies.push(Company::alone(first));
            companies.push(Company::crowd(first));
            companies.extend(self.neighbours_of(first));
            for (second, _) in &self.strategies {
                let pair = |removal| Company::pair(first, second, removal);
                companies.extend(Removal::ALL.map(pair));
            }
        }
        companies
    }
}

fn claims(runner: &Runner, target: &Target, strategy: &Strategy) -> Result<Claims, Absence> {
    let description =
        runner.describe(target, strategy).map_err(|error| Absence::Failed(error.to_string()))?;
    if let Some(reason) = description.not_applicable {
        return Err(Absence::NotApplicable(reason));
    }
    if !description.options.is_empty() {
        let options = description.options.join(" ");
        let reason = format!("it needs an interpreter that is started with {options}");
        return Err(Absence::NotApplicable(reason));
    }
    Ok(description.claims)
}
