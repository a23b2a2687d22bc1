//! How long what is timed has to be timed, at the least.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    overhead::{self, Overhead, WorkloadKind},
    worker::Target,
};

use crate::{exit::UsageError, progress};

/// The least time of each workload, from one short launch of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs(Vec<(WorkloadKind, Duration)>);

impl Needs {
    /// Tries each of `workloads` out. What cannot be timed needs nothing: that is told when its turn comes.
    pub(crate) fn measured(
        overhead: &Overhead<'_>,
        target: &Target,
        workloads: &[WorkloadKind],
    ) -> Self {
        let spinner = progress::spinner("how long timing takes");
        let least = |kind: &WorkloadKind| {
            (*kind, overhead::least(overhead, target, *kind).unwrap_or_default())
        };
        let needs = workloads.iter().map(least).collect();
        spinner.finish_and_clear();
        Self(needs)
    }

    /// What a workload needs, in seconds, or in shares of whatever there is if nothing was measured.
    pub(crate) fn of(&self, workload: WorkloadKind) -> f64 {
        let measured = self.0.iter().find(|(kind, _)| *kind == workload);
        measured.map_or(1.0, |(_, least)| least.as_secs_f64())
    }

    /// Whether timing everything on so many interpreters fits into `seconds`.
    ///
    /// # Errors
    ///
    /// It does not; the message says how many seconds would do, and what would need less.
    pub(crate) fn fit(&self, interpreters: usize, seconds: u64) -> Result<()> {
        let once: Duration = self.0.iter().map(|(_, least)| *least).sum();
        let times = u32::try_from(interpreters).unwrap_or(u32::MAX);
        let least = (once * times).as_secs() + 1;
        if least <= seconds {
            return Ok(());
        }
        // the same trial takes a little more or less another time
        let enough = least + least / 4;
        let workloads = self.0.len();
        let on = match interpreters {
            1 => "one interpreter".to_owned(),
            count => format!("{count} interpreters"),
        };
        let message = format!(
            "--budget {seconds}: {workloads} workloads on {on} take about {least} s, or their controls fail and no cost \
             is shown\nhelp: give at least `--budget {enough}`, or time less: `--time-on VERSION`, `--strategy NAME`"
        );
        Err(UsageError(message).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(seconds: &[u64]) -> Needs {
        let all = WorkloadKind::all().zip(seconds);
        Needs(all.map(|(kind, seconds)| (kind, Duration::from_secs(*seconds))).collect())
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_would() {
        assert!(needs(&[20, 30]).fit(1, 51).is_ok());
        for (interpreters, seconds, told) in [
            (1, 10, "--budget 10: 2 workloads on one interpreter take about 51 s"),
            (2, 51, "--budget 51: 2 workloads on 2 interpreters take about 101 s"),
            (1, 0, "give at least `--budget 63`"),
        ] {
            let error = needs(&[20, 30]).fit(interpreters, seconds).expect_err(told);
            assert!(error.to_string().contains(told), "{error}");
        }
    }

    #[test]
    fn a_workload_that_was_not_tried_has_an_equal_share() {
        let [first, second] = [0, 1].map(|at| WorkloadKind::all().nth(at).expect("a workload"));
        assert!((needs(&[20]).of(first) - 20.0).abs() < f64::EPSILON);
        assert!((needs(&[20]).of(second) - 1.0).abs() < f64::EPSILON);
    }
}
