//! Composition: how strategies live together, and beside neighbours that behave badly.
//!
//! The truth is that of the recorder, and what a hook gets wrong in company is only news if it does
//! not get it wrong alone. Every company has a child of its own, and each hook in it a buffer of its
//! own.

mod company;
mod copies;
mod judge;
mod plan;
mod reference;

pub use company::{COPIES, Comes, Company, Removal};
pub use copies::{COUNTS, WORKLOAD, costs, crowds, growth};
pub use judge::{Fate, Share};
pub use plan::Hooks;
use plan::{Absence, Cast};
use rayon::prelude::*;
use reference::{Reference, Stage};

use crate::{
    scenario::{Run, Scenario, StartUp},
    strategy::StrategyName,
    verdict::{Divergence, Verdict},
    worker::{Failure, Runner, Target},
};

/// The programs that companies watch, unless others are asked for: a small tree, a failing import, a
/// reload, and modules that are there already.
pub const PROGRAMS: [&str; 4] =
    ["packages/nested", "failures/cascade", "reload/reload", "calls/cached-statement"];

/// What became of one company in one program on one interpreter.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The company's name, see [`Company::name`].
    pub company: String,
    /// In which order it was dissolved.
    pub removal: Removal,
    /// The hooks in it, in the order of their installation; many of the same sort are named once.
    pub hooks: Vec<StrategyName>,
    /// Which of them is a neighbour, if one is.
    pub neighbour: Option<usize>,
    /// How many there are of each.
    pub copies: usize,
    /// What became of the strategies in it, in that order. Empty where nothing could be judged.
    pub fates: Vec<Fate>,
    /// What the program showed that it shows with none of the hooks alone.
    pub program: Vec<Divergence>,
    /// What it comes to. The divergences are those of the fates and the program.
    pub verdict: Verdict,
}

/// Where findings are kept.
pub trait Ledger: Sync {
    /// Whether this company is kept already, or need not be played because the run has to end.
    fn has(&self, target: &Target, scenario: &Scenario, company: &str, removal: Removal) -> bool;

    /// Keeps one.
    fn keep(&self, target: &Target, scenario: &Scenario, judged: &Judged);
}

/// Why `scenario` is no program for companies; nothing if it is one.
pub fn unfit(scenario: &Scenario) -> Option<&'static str> {
    if matches!(scenario.run, Run::Module(_)) {
        return Some("it is run by `-m`, once a process");
    }
    let is_plain = scenario.start_up().is_none_or(StartUp::is_plain);
    (!is_plain).then_some("it needs an interpreter that starts in a way of its own")
}

/// How many companies [`run_into`] plays, or says of that they take no part, of those that `is_due`:
/// asked with the interpreter's label, the scenario's name, the company's and its removal's.
pub fn count(
    hooks: &Hooks,
    scenarios: &[Scenario],
    (runner, targets): (&Runner, &[Target]),
    is_due: &(dyn Fn([&str; 4]) -> bool + Sync),
) -> usize {
    let on = |target: &Target| {
        let (cast, label) = (Cast::of(hooks, runner, target), target.interpreter.label());
        let absent = cast.absent.iter().map(|(strategy, _)| Company::alone(strategy));
        let companies: Vec<_> = absent.chain(cast.companies()).collect();
        let of = |scenario: &Scenario| {
            let scenario = scenario.name.to_string();
            let due = companies
                .iter()
                .filter(|it| is_due([&label, &scenario, &it.name(), it.removal.words()]));
            due.count()
        };
        scenarios.iter().filter(|scenario| is_played(scenario, target)).map(of).sum::<usize>()
    };
    targets.par_iter().map(on).sum()
}

fn is_played(scenario: &Scenario, target: &Target) -> bool {
    scenario.applies_to(&target.interpreter.version) && unfit(scenario).is_none()
}

/// Plays what `ledger` does not have, on all cores. Scenarios that are [`unfit`] are passed over.
pub fn run_into(
    hooks: &Hooks,
    scenarios: &[Scenario],
    (runner, targets): (&Runner, &[Target]),
    ledger: &dyn Ledger,
) {
    let everybody: Vec<_> = hooks.all().collect();
    targets.par_iter().for_each(|target| {
        runner.prepare(target, scenarios, &everybody);
        let cast = Cast::of(hooks, runner, target);
        scenarios.par_iter().for_each(|scenario| {
            if is_played(scenario, target) {
                one_program(&cast, Stage { runner, target, scenario }, ledger);
            }
        });
    });
}

fn one_program(cast: &Cast<'_>, stage: Stage<'_>, ledger: &dyn Ledger) {
    let Stage { target, scenario, .. } = stage;
    for (strategy, absence) in &cast.absent {
        let company = Company::alone(strategy);
        if !ledger.has(target, scenario, &company.name(), company.removal) {
            ledger.keep(target, scenario, &absent(&company, absence));
        }
    }
    let is_missing = |it: &Company<'_>| !ledger.has(target, scenario, &it.name(), it.removal);
    let missing: Vec<_> = cast.companies().into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return;
    }
    let reference = Reference::of(cast, stage, &missing);
    missing.par_iter().for_each(|company| {
        // the run may have to end by now
        if is_missing(company) {
            ledger.keep(target, scenario, &judge(&reference, stage, company));
        }
    });
}

fn absent(company: &Company<'_>, absence: &Absence) -> Judged {
    without(
        company,
        match absence {
            Absence::NotApplicable(reason) => Verdict::NotApplicable(reason.clone()),
            Absence::Failed(reason) => Verdict::Inconclusive(reason.clone()),
        },
    )
}

fn without(company: &Company<'_>, verdict: Verdict) -> Judged {
    let copies = if company.members.len() > 2 { company.members.len() } else { 1 };
    let hooks = company.members.iter().step_by(copies).map(|member| member.name.clone());
    Judged {
        company: company.name(),
        removal: company.removal,
        hooks: hooks.collect(),
        neighbour: company.neighbour,
        copies,
        fates: Vec::new(),
        program: Vec::new(),
        verdict,
    }
}

fn judge<'a>(reference: &Reference<'a>, stage: Stage<'_>, company: &Company<'a>) -> Judged {
    let inconclusive = |reason: String| without(company, Verdict::Inconclusive(reason));
    let measure = match reference.measure(company) {
        Ok(measure) => measure,
        Err(reason) => return inconclusive(format!("nothing to hold it against: {reason}")),
    };
    let seen = match stage.play(company) {
        Ok(seen) => seen,
        // with the same hooks alone it did
        Err(failure @ Failure::Ended { .. }) => {
            let program = vec![judge::unfinished(&measure, failure.to_string())];
            let verdict = Verdict::Diverges(program.clone());
            return Judged { program, ..without(company, verdict) };
        }
        Err(failure) => return inconclusive(failure.to_string()),
    };
    let (fates, program) =
        (judge::fates(company, &measure, &seen), judge::program(&measure, &seen));
    let of_fates = fates.iter().flat_map(|it| [&it.together, &it.left]);
    let of_fates = of_fates.flat_map(|share| share.divergences.iter().cloned());
    let divergences: Vec<_> = of_fates.chain(program.iter().cloned()).collect();
    let conforms = program.is_empty() && fates.iter().all(Fate::is_undisturbed);
    let verdict = if conforms { Verdict::Conforms } else { Verdict::Diverges(divergences) };
    Judged { fates, program, ..without(company, verdict) }
}
