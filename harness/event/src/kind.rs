//! Which operation of the import system an event is about, and which edge of it.

use std::{fmt, str::FromStr};

/// Something the import system does and that has a start and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// `__import__()` or `importlib.import_module()`: every statement, cached or not.
    Call,
    /// `importlib._bootstrap._find_and_load()`: reached when `sys.modules` has no usable entry.
    Import,
    /// `importlib._bootstrap._find_spec()`: the finders on the meta path are asked.
    Find,
    /// `importlib._bootstrap._load_unlocked()`: a module is created and executed from its spec.
    Load,
    /// A module body runs outside its own load, as `importlib.reload()` does through `_exec()`.
    Exec,
}

impl Operation {
    /// All operations, in the order in which one contains the next.
    pub const ALL: [Self; 5] = [Self::Call, Self::Import, Self::Find, Self::Load, Self::Exec];

    /// The word that scenarios, strategies and reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Import => "import",
            Self::Find => "find",
            Self::Load => "load",
            Self::Exec => "exec",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Operation {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|operation| operation.word() == text)
            .ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// One of the two ends of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// The operation begins.
    Start,
    /// The operation is over, however it went.
    End,
}

/// What an event is about, written `import.start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKind {
    /// The operation.
    pub operation: Operation,
    /// Its start or its end.
    pub edge: Edge,
}

impl EventKind {
    /// Every kind there is, in the order of its [code](Self::code).
    pub const ALL: [Self; 10] = {
        let mut all = [Self::start(Operation::Call); 10];
        let mut index = 0;
        while index < Operation::ALL.len() {
            all[2 * index] = Self::start(Operation::ALL[index]);
            all[2 * index + 1] = Self::end(Operation::ALL[index]);
            index += 1;
        }
        all
    };

    /// The start of `operation`.
    pub const fn start(operation: Operation) -> Self {
        Self { operation, edge: Edge::Start }
    }

    /// The end of `operation`.
    pub const fn end(operation: Operation) -> Self {
        Self { operation, edge: Edge::End }
    }

    /// The byte that stands for this kind on the wire.
    pub const fn code(self) -> u8 {
        2 * self.operation as u8 + self.edge as u8
    }

    /// The kind behind a byte of the wire, if there is one.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The text that strategies use for this kind.
    pub const fn word(self) -> &'static str {
        const WORDS: [&str; 10] = [
            "call.start",
            "call.end",
            "import.start",
            "import.end",
            "find.start",
            "find.end",
            "load.start",
            "load.end",
            "exec.start",
            "exec.end",
        ];
        WORDS[self.code() as usize]
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for EventKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word() == text)
            .ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// A text that names no operation or kind of event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind(pub String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no kind of event; there are call, import, find, load and exec, each with \
             .start and .end",
            self.0
        )
    }
}

impl std::error::Error for UnknownKind {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_from_its_code_and_its_word() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_code(kind.code()), Some(kind));
            assert_eq!(kind.word().parse(), Ok(kind));
            let dotted = format!("{}.{}", kind.operation, ["start", "end"][kind.edge as usize]);
            assert_eq!(kind.word(), dotted);
        }
        assert_eq!(EventKind::from_code(10), None);
        assert!("import.begin".parse::<EventKind>().is_err());
    }
}
