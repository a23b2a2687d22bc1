//! Who is wrong, as far as agreement can tell.

use super::{Party, pairs::Pair};

/// The party that disagrees most, and if there are several of those, the one that agrees least.
/// Nothing if two are alike, or if nobody disagrees. The program itself is never wrong.
pub(super) fn culprit(pairs: &[Pair]) -> Option<Party> {
    let parties = [Party::Author, Party::Model, Party::Modules, Party::Recorder];
    let mut suspects: Vec<_> = parties.map(|party| (weight(party, pairs), party)).to_vec();
    suspects.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let [(most, party), (next, _), ..] = suspects[..] else { return None };
    (most.0 > 0 && most != next).then_some(party)
}

/// In how many pairs `party` disagrees; then, the more the fewer, in how many it agrees on what is
/// disputed by anybody.
fn weight(party: Party, pairs: &[Pair]) -> (usize, usize) {
    let is_disputed =
        |about| pairs.iter().any(|pair| pair.about == about && pair.difference.is_some());
    let own = pairs.iter().filter(|pair| pair.parties.contains(&party) && is_disputed(pair.about));
    let (disagree, agree): (Vec<_>, Vec<_>) = own.partition(|pair| pair.difference.is_some());
    (disagree.len(), pairs.len() - agree.len())
}
