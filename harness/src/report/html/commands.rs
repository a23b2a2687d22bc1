//! The commands of cells, as the page's script fills them in.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::command::{Places, Task};

/// Commands with `{scenario}`, `{strategy}` and `{python}` in them, and what stands there for a name that does not
/// stand for itself.
#[derive(Serialize)]
pub(super) struct Commands<'a> {
    trace: String,
    repro: String,
    words: BTreeMap<&'a str, String>,
    /// Names in whose cells the second is of no use.
    bound: BTreeSet<String>,
}

impl<'a> Commands<'a> {
    /// Those of cells with these names.
    pub(super) fn of(places: &Places, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            trace: places.template(Task::Trace),
            repro: places.template(Task::Repro),
            words: places.words(names),
            bound: places.bound.clone(),
        }
    }
}
