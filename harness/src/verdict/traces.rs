//! What a run leaves to be seen beside its ending and its output, as lines that can be compared.

use std::collections::{HashMap, HashSet};

use super::{Aspect, Divergence, Executed};

/// Lines about one run. Their words are the worker's (`harness/worker/state.py`); nothing here reads
/// more out of them than whether they are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// What the program's exception came from, the nearest first.
    pub context: Vec<String>,
    /// The texts of all warnings, in order, also of those that no filter shows.
    pub warnings: Vec<String>,
    /// Import-related attributes of the modules that the program loaded.
    pub attributes: Vec<String>,
    /// The import state after the hook was removed.
    pub state: Vec<String>,
    /// What executing the strategy's file did, before the hook was installed.
    pub executed: Executed,
}

/// Everything in which `under` differs from `baseline`.
///
/// Attributes are compared of modules that both have: others are told of by the comparison of
/// `sys.modules`. What executing the strategy's file did is no difference.
pub(super) fn differences(baseline: &Traces, under: &Traces) -> Vec<Divergence> {
    let executed = &under.executed;
    let own = |traces: &Traces| {
        let is_own = |line: &&String| !executed.has_imported(module(line));
        traces.attributes.iter().filter(is_own).cloned().collect::<Vec<_>>()
    };
    let before = of_modules_in(&under.attributes, &own(baseline));
    let after = of_modules_in(&baseline.attributes, &own(under));
    let state = executed.undone(&baseline.state, &under.state);
    [
        difference(Aspect::Context, &baseline.context, &under.context),
        difference(Aspect::Warnings, &baseline.warnings, &under.warnings),
        difference(Aspect::Attributes, &before, &after),
        difference(Aspect::State, &baseline.state, &state),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The lines of `own` about modules that `others` tell of as well.
fn of_modules_in(others: &[String], own: &[String]) -> Vec<String> {
    let known: HashSet<_> = others.iter().map(|line| module(line)).collect();
    own.iter().filter(|line| known.contains(module(line))).cloned().collect()
}

/// The module that a line is about.
fn module(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

/// One aspect, told by the lines that only one of the two has.
pub(super) fn difference(
    aspect: Aspect,
    before: &[String],
    after: &[String],
) -> Option<Divergence> {
    if before == after {
        return None;
    }
    let (gone, new) = (only_in(before, after), only_in(after, before));
    let told = |lines: &[String]| match lines {
        [] if gone.is_empty() && new.is_empty() => "one order".to_owned(),
        [] => "nothing".to_owned(),
        lines => lines.join("; "),
    };
    Some(Divergence::Disturbed {
        aspect,
        before: told(&gone),
        after: if gone.is_empty() && new.is_empty() { "another".to_owned() } else { told(&new) },
    })
}

/// The lines that `others` has not, or not as often.
fn only_in(lines: &[String], others: &[String]) -> Vec<String> {
    let mut twins: HashMap<&str, usize> = HashMap::new();
    for other in others {
        *twins.entry(other).or_default() += 1;
    }
    let mut has_twin = |line: &str| {
        twins.get_mut(line).and_then(|left| left.checked_sub(1).map(|less| *left = less)).is_some()
    };
    lines.iter().filter(|line| !has_twin(line)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(ToOwned::to_owned).collect()
    }

    fn check(before: &str, after: &str) -> Option<String> {
        let difference = difference(Aspect::Warnings, &lines(before), &lines(after));
        difference.map(|difference| difference.to_string())
    }

    #[test]
    fn the_lines_that_differ_are_told() {
        assert_eq!(check("a\nb", "a\nb"), None);
        for (before, after, told) in [
            ("a", "a\nb", "from nothing to b"),
            ("a\nb", "c", "from a; b to c"),
            ("a\na", "a", "from a to nothing"),
            ("a\nb", "b\na", "from one order to another"),
        ] {
            let expected = format!("changed the program's warnings {told}");
            assert_eq!(check(before, after), Some(expected));
        }
    }

    #[test]
    fn attributes_are_compared_of_modules_that_both_have() {
        let traces = |text: &str| Traces { attributes: lines(text), ..Traces::default() };
        let (before, after) =
            (traces("shop __loader__ A\nold x"), traces("shop __loader__ B\nnew x"));
        let told: Vec<_> = differences(&before, &after).iter().map(ToString::to_string).collect();
        let expected =
            "changed the program's module attributes from shop __loader__ A to shop __loader__ B";
        assert_eq!(told, [expected]);
    }
}
