//! Two runs held against each other, by the keys of their records: pure, from records alone.
//!
//! What cannot be compared is told with its reason, and counts neither as the same nor as changed:
//! a scenario whose file has changed, another build of an interpreter, costs of another machine.

mod behaviour;
mod cost;
mod side;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use behaviour::{BehaviourChange, Sort};
pub use cost::{CostChange, CostVerdict, Sizes};
pub use side::{About, Side};

use crate::{command::Places, record::InterpreterRecord};

/// How runs are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rules {
    /// Whether behaviour is compared where the interpreter is another build, or another release of
    /// the same version.
    pub across_builds: bool,
    /// What a change of costs must be to matter.
    pub sizes: Sizes,
}

/// What has changed from one run to the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Names of the two runs, the old one first.
    pub runs: [String; 2],
    /// What a reader should know: strategies whose files have changed, and the like.
    pub notes: Vec<String>,
    /// What could not be compared and how many records that is, by the reason.
    pub incomparable: BTreeMap<String, usize>,
    /// How many behaviours are in one of the runs alone: in the old one, in the new one.
    pub alone: [usize; 2],
    /// How many behaviours were compared.
    pub compared: usize,
    /// Changes of behaviour.
    pub changes: Vec<BehaviourChange>,
    /// Behaviours of which one of the runs shows nothing.
    pub unclear: Vec<(About, String)>,
    /// Every cost that was compared.
    pub costs: Vec<CostChange>,
    /// Where things of the new run are that commands have to name.
    pub places: Places,
}

/// What turns a gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailOn {
    /// Any change of behaviour.
    pub behaviour: bool,
    /// A cost that is slower.
    pub cost: bool,
}

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing that it is asked about has changed.
    Clean,
    /// Behaviour has changed; costs may have, too.
    BehaviourChanged,
    /// Something is slower, and behaviour is as it was or was not asked about.
    Slower,
    /// Nothing has changed that was shown, but not all was shown.
    Inconclusive,
    /// Of something that it is asked about, nothing could be compared.
    Nothing,
}

impl Comparison {
    /// What a gate makes of it.
    pub fn outcome(&self, fail_on: FailOn) -> Outcome {
        let has_nothing = fail_on.behaviour && self.compared == 0
            || fail_on.cost && self.costs.is_empty()
            || self.compared == 0 && self.costs.is_empty();
        let is_any = |verdict| self.costs.iter().any(|cost| cost.verdict == verdict);
        let is_unclear = fail_on.behaviour && !self.unclear.is_empty()
            || fail_on.cost && is_any(CostVerdict::Inconclusive);
        if fail_on.behaviour && !self.changes.is_empty() {
            Outcome::BehaviourChanged
        } else if fail_on.cost && is_any(CostVerdict::Slower) {
            Outcome::Slower
        } else if has_nothing {
            Outcome::Nothing
        } else if is_unclear {
            Outcome::Inconclusive
        } else {
            Outcome::Clean
        }
    }
}

/// Holds `new` against `old`.
pub fn compare(old: &Side, new: &Side, rules: Rules) -> Comparison {
    let runs = [old, new].map(|side| side.run.clone());
    let places = new.places.clone();
    let mut comparison =
        Comparison { runs, notes: notes(old, new), places, ..Comparison::default() };
    let pairs = paired(old, new, rules.across_builds);
    let mut timed = Vec::new();
    for (before, after) in &pairs {
        let [one, other] = [&old.interpreters[before.as_str()], &new.interpreters[after.as_str()]];
        let difference = another_build(one, other);
        if difference.is_none() {
            timed.push(after.as_str());
        }
        comparison.on(
            old,
            new,
            (before, after),
            difference.as_ref().filter(|_| !rules.across_builds),
        );
    }
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = pairs.iter().cloned().unzip();
    for (position, (side, met)) in [(old, before), (new, after)].into_iter().enumerate() {
        let lonely = side.behaviours.iter().filter(|(label, _)| !met.contains(*label));
        comparison.alone[position] += lonely.map(|(_, all)| all.len()).sum::<usize>();
        let labels = side.interpreters.keys().filter(|label| !met.contains(*label));
        comparison
            .notes
            .extend(labels.map(|label| format!("{label} is in run {} alone", side.run)));
    }
    comparison.costs(old, new, &timed, rules.sizes);
    comparison
}

impl Comparison {
    /// Compares behaviour on one interpreter, or says why not.
    fn on(
        &mut self,
        old: &Side,
        new: &Side,
        (before, after): (&str, &str),
        unlike: Option<&String>,
    ) {
        let empty = BTreeMap::new();
        let old = old.behaviours.get(before).unwrap_or(&empty);
        let new = new.behaviours.get(after).unwrap_or(&empty);
        self.alone[0] += old.keys().filter(|about| !new.contains_key(about)).count();
        self.alone[1] += new.keys().filter(|about| !old.contains_key(about)).count();
        for (about, old) in old {
            let Some(new) = new.get(about) else { continue };
            let reason = unlike.cloned().or_else(|| {
                let is_changed = old.digest != new.digest;
                is_changed.then(|| format!("{} is another text", scenario(about)))
            });
            if let Some(reason) = reason {
                *self.incomparable.entry(reason).or_default() += 1;
                continue;
            }
            self.compared += 1;
            if old.is_unclear || new.is_unclear {
                self.unclear.push((about.clone(), after.to_owned()));
                continue;
            }
            let changes = behaviour::changes(old, new).into_iter().map(|(sort, text)| {
                let (about, interpreter) = (about.clone(), after.to_owned());
                BehaviourChange { about, interpreter, sort, text }
            });
            self.changes.extend(changes);
        }
    }

    fn costs(&mut self, old: &Side, new: &Side, labels: &[&str], sizes: Sizes) {
        let count = |side: &Side| side.costs.values().map(BTreeMap::len).sum::<usize>();
        let most = count(old).min(count(new));
        let reason = match (&old.machine, &new.machine) {
            (Some(one), Some(other)) if one == other => None,
            (Some(one), Some(other)) => Some(format!("costs on {one} and on {other}")),
            _ => Some("costs on a machine that is not known, or on several".to_owned()),
        };
        match reason {
            None => {
                self.costs = cost::costs(old, new, labels, sizes);
                let unlike = old.costs.keys().filter(|it| !labels.contains(&it.as_str())).count();
                if unlike > 0 && most > 0 {
                    let reason = "costs on another build of an interpreter".to_owned();
                    *self.incomparable.entry(reason).or_default() += unlike;
                }
            }
            Some(reason) if most > 0 => _ = self.incomparable.insert(reason, most),
            Some(_) => {}
        }
    }
}

fn scenario(about: &About) -> &str {
    match about {
        About::Truth { scenario }
        | About::Cell { scenario, .. }
        | About::Company { scenario, .. } => scenario,
        About::Footprint { strategy } => strategy,
    }
}

fn notes(old: &Side, new: &Side) -> Vec<String> {
    let has_changed = |(name, digest): &(&String, &String)| {
        old.strategies.get(name.as_str()).is_some_and(|other| other != *digest)
    };
    let changed = new.strategies.iter().filter(has_changed);
    changed.map(|(name, _)| format!("the file of {name} has changed")).collect()
}

/// Labels of interpreters that are compared with each other: the same, or, across builds, the only
/// ones of their version that are left on both sides.
fn paired(old: &Side, new: &Side, across_builds: bool) -> Vec<(String, String)> {
    let (before, after) = (&old.interpreters, &new.interpreters);
    let same = before.keys().filter(|label| after.contains_key(*label));
    let mut pairs: Vec<_> = same.map(|label| (label.clone(), label.clone())).collect();
    if across_builds {
        let left = |side: &BTreeMap<String, InterpreterRecord>,
                    other: &BTreeMap<String, InterpreterRecord>| {
            let mut families: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for label in side.keys().filter(|label| !other.contains_key(*label)) {
                families.entry(family(label)).or_default().push(label.clone());
            }
            families
        };
        let after_left = left(after, before);
        for (family, before) in left(before, after) {
            if let ([one], Some([other])) =
                (&before[..], after_left.get(&family).map(Vec::as_slice))
            {
                pairs.push((one.clone(), other.clone()));
            }
        }
    }
    pairs.sort();
    pairs
}

/// Version and build markers of a label: `3.15.0a2t` is of the family `3.15`, `t`.
pub(crate) fn family(label: &str) -> (String, String) {
    let version = label.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let marks = label.trim_start_matches(|c: char| c != 't' && c != 'd');
    (version, marks.to_owned())
}

/// In what two builds differ; nothing if they are the same.
fn another_build(one: &InterpreterRecord, other: &InterpreterRecord) -> Option<String> {
    let is_same = (&one.version, &one.platform) == (&other.version, &other.platform);
    (!is_same)
        .then(|| format!("{} is another build: {} was {}", other.label, other.version, one.version))
}
