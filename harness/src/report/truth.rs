//! How sure the truth is: what the witnesses do not agree on, and what could not be judged.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::{CellFact, TruthFact},
    findings::{Findings, by_name},
    interpreters::Place,
    trees::{Line, side_by_side},
    witnesses::{self, party_named},
    words::{count, explained, listed, plain},
};
use crate::record::{DisputeRecord, TruthWord, VerdictWord};

/// How many scenarios a sentence names.
const NAMED: usize = 3;

/// Every doubt with its reason, or one line if there is none. Empty without truths and cells.
pub(super) fn truth(findings: &Findings) -> String {
    if findings.truths.is_empty() && findings.cells.is_empty() {
        return String::new();
    }
    let doubts = doubts(findings);
    let unfit = unfit_cells(findings);
    let told = if doubts.is_empty() { all_hold(findings) } else { doubts };
    told + &witnesses::witnesses(findings) + &not_applicable(findings) + &unfit
}

/// Every scenario whose truth is in doubt and every cell that could not be judged, with the reason.
pub(super) fn doubts(findings: &Findings) -> String {
    doubtful_truths(findings) + &inconclusive_cells(findings)
}

/// A scenario, whether its truth is disputed or unknown, why, and what is said.
type Doubt<'a> = (&'a str, &'a str, &'a str, Option<&'a DisputeRecord>);

fn doubtful_truths(findings: &Findings) -> String {
    let mut doubts: BTreeMap<_, BTreeSet<Place>> = BTreeMap::new();
    for truth in &findings.truths {
        let word = match truth.truth {
            TruthWord::Disputed => "the truth is disputed",
            TruthWord::Unknown => "the truth is unknown",
            TruthWord::Agreed | TruthWord::NotApplicable => continue,
        };
        let reason = truth.reason.as_deref().unwrap_or("no reason was recorded");
        let key = (&*truth.scenario, word, reason, truth.dispute.as_deref());
        let places = doubts.entry(key).or_default();
        places.insert(findings.place(&truth.interpreter));
    }
    let sentence = |((scenario, word, reason, dispute), places): (Doubt<'_>, BTreeSet<_>)| {
        let on = findings.interpreters.words(places);
        let told = explained(&format!("{}, {on}: {word}:", plain(scenario)), reason);
        told + &dispute.map(sides).unwrap_or_default()
    };
    doubts.into_iter().map(sentence).collect()
}

/// What the first two that disagree say, side by side; a line that only one of them has is marked.
fn sides(dispute: &DisputeRecord) -> String {
    let Some(first) = dispute.disagreements.first() else { return String::new() };
    let line = |text: &str| Line { key: text.to_owned(), text: text.to_owned() };
    let lines = |text: &str| text.lines().map(line).collect::<Vec<_>>();
    let [left, right] = [&first.left, &first.right];
    let titles = [party_named(&left.party), party_named(&right.party)];
    let table = side_by_side(&titles[0], &lines(&left.text), &titles[1], &lines(&right.text));
    table.lines().map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat()
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
    let told = |scenarios: &str, on: &str, strategy: &str| {
        format!("{scenarios}, {on}: {strategy} could not be judged:")
    };
    of_cells(findings, findings.cells.iter().filter(is_news), &told)
}

/// Cells to which a strategy does not apply, though the scenario does.
fn unfit_cells(findings: &Findings) -> String {
    let agreed = findings.truths.iter().filter(|truth| truth.truth == TruthWord::Agreed);
    let agreed: BTreeSet<_> = agreed.map(|truth| (&truth.scenario, &truth.interpreter)).collect();
    let is_unfit = |cell: &&CellFact| {
        cell.verdict == VerdictWord::NotApplicable
            && agreed.contains(&(&cell.scenario, &cell.interpreter))
    };
    let told = |scenarios: &str, on: &str, strategy: &str| {
        format!("{strategy} does not apply in {scenarios} on {on}:")
    };
    of_cells(findings, findings.cells.iter().filter(is_unfit), &told)
}

/// A sentence for each strategy and reason. `told` begins it with scenarios, interpreters and strategy.
fn of_cells<'a>(
    findings: &'a Findings,
    cells: impl Iterator<Item = &'a CellFact>,
    told: &dyn Fn(&str, &str, &str) -> String,
) -> String {
    let mut places: BTreeMap<_, BTreeSet<Place>> = BTreeMap::new();
    for cell in cells {
        let reason = cell.reason.as_deref().unwrap_or("no reason was recorded");
        let key = (by_name(&cell.strategy), reason, &*cell.scenario);
        places.entry(key).or_default().insert(findings.place(&cell.interpreter));
    }
    let mut scenarios: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for ((strategy, reason, scenario), places) in places {
        scenarios.entry((strategy, reason, places)).or_default().push(plain(scenario));
    }
    let sentence = |(((_, strategy), reason, places), scenarios): ((_, &str, _), Vec<_>)| {
        let on = findings.interpreters.words(places);
        explained(&told(&listed(scenarios, NAMED), &on, &plain(strategy)), reason)
    };
    scenarios.into_iter().map(sentence).collect()
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
