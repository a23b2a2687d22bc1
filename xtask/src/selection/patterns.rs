//! Patterns for names, each of which has to fit something.

use anyhow::Result;
use globset::{Glob, GlobMatcher};
use tollgate::nearest;

use crate::exit::{NothingSelected, UsageError};

/// What patterns are for.
#[derive(Clone, Copy)]
pub(crate) struct Sort<'a> {
    /// Such as `scenario`.
    pub(crate) what: &'a str,
    /// The command that names all.
    pub(crate) lists: &'a str,
}

/// The patterns that were given. None fit everything.
pub(crate) struct Patterns(Vec<GlobMatcher>);

impl Patterns {
    /// Reads them.
    pub(crate) fn parse<'a>(
        sort: Sort<'_>,
        texts: impl IntoIterator<Item = &'a String>,
    ) -> Result<Self, UsageError> {
        let pattern = |text: &String| match Glob::new(text) {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => Err(UsageError(format!("--{} {text}: {}", sort.what, error.kind()))),
        };
        texts.into_iter().map(pattern).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them fits; none is no wish.
    pub(crate) fn fit(&self, name: &str) -> bool {
        self.is_empty() || self.fits_one(name)
    }

    /// Whether one of them fits.
    pub(crate) fn fits_one(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| pattern.is_match(name))
    }

    /// An error about each that fits none of `names`.
    pub(crate) fn check(&self, sort: Sort<'_>, names: &[String]) -> Result<()> {
        let unmet = self.0.iter().filter(|it| !names.iter().any(|name| it.is_match(name)));
        let told: Vec<_> = unmet
            .map(|it| {
                let asked = it.glob().glob();
                let there = instead(asked, names, sort.lists);
                format!("no {} fits `{asked}`{there}", sort.what)
            })
            .collect();
        if told.is_empty() { Ok(()) } else { Err(NothingSelected(told.join("\n")).into()) }
    }
}

/// The one of `names` that is `asked`, or an error that says what there is instead.
pub(crate) fn one<'a>(sort: Sort<'_>, asked: &str, names: &'a [String]) -> Result<&'a String> {
    names.iter().find(|name| *name == asked).ok_or_else(|| {
        let there = instead(asked, names, sort.lists);
        NothingSelected(format!("there is no {} `{asked}`{there}", sort.what)).into()
    })
}

/// Of a pattern, a pattern may be meant: all of a folder.
fn instead(asked: &str, names: &[String], lists: &str) -> String {
    let folders = names.iter().filter_map(|name| Some(format!("{}/*", name.rsplit_once('/')?.0)));
    let mut folders: Vec<_> = folders.collect();
    folders.dedup();
    let meant = nearest::nearest(asked, folders.iter().map(String::as_str));
    match meant.filter(|_| asked.contains('*')) {
        Some(meant) => format!("; did you mean `{meant}`? `{lists}` names all"),
        None => nearest::instead(asked, names.iter().map(String::as_str), Some(lists)),
    }
}
