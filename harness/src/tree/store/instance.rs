//! A tree on disk, and what it is a tree of.

use std::{path::PathBuf, sync::Arc};

use super::seal::Seal;
use crate::{
    scenario::{Generated, Scenario, SourceFile},
    tree::Dialect,
};

/// The files of a scenario, which is all that its tree depends on.
#[derive(Debug, PartialEq)]
pub(super) struct Content {
    files: Vec<SourceFile>,
    generate: Option<Generated>,
}

/// A tree on disk.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) content: Arc<Content>,
    pub(super) path: PathBuf,
    pub(super) files: usize,
    /// The byte code that it has.
    pub(super) dialects: Vec<Dialect>,
    pub(super) seal: Option<Seal>,
}

impl Content {
    pub(super) fn of(scenario: &Scenario) -> Self {
        Self { files: scenario.files.clone(), generate: scenario.generate.clone() }
    }

    pub(super) fn is_of(&self, scenario: &Scenario) -> bool {
        self.files == scenario.files && self.generate == scenario.generate
    }

    /// All files: those written out, then those generated.
    pub(super) fn sources(&self) -> Vec<SourceFile> {
        let generated = self.generate.iter().flat_map(Generated::sources);
        self.files.iter().cloned().chain(generated).collect()
    }
}

impl Instance {
    /// Whether byte code may be added. The trees of a store could otherwise come to have it for every
    /// interpreter, which for a large one is more than is to be kept.
    pub(super) fn has_room_for(&self, dialect: &Dialect, most_files: usize) -> bool {
        let free = self.dialects.iter().all(|own| own.cache_tag != dialect.cache_tag);
        free && (self.dialects.is_empty() || self.files < most_files / 2)
    }
}
