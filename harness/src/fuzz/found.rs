//! A disagreement as a scenario file.

use std::fmt::Write as _;

use super::{campaign::Disagreement, difference::Seen, panel::Panel};
use crate::{
    scenario::Scenario,
    span::{Scope, Trace},
    verdict::ProgramEnd,
    worker::{self, Runner},
};

/// What one minor version did.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    trace: String,
    raises: Option<String>,
    exits: Option<String>,
}

/// The scenario file of a disagreement: the shrunk program, with what the recorder sees on the
/// panel's interpreters. What the model says stands in a comment.
///
/// # Errors
///
/// Which interpreter did not show anything, in words.
pub fn scenario_file(
    disagreement: &Disagreement,
    panel: &Panel<'_>,
    runner: &Runner,
) -> Result<String, String> {
    let mut told: Vec<(u32, Told)> = Vec::new();
    for target in panel.targets {
        let minor = target.interpreter.version.minor;
        if told.iter().all(|(known, _)| *known != minor) {
            let program =
                worker::Program { scenario: &disagreement.scenario, strategy: panel.recorder };
            let seen = runner.observe(target, program).map_err(|failure| failure.to_string());
            let seen = seen.and_then(|seen| Seen::of(seen).map_err(|error| error.to_string()));
            let seen = seen.map_err(|why| format!("{}: {why}", target.interpreter.label()))?;
            told.push((minor, tell(&disagreement.scenario, &seen)));
        }
    }
    told.sort_by_key(|(minor, _)| *minor);
    Ok(text(disagreement, &told))
}

fn tell(scenario: &Scenario, seen: &Seen) -> Told {
    let mut scope: Scope = scenario.scope();
    super::difference::add_program(&mut scope, &seen.trace);
    let trace: Trace = scope.narrow(&seen.trace);
    let (raises, exits) = match &seen.behaviour.end {
        ProgramEnd::Returned => (None, None),
        ProgramEnd::Raised { exception, .. } => (Some(plain(exception)), None),
        ProgramEnd::Exited(status) => (None, Some(status.word())),
    };
    Told { trace: trace.to_string(), raises, exits }
}

/// The name of a type as YAML has it: not in canonical form, and in quotes if it is no identifier.
fn plain(exception: &str) -> String {
    let is_identifier = exception.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_identifier && !exception.is_empty() {
        return exception.to_owned();
    }
    // a text in JSON is one in YAML, and types have no surrogates in their names
    serde_json::Value::from(exception.replace("\\\\", "\\")).to_string()
}

fn text(disagreement: &Disagreement, told: &[(u32, Told)]) -> String {
    let Disagreement { seed, interpreter, scenario, difference, .. } = disagreement;
    let mut comments = vec![format!("Found by `cargo xtask fuzz --seed {seed} --cases 1`.")];
    comments.extend(difference.to_string().lines().map(ToOwned::to_owned));
    let summary = format!("The model and CPython {interpreter} differ in {}.", difference.aspect);
    document(scenario, &comments, &summary, told)
}

/// The scenario's file, with what was seen on one minor version.
pub(crate) fn written(
    scenario: &Scenario,
    comments: &[String],
    summary: &str,
    (minor, seen): (u32, &Seen),
) -> String {
    // a text in JSON is one in YAML, whatever is in it
    let summary = serde_json::Value::from(summary).to_string();
    document(scenario, comments, &summary, &[(minor, tell(scenario, seen))])
}

fn document(
    scenario: &Scenario,
    comments: &[String],
    summary: &str,
    told: &[(u32, Told)],
) -> String {
    let mut text = String::from("# yaml-language-server: $schema=../scenario.schema.json\n");
    let mut line = |line: &str| writeln!(text, "{line}").expect("a text has room");
    for comment in comments {
        line(&format!("# {comment}"));
    }
    line(&format!("summary: {summary}"));
    if let Some(range) = range(told) {
        line(&format!("python: \"{range}\""));
    }
    if !scenario.files.is_empty() {
        line("files:");
    }
    for file in &scenario.files {
        line(&format!("  {}:{}", file.path, block(&file.body, 4)));
    }
    if let Some(setup) = &scenario.setup {
        line(&format!("setup:{}", block(setup, 2)));
    }
    line(&format!("run:{}", block(scenario.run.code().unwrap_or_default(), 2)));
    line_of_ends(&mut line, "raises", told, |told| told.raises.as_deref());
    line_of_ends(&mut line, "exits", told, |told| told.exits.as_deref());
    line(&format!("trace:{}", by_version(told, |told| block(&told.trace, 2))));
    text
}

/// The line of a key that says how programs end, unless none does so.
fn line_of_ends(
    line: &mut impl FnMut(&str),
    key: &str,
    told: &[(u32, Told)],
    value: impl Fn(&Told) -> Option<&str>,
) {
    if told.iter().any(|(_, told)| value(told).is_some()) {
        let one = |told: &Told| format!(" {}", value(told).unwrap_or("null"));
        line(&format!("{key}:{}", by_version(told, one)));
    }
}

/// The versions that were asked, if they are not all there are.
fn range(told: &[(u32, Told)]) -> Option<String> {
    let (first, last) = (told.first()?.0, told.last()?.0);
    let all = (*crate::version::SUPPORTED_MINORS.start(), *crate::version::SUPPORTED_MINORS.end());
    let end = if last == all.1 { String::new() } else { format!(",<3.{}", last + 1) };
    ((first, last) != all).then(|| format!(">=3.{first}{end}"))
}

/// One value for all versions, or one for each run of versions that share it.
fn by_version(told: &[(u32, Told)], value: impl Fn(&Told) -> String) -> String {
    let mut runs: Vec<(u32, u32, String)> = Vec::new();
    for (minor, told) in told {
        let value = value(told);
        match runs.last_mut() {
            Some((_, last, same)) if *same == value => *last = *minor,
            _ => runs.push((*minor, *minor, value)),
        }
    }
    if let [(_, _, only)] = &runs[..] {
        return only.clone();
    }
    let mut text = String::new();
    for (first, last, value) in runs {
        let value = value.replace("\n  ", "\n    ");
        write!(text, "\n  \">=3.{first},<3.{}\":{value}", last + 1).expect("a text has room");
    }
    text
}

/// A block of text behind a key.
fn block(text: &str, indent: usize) -> String {
    if text.is_empty() {
        return " \"\"".to_owned();
    }
    let lines: Vec<_> =
        text.lines().map(|line| format!("{:indent$}{line}", "").trim_end().to_owned()).collect();
    format!(" |\n{}", lines.join("\n"))
}
