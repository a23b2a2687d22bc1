//! How much is sampled.

use std::time::Duration;

use crate::measure::Looking;

/// How much is sampled. The launch is the unit of replication: more of them narrow the interval,
/// more rounds only make each a better observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// How many parents, at most.
    pub launches: usize,
    /// How often each parent samples every arm.
    pub rounds: usize,
    /// How long all workloads on all interpreters may take together. Each gets an equal share of
    /// what is left, and launches no further parent when that is over, but always two.
    pub budget: Option<Duration>,
    /// Whether launches end early when everything is decided.
    pub looking: Looking,
    /// Whether a difference has to show again in fresh launches before it is told.
    pub confirms: bool,
    /// The known cost of the positive control, as a fraction of the baseline's time.
    pub planted: f64,
}

impl Effort {
    /// Enough for a first impression: effects of a few per cent. Many short
    /// launches, because an interval from three of them is four times as wide as one from eight.
    pub const QUICK: Self = Self {
        launches: 8,
        rounds: 2,
        budget: Some(Duration::from_secs(15)),
        looking: Looking::Once,
        confirms: false,
        planted: 0.1,
    };
    /// What a run takes that is not told otherwise: within a minute and a half, for the workloads that matter most on
    /// one interpreter.
    pub const BRIEF: Self = Self::within(Duration::from_secs(85));
    /// A full run's effort: effects of about one per cent on a quiet machine.
    pub const FULL: Self = Self {
        launches: 20,
        rounds: 18,
        budget: None,
        looking: Looking::Once,
        confirms: true,
        planted: 0.02,
    };

    /// As much as there is time for, and no more than is needed to decide. Rounds are as many as an estimate
    /// from pairs needs, and one or two more that may be void: within a time, launches are worth more.
    pub const fn within(budget: Duration) -> Self {
        let looking = Looking::Sequentially;
        Self { launches: 160, rounds: 12, budget: Some(budget), looking, ..Self::FULL }
    }

    /// The part of this that finds differences: two thirds of the time, if they have to show again.
    pub(super) fn finding(self) -> Self {
        let budget = self.budget.map(|budget| if self.confirms { budget * 2 / 3 } else { budget });
        Self { budget, ..self }
    }
}
