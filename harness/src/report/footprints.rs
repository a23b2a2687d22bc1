//! What each strategy takes of stack and memory, and what shows of it while it is installed.

use super::{
    findings::{Findings, by_name},
    interpreters::{Place, merge},
    table::Table,
    words::plain,
};
use crate::record::{FootprintRecord, VerdictWord};

const LEGEND: &str = "\
frames: below the body of a module that another one imports; nested imports: how many fit on the
stack; left: blocks of memory and references that stay after each of 1,000 installations and removals.
";

/// The table, and a sentence for each change of the import state. Nothing without a footprint.
pub(super) fn footprints(findings: &Findings) -> Option<Table> {
    let mut strategies: Vec<_> =
        findings.footprints.iter().map(|footprint| by_name(&footprint.strategy)).collect();
    strategies.sort_unstable();
    strategies.dedup();
    let mut rows = Vec::new();
    let mut sentences = Vec::new();
    for (_, strategy) in strategies {
        let shown = places(findings, strategy, row);
        rows.extend(shown.into_iter().map(|(on, cells)| {
            [strategy.to_owned(), on].into_iter().chain(cells).collect::<Vec<_>>()
        }));
        for (on, texts) in places(findings, strategy, state) {
            let sentence = |text: &String| format!("{}, {on}: {}.\n", plain(strategy), plain(text));
            sentences.extend(texts.iter().map(sentence));
        }
    }
    let header = ["strategy", "interpreters", "frames", "nested imports", "left"];
    Table::new(header, rows, LEGEND.to_owned() + &sentences.concat())
}

/// What `told` says of a strategy's footprints, with the interpreters on which it is the same.
fn places(
    findings: &Findings,
    strategy: &str,
    told: impl Fn(&FootprintRecord) -> Vec<String>,
) -> Vec<(String, Vec<String>)> {
    let own = findings.footprints.iter().filter(|footprint| footprint.strategy == strategy);
    let mut own: Vec<(Place, _)> =
        own.map(|it| (findings.place(&it.interpreter.label), told(it))).collect();
    own.sort_by_key(|(place, _)| *place);
    let words = |(group, told): (Vec<Place>, _)| (findings.interpreters.words(group), told);
    merge(own).into_iter().map(words).collect()
}

fn row(footprint: &FootprintRecord) -> Vec<String> {
    match footprint.verdict {
        VerdictWord::NotApplicable => return vec!["n/a".to_owned(); 3],
        VerdictWord::Inconclusive => return vec!["?".to_owned(); 3],
        VerdictWord::Conforms | VerdictWord::Diverges => {}
    }
    let number = |number: Option<usize>| number.map(|it| it.to_string()).unwrap_or_default();
    vec![number(footprint.depth), number(footprint.headroom), left(footprint)]
}

/// What stays of one round, as the divergence tells it.
fn left(footprint: &FootprintRecord) -> String {
    let memory = footprint.divergences.iter().find(|it| it.subject == "memory");
    let told = memory.and_then(|it| it.text.rsplit_once(" to ")).map(|(_, after)| after);
    told.unwrap_or("nothing").replace(" left a round", "")
}

fn state(footprint: &FootprintRecord) -> Vec<String> {
    let is_state = |subject: &str| subject == "import state" || subject == "state after removal";
    let own = footprint.divergences.iter().filter(|divergence| is_state(&divergence.subject));
    let reason = footprint.reason.iter().filter(|_| footprint.verdict == VerdictWord::Inconclusive);
    own.map(|divergence| divergence.text.clone()).chain(reason.cloned()).collect()
}

#[cfg(test)]
mod tests {
    use crate::{
        record::{DivergenceRecord, Record},
        report::{
            Findings,
            fixtures::{footprint, taken},
        },
    };

    #[test]
    fn footprints_are_told_by_what_is_left() {
        let record = |strategy: &str, label: &str, divergences: &[DivergenceRecord]| {
            Record::Footprint(footprint(strategy, label, divergences))
        };
        let memory =
            "changed the program's memory from nothing left a round to 5 blocks left a round";
        let state = "changed the program's import state from nothing to builtins.__import__ is f";
        let findings: Findings = [
            record("none", "3.9.1", &[]),
            record("own", "3.9.1", &[taken("memory", memory), taken("import state", state)]),
            record("own", "3.15.1", &[taken("import state", state)]),
        ]
        .into_iter()
        .collect();
        insta::assert_snapshot!(
            "footprints",
            super::footprints(&findings).expect("footprints").text()
        );
    }
}
