//! Who asked for modules in a scenario: looked at where a hook reports more than happened, and once.

use std::sync::OnceLock;

use crate::{
    scenario::Scenario,
    span::Trace,
    strategy::Strategy,
    verdict::{Matched, Occasions},
    worker::{Observation, Program, Runner, Target},
};

/// The occasions of a scenario on an interpreter, as soon as somebody wants them.
#[derive(Clone, Debug)]
pub struct Asked {
    requests: Strategy,
    occasions: OnceLock<Option<Occasions>>,
}

impl Asked {
    /// By a child under `requests`, which has not run yet.
    pub fn by(requests: &Strategy) -> Self {
        Self { requests: requests.clone(), occasions: OnceLock::new() }
    }

    /// Says of reports of no import what they are of, if the program asked for it.
    pub(crate) fn explain(
        &self,
        runner: &Runner,
        place: (&Target, &Scenario),
        truth: &Trace,
        (matched, observed): (&mut Matched, &Observation),
    ) {
        if !matched.has_extra_imports() {
            return;
        }
        if let Some(occasions) = self.occasions(runner, place, truth) {
            matched.explain(occasions, (&observed.events, observed.main_thread));
        }
    }

    /// What the program asked for. Nothing if its child failed, or went another way than `truth`: whatever is
    /// reported beyond the truth is wrong then.
    fn occasions(
        &self,
        runner: &Runner,
        (target, scenario): (&Target, &Scenario),
        truth: &Trace,
    ) -> Option<&Occasions> {
        let look = || {
            let program = Program { scenario, strategy: &self.requests };
            let watched = runner.observe(target, program).ok()?.spans().ok()?;
            Occasions::of(&watched, truth)
        };
        self.occasions.get_or_init(look).as_ref()
    }
}
