//! The runner: everything that cells share, which is never anything that one could change.

use std::{io, path::PathBuf};

use super::{
    Description, Failure, Observation, Performance, Play, Problem, Program, Start, Target,
    codes::{Code, Codes},
    compose, describe, footprint,
    known_options::KnownOptions,
    observe,
    probes::Probes,
    try_out,
    user_site::{UserSite, UserSites},
};
use crate::{
    scenario::Scenario,
    strategy::Strategy,
    tree::{Compile, Dialect, Lease, Store},
    verdict::Footprint,
};

/// Runs programs in children, by one way to start them.
pub struct Runner {
    pub(super) start: Box<dyn Start>,
    codes: Codes,
    trees: Store,
    user_sites: UserSites,
    pub(super) probes: Probes,
    pub(super) options: KnownOptions,
}

impl Runner {
    /// Children are started by `start`. The error is about the place for trees.
    pub fn new(start: impl Start + 'static) -> io::Result<Self> {
        Ok(Self {
            start: Box::new(start),
            codes: Codes::default(),
            trees: Store::new()?,
            user_sites: UserSites::default(),
            probes: Probes::default(),
            options: KnownOptions::default(),
        })
    }

    /// Has all that will be run on `target` compiled in one go, instead of when it is needed.
    pub fn prepare(&self, target: &Target, scenarios: &[Scenario], strategies: &[&Strategy]) {
        let applies = |scenario: &&Scenario| scenario.applies_to(&target.interpreter.version);
        let ahead = |scenario: &&Scenario| observe::compiles_ahead(scenario);
        let scenarios = scenarios.iter().filter(applies).filter(ahead);
        let of_scenarios = scenarios.flat_map(|scenario| {
            let own = observe::scenario_sources(scenario).map(|(_, source)| source);
            own.chain(scenario.files.iter().map(|file| file.body.as_str()))
        });
        let of_strategies = strategies.iter().map(|strategy| strategy.source.as_str());
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

    /// What a strategy's file says of itself on one interpreter.
    pub fn describe(&self, target: &Target, strategy: &Strategy) -> Result<Description, Failure> {
        describe::describe(self.start.as_ref(), target, strategy)
    }

    /// Checks all that a strategy's file says, installs its hook and removes it again, so that a broken
    /// one is found before a run. The error is everything that is wrong.
    pub fn try_out(
        &self,
        target: &Target,
        strategy: &Strategy,
    ) -> Result<Description, Vec<Problem>> {
        try_out::try_out(self, target, strategy)
    }

    /// What a strategy takes of stack and memory, in a child of its own.
    pub fn footprint(&self, target: &Target, strategy: &Strategy) -> Result<Footprint, Failure> {
        footprint::footprint(self, target, strategy)
    }

    /// Installs and removes several hooks in one child, and runs the program in between.
    pub fn compose(&self, target: &Target, play: Play<'_>) -> Result<Performance, Failure> {
        compose::compose(self, target, play)
    }

    /// As many copies of the probe, each of which a process has beside the others.
    pub(crate) fn probe_copies(&self, target: &Target, count: usize) -> io::Result<Vec<PathBuf>> {
        self.probes.copies(&target.probe, count)
    }

    /// What went wrong beside the cells, in words: zygotes that died.
    pub fn troubles(&self) -> Vec<String> {
        self.start.troubles()
    }

    /// The scenario's tree for one cell; with byte code for `target`, unless the scenario's
    /// interpreter may compile in another way than `target` does when nothing is asked of it.
    pub(super) fn lease(&self, target: &Target, scenario: &Scenario) -> io::Result<Lease<'_>> {
        let modules = Modules { runner: self, target };
        let compiler: Option<&dyn Compile> =
            if observe::compiles_ahead(scenario) { Some(&modules) } else { None };
        self.trees.lease(scenario, compiler)
    }

    /// Where `target` looks for the user's start-up files.
    pub(super) fn user_site(&self, target: &Target) -> Result<UserSite, Failure> {
        self.user_sites.of(target)
    }

    pub(super) fn code(&self, target: &Target, source: &str) -> Code {
        self.codes.get(self.start.as_ref(), target, source)
    }
}

/// The compiler of a tree's modules.
struct Modules<'a> {
    runner: &'a Runner,
    target: &'a Target,
}

impl Compile for Modules<'_> {
    fn dialect(&self) -> Option<Dialect> {
        self.target.dialect()
    }

    fn compile(&self, sources: &[&str]) -> io::Result<Vec<Option<Vec<u8>>>> {
        let Self { runner, target } = self;
        let codes = runner.codes.of_modules(runner.start.as_ref(), target, sources);
        codes.map_err(io::Error::other)
    }
}
