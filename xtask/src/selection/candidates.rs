//! Which candidates a task is about.

use std::path::Path;

use anyhow::Result;
use tollgate::{
    candidate::{self, Candidate, CandidateError},
    layout::Layout,
};

use super::patterns::{self, Patterns, Sort};
use crate::exit::{NothingSelected, UsageError};

const SORT: Sort<'_> = Sort { what: "candidate", lists: "cargo xtask list candidates" };

/// All candidates that come with Tollgate.
pub(crate) fn all_candidates(layout: &Layout) -> Result<Vec<Candidate>> {
    let usage = |error: CandidateError| UsageError(error.to_string());
    Ok(candidate::read_all(&layout.candidates()).map_err(usage)?)
}

/// The candidates whose name fits one of the patterns; all without a pattern.
pub(crate) fn candidates(layout: &Layout, texts: &[String]) -> Result<Vec<Candidate>> {
    let mut known = all_candidates(layout)?;
    let patterns = Patterns::parse(SORT, texts)?;
    patterns.check(SORT, &names(&known))?;
    known.retain(|candidate| patterns.fit(&candidate.name));
    Ok(known)
}

/// The candidate of this name, or in this folder.
pub(crate) fn one_candidate(layout: &Layout, asked: &str) -> Result<Candidate> {
    if is_folder(asked) {
        let usage = |error: CandidateError| UsageError(error.to_string());
        return Ok(candidate::read(Path::new(asked)).map_err(usage)?);
    }
    let mut known = all_candidates(layout)?;
    let names = names(&known);
    if !names.iter().any(|name| name == asked) && Path::new(asked).is_dir() {
        let message =
            format!("there is no candidate `{asked}`; a folder is named by its path: ./{asked}");
        return Err(NothingSelected(message).into());
    }
    patterns::one(SORT, asked, &names)?;
    known.retain(|candidate| candidate.name == asked);
    Ok(known.remove(0))
}

fn names(candidates: &[Candidate]) -> Vec<String> {
    candidates.iter().map(|candidate| candidate.name.clone()).collect()
}

/// Whether a folder is named and not a candidate that comes with Tollgate.
pub(crate) fn is_folder(asked: &str) -> bool {
    Path::new(asked).components().count() > 1
}
