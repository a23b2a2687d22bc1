//! How the process of a scenario starts, and what runs in it.

use super::SourceFile;

/// Which process a scenario runs in. In none of them has another cell run before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Any: a fresh interpreter, or a fork of a warm one.
    Any,
    /// A fresh interpreter, started like this.
    Spawn(StartUp),
}

/// How an interpreter starts, beside what is the same for all. The default is: as always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartUp {
    /// Options of the interpreter, as it gets them.
    pub options: Vec<String>,
    /// Environment variables beside the usual ones: names and values.
    pub environment: Vec<(String, String)>,
    /// Files of the user's site directory. Where there are some, the interpreter starts with `site`.
    pub site: Vec<SourceFile>,
}

impl StartUp {
    /// Whether the interpreter starts as always.
    pub fn is_plain(&self) -> bool {
        self.is_configured_as_always() && self.site.is_empty()
    }

    /// Whether the interpreter is configured as always, whatever it runs at its start.
    pub fn is_configured_as_always(&self) -> bool {
        self.options.is_empty() && self.environment.is_empty()
    }

    /// Whether the interpreter has to read its environment, which `-I` forbids.
    pub fn configures_by_environment(&self) -> bool {
        self.environment.iter().any(|(name, _)| name.starts_with("PYTHON"))
    }
}

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// The text of a program.
    Code(String),
    /// A module by its absolute name, run as `python -m` runs it.
    Module(String),
}

impl Run {
    /// The text of the program, if it is given as one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Code(text) => Some(text),
            Self::Module(_) => None,
        }
    }
}
