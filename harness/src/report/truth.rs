//! How sure the truth is: what the witnesses do not agree on, and what could not be judged.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::{CellFact, TruthFact},
    findings::{Findings, by_name},
    interpreters::Place,
    words::{count, explained, plain},
};
use crate::record::{TruthWord, VerdictWord};

/// Every doubt with its reason, or one line if there is none. Empty without truths and cells.
pub(super) fn truth(findings: &Findings) -> String {
    if findings.truths.is_empty() && findings.cells.is_empty() {
        return String::new();
    }
    let doubts = doubtful_truths(findings) + &inconclusive_cells(findings);
    let told = if doubts.is_empty() { all_hold(findings) } else { doubts };
    told + &not_applicable(findings)
}

fn doubtful_truths(findings: &Findings) -> String {
    let mut doubts: BTreeMap<_, BTreeSet<Place>> = BTreeMap::new();
    for truth in &findings.truths {
        let word = match truth.truth {
            TruthWord::Disputed => "the truth is disputed",
            TruthWord::Unknown => "the truth is unknown",
            TruthWord::Agreed | TruthWord::NotApplicable => continue,
        };
        let reason = truth.reason.as_deref().unwrap_or("no reason was recorded");
        let places = doubts.entry((&*truth.scenario, word, reason)).or_default();
        places.insert(findings.place(&truth.interpreter));
    }
    let sentence = |((scenario, word, reason), places): (_, BTreeSet<_>)| {
        let on = findings.interpreters.words(places);
        explained(&format!("{}, {on}: {word}:", plain(scenario)), reason)
    };
    doubts.into_iter().map(sentence).collect()
}

fn is_doubtful(truth: &TruthFact) -> bool {
    matches!(truth.truth, TruthWord::Disputed | TruthWord::Unknown)
}

/// Cells that could not be judged, unless that is because of a doubtful truth.
fn inconclusive_cells(findings: &Findings) -> String {
    let doubtful = findings.truths.iter().filter(|truth| is_doubtful(truth));
    let doubtful: BTreeSet<_> =
        doubtful.map(|truth| (&truth.scenario, &truth.interpreter)).collect();
    let is_news = |cell: &&CellFact| {
        cell.verdict == VerdictWord::Inconclusive
            && !doubtful.contains(&(&cell.scenario, &cell.interpreter))
    };
    let mut cells: BTreeMap<_, BTreeSet<Place>> = BTreeMap::new();
    for cell in findings.cells.iter().filter(is_news) {
        let reason = cell.reason.as_deref().unwrap_or("no reason was recorded");
        let place = findings.place(&cell.interpreter);
        let key = (&*cell.scenario, by_name(&cell.strategy), reason);
        cells.entry(key).or_default().insert(place);
    }
    let sentence = |((scenario, (_, strategy), reason), places): (_, BTreeSet<_>)| {
        let (scenario, strategy) = (plain(scenario), plain(strategy));
        let on = findings.interpreters.words(places);
        explained(&format!("{scenario}, {on}: {strategy} could not be judged:"), reason)
    };
    cells.into_iter().map(sentence).collect()
}

fn all_hold(findings: &Findings) -> String {
    let (scenarios, interpreters) =
        (findings.scenarios().len(), findings.interpreters.places().len());
    let size = format!("{} × {interpreters}", count(scenarios, "scenario"));
    let (done, all) = (findings.truths.len(), scenarios * interpreters);
    let applies = |truth: &TruthFact| truth.truth != TruthWord::NotApplicable;
    if done == 0 {
        "No hand-written trace was checked.\n".to_owned()
    } else if done < all {
        format!("Every hand-written trace that was checked holds ({done} of {all}: {size}).\n")
    } else if findings.truths.iter().all(applies) {
        format!("Every hand-written trace holds on every interpreter ({size}).\n")
    } else {
        format!("Every hand-written trace holds on every interpreter that it is for ({size}).\n")
    }
}

fn not_applicable(findings: &Findings) -> String {
    let mut scenarios: BTreeMap<&str, BTreeSet<Place>> = BTreeMap::new();
    for truth in &findings.truths {
        if truth.truth == TruthWord::NotApplicable {
            let place = findings.place(&truth.interpreter);
            scenarios.entry(&truth.scenario).or_default().insert(place);
        }
    }
    if scenarios.is_empty() {
        return String::new();
    }
    let number = count(scenarios.len(), "scenario");
    let names = scenarios.into_iter().map(|(scenario, places)| {
        format!("{} ({})", plain(scenario), findings.interpreters.words(places))
    });
    format!("Not applicable, {number}: {}.\n", names.collect::<Vec<_>>().join(", "))
}
