//! `cargo xtask compare`: two runs held against each other, and a gate.

use anyhow::Result;
use tollgate::{
    compare::{self, FailOn, Outcome, Rules, Side, Sizes},
    layout::Layout,
    record::{self, EarlierRun},
    report,
};

use crate::{exit::Exit, output};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// The run to compare with: its name, its folder, or `latest`.
    old: String,
    /// The run to compare.
    new: String,
    /// What turns the exit code: changes of behaviour, slowdowns, or both. Without it the exit code is
    /// 0 whatever has changed.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    fail_on: Vec<Gate>,
    /// Compare behaviour where the interpreter is another build, or another release of the same
    /// version. Costs are not compared then.
    #[arg(long)]
    across_builds: bool,
    /// A change of a cost that is smaller than this is none.
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    margin: f64,
    /// A slowdown of this size must not be missed: where it cannot be excluded, the gate is
    /// inconclusive.
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = percent)]
    target: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Gate {
    Behaviour,
    Cost,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| *number > 0.0 && *number < 100.0);
    number.ok_or_else(|| "expected per cent above 0 and below 100".to_owned())
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let [old, new] = [side(&layout, &flags.old)?, side(&layout, &flags.new)?];
    let sizes = Sizes { margin: flags.margin / 100.0, target: flags.target / 100.0 };
    let rules = Rules { across_builds: flags.across_builds, sizes };
    let comparison = compare::compare(&old, &new, rules);
    let fail_on = FailOn {
        behaviour: flags.fail_on.contains(&Gate::Behaviour),
        cost: flags.fail_on.contains(&Gate::Cost),
    };
    let outcome = comparison.outcome(fail_on);
    output::print(&report::comparison(&comparison, sizes))?;
    let (exit, why) = ended(outcome, !flags.fail_on.is_empty());
    // what is printed goes into comments as it is
    crate::output::tell!("{}", exit.line(why).trim_end());
    Ok(exit)
}

/// The exit that an outcome stands for, and why.
fn ended(outcome: Outcome, is_gate: bool) -> (Exit, &'static str) {
    match outcome {
        Outcome::Clean if is_gate => (Exit::Done, "nothing has changed that `--fail-on` is about"),
        Outcome::Clean => {
            (Exit::Done, "told and not judged; `--fail-on behaviour,cost` makes it a gate")
        }
        Outcome::BehaviourChanged => (Exit::BehaviourChanged, "behaviour has changed"),
        Outcome::Slower => (Exit::Slower, "something has become slower"),
        Outcome::Inconclusive => {
            (Exit::Inconclusive, "nothing has changed that was shown, but not all was shown")
        }
        Outcome::Nothing => {
            (Exit::Nothing, "the runs have nothing in common that could be compared")
        }
    }
}

fn side(layout: &Layout, request: &str) -> Result<Side> {
    let run = EarlierRun::find(layout, request)?;
    Ok(Side::of(run.id(), run.plan()).with(record::read(&run.records())?)?)
}
