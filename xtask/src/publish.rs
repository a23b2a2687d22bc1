//! `cargo xtask publish`: a run's results in `reports/` and in the README.

use std::fs;

use anyhow::{Context, Result};
use tollgate::{
    layout::Layout,
    publish,
    record::{self, Counts, EarlierRun, Inputs, Record},
    scenario, strategy,
};

use crate::{
    exit::{Exit, UsageError},
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// The run: its name, its folder, or `latest`. A `bench` without filters, of a clean git revision,
    /// in which everything holds; `--full` for all costs.
    #[arg(required_unless_present = "check")]
    run: Option<String>,
    /// Only say what of that which is published has had its day.
    #[arg(long, conflicts_with = "run")]
    check: bool,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    match &flags.run {
        Some(request) => publish(&layout, request),
        None => check(&layout),
    }
}

fn check(layout: &Layout) -> Result<Exit> {
    let scenarios = scenario::load(&layout.scenarios())?;
    let strategies = strategy::read_all(&layout.strategies())?;
    let stale = publish::stale(layout, &Inputs::of_files(layout, &scenarios, &strategies)?)?;
    output::print_lines(&stale)?;
    if stale.is_empty() {
        let why = "everything published is of today's scenarios and strategies";
        crate::output::tell!("{}", Exit::Done.line(why).trim_end());
        return Ok(Exit::Done);
    }
    crate::output::tell!(
        "help: on a clean checkout, `cargo xtask bench`, then `cargo xtask publish latest`"
    );
    crate::output::tell!(
        "{}",
        Exit::Unsound.line("what is published is of an earlier day").trim_end()
    );
    Ok(Exit::Unsound)
}

fn publish(layout: &Layout, request: &str) -> Result<Exit> {
    let run = EarlierRun::find(layout, request)?;
    let records: Vec<Record> = record::read(&run.records())?.collect::<Result<_, _>>()?;
    let mut counts = Counts::default();
    for record in &records {
        counts.add(record);
    }
    let provenance = records.first().map(Record::provenance);
    let refusals = publish::refusals(run.plan(), provenance, &counts);
    let Some(provenance) = provenance.filter(|_| refusals.is_empty()) else {
        let reasons = refusals.join("\n  ");
        return Err(UsageError(format!("run {} is not published:\n  {reasons}", run.id())).into());
    };
    let pages = publish::pages(run.plan(), provenance, &records);
    for path in publish::left_over(layout, &pages)? {
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
        crate::output::tell!("removed: {}, of an earlier run", path.display());
    }
    let mut told = Vec::new();
    for page in &pages {
        let path = layout.reports().join(&page.path);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(&path, &page.text).with_context(|| path.display().to_string())?;
        told.push(path.display().to_string());
    }
    let readme = layout.root().join("README.md");
    let text = fs::read_to_string(&readme).with_context(|| readme.display().to_string())?;
    let spliced = publish::spliced(&text, provenance, &records)
        .map_err(|error| UsageError(format!("README.md: {error}")))?;
    fs::write(&readme, spliced).with_context(|| readme.display().to_string())?;
    told.push(readme.display().to_string());
    output::print_lines(&told)?;
    if let Some(why) = publish::no_costs(&records) {
        crate::output::tell!("skipped: the costs of run {}: {why}", run.id());
    }
    Ok(Exit::Done)
}
