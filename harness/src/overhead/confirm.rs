//! A difference has to show again, in launches that had no part in finding it.

use rand::rngs::StdRng;

use super::{
    Cost, Effort, OverheadError,
    arms::{BASELINE, Entry},
    launches::{Place, Sampler},
    samples::Group,
};
use crate::measure::{Looking, Margin, Rules, Verdict};

/// Launches that are enough for an effect which was seen in others.
const FEWEST_LAUNCHES: usize = 8;

/// Takes fresh launches of the arms with a difference, half as many as there were, and takes back what
/// does not show again: on the same side, with an interval that excludes 1 at 90 %, one-sided 5 %.
pub(super) fn confirm(
    place: Place<'_>,
    entries: &[Entry],
    (effort, launches): (Effort, usize),
    rng: &mut StdRng,
    costs: &mut [Cost],
) -> Result<(), OverheadError> {
    let differs = |cost: &Cost| {
        let verdict = cost.estimate.as_ref().map(|estimate| estimate.verdict);
        cost.control.is_none() && matches!(verdict, Some(Verdict::Slower | Verdict::Faster))
    };
    let mut suspects = vec![entries[BASELINE].clone()];
    // the costs are those of all arms but the baseline
    let of_costs = entries[BASELINE + 1..].iter().zip(costs.iter());
    suspects.extend(of_costs.filter(|(_, cost)| differs(cost)).map(|(entry, _)| entry.clone()));
    if suspects.len() == 1 {
        return Ok(());
    }
    let effort = Effort {
        launches: (launches / 2).max(FEWEST_LAUNCHES),
        // what finding them has left
        budget: effort.budget.map(|budget| budget / 3),
        looking: Looking::Once,
        ..effort
    };
    let arms = suspects.iter().map(Entry::arm).collect();
    let taken = Sampler::new(place, arms, effort, rng).take(rng, |_| false, &|| {})?;
    let rules = Rules::new(Margin::default()).at(0.90);
    let estimates = Group::estimates(&taken, &suspects, rules);
    let found = costs.iter_mut().filter(|cost| differs(cost)).zip(&estimates[BASELINE + 1..]);
    for (cost, again) in found {
        cost.confirmation = *again;
        if let Some(first) = &mut cost.estimate {
            let same = again.is_some_and(|again| match first.verdict {
                Verdict::Slower => again.low > 1.0,
                _ => again.high < 1.0,
            });
            if !same {
                first.verdict = Verdict::Inconclusive;
            }
        }
    }
    Ok(())
}
