//! Making a program smaller by its text.
//!
//! Proptest's shrinking goes over a program once. What it leaves is taken apart here until nothing
//! more can go: files, then statements with what is indented below them, then the heads of blocks.
//! What is no Python any more does not fail in the way that is looked for, and is taken back.

use crate::scenario::{Run, Scenario};

/// The words that go on with a statement at the same depth.
const CLAUSES: &[&str] = &["except", "else", "elif", "finally"];

/// `scenario` without what it can do without and still `fails`, by up to `rounds` tries.
pub(crate) fn reduced(
    scenario: Scenario,
    rounds: usize,
    mut fails: impl FnMut(&Scenario) -> bool,
) -> Scenario {
    let mut left = rounds;
    let mut smallest = scenario;
    loop {
        let before = smallest.clone();
        for place in (0..=smallest.files.len()).rev() {
            let mut step = 0;
            while let Some(candidate) = smaller(&smallest, place, step) {
                if left == 0 {
                    return smallest;
                }
                left -= 1;
                // what stands at this step now was not tried yet
                if fails(&candidate) { smallest = candidate } else { step += 1 }
            }
        }
        if smallest == before {
            return smallest;
        }
    }
}

/// The scenario with one thing less in a file, or in what runs if there is no file with this number.
fn smaller(scenario: &Scenario, place: usize, step: usize) -> Option<Scenario> {
    let mut candidate = scenario.clone();
    if place >= scenario.files.len() {
        candidate.run = Run::Code(variant(scenario.run.code()?, step)?);
        return Some(candidate);
    }
    if step == 0 {
        candidate.files.remove(place);
    } else {
        candidate.files[place].body = variant(&scenario.files[place].body, step - 1)?;
    }
    Some(candidate)
}

/// How often each line is tried.
const WAYS: usize = 4;

/// The text with less at one of its lines, in one of the ways there are.
fn variant(text: &str, step: usize) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let start = step / WAYS;
    let depth = indentation(lines.get(start)?);
    let block = end_of_block(&lines, start);
    let statement = end_of_statement(&lines, start, depth);
    let inner: Vec<String> =
        lines[start + 1..block].iter().map(|line| line.replacen("    ", "", 1)).collect();
    let (replacement, end) = match step % WAYS {
        0 => (Vec::new(), statement),
        1 => (inner, statement),
        2 => (Vec::new(), block),
        _ => (vec![format!("{}pass", " ".repeat(depth))], statement),
    };
    let before = lines[..start].iter().map(ToString::to_string);
    let kept = before.chain(replacement).chain(lines[end..].iter().map(ToString::to_string));
    let shorter: String = kept.map(|line| line + "\n").collect();
    // no change, or none for the better
    Some(if shorter.len() < text.len() { shorter } else { String::from(NO_PYTHON) })
}

/// A text that fails in no way that anybody looks for.
pub(crate) const NO_PYTHON: &str = "this is no Python\n";

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Behind the lines that are indented more than the one at `start`.
fn end_of_block(lines: &[&str], start: usize) -> usize {
    let depth = indentation(lines[start]);
    let inner = lines[start + 1..].iter().take_while(|line| indentation(line) > depth).count();
    start + 1 + inner
}

/// Behind the statement at `start`, with all its clauses.
fn end_of_statement(lines: &[&str], start: usize, depth: usize) -> usize {
    let mut end = end_of_block(lines, start);
    while let Some(line) = lines.get(end)
        && indentation(line) == depth
        && CLAUSES.iter().any(|clause| line.trim_start().starts_with(clause))
    {
        end = end_of_block(lines, end);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::{program, programs};

    fn reduce(text: &str, needed: &[&str]) -> String {
        let mut scenario = program(&programs(), 0).scenario("fuzz/reduce", "x");
        scenario.run = Run::Code(text.to_owned());
        let fails = |scenario: &Scenario| {
            let text = scenario.run.code().unwrap_or_default();
            needed.iter().all(|needed| text.contains(needed))
        };
        let reduced = reduced(scenario, 1_000, fails);
        assert!(reduced.files.is_empty(), "no file was needed");
        reduced.run.code().unwrap_or_default().to_owned()
    }

    #[test]
    fn what_is_not_needed_goes() {
        let text = "import a\ntry:\n    import b\n    import c\nexcept E:\n    pass\nimport d\n";
        assert_eq!(reduce(text, &["import c"]), "import c\n");
        assert_eq!(reduce(text, &["import b", "import d"]), "import b\nimport d\n");
        assert_eq!(
            reduce(text, &["try:\n    import b", "except"]),
            "try:\n    import b\nexcept E:\n"
        );
    }
}
