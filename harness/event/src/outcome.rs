//! How an operation ended.

use std::fmt;

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The hook does not say. Every start has this outcome.
    Unstated,
    /// It did what it was asked for.
    Ok,
    /// No finder knew the module.
    NotFound,
    /// It raised; the text is the exception type's `__name__`, in its
    /// [canonical form](crate::canonical).
    Raised(String),
}

/// [`Outcome`] with a borrowed exception type, for encoding without an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeRef<'a> {
    /// See [`Outcome::Unstated`].
    Unstated,
    /// See [`Outcome::Ok`].
    Ok,
    /// See [`Outcome::NotFound`].
    NotFound,
    /// See [`Outcome::Raised`].
    Raised(&'a str),
}

impl Outcome {
    /// The same outcome, borrowed.
    pub fn as_ref(&self) -> OutcomeRef<'_> {
        match self {
            Self::Unstated => OutcomeRef::Unstated,
            Self::Ok => OutcomeRef::Ok,
            Self::NotFound => OutcomeRef::NotFound,
            Self::Raised(exception) => OutcomeRef::Raised(exception),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unstated => f.write_str("unstated"),
            Self::Ok => f.write_str("ok"),
            Self::NotFound => f.write_str("not found"),
            Self::Raised(exception) => write!(f, "raised {exception}"),
        }
    }
}
