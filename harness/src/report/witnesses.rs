//! Who spoke for the truth.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    findings::Findings,
    words::{count, listed, plain},
};
use crate::{
    agreement::Party,
    record::{SilenceRecord, TruthWord},
};

/// How many scenarios a sentence names.
const NAMED: usize = 5;

/// How many witnesses spoke in how many scenarios, and who abstained where. Empty if nobody was
/// asked.
pub(super) fn witnesses(findings: &Findings) -> String {
    let mut silent: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for truth in &findings.truths {
        if matches!(truth.truth, TruthWord::Agreed | TruthWord::Disputed) {
            let parties = silent.entry(&truth.scenario).or_default();
            parties.extend(truth.silent.iter().map(|silence: &SilenceRecord| &*silence.witness));
        }
    }
    if silent.is_empty() {
        return String::new();
    }
    let all = Party::WITNESSES.len();
    let mut speaking: BTreeMap<usize, usize> = BTreeMap::new();
    for parties in silent.values() {
        *speaking.entry(all - parties.len()).or_default() += 1;
    }
    let numbers = speaking.iter().rev().enumerate().map(|(index, (speaking, scenarios))| {
        let of = if index == 0 { format!(" of {all} witnesses") } else { String::new() };
        format!("{speaking}{of} in {}", count(*scenarios, "scenario"))
    });
    let numbers = numbers.collect::<Vec<_>>().join(", ");
    let abstentions = Party::WITNESSES.iter().filter_map(|party| abstention(*party, &silent));
    let abstentions = abstentions.collect::<Vec<_>>().join("; ");
    let why = if abstentions.is_empty() { abstentions } else { format!(" ({abstentions})") };
    format!("Truth: {numbers}{why}.\n")
}

fn abstention(party: Party, silent: &BTreeMap<&str, BTreeSet<&str>>) -> Option<String> {
    let abstains = silent.iter().filter(|(_, parties)| parties.contains(party.word()));
    let names: Vec<_> = abstains.map(|(scenario, _)| plain(scenario)).collect();
    let verb = if party == Party::Modules { "abstain" } else { "abstains" };
    (!names.is_empty()).then(|| format!("{party} {verb}: {}", listed(names, NAMED)))
}

/// What a party is called that records have by a word.
pub(super) fn party_named(word: &str) -> String {
    let party = Party::ALL.into_iter().find(|party| party.word() == word);
    party.map_or_else(|| word.to_owned(), |party| party.to_string())
}
