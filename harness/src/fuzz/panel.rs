//! One program, and everybody who says what it does.

use std::io;

use super::difference::{Aspect, Difference, Seen, difference};
use crate::{
    agreement::About,
    model::{Abstention, Fault, Prediction, Program, Rules, predict},
    scenario::Scenario,
    strategy::Strategy,
    worker::{self, Observation, Runner, Target},
};

/// Who is asked about programs.
pub struct Panel<'a> {
    /// The interpreters.
    pub targets: &'a [Target],
    /// Sees spans.
    pub recorder: &'a Strategy,
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
    },
    /// They do not.
    Differs(Difference),
}

impl Panel<'_> {
    /// Holds the model against `target` on one program.
    ///
    /// The program runs under the recorder, and once more without if it then ends otherwise than
    /// predicted: the recorder itself may disturb it.
    pub fn hold(&self, runner: &Runner, target: &Target, scenario: &Scenario) -> Held {
        let rules = Rules { fault: self.fault, ..Rules::of(target.interpreter.version) };
        let prediction = match predict(&Program::from(scenario), rules) {
            Ok(prediction) => prediction,
            Err(abstention) => return Held::LeftAlone(abstention),
        };
        match self.differs(runner, target, scenario, &prediction) {
            Some(difference) => Held::Differs(difference),
            None => Held::Agrees { spans: prediction.trace.len() },
        }
    }

    fn differs(
        &self,
        runner: &Runner,
        target: &Target,
        scenario: &Scenario,
        prediction: &Prediction,
    ) -> Option<Difference> {
        let run = |strategy| -> Result<Observation, String> {
            let program = worker::Program { scenario, strategy };
            // once more, for a machine under load misses deadlines
            let answer = runner.observe(target, program);
            let answer = answer.or_else(|_| runner.observe(target, program));
            answer.map_err(|failure| failure.to_string())
        };
        let seen = run(self.recorder)
            .and_then(|observation| Seen::of(observation).map_err(|error| error.to_string()));
        let mut seen = match seen {
            Ok(seen) => seen,
            Err(failure) => return Some(broken(failure)),
        };
        let difference = difference(scenario, prediction, &seen)?;
        if difference.aspect == Aspect::Of(About::Trace) {
            return Some(difference);
        }
        match run(self.baseline) {
            Ok(observation) => seen.behaviour = observation.behaviour,
            Err(failure) => return Some(broken(failure)),
        }
        super::difference(scenario, prediction, &seen)
    }
}

fn broken(failure: String) -> Difference {
    let predicted = "the child answers".to_owned();
    Difference { aspect: Aspect::Answer, predicted, seen: failure }
}
