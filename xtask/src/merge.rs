//! `cargo xtask merge`: one run from its parts.

use std::path::{self, PathBuf};

use anyhow::Result;
use tollgate::{
    layout::Layout,
    record::{self, EarlierRun, MergeError, RunFolder},
};

use crate::{
    exit::{Exit, UsageError},
    gate::Gate,
    run,
    selection::Selection,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// The parts: names of runs, or paths of their folders. Each runs on interpreters of its own, or is
    /// a shard of those on the same interpreter.
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<String>,
    /// The folder in which the run gets a folder of its own; it is `target/tollgate/runs`, unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let find = |request: &String| EarlierRun::find(&layout, request);
    let runs: Vec<_> = flags.runs.iter().map(find).collect::<Result<_, _>>()?;
    let plan = record::fit(&runs).map_err(|error| match error {
        MergeError::Records(error) => error.into(),
        unfit => anyhow::Error::from(UsageError(unfit.to_string())),
    })?;
    let selection = Selection::from(plan.asked.clone());
    let gate = Gate::of(&selection, true, &selection.strategies(&layout)?)?;
    let out = flags.out.as_deref().map(path::absolute).transpose()?;
    let folder = RunFolder::create(&layout.with_out(out), &plan)?;
    crate::output::tell!("run {} has {} parts", folder.id(), runs.len());
    let contradictions = record::merge(&folder, &runs)?;
    for it in &contradictions {
        let [one, other] = &it.runs;
        crate::output::tell!(
            "contradiction: run {one} and run {other} find different truths of {}",
            it.about
        );
    }
    let exit = run::conclude(&folder, &gate, false)?;
    Ok(if contradictions.is_empty() { exit } else { Exit::Unsound })
}
