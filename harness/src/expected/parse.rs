//! Reading a file of expected divergences.

use globset::GlobBuilder;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Spanned;
use tollgate_event::EventKind;

use super::{Clause, Entry, Scenarios};
use crate::{
    scenario::{UnknownKey, one_of, unknown_keys},
    text,
    verdict::Aspect,
};

/// An entry as it is on disk.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WireEntry {
    reason: String,
    python: Option<String>,
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    unexpected: Vec<String>,
    #[serde(default)]
    duplicated: Vec<String>,
    #[serde(default)]
    out_of_order: Vec<String>,
    #[serde(default)]
    wrong_field: Vec<String>,
    #[serde(default)]
    disturbed: Vec<String>,
    of: Option<Vec<String>>,
    r#in: Vec<String>,
}

/// The entries of a file; or what is wrong with it, with the line.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, String> {
    if text.lines().all(|line| line.trim_start().starts_with('#') || line.trim().is_empty()) {
        return Ok(Vec::new());
    }
    let wire: Vec<Spanned<WireEntry>> = serde_yaml::from_str(text)
        .map_err(|error| told(text, &error.without_snippet().to_string()))?;
    let entry = |entry: Spanned<WireEntry>| {
        let line = entry.referenced.line();
        validated(entry.value, line).map_err(|message| format!("entry in line {line}: {message}"))
    };
    wire.into_iter().map(entry).collect()
}

/// All keys that entries do not have; else what the reader of YAML says.
fn told(text: &str, error: &str) -> String {
    let unknown = unknown_keys::<Vec<WireEntry>>(text).into_iter().map(|it| {
        let UnknownKey { at: (line, column), key, known } = it;
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        let expected = one_of(&key, &known);
        format!("line {line}, column {column}: unknown key `{}`, {expected}", text::name(&key))
    });
    let unknown: Vec<_> = unknown.collect();
    if unknown.is_empty() { text::phrase(error).into_owned() } else { unknown.join("; ") }
}

fn validated(wire: WireEntry, line: u64) -> Result<Entry, String> {
    if wire.reason.trim().is_empty() {
        return Err("the reason is blank; say why this strategy cannot do better".to_owned());
    }
    let python = wire.python.map(|range| range.parse()).transpose();
    let python = python.map_err(|error: crate::version::VersionError| error.to_string())?;
    let events = [
        ("missing", wire.missing),
        ("unexpected", wire.unexpected),
        ("duplicated", wire.duplicated),
        ("out-of-order", wire.out_of_order),
        ("wrong-field", wire.wrong_field),
    ];
    let mut clauses = Vec::new();
    for (word, kinds) in events {
        for what in kinds {
            what.parse::<EventKind>().map_err(|error| format!("{word}: {error}"))?;
            clauses.push(Clause { word, what });
        }
    }
    for what in wire.disturbed {
        if !Aspect::ALL.iter().any(|aspect| aspect.words() == what) {
            let all: Vec<_> = Aspect::ALL.iter().map(|aspect| aspect.words()).collect();
            return Err(format!("disturbed: `{what}` is none of {}", all.join(", ")));
        }
        clauses.push(Clause { word: "disturbed", what });
    }
    if clauses.is_empty() {
        return Err("nothing is expected; name events or what is disturbed".to_owned());
    }
    if wire.r#in.is_empty() {
        return Err("`in` names no scenario".to_owned());
    }
    let scenarios = wire.r#in.into_iter().map(scenarios).collect::<Result<_, _>>()?;
    Ok(Entry { line, reason: wire.reason, python, clauses, scenarios, modules: wire.of })
}

fn scenarios(text: String) -> Result<Scenarios, String> {
    if !text.contains(['*', '?', '[', '{']) {
        return Ok(Scenarios::Name(text));
    }
    let glob = GlobBuilder::new(&text).build().map_err(|error| format!("in: {error}"))?;
    Ok(Scenarios::Pattern(glob.compile_matcher()))
}
