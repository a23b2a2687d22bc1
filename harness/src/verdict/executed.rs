//! What executing a strategy's file does, before its hook is installed.
//!
//! What a hook imports is not what it disturbs: users of a tool have its modules loaded whether it hooks
//! or not. So what the file's execution did, and what is still so when the program has ended, is no
//! difference; it is told once, with the strategy's footprint.

use std::collections::BTreeMap;

use super::{Divergence, Matched};

/// What parts a line about something that holds several from their names.
const HOLDS: &str = " holds ";
/// What parts any other line's subject from what is said of it.
const IS: &str = " is ";

/// What one execution of a strategy's file did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Executed {
    /// Names that it added to `sys.modules`.
    pub imported: Vec<String>,
    /// The import state before it, as lines. Empty where it is as it was.
    pub before: Vec<String>,
    /// The import state after it.
    pub after: Vec<String>,
}

impl Executed {
    /// Whether a module was imported by the file.
    pub fn has_imported(&self, module: &str) -> bool {
        self.imported.iter().any(|name| name == module)
    }

    /// `names` without those of modules that the file imported.
    pub(super) fn without_imported(&self, names: &[String]) -> Vec<String> {
        names.iter().filter(|name| !self.has_imported(name)).cloned().collect()
    }

    /// The lines of `state` without what the file's execution changed and nobody has changed since;
    /// `baseline` are those of a run without a hook.
    pub(super) fn undone(&self, baseline: &[String], state: &[String]) -> Vec<String> {
        if self.before == self.after {
            return state.to_vec();
        }
        let is_made = |line: &String| self.after.contains(line) && !self.before.contains(line);
        let mut kept = Vec::with_capacity(state.len());
        for line in state {
            if baseline.contains(line) || !is_made(line) && !line.contains(HOLDS) {
                kept.push(line.clone());
            } else if let Some((subject, names)) = line.split_once(HOLDS) {
                kept.push(format!("{subject}{HOLDS}{}", self.less(baseline, subject, names)));
            }
        }
        let is_hidden = |line: &&String| {
            let of = subject(line);
            self.before.contains(line)
                && !self.after.contains(line)
                && !kept.iter().any(|it| subject(it) == of)
        };
        let hidden: Vec<_> = baseline.iter().filter(is_hidden).cloned().collect();
        kept.extend(hidden);
        if sorted(&kept) == sorted(baseline) { baseline.to_vec() } else { kept }
    }

    /// `names` of what `subject` holds, less those that the file added and a run without a hook has
    /// not.
    fn less(&self, baseline: &[String], subject: &str, names: &str) -> String {
        let [alone, before, after] =
            [baseline, &self.before, &self.after].map(|lines| counts(held(lines, subject)));
        let mut own = names.split(", ").collect::<Vec<_>>();
        for (name, count) in &after {
            let of = |counts: &BTreeMap<&str, usize>| counts.get(name).copied().unwrap_or_default();
            let added = count.saturating_sub(of(&before));
            let here = own.iter().filter(|it| *it == name).count();
            for _ in 0..added.min(here.saturating_sub(of(&alone))) {
                if let Some(place) = own.iter().rposition(|it| it == name) {
                    own.remove(place);
                }
            }
        }
        own.join(", ")
    }

    /// Excuses what a hook is said to have missed because its file had imported the module before the
    /// program could: it did not happen in that process.
    pub fn excuse(&self, matched: &mut Matched) {
        let Matched { divergences, excused, .. } = matched;
        divergences.retain(|divergence| match divergence {
            Divergence::Missing(point) if self.has_imported(&point.name) => {
                excused.push(point.kind);
                false
            }
            _ => true,
        });
    }
}

fn subject(line: &str) -> &str {
    let parted = line.split_once(HOLDS).or_else(|| line.split_once(IS));
    parted.map_or(line, |(subject, _)| subject)
}

fn held<'a>(lines: &'a [String], of: &str) -> &'a str {
    let mut parted = lines.iter().filter_map(|line| line.split_once(HOLDS));
    parted.find(|(subject, _)| *subject == of).map_or("", |(_, names)| names)
}

fn counts(names: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for name in names.split(", ") {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

fn sorted(lines: &[String]) -> Vec<&String> {
    let mut sorted: Vec<_> = lines.iter().collect();
    sorted.sort();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split(" / ").filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn what_the_file_did_is_undone_and_nothing_else() {
        // before and after the file, without a hook, under it, and what is left of that
        for [before, after, baseline, under, left] in [
            // nothing was changed by the file
            ["a", "a", "a", "a / b is f", "a / b is f"],
            // a name that the file has set, and one that the hook has
            ["a", "a / b is f", "a", "a / b is f / c is g", "a / c is g"],
            // set again to something else
            ["a", "a / b is f", "a", "a / b is g", "a / b is g"],
            // a finder that the file has put in front, with one of the program's
            ["m holds A", "m holds F, A", "m holds A, P", "m holds F, A, P", "m holds A, P"],
            // with one of the hook's
            ["m holds A", "m holds F, A", "m holds A", "m holds H, F, A", "m holds H, A"],
            // one more of a sort that is there
            ["m holds A", "m holds A, A", "m holds A", "m holds A, A", "m holds A"],
            // what the program adds by itself as well
            ["c holds ", "c holds F", "c holds F", "c holds F", "c holds F"],
            // the file put a name back that the program had replaced
            ["b is p", "", "b is p", "", "b is p"],
        ] {
            let executed =
                Executed { imported: Vec::new(), before: lines(before), after: lines(after) };
            let found = executed.undone(&lines(baseline), &lines(under));
            assert_eq!(found, lines(left), "{under}");
        }
    }
}
