//! Candidates side by side, and what each of them shows, as the template asks for it.

use serde::Serialize;

use super::view::{self, ProvenanceView, View};
use crate::command::Places;
use crate::{
    record::{CandidateRecord, EvaluationRecord},
    report::evaluation::{
        Shown, beside, builds, flaws, hooks, inconclusive, judged, left_open, patch_costs,
    },
};

/// An evaluation.
#[derive(Debug, Serialize)]
pub(super) struct CandidatesView {
    command: String,
    provenance: ProvenanceView,
    beside: Vec<View>,
    builds: Vec<Line>,
    costs: Vec<View>,
    each: Vec<CandidateView>,
}

/// One candidate.
#[derive(Debug, Serialize)]
struct CandidateView {
    name: String,
    summary: Line,
    /// Nothing where it is no address that a page should lead to.
    link: Option<String>,
    keeps: bool,
    judged: Vec<View>,
    lists: Vec<List>,
}

#[derive(Debug, Serialize)]
struct List {
    title: &'static str,
    lines: Vec<Line>,
}

/// Texts, and whether each is code.
type Line = Vec<(String, bool)>;

pub(super) fn candidates(evaluation: &EvaluationRecord) -> CandidatesView {
    CandidatesView {
        command: evaluation.command.clone(),
        provenance: view::provenance(&evaluation.provenance),
        beside: beside(evaluation).iter().map(view::table).map(View::without_marks).collect(),
        builds: builds(evaluation).iter().map(|it| line(it)).collect(),
        costs: patch_costs(evaluation).iter().map(view::table).collect(),
        each: evaluation.candidates.iter().map(|it| candidate(it, &evaluation.places)).collect(),
    }
}

fn candidate(candidate: &CandidateRecord, commands: &Places) -> CandidateView {
    let shown = Shown::new(candidate, commands);
    let flaws = flaws(&shown);
    let how = if candidate.is_build { " (build)" } else { "" };
    CandidateView {
        name: format!("{}{how}", candidate.name),
        summary: line(&candidate.summary),
        link: Some(candidate.link.clone()).filter(|link| link.starts_with("https://")),
        keeps: flaws.is_empty(),
        judged: judged(&shown).iter().map(view::table).collect(),
        lists: [
            ("Not kept", flaws),
            ("Shows nothing", inconclusive(&shown)),
            ("Not in the contract, and what the candidate does", left_open(&shown)),
            ("What hooks can do", hooks(&shown)),
        ]
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(title, lines)| List { title, lines: lines.iter().map(|it| line(it)).collect() })
        .collect(),
    }
}

/// What stands between two backticks is code.
fn line(text: &str) -> Line {
    let pieces = text.split('`').enumerate();
    let pieces = pieces.map(|(index, piece)| (piece.to_owned(), index % 2 == 1));
    pieces.filter(|(piece, _)| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_make_code() {
        let told = |text: &str| -> Vec<String> {
            let mark = |(piece, is_code)| if is_code { format!("<{piece}>") } else { piece };
            line(text).into_iter().map(mark).collect()
        };
        assert_eq!(told("`import` of `a`."), ["<import>", " of ", "<a>", "."]);
        assert_eq!(told("none"), ["none"]);
    }
}
