//! Transparency: whether the program behaved the same with the hook as without it.

use std::fmt;

use super::{Aspect, Divergence, Executed, Traces};
use crate::{scenario::ExitStatus, span::Name};

/// What one run of a program showed of itself, apart from its imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// How the program ended.
    pub end: ProgramEnd,
    /// Names in `sys.modules` when it ended, in order.
    pub modules: Vec<String>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// What else is to be seen of it.
    pub traces: Traces,
}

impl Behaviour {
    /// The same with each text that may name a place changed by `map`.
    #[must_use]
    pub fn map_texts(&self, map: &dyn Fn(&str) -> String) -> Self {
        let all = |lines: &[String]| lines.iter().map(|line| map(line)).collect();
        let end = match &self.end {
            ProgramEnd::Returned => ProgramEnd::Returned,
            ProgramEnd::Exited(status) => ProgramEnd::Exited(*status),
            ProgramEnd::Raised { exception, message, notes, frames } => ProgramEnd::Raised {
                exception: exception.clone(),
                message: map(message),
                notes: map(notes),
                frames: all(frames),
            },
        };
        Self {
            end,
            modules: self.modules.clone(),
            stdout: map(&self.stdout),
            stderr: map(&self.stderr),
            traces: Traces {
                context: all(&self.traces.context),
                warnings: all(&self.traces.warnings),
                attributes: all(&self.traces.attributes),
                state: all(&self.traces.state),
                executed: Executed {
                    imported: self.traces.executed.imported.clone(),
                    before: all(&self.traces.executed.before),
                    after: all(&self.traces.executed.after),
                },
            },
        }
    }
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramEnd {
    /// Its last statement was executed.
    Returned,
    /// An exception reached its top level.
    Raised {
        /// The exception type's `__name__`, in canonical form.
        exception: String,
        /// `str()` of the exception.
        message: String,
        /// Its `__notes__`, one a line.
        notes: String,
        /// The frames that its traceback shows, `file:line function`, outermost first.
        frames: Vec<String>,
    },
    /// It ended its own process. Then nothing is known of it but its output.
    Exited(ExitStatus),
}

/// The end of a program without its details: what a scenario says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndSort<'a> {
    /// See [`ProgramEnd::Returned`].
    Returned,
    /// See [`ProgramEnd::Raised`]; the name of the exception's type.
    Raised(&'a str),
    /// See [`ProgramEnd::Exited`].
    Exited(ExitStatus),
}

impl ProgramEnd {
    /// The end without its details.
    pub fn sort(&self) -> EndSort<'_> {
        match self {
            Self::Returned => EndSort::Returned,
            Self::Raised { exception, .. } => EndSort::Raised(exception),
            Self::Exited(status) => EndSort::Exited(*status),
        }
    }
}

/// `returned`, `ValueError`, or `exit status 3`.
impl fmt::Display for EndSort<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned => f.write_str("returned"),
            Self::Raised(exception) => Name(exception).fmt(f),
            Self::Exited(status) => status.fmt(f),
        }
    }
}

/// Everything in which `under` differs from `baseline`.
pub fn disturbances(baseline: &Behaviour, under: &Behaviour) -> Vec<Divergence> {
    let aspects = [
        (Aspect::End, baseline.end.to_string(), under.end.to_string()),
        (Aspect::Stdout, quoted(&baseline.stdout), quoted(&under.stdout)),
        (Aspect::Stderr, quoted(&baseline.stderr), quoted(&under.stderr)),
    ];
    let differing = aspects
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(aspect, before, after)| Divergence::Disturbed { aspect, before, after });
    if [baseline, under].iter().any(|it| matches!(it.end, ProgramEnd::Exited(_))) {
        // nobody was left to tell more of it
        return differing.collect();
    }
    let traceback = traceback(frames(&baseline.end), frames(&under.end));
    let own = |names: &[String]| under.traces.executed.without_imported(names);
    let modules = modules(&own(&baseline.modules), &own(&under.modules));
    let traces = super::traces::differences(&baseline.traces, &under.traces);
    differing.chain(traceback).chain(modules).chain(traces).collect()
}

fn frames(end: &ProgramEnd) -> &[String] {
    match end {
        ProgramEnd::Returned | ProgramEnd::Exited(_) => &[],
        ProgramEnd::Raised { frames, .. } => frames,
    }
}

/// Tells how many frames there are, and those that only one of the two tracebacks has. Lines are
/// left out where the functions tell enough: those of importlib differ with every version.
fn traceback(before: &[String], after: &[String]) -> Option<Divergence> {
    if before == after {
        return None;
    }
    let functions = |frames: &[String]| -> Vec<String> {
        let place = |frame: &String| {
            frame.rsplit_once(' ').map(|(at, function)| {
                (at.rsplit_once(':').map_or(at, |(file, _)| file).to_owned(), function.to_owned())
            })
        };
        let told = |(file, function)| format!("{function} in {file}");
        frames.iter().map(|frame| place(frame).map_or_else(|| frame.clone(), told)).collect()
    };
    let (mut here, mut there) = (functions(before), functions(after));
    if here == there {
        (here, there) = (before.to_vec(), after.to_vec());
    }
    Some(Divergence::Disturbed {
        aspect: Aspect::Traceback,
        before: told_frames(&here, &there),
        after: told_frames(&there, &here),
    })
}

fn told_frames(frames: &[String], others: &[String]) -> String {
    let mut only: Vec<(&str, usize)> = Vec::new();
    for frame in frames.iter().filter(|frame| !others.contains(frame)) {
        match only.iter_mut().find(|(known, _)| known == frame) {
            Some((_, count)) => *count += 1,
            None => only.push((frame, 1)),
        }
    }
    let times = |(frame, count): &(&str, usize)| match count {
        1 => (*frame).to_owned(),
        _ => format!("{frame} \u{d7}{count}"),
    };
    let only: Vec<_> = only.iter().map(times).collect();
    let count = match frames.len() {
        1 => "1 frame".to_owned(),
        count => format!("{count} frames"),
    };
    if only.is_empty() { count } else { format!("{count} (with {})", only.join(", ")) }
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Only the names that differ are told, not the hundred that every interpreter has.
fn modules(before: &[String], after: &[String]) -> Option<Divergence> {
    if before == after {
        return None;
    }
    let without = |names: &[String], others: &[String]| {
        let only: Vec<_> = names.iter().filter(|name| !others.contains(name)).cloned().collect();
        if only.is_empty() { "nothing more".to_owned() } else { only.join(", ") }
    };
    let (gone, new) = (without(before, after), without(after, before));
    let (before, after) =
        if gone == new { ("one order".to_owned(), "another".to_owned()) } else { (gone, new) };
    Some(Divergence::Disturbed { aspect: Aspect::Modules, before, after })
}

/// `returned`, `ValueError: message`, or `exit status 3`.
impl fmt::Display for ProgramEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned | Self::Exited(_) => self.sort().fmt(f),
            Self::Raised { message, notes, .. } => {
                write!(f, "{}: {message}", self.sort())?;
                notes.lines().try_for_each(|note| write!(f, " ({note})"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behaviour(frames: &[&str], modules: &[&str]) -> Behaviour {
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        Behaviour {
            end: ProgramEnd::Raised {
                exception: "ValueError".to_owned(),
                message: "no".to_owned(),
                notes: String::new(),
                frames: owned(frames),
            },
            modules: owned(modules),
            stdout: String::new(),
            stderr: String::new(),
            traces: Traces::default(),
        }
    }

    fn check(before: &Behaviour, after: &Behaviour) -> String {
        let found: Vec<_> = disturbances(before, after).iter().map(ToString::to_string).collect();
        found.join("\n")
    }

    #[test]
    fn the_same_behaviour_is_undisturbed() {
        let same = behaviour(&["<run>:1 <module>"], &["sys"]);
        assert_eq!(disturbances(&same, &same.clone()), []);
    }

    #[test]
    fn every_aspect_is_told() {
        let before = behaviour(&["<run>:1 <module>"], &["sys", "a"]);
        let frames = ["<run>:1 <module>", "hook.py:3 hook"];
        let added = Behaviour { stdout: "x\n".to_owned(), ..behaviour(&frames, &["sys", "b"]) };
        insta::assert_snapshot!(check(&before, &added), @r#"
        changed the program's standard output from "" to "x\n"
        changed the program's traceback from 1 frame to 2 frames (with hook in hook.py)
        changed the program's sys.modules from a to b
        "#);
        let returned = Behaviour { end: ProgramEnd::Returned, ..before.clone() };
        insta::assert_snapshot!(check(&returned, &before), @r"
        changed the program's end from returned to ValueError: no
        changed the program's traceback from 0 frames to 1 frame (with <module> in <run>)
        ");
        let exited =
            Behaviour { end: ProgramEnd::Exited(ExitStatus::Code(3)), ..behaviour(&[], &[]) };
        insta::assert_snapshot!(check(&exited, &before), @"changed the program's end from exit status 3 to ValueError: no");
        let swapped = behaviour(&["<run>:1 <module>"], &["a", "sys"]);
        insta::assert_snapshot!(check(&before, &swapped), @"changed the program's sys.modules from one order to another");
    }
}
