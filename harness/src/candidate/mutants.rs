//! Mutants: a candidate broken on purpose, to see whether the scenarios find it out.

use std::{fs, io, path::Path};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Candidate, CandidateError};
use crate::{
    contract::ContractError,
    scenario::{Format, Located, Source, WireMap, read_yaml},
};

/// One mutant.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What is wrong with it.
    pub summary: String,
    /// The candidate, broken. Its contract is as it was.
    pub candidate: Candidate,
    /// Whether it does the same and takes longer, so that the clock alone can find it out.
    pub only_slower: bool,
}

/// The format of files of mutants.
const MUTANTS: Format = Format {
    noun: "mutant",
    keys: "summary, replace and only_slower below a name",
    guide: "harness/candidates/README.md",
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WireMutant {
    /// What is wrong with it, in one sentence.
    summary: String,
    /// Whether nothing but the clock can find it out.
    #[serde(default)]
    only_slower: bool,
    /// What is replaced, one after the other.
    replace: Vec<WireReplacement>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WireReplacement {
    /// A text that stands once in the overlay as it is by then.
    text: Located<String>,
    /// What to put there; further lines are indented like the one in which the text begins.
    by: String,
}

/// Reads the mutants of `candidate`, whose folder is `folder`, in the order of the file.
pub fn mutants(folder: &Path, candidate: &Candidate) -> Result<Vec<Mutant>, CandidateError> {
    let file = folder.join("mutants.yaml");
    let text = fs::read_to_string(&file).map_err(|error| CandidateError::Unreadable {
        folder: folder.to_owned(),
        error: io::Error::new(error.kind(), format!("mutants.yaml: {error}")),
    })?;
    parse(&file, &text, candidate).map_err(CandidateError::Contract)
}

fn parse(
    file: &Path,
    text: &str,
    candidate: &Candidate,
) -> Result<Vec<Mutant>, Vec<ContractError>> {
    let source = Source { file, text, format: &MUTANTS };
    let wire: WireMap<WireMutant> =
        read_yaml(text).map_err(|error| source.explain_all::<WireMap<WireMutant>>(&error))?;
    let original = candidate.overlay.as_deref().unwrap_or_default();
    let (mut mutants, mut errors) = (Vec::new(), Vec::new());
    for (name, mutant) in wire.0 {
        match broken(original, &mutant.replace) {
            Ok(overlay) => mutants.push(Mutant {
                summary: mutant.summary,
                only_slower: mutant.only_slower,
                candidate: Candidate {
                    name: format!("{}/{}", candidate.name, name.value),
                    overlay: Some(overlay),
                    ..candidate.clone()
                },
            }),
            Err((text, count)) => {
                let message = format!("this stands {count} times in bootstrap.py");
                let expected =
                    "expected a text that stands there once, after the replacements above";
                errors.push(source.error(text.at, message, expected));
            }
        }
    }
    if errors.is_empty() { Ok(mutants) } else { Err(errors) }
}

/// The overlay after all replacements. The error is a text that does not stand there once, and how
/// often it does.
fn broken<'a>(
    original: &str,
    replacements: &'a [WireReplacement],
) -> Result<String, (&'a Located<String>, usize)> {
    let mut overlay = original.to_owned();
    for WireReplacement { text, by } in replacements {
        let count = overlay.matches(&text.value).count();
        let place = overlay.find(&text.value).filter(|_| count == 1).ok_or((text, count))?;
        let line = overlay[..place].rfind('\n').map_or(0, |newline| newline + 1);
        let indent: String = overlay[line..].chars().take_while(|c| *c == ' ').collect();
        let mut lines = by.lines();
        let mut new = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            new.push('\n');
            // a blank line has no indentation
            new.push_str(if line.is_empty() { "" } else { &indent });
            new.push_str(line);
        }
        overlay.replace_range(place..place + text.value.len(), &new);
    }
    Ok(overlay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        candidate::{self, PROPOSAL},
        layout::Layout,
    };

    fn proposal() -> (std::path::PathBuf, Candidate) {
        let folder = Layout::of_this_checkout().candidates().join(PROPOSAL);
        let candidate = candidate::read(&folder).expect("it is ours");
        (folder, candidate)
    }

    #[test]
    fn ours_are_many_and_each_differs_from_the_proposal() {
        let (folder, candidate) = proposal();
        let mutants = mutants(&folder, &candidate).unwrap_or_else(|error| panic!("{error}"));
        assert!(mutants.len() >= 60);
        for mutant in &mutants {
            assert_ne!(mutant.candidate.overlay, candidate.overlay, "{}", mutant.candidate.name);
            assert_eq!(mutant.candidate.contract, candidate.contract);
        }
    }

    #[test]
    fn lines_are_indented_like_the_first() {
        let (_, mut candidate) = proposal();
        candidate.overlay = Some("def f():\n    work()\n".to_owned());
        let text =
            "m:\n  summary: s\n  replace:\n    - text: work()\n      by: \"if x:\\n    y\"\n";
        let mutants = parse(Path::new("mutants.yaml"), text, &candidate).expect("a mutant");
        let overlay = mutants[0].candidate.overlay.as_deref();
        assert_eq!(overlay, Some("def f():\n    if x:\n        y\n"));
    }

    #[test]
    fn a_text_that_is_not_there_is_pointed_at() {
        let (_, candidate) = proposal();
        let text = "m:\n  summary: s\n  replace:\n    - text: nowhere\n      by: pass\n";
        let errors = parse(Path::new("mutants.yaml"), text, &candidate).expect_err("a bad one");
        insta::assert_snapshot!(errors[0], @r"
        error: this stands 0 times in bootstrap.py
         --> mutants.yaml:4:13
          |
        4 |     - text: nowhere
          |             ^
          = expected a text that stands there once, after the replacements above
        ");
    }
}
