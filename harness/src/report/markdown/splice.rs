//! Putting parts of a report between markers of a file that people write.
//!
//! ```text
//! <!-- tollgate: matrix -->
//! (whatever stands here is replaced)
//! <!-- /tollgate -->
//! ```

use std::{collections::BTreeMap, ops::Range};

use super::PARTS;

/// A part that only what is published has: the picture, which is a file of its own.
pub const PICTURE: &str = "picture";

const OPEN: &str = "<!-- tollgate: ";
const CLOSE: &str = "<!-- /tollgate -->";

/// Markers that cannot be used. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpliceError {
    /// There are none.
    #[error("there is no marker; expected a line `{OPEN}PART -->` and after it `{CLOSE}`, where \
             PART is one of {}", PARTS.join(", "))]
    NoMarker,
    /// A part that there is not.
    #[error("line {line}: there is no part `{part}`; expected one of {}", PARTS.join(", "))]
    NoPart {
        /// Where.
        line: usize,
        /// What stands there.
        part: String,
    },
    /// A marker without its end.
    #[error("line {0}: expected a line `{CLOSE}` before the next marker and the end of the file")]
    NotClosed(usize),
    /// An end without its marker.
    #[error("line {0}: `{CLOSE}` without a marker before it")]
    NotOpened(usize),
    /// The run says nothing of a part.
    #[error("line {line}: this run says nothing of `{part}`, so nothing was replaced")]
    Nothing {
        /// Where.
        line: usize,
        /// Which part.
        part: String,
    },
}

/// `text` with the parts between its markers replaced by what is `told` of them; `command` is what
/// makes them again.
pub fn splice(
    text: &str,
    told: &dyn Fn(&str) -> Option<String>,
    command: &str,
) -> Result<String, SpliceError> {
    let slots = slots(text)?;
    let (mut spliced, mut end) = (String::with_capacity(text.len()), 0);
    for Slot { line, part, body } in slots {
        let told =
            told(part).ok_or_else(|| SpliceError::Nothing { line, part: part.to_owned() })?;
        spliced += &text[end..body.start];
        let written = format!("<!-- written by `{command}`; do not edit -->\n\n{told}\n");
        spliced += &written;
        end = body.end;
    }
    Ok(spliced + &text[end..])
}

/// An empty place for a part.
pub fn slot(part: &str) -> String {
    format!("{OPEN}{part} -->\n{CLOSE}\n")
}

/// The parts between the markers of `text`, each by its name, as they stand there.
pub fn spliced(text: &str) -> Result<BTreeMap<String, String>, SpliceError> {
    let slots = slots(text)?.into_iter();
    Ok(slots.map(|it| (it.part.to_owned(), text[it.body].to_owned())).collect())
}

/// One pair of markers.
struct Slot<'a> {
    line: usize,
    part: &'a str,
    /// What stands between them, in bytes.
    body: Range<usize>,
}

fn slots(text: &str) -> Result<Vec<Slot<'_>>, SpliceError> {
    let (mut slots, mut open, mut position) = (Vec::new(), None::<Slot<'_>>, 0);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let (number, start) = (index + 1, position);
        position += line.len();
        let marker = line.trim();
        if let Some(part) = marker.strip_prefix(OPEN).and_then(|it| it.strip_suffix("-->")) {
            if let Some(open) = open {
                return Err(SpliceError::NotClosed(open.line));
            }
            let part = part.trim();
            if part != PICTURE && !PARTS.contains(&part) {
                return Err(SpliceError::NoPart { line: number, part: part.to_owned() });
            }
            open = Some(Slot { line: number, part, body: position..position });
        } else if marker == CLOSE {
            let slot = open.take().ok_or(SpliceError::NotOpened(number))?;
            slots.push(Slot { body: slot.body.start..start, ..slot });
        }
    }
    match (open, slots.is_empty()) {
        (Some(open), _) => Err(SpliceError::NotClosed(open.line)),
        (None, true) => Err(SpliceError::NoMarker),
        (None, false) => Ok(slots),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::Record,
        report::{Findings, fixtures::cost, markdown_part},
    };

    fn told(part: &str) -> Option<String> {
        let records = [Record::Overhead(cost("audit", "3.9.1", 1.03))];
        markdown_part(&Findings::from_iter(records), part)
    }

    #[test]
    fn only_what_stands_between_markers_is_replaced() {
        let before = "# Mine\n<!-- tollgate: overhead -->\nold\n<!-- /tollgate -->\nand mine";
        let once = splice(before, &told, "make it").expect("spliced");
        insta::assert_snapshot!(once, @r"
        # Mine
        <!-- tollgate: overhead -->
        <!-- written by `make it`; do not edit -->

        | workload | strategy | 3.9 |
        | --- | --- | --- |
        | cold-100 | audit | +3.0 ±1.0 % s |

        Time relative to \`none\`, sampled in turn in the same run, ± half the width of the 95 % interval; s slower, f faster, = equivalent, ? inconclusive, c clock and instructions disagree, ! unfit. The noise floor is the A/A row; the sham is a hook that is built and not installed. This run could have seen effects of 1.2 % (80 % power).

        <!-- /tollgate -->
        and mine
        ");
        assert_eq!(splice(&once, &told, "make it").expect("spliced"), once);
        let parts = spliced(&once).expect("parts");
        assert_eq!(parts.keys().collect::<Vec<_>>(), ["overhead"]);
        let alone = splice(&slot("overhead"), &told, "make it").expect("spliced");
        assert_eq!(spliced(&alone).expect("parts"), parts);
    }

    #[test]
    fn markers_that_cannot_be_used_are_named_with_their_line() {
        let error = |text: &str| splice(text, &told, "").expect_err(text);
        let part = |part: &str| part.to_owned();
        for (text, expected) in [
            ("", SpliceError::NoMarker),
            ("a\n<!-- /tollgate -->\n", SpliceError::NotOpened(2)),
            ("<!-- tollgate: overhead -->\n", SpliceError::NotClosed(1)),
            (
                "<!-- tollgate: overhead -->\n<!-- tollgate: matrix -->\n<!-- /tollgate -->\n",
                SpliceError::NotClosed(1),
            ),
            (
                "\n<!-- tollgate: costs -->\n<!-- /tollgate -->\n",
                SpliceError::NoPart { line: 2, part: part("costs") },
            ),
            (
                "<!-- tollgate: company -->\n<!-- /tollgate -->\n",
                SpliceError::Nothing { line: 1, part: part("company") },
            ),
        ] {
            assert_eq!(error(text), expected);
        }
    }
}
