//! Many random programs on all interpreters, and what came of it.

use std::{
    collections::BTreeMap,
    io,
    time::{Duration, Instant},
};

use rayon::prelude::*;

use super::{
    case::{program, shrunk},
    panel::{Held, Panel},
    program::programs,
    reduce::reduced,
};
use crate::{
    agreement::About,
    fuzz::{Difference, difference::Aspect},
    model::{Abstention, Program},
    scenario::Scenario,
    stop::Stop,
    worker::Runner,
};

/// Programs that are made, compiled and run together.
const BATCH: u64 = 400;
/// Batches after which everything that is kept of earlier programs is let go: their trees and code.
const BATCHES_OF_A_RUNNER: u64 = 20;
/// One program in this many runs on every interpreter, the others on one each, in turn.
const ON_ALL: u64 = 32;
/// In one program in this many the modules are asked too, which takes a child more.
const MODULES: u64 = 4;
/// How many smaller programs are tried for each disagreement, in each of two ways.
const SHRINKING: usize = 4_000;

/// How long smaller programs are tried for one disagreement: one that hangs takes its deadline, twice.
const PATIENCE: Duration = Duration::from_mins(2);

/// Which programs are made, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed of the first program; each further one has the next.
    pub seed: u64,
    /// How many programs there are at most.
    pub cases: u64,
    /// Disagreements after which no more programs are made; each is made smaller, which takes time.
    pub most: usize,
    /// When to make no more.
    pub ends: Option<Instant>,
    /// Asks for the end at any time.
    pub stop: Stop,
}

/// What was done.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Programs that were made.
    pub programs: u64,
    /// Of these, the ones that were compared on at least one interpreter.
    pub compared: u64,
    /// Programs × interpreters that were compared.
    pub cells: u64,
    /// Of these, the ones in which the modules spoke too.
    pub testified: u64,
    /// Spans that the model predicted in them.
    pub spans: u64,
    /// Programs × interpreters that the model left alone, by the reason.
    pub abstained: BTreeMap<String, u64>,
}

/// The model and an interpreter do not agree on a program.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// Makes the program again.
    pub seed: u64,
    /// The interpreter, by its label.
    pub interpreter: String,
    /// The smallest program that was found to show it.
    pub scenario: Scenario,
    /// Where they part on it.
    pub difference: Difference,
    /// Whether it happened each time that it was looked at.
    pub repeats: bool,
}

/// Runs a campaign, and returns what was done and found, by the seed.
///
/// # Errors
///
/// About the place for trees.
pub fn run(
    panel: &Panel<'_>,
    plan: &Plan,
    progress: &dyn Fn(&Tally),
) -> io::Result<(Tally, Vec<Disagreement>)> {
    let mut campaign = Campaign { panel, tally: Tally::default(), disagreements: Vec::new() };
    let mut runner = (panel.runner)()?;
    let mut batches = 0;
    while campaign.goes_on(plan) {
        if batches == BATCHES_OF_A_RUNNER {
            runner = (panel.runner)()?;
            batches = 0;
        }
        batches += 1;
        let first = plan.seed.wrapping_add(campaign.tally.programs);
        let count = BATCH.min(plan.cases - campaign.tally.programs);
        campaign.batch(&runner, first, count, plan);
        progress(&campaign.tally);
    }
    Ok((campaign.tally, campaign.disagreements))
}

struct Campaign<'a> {
    panel: &'a Panel<'a>,
    tally: Tally,
    disagreements: Vec<Disagreement>,
}

/// A program and the numbers of the targets that it runs on.
struct Case {
    seed: u64,
    scenario: Scenario,
    targets: Vec<usize>,
}

impl Campaign<'_> {
    fn goes_on(&self, plan: &Plan) -> bool {
        let has_time = plan.ends.is_none_or(|end| Instant::now() < end);
        let few = self.disagreements.len() < plan.most;
        self.tally.programs < plan.cases && has_time && few && !plan.stop.is_asked()
    }

    fn batch(&mut self, runner: &Runner, first: u64, count: u64, plan: &Plan) {
        let seeds = (0..count).into_par_iter().map(|offset| first.wrapping_add(offset));
        let cases: Vec<Case> = seeds
            .map_init(programs, |programs, seed| Case {
                seed,
                scenario: scenario_of(&program(programs, seed), seed),
                targets: self.targets_of(seed),
            })
            .collect();
        for (number, target) in self.panel.targets.iter().enumerate() {
            let of_target = cases.iter().filter(|case| case.targets.contains(&number));
            let scenarios: Vec<_> = of_target.map(|case| case.scenario.clone()).collect();
            runner.prepare(
                target,
                &scenarios,
                &[self.panel.recorder, self.panel.testimony, self.panel.baseline],
            );
        }
        let held: Vec<Vec<Held>> = cases
            .par_iter()
            .map(|case| {
                let on = case.targets.iter().map(|number| &self.panel.targets[*number]);
                let modules = case.seed.is_multiple_of(MODULES);
                let hold = |target| self.panel.hold(runner, target, &case.scenario, modules);
                on.take_while(|_| !plan.stop.is_asked()).map(hold).collect()
            })
            .collect();
        if plan.stop.is_asked() {
            return;
        }
        for (case, held) in cases.iter().zip(held) {
            self.count(&held);
            let differs =
                held.into_iter().zip(&case.targets).find_map(|(held, target)| match held {
                    Held::Differs(difference) => Some((difference, *target)),
                    _ => None,
                });
            let is_wanted = self.disagreements.len() < plan.most;
            if let Some((difference, target)) = differs.filter(|_| is_wanted) {
                let disagreement = self.shrink(runner, case, target, difference);
                self.disagreements.push(disagreement);
            }
        }
    }

    /// Which interpreters a program runs on.
    fn targets_of(&self, seed: u64) -> Vec<usize> {
        let all = self.panel.targets.len();
        if seed.is_multiple_of(ON_ALL) {
            return (0..all).collect();
        }
        let number = usize::try_from(seed % all.max(1) as u64).unwrap_or_default();
        vec![number]
    }

    fn count(&mut self, held: &[Held]) {
        self.tally.programs += 1;
        let mut compared = false;
        for one in held {
            match one {
                Held::LeftAlone(abstention) => {
                    let reason = reason(abstention);
                    *self.tally.abstained.entry(reason).or_default() += 1;
                }
                Held::Agrees { spans, testified } => {
                    compared = true;
                    self.tally.cells += 1;
                    self.tally.testified += u64::from(*testified);
                    self.tally.spans += *spans as u64;
                }
                Held::Differs(_) => {
                    compared = true;
                    self.tally.cells += 1;
                }
            }
        }
        self.tally.compared += u64::from(compared);
    }

    fn shrink(
        &self,
        runner: &Runner,
        case: &Case,
        target: usize,
        difference: Difference,
    ) -> Disagreement {
        let target = &self.panel.targets[target];
        let begun = Instant::now();
        let version = target.interpreter.version;
        let refused = |scenario: &Scenario| Program::from(scenario).count_refused(version);
        let most_refused = refused(&case.scenario);
        let modules = difference.aspect == Aspect::Of(About::Bodies);
        let mut last: Option<(Scenario, Difference)> = None;
        let mut differs = |scenario: Scenario| {
            // every attempt that fails is taken back, which gives the one before
            if last.as_ref().is_some_and(|(known, _)| *known == scenario) {
                return true;
            }
            // what an interpreter says of a broken text is another matter
            if begun.elapsed() > PATIENCE || refused(&scenario) > most_refused {
                return false;
            }
            let held = self.panel.hold(runner, target, &scenario, modules);
            let Held::Differs(difference) = held else {
                return false;
            };
            last = Some((scenario, difference));
            true
        };
        let repeats = differs(case.scenario.clone());
        if repeats {
            let small = shrunk(&programs(), case.seed, SHRINKING, |smaller| {
                differs(scenario_of(smaller, case.seed))
            });
            let small = scenario_of(&small, case.seed);
            reduced(small, SHRINKING, |smaller| differs(smaller.clone()));
        }
        let (scenario, difference) = last.unwrap_or((case.scenario.clone(), difference));
        let interpreter = target.interpreter.label();
        Disagreement { seed: case.seed, interpreter, scenario, difference, repeats }
    }
}

fn scenario_of(program: &super::RandomProgram, seed: u64) -> Scenario {
    program.scenario(&format!("fuzz/seed-{seed}"), &format!("The random program of seed {seed}."))
}

/// Why the model left a program alone, without what is particular to the program.
fn reason(abstention: &Abstention) -> String {
    let construct = abstention.construct.split('`').step_by(2).collect::<Vec<_>>().join("…");
    format!("{construct}: {}", abstention.why)
}
