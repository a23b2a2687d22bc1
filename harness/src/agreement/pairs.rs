//! Each two parties that speak of the same thing.

use super::{About, Disagreement, Party, Side, Statements, bodies};
use crate::{
    model::{End, Prediction, is_library},
    scenario::ExitStatus,
    span::{Name, Scope, Trace},
    verdict::{EndSort, ProgramEnd},
};

/// Two parties, compared.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) about: About,
    pub(super) parties: [Party; 2],
    /// What each says, where that is not the same.
    pub(super) difference: Option<[String; 2]>,
}

impl Pair {
    /// What they disagree on.
    pub(super) fn disagreement(self) -> Option<Disagreement> {
        let [left, right] = self.difference?;
        let [one, other] = self.parties;
        let (left, right) = (Side { party: one, text: left }, Side { party: other, text: right });
        Some(Disagreement { about: self.about, left, right })
    }
}

/// All pairs of parties that speak.
pub(super) fn all(statements: &Statements<'_>) -> Vec<Pair> {
    let mut pairs = traces(statements);
    pairs.extend(bodies(statements));
    pairs.extend(ends(statements));
    // of a process that has ended itself nobody knows what it had loaded
    let known = !matches!(statements.program.end, ProgramEnd::Exited(_));
    let predicted = statements.predicted.filter(|_| known);
    pairs.extend(predicted.map(|predicted| modules(statements, predicted)));
    pairs
}

fn traces(statements: &Statements<'_>) -> Vec<Pair> {
    let said = [
        (Party::Author, statements.written),
        (Party::Model, statements.predicted.map(|predicted| &predicted.trace)),
        (Party::Recorder, Some(statements.recorded)),
    ];
    let said = said.map(|(party, trace)| (party, trace.map(|it| normal(it, &statements.scope))));
    let pair = |[one, other]: [usize; 2]| {
        let (left, right) = (said[one].1.as_ref()?, said[other].1.as_ref()?);
        let parties = [said[one].0, said[other].0];
        let same = match (parties, statements.predicted) {
            ([Party::Model, Party::Recorder], Some(predicted)) => {
                predicted.has_trace(statements.recorded, &statements.scope)
            }
            _ => left == right,
        };
        let difference = (!same).then(|| [left.to_string(), right.to_string()]);
        Some(Pair { about: About::Trace, parties, difference })
    };
    [[0, 2], [0, 1], [1, 2]].into_iter().filter_map(pair).collect()
}

/// `trace` within `scope`, its threads in an order that does not depend on the operating system.
pub(super) fn normal(trace: &Trace, scope: &Scope) -> Trace {
    let mut threads = scope.narrow(trace).threads.into_iter();
    let main = threads.next().unwrap_or_default();
    let mut others: Vec<_> = threads.filter(|spans| !spans.is_empty()).collect();
    others.sort_by_cached_key(|spans| format!("{spans:?}"));
    Trace { threads: [main].into_iter().chain(others).collect() }
}

fn bodies(statements: &Statements<'_>) -> Vec<Pair> {
    let Some(testified) = statements.testified else { return Vec::new() };
    let testified = &normal(testified, &statements.scope);
    let predicted = statements.predicted.map(|it| bodies::predicted(it, &statements.scope));
    let required = predicted.as_ref().map(|it| bodies::uncertain(testified, it));
    let required = required.unwrap_or_default();
    let pair = |party, difference| Pair {
        about: About::Bodies,
        parties: [party, Party::Modules],
        difference,
    };
    let said = [(Party::Author, statements.written), (Party::Recorder, Some(statements.recorded))];
    let said = said.into_iter().filter_map(|(party, trace)| Some((party, trace?)));
    let spans = said.map(|(party, trace)| {
        let trace = normal(trace, &statements.scope);
        pair(party, bodies::difference(&trace, testified, &required))
    });
    let model = predicted.map(|predicted| {
        let told = normal(&bodies::told(testified), &statements.scope);
        let predicted = normal(&predicted, &statements.scope);
        let same = told == predicted;
        pair(Party::Model, (!same).then(|| [predicted.to_string(), told.to_string()]))
    });
    spans.chain(model).collect()
}

fn ends(statements: &Statements<'_>) -> Vec<Pair> {
    let program = &statements.program.end;
    let pair = |party, same: bool, said: String| Pair {
        about: About::End,
        parties: [party, Party::Program],
        difference: (!same).then(|| [said + "\n", format!("{program}\n")]),
    };
    let written = match (statements.exits, statements.raises) {
        (Some(status), _) => EndSort::Exited(status),
        (None, Some(exception)) => EndSort::Raised(exception),
        (None, None) => EndSort::Returned,
    };
    let recorded = statements.recorded_end;
    let is_same = |end: EndSort<'_>| end == program.sort();
    let predicted = statements.predicted.map(|it| &it.end);
    let model = predicted.map(|end| pair(Party::Model, is_end(end, program), end_text(end)));
    [
        pair(Party::Author, is_same(written), written.to_string()),
        pair(Party::Recorder, is_same(recorded.sort()), recorded.to_string()),
    ]
    .into_iter()
    .chain(model)
    .collect()
}

fn is_end(predicted: &End, program: &ProgramEnd) -> bool {
    match (predicted, program) {
        (End::Returned, ProgramEnd::Returned) => true,
        (End::Exited(status), ProgramEnd::Exited(ExitStatus::Code(code))) => status == code,
        (
            End::Raised { exception, message },
            ProgramEnd::Raised { exception: raised, message: text, .. },
        ) => exception == raised && message.as_ref().is_none_or(|message| message == text),
        _ => false,
    }
}

fn end_text(end: &End) -> String {
    match end {
        End::Returned => EndSort::Returned.to_string(),
        End::Exited(status) => EndSort::Exited(ExitStatus::Code(*status)).to_string(),
        End::Raised { exception, message: None } => Name(exception).to_string(),
        End::Raised { exception, message: Some(message) } => {
            format!("{}: {message}", Name(exception))
        }
    }
}

/// What the standard library has in `sys.modules` is nobody's statement, and neither is what an
/// interpreter's own `site` has loaded.
fn modules(statements: &Statements<'_>, predicted: &Prediction) -> Pair {
    let of_program = |name: &&String| {
        let is_known = !predicted.others_at_start || predicted.modules.contains(name);
        !is_library(name) && (is_known || statements.scope.contains(name))
    };
    let mut held: Vec<_> = statements.program.modules.iter().filter(of_program).collect();
    let mut predicted_names: Vec<_> = predicted.modules.iter().collect();
    if predicted.trace.threads.len() > 1 {
        held.sort();
        predicted_names.sort();
    }
    let lines = |names: &[&String]| {
        let line = |name: &&String| format!("{}\n", Name(name));
        names.iter().map(line).collect()
    };
    let difference = (held != predicted_names).then(|| [lines(&predicted_names), lines(&held)]);
    Pair { about: About::Modules, parties: [Party::Model, Party::Program], difference }
}
