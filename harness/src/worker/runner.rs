//! The runner: everything that cells share, which is never anything that one could change.

use super::{
    Failure, Observation, Program, Start, Target,
    codes::{Code, Codes, Source},
    observe,
    user_site::{UserSite, UserSites},
};
use crate::{scenario::Scenario, strategy::Strategy};

/// Runs programs in children, by one way to start them.
pub struct Runner {
    pub(super) start: Box<dyn Start>,
    codes: Codes,
    user_sites: UserSites,
}

impl Runner {
    /// Children are started by `start`.
    pub fn new(start: impl Start + 'static) -> Self {
        Self::boxed(Box::new(start))
    }

    /// The same, where the way is chosen at run time.
    pub fn boxed(start: Box<dyn Start>) -> Self {
        Self { start, codes: Codes::default(), user_sites: UserSites::default() }
    }

    /// Has all that will be run on `target` compiled in one go, instead of when it is needed.
    pub fn prepare(&self, target: &Target, scenarios: &[Scenario], strategies: &[&Strategy]) {
        let applies = |scenario: &&Scenario| scenario.applies_to(&target.interpreter.version);
        let ahead = |scenario: &&Scenario| observe::compiles_ahead(scenario);
        let scenarios = scenarios.iter().filter(applies).filter(ahead);
        let of_scenarios = scenarios.flat_map(observe::scenario_sources).map(|(_, source)| source);
        let of_strategies = strategies.iter().map(|strategy| observe::strategy_source(strategy));
        let sources: Vec<_> = of_scenarios.chain(of_strategies).collect();
        self.codes.prepare(self.start.as_ref(), target, &sources);
    }

    /// Runs `program` once in a child of its own.
    ///
    /// A child whose zygote dies runs once more, with a zygote to itself: if that dies too, it was
    /// the program.
    pub fn observe(&self, target: &Target, program: Program<'_>) -> Result<Observation, Failure> {
        observe::observe(self, target, program)
    }

    /// What a strategy's file says of itself on one interpreter: its summary and its claims.
    pub fn describe(
        &self,
        target: &Target,
        strategy: &Strategy,
    ) -> Result<(String, crate::verdict::Claims), Failure> {
        observe::describe(self.start.as_ref(), target, strategy)
    }

    /// What went wrong beside the cells, in words: zygotes that died.
    pub fn troubles(&self) -> Vec<String> {
        self.start.troubles()
    }

    /// Where `target` looks for the user's start-up files.
    pub(super) fn user_site(&self, target: &Target) -> Result<UserSite, Failure> {
        self.user_sites.of(target)
    }

    pub(super) fn code(&self, target: &Target, source: &Source) -> Code {
        self.codes.get(self.start.as_ref(), target, source)
    }
}
