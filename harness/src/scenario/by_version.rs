//! Values that depend on the Python version.

use crate::version::{Version, VersionRange};

/// One value for all versions, or one for each of several ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByVersion<T> {
    /// The same for all.
    Always(T),
    /// By range. No supported version of the scenario is in two of them or in none.
    Ranges(Vec<(VersionRange, T)>),
}

impl<T> ByVersion<T> {
    /// The value for `version`; nothing for a version that no range names, which is one that is not
    /// supported yet.
    pub fn get(&self, version: &Version) -> Option<&T> {
        match self {
            Self::Always(value) => Some(value),
            Self::Ranges(ranges) => {
                ranges.iter().find(|(range, _)| range.contains(version)).map(|(_, value)| value)
            }
        }
    }

    /// All values, in the order of the file.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        let (one, several) = match self {
            Self::Always(value) => (Some(value), &[][..]),
            Self::Ranges(ranges) => (None, &ranges[..]),
        };
        one.into_iter().chain(several.iter().map(|(_, value)| value))
    }
}
