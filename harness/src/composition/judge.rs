//! What became of each hook in company, held against the same hook alone.

use std::collections::BTreeMap;

use tollgate_event::EventKind;

use super::company::{Company, Presence};
use crate::{
    span::{Point, Trace},
    strategy::StrategyName,
    verdict::{Aspect, Claims, Divergence, after_removal, beyond, compare, disturbances, tally},
    worker::{Performance, Stage},
};

/// What became of one hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// The hook.
    pub strategy: StrategyName,
    /// How many were installed before it.
    pub position: usize,
    /// What it refused, `install`, `remove` or `finish`, and why.
    pub refused: Vec<(String, String)>,
    /// While all hooks were installed.
    pub together: Share,
    /// When the other one was removed.
    pub left: Share,
    /// What it reported after its own removal.
    pub afterwards: Vec<Point>,
}

impl Fate {
    /// Whether it fared as it does alone.
    pub fn is_undisturbed(&self) -> bool {
        let shares = [&self.together, &self.left];
        let differs = shares.iter().any(|share| !share.divergences.is_empty());
        self.refused.is_empty() && self.afterwards.is_empty() && !differs
    }
}

/// What one hook reported of its share of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many events it would have reported in their place, had nothing been due to company.
    pub due: usize,
    /// What it got wrong and does not get wrong alone.
    pub divergences: Vec<Divergence>,
}

/// One hook alone, as others hold it against it in company.
#[derive(Clone, Debug)]
pub(super) struct Alone {
    /// What it claims; nothing if it is no strategy, and so not judged.
    pub(super) claims: Option<Claims>,
    /// What was seen of it.
    pub(super) performance: Performance,
}

/// What a company is held against.
pub(super) struct Measure<'a> {
    /// What happens in each run when hooks are alone.
    pub(super) truth_alone: &'a [Trace],
    /// What happens in this company, where a neighbour may change that.
    pub(super) truth: &'a [Trace],
    /// The program without a hook.
    pub(super) baseline: &'a Performance,
    /// Each member alone.
    pub(super) alone: Vec<&'a Alone>,
}

/// What became of every strategy in the company.
pub(super) fn fates(company: &Company<'_>, measure: &Measure<'_>, seen: &Performance) -> Vec<Fate> {
    let strategies = measure.alone.iter().enumerate();
    strategies
        .filter_map(|(number, alone)| {
            let (claims, alone) = (alone.claims.as_ref()?, &alone.performance);
            let unheard = unheard(claims, measure.truth_alone, alone);
            let member = Member { number, claims, unheard, alone };
            Some(fate(company, measure, &member, seen))
        })
        .collect()
}

/// A strategy in company.
struct Member<'a> {
    number: usize,
    claims: &'a Claims,
    /// See [`unheard`].
    unheard: Claims,
    alone: &'a Performance,
}

/// Claims to kinds of events of which a hook reports none even alone: what nobody hears cannot be
/// lost.
fn unheard(claims: &Claims, truth: &[Trace], alone: &Performance) -> Claims {
    let mut counts: BTreeMap<EventKind, (usize, usize)> = BTreeMap::new();
    for (truth, stage) in truth.iter().zip(&alone.stages) {
        let matched = compare(truth, &stage.events[0], alone.main_thread, claims);
        for (kind, count) in tally(truth, claims, &matched) {
            let (happened, seen) = counts.entry(kind).or_default();
            *happened += count.truth;
            *seen += count.seen;
        }
    }
    let is_unheard =
        |kind| counts.get(kind).is_some_and(|(happened, seen)| *happened > 0 && *seen == 0);
    claims.iter().filter(|kind| is_unheard(kind)).copied().collect()
}

fn fate(
    company: &Company<'_>,
    measure: &Measure<'_>,
    member: &Member<'_>,
    seen: &Performance,
) -> Fate {
    let number = member.number;
    let mut fate = Fate {
        strategy: company.members[number].name.clone(),
        position: number,
        refused: refusals(seen, number),
        together: Share::default(),
        left: Share::default(),
        afterwards: Vec::new(),
    };
    let was_installed = !fate.refused.iter().any(|(step, _)| step == "install");
    // in a company of one, what it does when it is removed is its own doing
    let usual = if company.members.len() > 1 { member.alone.stages.last() } else { None };
    for (run, presence) in company.presence(number).into_iter().enumerate() {
        let share = match presence {
            Presence::Gone => {
                let usual = usual.map_or(&[][..], |stage| &stage.events[0]);
                fate.afterwards.extend(after_removal(usual, &seen.stages[run].events[number]));
                continue;
            }
            Presence::Together => &mut fate.together,
            Presence::Left => &mut fate.left,
        };
        let (due, divergences) = share_of(measure, member, run, seen);
        share.due += due;
        if was_installed {
            share.divergences.extend(divergences);
        }
    }
    fate
}

/// How much a hook should have reported in one run, and what it got wrong that it does not get wrong
/// alone.
fn share_of(
    measure: &Measure<'_>,
    member: &Member<'_>,
    run: usize,
    seen: &Performance,
) -> (usize, Vec<Divergence>) {
    let reported = |truth: &[Trace], performance: &Performance, number: usize| {
        let events = &performance.stages[run].events[number];
        compare(&truth[run], events, performance.main_thread, member.claims)
    };
    let usual = reported(measure.truth_alone, member.alone, 0);
    let found = reported(measure.truth, seen, member.number);
    let mut divergences = beyond(&usual.divergences, found.divergences);
    divergences.retain(|divergence| match divergence {
        Divergence::Missing(point) => !member.unheard.contains(&point.kind),
        _ => true,
    });
    let is_lost =
        |it: &&Divergence| matches!(it, Divergence::Missing(_) | Divergence::OutOfOrder { .. });
    (found.seen.len() + divergences.iter().filter(is_lost).count(), divergences)
}

fn refusals(seen: &Performance, member: usize) -> Vec<(String, String)> {
    let own = seen.failures.iter().filter_map(|(step, reason)| {
        let (action, number) = step.split_once(' ')?;
        (number == member.to_string()).then(|| (action.to_owned(), reason.clone()))
    });
    own.collect()
}

/// How the program differs in company, beyond what each hook does to it when it is alone. A company
/// of one is held against no hook.
///
/// Frames in tracebacks are left out: each hook adds its own, so those of two are always others than
/// those of either.
pub(super) fn program(measure: &Measure<'_>, seen: &Performance) -> Vec<Divergence> {
    let is_company = measure.alone.len() > 1;
    let mut changes = Vec::new();
    for (run, stage) in seen.stages.iter().enumerate() {
        let of =
            |stage: &Stage| disturbances(&measure.baseline.stages[run].behaviour, &stage.behaviour);
        let alone = measure.alone.iter().filter(|_| is_company);
        let known: Vec<_> = alone.flat_map(|alone| of(&alone.performance.stages[run])).collect();
        let is_new = |it: &Divergence| !known.contains(it) && !is_of_traceback(it);
        for change in of(stage).into_iter().filter(is_new) {
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    changes
}

/// How the program differs whose child did not come to its end, as `text` says.
pub(super) fn unfinished(measure: &Measure<'_>, text: String) -> Divergence {
    let last = measure.baseline.stages.last().map(|stage| stage.behaviour.end.to_string());
    Divergence::Disturbed { aspect: Aspect::End, before: last.unwrap_or_default(), after: text }
}

fn is_of_traceback(divergence: &Divergence) -> bool {
    matches!(divergence, Divergence::Disturbed { aspect: Aspect::Traceback, .. })
}
