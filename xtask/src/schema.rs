//! `cargo xtask schema`: the JSON Schema that editors check scenario files with, and those of reports and of
//! evaluations.

use std::fs;

use anyhow::{Context, Result};
use tollgate::{layout::Layout, record, report, scenario};

use crate::{exit::Exit, output};

pub(crate) fn run() -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    for (path, schema) in [
        (layout.scenarios().join("scenario.schema.json"), scenario::schema()),
        (layout.reports().join("report.schema.json"), report::json_schema()),
        (layout.reports().join("evaluation.schema.json"), record::evaluation_schema()),
    ] {
        fs::write(&path, schema).with_context(|| path.display().to_string())?;
        output::print(&format!("{}\n", path.display()))?;
    }
    Ok(Exit::Done)
}
