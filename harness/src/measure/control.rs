//! What a run must be able to see, and must not see, before anything that it says is believed.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::{Estimate, Rules};

/// An arm whose result is known beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// The baseline again: must not differ from itself.
    Again,
    /// A hook that is built and not installed: must not differ by half of what anyone cares for.
    Sham,
    /// The baseline with a cost of known size: must be found.
    Planted,
}

/// What an A/A arm may look like by chance, no more than once in a hundred groups.
const CHANCE: f64 = 0.01;
/// How often a group with sound controls may have one that fails: the A/A arm's share, and as much
/// again for the sham.
const FAILURES: f64 = 0.02;
/// How unlikely a run's failures must be for them not to be chance.
const UNLIKELY: f64 = 0.05;

impl Control {
    /// Whether an estimate shows what it must.
    ///
    /// A comparison without an interval shows nothing, so a control without one does not hold.
    pub fn holds(self, estimate: Option<&Estimate>, rules: &Rules) -> bool {
        let Some(estimate) = estimate.filter(|estimate| estimate.high.is_finite()) else {
            return false;
        };
        let half = rules.margin.fraction() / 2.0;
        match self {
            Self::Again => estimate.p.is_some_and(|p| p >= CHANCE),
            Self::Sham => estimate.low <= 1.0 + half && estimate.high >= 1.0 - half,
            Self::Planted => estimate.low > 1.0,
        }
    }
}

/// Why nothing that a run says of costs is to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// More arms than chance allows differ that do not.
    SeesWhatIsNotThere {
        /// In how many groups.
        groups: usize,
        /// Of how many.
        of: usize,
    },
    /// The known cost was not found in most groups.
    MissesWhatIsThere {
        /// In how many groups.
        groups: usize,
        /// Of how many.
        of: usize,
    },
}

/// Judges a run by its groups: for each the controls that failed there.
pub fn fitness(failed: &[Vec<Control>]) -> Result<(), Unfit> {
    let of = failed.len();
    let count = |which: fn(&Control) -> bool| {
        failed.iter().filter(|controls| controls.iter().any(which)).count()
    };
    let groups = count(|control| *control != Control::Planted);
    if groups > 0 && chance_of_as_many(groups, of) < UNLIKELY {
        return Err(Unfit::SeesWhatIsNotThere { groups, of });
    }
    let groups = count(|control| *control == Control::Planted);
    if 2 * groups > of {
        return Err(Unfit::MissesWhatIsThere { groups, of });
    }
    Ok(())
}

/// How likely `groups` failures or more are among `of` groups with sound controls.
fn chance_of_as_many(groups: usize, of: usize) -> f64 {
    let failures = Binomial::new(FAILURES, of as u64).expect("2 % is a probability");
    failures.sf(groups as u64 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failures: &[(Control, usize)], of: usize, expected: Result<(), Unfit>) {
        let mut failed = vec![Vec::new(); of];
        for (control, groups) in failures {
            failed[..*groups].iter_mut().for_each(|group| group.push(*control));
        }
        assert_eq!(fitness(&failed), expected, "{failures:?} of {of}");
    }

    #[test]
    fn a_run_is_unfit_when_more_controls_fail_than_chance_allows() {
        use Control::{Again, Planted, Sham};
        let sees = |groups, of| Err(Unfit::SeesWhatIsNotThere { groups, of });
        let misses = |groups, of| Err(Unfit::MissesWhatIsThere { groups, of });
        check(&[], 0, Ok(()));
        check(&[], 21, Ok(()));
        check(&[(Again, 1)], 1, sees(1, 1));
        check(&[(Sham, 1)], 1, sees(1, 1));
        check(&[(Again, 1)], 21, Ok(()));
        check(&[(Again, 3)], 21, sees(3, 21));
        check(&[(Again, 2), (Sham, 3)], 21, sees(3, 21));
        check(&[(Planted, 1)], 1, misses(1, 1));
        check(&[(Planted, 10)], 21, Ok(()));
        check(&[(Planted, 11)], 21, misses(11, 21));
    }
}
