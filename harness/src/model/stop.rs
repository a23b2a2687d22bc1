//! What ends the evaluation of an expression or statement early.

use crate::model::{
    abstention::{Doubt, Place},
    object::heap::Handle,
};

/// Why a statement or expression did not come to its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// An exception is on its way up.
    Raised(Handle),
    /// The model abstains; nothing can catch that.
    Abstained(Box<Doubt>),
    /// The program has ended its process, with this status; nothing can catch that either.
    Exited(u8),
}

/// What most steps of the interpreter return.
pub(super) type Outcome<T> = Result<T, Stop>;

impl Stop {
    /// The same, with a place if it needs one and has none yet.
    pub(super) fn at(mut self, place: Place) -> Self {
        if let Self::Abstained(doubt) = &mut self {
            doubt.place.get_or_insert(place);
        }
        self
    }
}

impl From<Doubt> for Stop {
    fn from(doubt: Doubt) -> Self {
        Self::Abstained(Box::new(doubt))
    }
}

/// Abstains because of something that Python can do and the model does not.
pub(super) fn outside<T>(construct: impl Into<String>) -> Outcome<T> {
    Err(Doubt::outside(construct).into())
}

/// Abstains, with a reason.
pub(super) fn doubt<T>(construct: impl Into<String>, why: impl Into<String>) -> Outcome<T> {
    Err(Doubt::new(construct, why).into())
}
