//! Machines to try the statistics on: seeded noise of known kinds and sizes.

use std::f64::consts::TAU;

use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{Launch, Round, order};

/// How a machine disturbs what it runs. All sizes are fractions of a sample's undisturbed time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    /// Standard deviation of a sample, both ways.
    pub(crate) jitter: f64,
    /// Mean of what is added to a sample, mostly little and at times much (exponential).
    pub(crate) delay: f64,
    /// Share of samples that take three times as long.
    pub(crate) spikes: f64,
    /// How much slower a launch's last round is than its first.
    pub(crate) drift: f64,
    /// Chance of a round to switch between the usual pace and one 1.6 times slower.
    pub(crate) shifts: f64,
    /// How much longer a sample takes while others use the other half of the core, which they mostly do: the
    /// state changes within samples.
    pub(crate) contended: f64,
    /// Standard deviation between launches, the same for all arms.
    pub(crate) offset: f64,
    /// Standard deviation between launches, for each arm on its own.
    pub(crate) layout: f64,
    /// How much slower each later position within a round is.
    pub(crate) position: f64,
    /// Into how many laps a sample is divided, of which every arm does one in turn.
    pub(crate) laps: u32,
}

/// Undisturbed time of the baseline, in nanoseconds.
const BASE: f64 = 2e6;

/// A machine in use: it draws its disturbances from one seed.
pub(crate) struct Running {
    machine: Machine,
    random: StdRng,
    /// Whether the other half of the core is idle now.
    alone: bool,
}

impl Machine {
    /// A quiet machine: samples vary, and nothing else happens.
    pub(crate) const CALM: Self = Self {
        jitter: 0.03,
        delay: 0.0,
        spikes: 0.0,
        drift: 0.0,
        shifts: 0.0,
        contended: 0.0,
        offset: 0.0,
        layout: 0.0,
        position: 0.0,
        laps: 1,
    };

    pub(crate) fn start(self, seed: u64) -> Running {
        Running { machine: self, random: StdRng::seed_from_u64(seed), alone: false }
    }
}

impl Running {
    /// Launches of `rounds` rounds; arm `i` takes `costs[i]` times the baseline's time.
    pub(crate) fn launches(&mut self, count: usize, rounds: u32, costs: &[f64]) -> Vec<Launch> {
        (0..count).map(|_| self.launch(rounds, costs)).collect()
    }

    fn launch(&mut self, rounds: u32, costs: &[f64]) -> Launch {
        let offset = self.normal(self.machine.offset).exp();
        let arms: Vec<_> = costs
            .iter()
            .map(|cost| cost * offset * self.normal(self.machine.layout).exp())
            .collect();
        let start = self.random.random_range(0..costs.len());
        let mut slow = false;
        let round = |number: u32| {
            slow ^= self.random.random_bool(self.machine.shifts);
            let drift = 1.0 + self.machine.drift * f64::from(number) / f64::from(rounds);
            let pace = drift * if slow { 1.6 } else { 1.0 };
            self.round(pace, &arms, &order(arms.len(), number as usize, start))
        };
        Launch { rounds: (0..rounds).map(round).collect() }
    }

    fn round(&mut self, pace: f64, arms: &[f64], order: &[usize]) -> Round {
        let mut laps = vec![Vec::new(); arms.len()];
        for _ in 0..self.machine.laps {
            let mut position = 1.0;
            for arm in order {
                laps[*arm].push(self.lap(pace * position * arms[*arm]));
                position += self.machine.position;
            }
        }
        Round { laps: laps.into_iter().map(Some).collect() }
    }

    fn lap(&mut self, undisturbed: f64) -> u64 {
        let undisturbed = undisturbed / f64::from(self.machine.laps);
        let undisturbed = undisturbed * (1.0 + self.machine.contended * self.company());
        let jitter = self.normal(self.machine.jitter).exp();
        let delay = 1.0 - self.machine.delay * self.uniform().ln();
        let spike = if self.random.random_bool(self.machine.spikes) { 3.0 } else { 1.0 };
        nanos(BASE * undisturbed * jitter * delay * spike)
    }

    /// The share of a lap during which others use the core: about one whole sample in six has it alone, for two or
    /// three in a row.
    fn company(&mut self) -> f64 {
        if self.machine.contended == 0.0 {
            return 0.0;
        }
        let chance = if self.alone { 0.4 } else { 0.08 };
        let changes = self.random.random_bool(chance / f64::from(self.machine.laps));
        self.alone ^= changes;
        let whole = f64::from(u8::from(!self.alone));
        if changes { self.uniform() } else { whole }
    }

    fn normal(&mut self, deviation: f64) -> f64 {
        deviation * (-2.0 * self.uniform().ln()).sqrt() * (TAU * self.uniform()).cos()
    }

    /// More than 0 and at most 1.
    fn uniform(&mut self) -> f64 {
        1.0 - self.random.random::<f64>()
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few milliseconds")]
fn nanos(time: f64) -> u64 {
    time as u64
}
