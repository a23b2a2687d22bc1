//! Which interpreters a task is about.

use std::{io, path::MAIN_SEPARATOR};

use anyhow::Result;
use tollgate::interpreter::{self, Found};

use super::absolute;

/// The flag that says which interpreters. Each pattern has to fit one at least.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct Pythons {
    /// Only these interpreters: `3.13`, `3.1*`, or the path of an executable.
    #[arg(long, value_name = "VERSION|PATH")]
    pub(crate) python: Vec<String>,
    /// Of these only the newest.
    #[arg(skip)]
    pub(super) newest: bool,
}

impl Pythons {
    /// The interpreters that were asked for.
    pub(crate) fn find(&self) -> Result<Found> {
        let mut found = interpreter::select(&self.python)?;
        if self.newest {
            let newest = found.usable.iter().max_by_key(|it| (it.version, it.gil_enabled)).cloned();
            found.usable = newest.into_iter().collect();
        }
        Ok(found)
    }

    /// The same, and of these only the newest.
    pub(crate) fn newest(mut self) -> Self {
        self.newest = true;
        self
    }

    /// The same with more patterns.
    pub(crate) fn and(mut self, patterns: &[String]) -> Self {
        self.python.extend_from_slice(patterns);
        self
    }
}

impl From<&str> for Pythons {
    fn from(request: &str) -> Self {
        Self { python: vec![request.to_owned()], newest: false }
    }
}

/// Requests for interpreters, in words that mean the same in every working directory.
pub(crate) fn anywhere(pythons: &[String]) -> io::Result<Vec<String>> {
    pythons.iter().map(|request| absolute(request, request.contains(MAIN_SEPARATOR))).collect()
}
