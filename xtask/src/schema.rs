//! `cargo xtask schema`: the JSON Schema that editors check scenario files with.

use std::fs;

use anyhow::{Context, Result};
use tollgate::{layout::Layout, scenario};

use crate::{exit::Exit, output};

pub(crate) fn run() -> Result<Exit> {
    let path = Layout::of_this_checkout().scenarios().join("scenario.schema.json");
    fs::write(&path, scenario::schema()).with_context(|| path.display().to_string())?;
    output::print(&format!("{}\n", path.display()))?;
    Ok(Exit::Done)
}
