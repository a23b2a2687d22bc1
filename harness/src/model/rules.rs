//! What the model is told beside the program: the version of Python, and planted faults.

use crate::model::Fault;
use crate::version::Version;

/// The rules by which a program is run.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The version of CPython whose behaviour is predicted.
    pub version: Version,
    /// A mistake to make on purpose; tests alone set it.
    pub fault: Option<Fault>,
}

impl Rules {
    /// CPython as it is.
    pub const fn of(version: Version) -> Self {
        Self { version, fault: None }
    }

    /// Whether the version is 3.`minor` or newer.
    pub(super) fn since(&self, minor: u32) -> bool {
        self.version >= Version::new(3, minor, 0)
    }

    /// Whether `fault` is planted.
    pub(super) fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}
