//! New divergences as entries to be pasted, once somebody knows their reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::Deviation;

/// What one entry can be about: a strategy, the interpreters, and the scenarios that have the same
/// divergences on all of these.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Group<'a> {
    strategy: &'a str,
    interpreters: BTreeSet<&'a str>,
    scenarios: BTreeSet<&'a str>,
}

/// A word for a sort of divergence, and the kind of event or what was disturbed.
type Sort<'a> = (&'a str, &'a str);

/// Entries for what is new, few of them. Their reasons are blank, so that no file is read before
/// somebody has written them.
pub fn draft(new: &[Deviation]) -> String {
    let (mut text, mut last) = (String::new(), "");
    for (group, sorts) in groups(new) {
        if group.strategy != last {
            let _ = writeln!(text, "# for harness/strategies/expected/{}.yaml", group.strategy);
            last = group.strategy;
        }
        let _ = writeln!(text, "- reason: \"\"  # new on {}", listed(group.interpreters));
        let mut words: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (word, what) in sorts {
            words.entry(word).or_default().insert(what);
        }
        for (word, whats) in words {
            let _ = writeln!(text, "  {word}: [{}]", listed(whats));
        }
        let _ = writeln!(text, "  in: [{}]", listed(group.scenarios));
    }
    text
}

fn groups(new: &[Deviation]) -> BTreeMap<Group<'_>, Vec<Sort<'_>>> {
    // the interpreters of each sort in each scenario
    let mut places: BTreeMap<(&str, Sort<'_>, &str), BTreeSet<&str>> = BTreeMap::new();
    for one in new {
        let place = (one.strategy.as_str(), (one.word.as_str(), one.what.as_str()), &*one.scenario);
        places.entry(place).or_default().insert(&one.interpreter);
    }
    // the scenarios of each sort that are new on the same interpreters
    let mut alike: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for ((strategy, sort, scenario), interpreters) in places {
        alike.entry((strategy, sort, interpreters)).or_default().insert(scenario);
    }
    let mut groups: BTreeMap<Group<'_>, Vec<Sort<'_>>> = BTreeMap::new();
    for ((strategy, sort, interpreters), scenarios) in alike {
        groups.entry(Group { strategy, interpreters, scenarios }).or_default().push(sort);
    }
    groups
}

fn listed(names: BTreeSet<&str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}
