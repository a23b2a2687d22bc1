//! Writing a scenario's trace from what the witnesses agree on.
//!
//! A trace is taken only if the witnesses agree on every interpreter, and only if there is one for
//! every version that the scenario is for. All but the value of `trace` stays as it is in the file.

mod ranges;
mod rewrite;

use std::path::Path;

pub use ranges::Refusal;

use crate::{
    agreement::Party,
    matrix::Heard,
    scenario::{Scenario, parse},
    span::Trace,
    version::Version,
    worker::Target,
};

/// What is done about one scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blessing {
    /// Its trace is what the witnesses say.
    Holds,
    /// The file with the trace that they say.
    Rewritten(String),
}

/// The trace that the witnesses of `scenario` agree on, on one interpreter.
///
/// One witness alone agrees with nobody, so at least two have to speak.
pub fn agreed(target: &Target, scenario: &Scenario, heard: &Heard) -> Result<Trace, Refusal> {
    if let Some(dispute) = heard.dispute(target, scenario, None) {
        return Err(Refusal(dispute.to_string()));
    }
    let silent = heard.silent();
    if silent.len() + 1 >= Party::WITNESSES.len() {
        let tell = |(party, why): &(Party, String)| format!("{party}: {why}");
        let why: Vec<_> = silent.iter().map(tell).collect();
        return Err(Refusal(format!("no two witnesses speak; {}", why.join("; "))));
    }
    Ok(scenario.scope().narrow(&heard.recorded))
}

/// What has to become of `text`, the file of `scenario`, for its trace to be as `seen`: a trace for
/// each interpreter, with its version.
pub fn bless(
    scenario: &Scenario,
    text: &str,
    seen: &[(Version, Trace)],
) -> Result<Blessing, Refusal> {
    let by_minor = ranges::by_minor(scenario, seen)?;
    let holds = |(version, trace): &(Version, Trace)| {
        let written = scenario.trace_for(version);
        written.is_some_and(|written| ranges::same(written, trace))
    };
    if seen.iter().all(holds) {
        return Ok(Blessing::Holds);
    }
    let traces = ranges::merged(scenario, &by_minor);
    let rewritten = rewrite::with_traces(text, &traces);
    let rewritten = rewritten.filter(|text| is_as_seen(scenario, text, seen));
    rewritten.map(Blessing::Rewritten).ok_or_else(|| {
        let form = "the value of `trace` does not begin on a line of its own, without indentation";
        Refusal(format!("{form}, or uses what only a person can keep; write it by hand"))
    })
}

/// Whether the new file says what was seen, and nothing else than before beside it.
fn is_as_seen(before: &Scenario, text: &str, seen: &[(Version, Trace)]) -> bool {
    let Ok(after) = parse(Path::new("rewritten"), before.name.clone(), text) else { return false };
    let says = |(version, trace): &(Version, Trace)| {
        after.trace_for(version).is_some_and(|written| ranges::same(written, trace))
    };
    let (trace, digest) = (before.trace.clone(), before.digest.clone());
    seen.iter().all(says) && *before == Scenario { trace, digest, ..after }
}

/// The lines that differ, as `diff -u` has them.
pub fn diff(name: &str, before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.unified_diff().header(name, name).to_string()
}

#[cfg(test)]
mod tests;
