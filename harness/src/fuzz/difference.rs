//! Where the model and an interpreter do not agree.

use std::fmt;

use crate::{
    agreement::{About, Disagreement, Party, Statements, contradiction},
    model::{Prediction, is_library},
    scenario::Scenario,
    span::{Scope, Span, Trace, Unbalanced},
    verdict::Behaviour,
    worker::Observation,
};

/// What one interpreter showed of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The spans that the recorder saw.
    pub trace: Trace,
    /// How the program behaved.
    pub behaviour: Behaviour,
}

impl Seen {
    /// What an observation by the recorder shows.
    pub fn of(observation: Observation) -> Result<Self, Unbalanced> {
        let trace = observation.spans()?;
        Ok(Self { trace, behaviour: observation.behaviour })
    }
}

/// Where a prediction and what was seen part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What of the program it is about.
    pub aspect: Aspect,
    /// What the model said.
    pub predicted: String,
    /// What there was.
    pub seen: String,
}

/// What of a program is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Something that the program did.
    Of(About),
    /// Whether the child ran to its end at all.
    Answer,
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(about) => about.fmt(f),
            Self::Answer => f.pad("whether it can be run"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { aspect, predicted, seen } = self;
        let same = predicted.lines().zip(seen.lines()).take_while(|(a, b)| a == b).count();
        let from = same.saturating_sub(LINES_BEFORE);
        let [predicted, seen] = [predicted, seen].map(|text| Lines { text, from });
        writeln!(f, "they differ in {aspect}; the model says")?;
        write!(f, "{predicted}but there was\n{seen}")
    }
}

/// What is shown around the first line that differs.
const LINES_BEFORE: usize = 8;
const LINES: usize = 20;

/// Lines of a text from one on, indented by two spaces.
struct Lines<'a> {
    text: &'a str,
    from: usize,
}

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, all) = (self.from, self.text.lines().count());
        let before = (from > 0).then_some("...");
        let shown = self.text.lines().skip(from).take(LINES);
        let nothing = (all <= from).then_some("nothing");
        let behind = (all > from + LINES).then_some("...");
        let mut lines = before.into_iter().chain(shown).chain(nothing).chain(behind);
        lines.try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// Holds a prediction against what was seen; nothing where they agree.
///
/// What belongs to the standard library is left out.
pub fn difference(scenario: &Scenario, prediction: &Prediction, seen: &Seen) -> Option<Difference> {
    differs(&Statements {
        scope: scope(scenario, &prediction.trace, &seen.trace),
        written: None,
        raises: None,
        exits: None,
        predicted: Some(prediction),
        testified: None,
        recorded: &seen.trace,
        recorded_end: &seen.behaviour.end,
        program: &seen.behaviour,
    })
}

/// Holds the bodies that a prediction says run against those that the modules testify to.
pub(super) fn bodies_differ(
    scenario: &Scenario,
    prediction: &Prediction,
    testimony: &Seen,
) -> Option<Difference> {
    let difference = differs(&Statements {
        scope: scope(scenario, &prediction.trace, &testimony.trace),
        written: None,
        raises: None,
        exits: None,
        predicted: Some(prediction),
        testified: Some(&testimony.trace),
        // nobody records in the child in which the modules speak
        recorded: &prediction.trace,
        recorded_end: &testimony.behaviour.end,
        program: &testimony.behaviour,
    });
    difference.filter(|it| it.aspect == Aspect::Of(About::Bodies))
}

fn differs(statements: &Statements<'_>) -> Option<Difference> {
    let Disagreement { about, left, right } = contradiction(statements, Party::Model)?;
    let sides = if left.party == Party::Model { [left, right] } else { [right, left] };
    let [predicted, seen] = sides.map(|side| side.text);
    Some(Difference { aspect: Aspect::Of(about), predicted, seen })
}

/// The modules that a program is about: those of its files, and all outside the standard library.
fn scope(scenario: &Scenario, predicted: &Trace, seen: &Trace) -> Scope {
    let mut scope = scenario.scope();
    scope.add_trace(predicted);
    add_program(&mut scope, seen);
    scope
}

/// Takes what a trace has outside the standard library into the scope.
pub(super) fn add_program(scope: &mut Scope, trace: &Trace) {
    fn add(scope: &mut Scope, span: &Span) {
        if !is_library(&span.name) {
            scope.add(&span.name);
        }
        span.children.iter().for_each(|child| add(scope, child));
    }
    trace.threads.iter().flatten().for_each(|span| add(scope, span));
}
