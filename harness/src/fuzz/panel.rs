//! One program, and everybody who says what it does.

use std::io;

use super::difference::{Aspect, Difference, Seen, bodies_differ, difference};
use crate::{
    agreement::About,
    model::{Abstention, End, Fault, Prediction, Program, Rules, predict},
    scenario::{ExitStatus, Scenario},
    strategy::Strategy,
    verdict::EndSort,
    worker::{self, Observation, Runner, Target},
};

/// Who is asked about programs.
pub struct Panel<'a> {
    /// The interpreters.
    pub targets: &'a [Target],
    /// Sees spans.
    pub recorder: &'a Strategy,
    /// Has the modules say which of their bodies ran.
    pub testimony: &'a Strategy,
    /// Sees how the program behaves where nothing watches it.
    pub baseline: &'a Strategy,
    /// Makes a runner with nothing kept in it.
    pub runner: &'a (dyn Fn() -> io::Result<Runner> + Sync),
    /// A fault that is planted in the model, to see whether it is found. Tests alone plant any.
    pub fault: Option<Fault>,
}

/// What came of holding the model against one interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The model does not know.
    LeftAlone(Abstention),
    /// Both say the same.
    Agrees {
        /// How many spans they agree on.
        spans: usize,
        /// Whether the modules have spoken too.
        testified: bool,
    },
    /// They do not.
    Differs(Difference),
}

impl Panel<'_> {
    /// Holds the model against `target` on one program, and against what the modules say if they are
    /// asked.
    ///
    /// The program runs under the recorder, and once more without if it then ends otherwise than
    /// predicted: the recorder itself may disturb it. The modules speak in a child of their own. They
    /// are held against the model alone: where it agrees with both of the others, so do these.
    pub fn hold(
        &self,
        runner: &Runner,
        target: &Target,
        scenario: &Scenario,
        ask_modules: bool,
    ) -> Held {
        let rules = Rules { fault: self.fault, ..Rules::of(target.interpreter.version) };
        let prediction = match predict(&Program::from(scenario), rules) {
            Ok(prediction) => prediction,
            Err(abstention) => return Held::LeftAlone(abstention),
        };
        let child = Child { runner, target, scenario };
        if let Some(difference) = self.differs(child, &prediction) {
            return Held::Differs(difference);
        }
        let testified = if ask_modules { self.testified(child, &prediction) } else { Ok(false) };
        match testified {
            Ok(testified) => Held::Agrees { spans: prediction.trace.len(), testified },
            Err(difference) => Held::Differs(difference),
        }
    }

    /// Whether the modules say what the model says; `false` where they say nothing, because their
    /// child failed or the program noticed them and ended in another way.
    fn testified(&self, child: Child<'_>, prediction: &Prediction) -> Result<bool, Difference> {
        let Ok(observation) = child.run(self.testimony) else { return Ok(false) };
        let Ok(seen) = Seen::of(observation) else { return Ok(false) };
        let predicted = match &prediction.end {
            End::Returned => EndSort::Returned,
            End::Raised { exception, .. } => EndSort::Raised(exception),
            End::Exited(status) => EndSort::Exited(ExitStatus::Code(*status)),
        };
        if seen.behaviour.end.sort() != predicted {
            return Ok(false);
        }
        bodies_differ(child.scenario, prediction, &seen).map_or(Ok(true), Err)
    }

    fn differs(&self, child: Child<'_>, prediction: &Prediction) -> Option<Difference> {
        let scenario = child.scenario;
        let seen = child
            .run(self.recorder)
            .and_then(|observation| Seen::of(observation).map_err(|error| error.to_string()));
        let mut seen = match seen {
            Ok(seen) => seen,
            Err(failure) => return Some(broken(failure)),
        };
        let difference = difference(scenario, prediction, &seen)?;
        if difference.aspect == Aspect::Of(About::Trace) {
            return Some(difference);
        }
        match child.run(self.baseline) {
            Ok(observation) => seen.behaviour = observation.behaviour,
            Err(failure) => return Some(broken(failure)),
        }
        super::difference(scenario, prediction, &seen)
    }
}

/// A program on an interpreter, as often as it is asked for.
#[derive(Clone, Copy)]
struct Child<'a> {
    runner: &'a Runner,
    target: &'a Target,
    scenario: &'a Scenario,
}

impl Child<'_> {
    fn run(self, strategy: &Strategy) -> Result<Observation, String> {
        let program = worker::Program { scenario: self.scenario, strategy };
        // once more, for a machine under load misses deadlines
        let answer = self.runner.observe(self.target, program);
        let answer = answer.or_else(|_| self.runner.observe(self.target, program));
        answer.map_err(|failure| failure.to_string())
    }
}

fn broken(failure: String) -> Difference {
    let predicted = "the child answers".to_owned();
    Difference { aspect: Aspect::Answer, predicted, seen: failure }
}
