//! `cargo xtask report`: what a run recorded, in the format that is asked for.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tollgate::{
    command,
    layout::Layout,
    nearest,
    record::{self, EvaluationRecord, FoundRun, Record},
    report::{self, Findings, Page},
};

use crate::{
    exit::{Exit, NothingSelected, UsageError},
    gate::Gate,
    output,
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// The run: the name of its folder, a path, or `latest`.
    #[arg(default_value = "latest")]
    run: String,
    /// What to write: `html` into the run's folder, and all else to standard output, unless
    /// `--output` says otherwise.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write to a file.
    #[arg(long, value_name = "FILE", conflicts_with = "splice")]
    output: Option<PathBuf>,
    /// For `markdown`: replace what stands between the markers `<!-- tollgate: PART -->` and
    /// `<!-- /tollgate -->` of a file.
    #[arg(long, value_name = "FILE")]
    splice: Option<PathBuf>,
    /// For `pyperf`: the samples of this strategy alone, so that two files can be compared. For
    /// `trace`: the strategy.
    #[arg(long, value_name = "NAME")]
    strategy: Option<String>,
    /// For `trace`: the scenario.
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// For `trace`: the interpreter, as the run names it; the last one that fits, unless said.
    #[arg(long, value_name = "VERSION")]
    python: Option<String>,
    /// For `html` and `markdown`: candidates beside the run, from this evaluation: its name, its
    /// folder, or `latest`.
    #[arg(long, value_name = "EVALUATION")]
    evaluation: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// What `bench` prints.
    Text,
    /// One page with everything in it.
    Html,
    /// For a comment or a README.
    Markdown,
    /// For programs; reports/report.schema.json says what is in it.
    Json,
    /// For CI systems.
    Junit,
    /// Samples for `python -m pyperf`.
    Pyperf,
    /// One cell as a Chrome trace, for Perfetto.
    Trace,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    check(flags)?;
    let layout = Layout::of_this_checkout();
    let run = FoundRun::find(&layout, &flags.run).map_err(|error| UsageError(error.to_string()))?;
    let evaluation = evaluation(&layout, flags.evaluation.as_deref())?;
    if let Some(file) = &flags.splice {
        let findings = findings(&run)?.with_evaluation(evaluation);
        return splice(&findings, &again(flags, &run), file);
    }
    let text = match flags.format {
        Format::Text => report::text(&findings(&run)?),
        Format::Html => html(&layout, &run, evaluation)?,
        Format::Markdown => {
            let findings = findings(&run)?.with_evaluation(evaluation);
            report::markdown(&findings, &again(flags, &run))
        }
        Format::Json => report::json(records(&run)?),
        Format::Junit => junit(&layout, &run)?,
        Format::Pyperf => {
            let told = report::pyperf(records(&run)?, flags.strategy.as_deref());
            told.map_or_else(|| no_samples(flags, &run), Ok)?
        }
        Format::Trace => trace(flags, &run)?,
    };
    match (&flags.output, flags.format) {
        (Some(file), _) => fs::write(file, text).with_context(|| file.display().to_string())?,
        (None, Format::Html) => {
            let path = run.write_report("report.html", &text)?;
            output::print(&format!("{}\n", path.display()))?;
        }
        (None, _) => output::print_data(&text)?,
    }
    Ok(Exit::Done)
}

/// A flag that the format has no use for is a mistake, not a wish to be passed over.
fn check(flags: &Flags) -> Result<(), UsageError> {
    let Flags { format, splice, strategy, scenario, python, evaluation, .. } = flags;
    let is_trace = *format == Format::Trace;
    let named = is_trace || *format == Format::Pyperf;
    let uses = [
        ("--splice", splice.is_some(), *format == Format::Markdown, "markdown"),
        ("--strategy", strategy.is_some(), named, "pyperf` and `trace"),
        ("--scenario", scenario.is_some(), is_trace, "trace"),
        ("--python", python.is_some(), is_trace, "trace"),
        (
            "--evaluation",
            evaluation.is_some(),
            matches!(format, Format::Html | Format::Markdown),
            "html` and `markdown",
        ),
    ];
    for (flag, is_given, is_of_use, formats) in uses {
        if is_given && !is_of_use {
            return Err(UsageError(format!("`{flag}` is for the formats `{formats}`")));
        }
    }
    if is_trace && (strategy.is_none() || scenario.is_none()) {
        let message = "a trace is of one cell; expected `--scenario NAME --strategy NAME`";
        return Err(UsageError(message.to_owned()));
    }
    Ok(())
}

fn records(run: &FoundRun) -> Result<Vec<Record>> {
    Ok(run.records()?.collect::<Result<_, _>>()?)
}

fn findings(run: &FoundRun) -> Result<Findings> {
    Ok(run.records()?.collect::<Result<Findings, _>>()?.with_places(run.places()))
}

/// The evaluation that was asked for.
pub(crate) fn evaluation(
    layout: &Layout,
    request: Option<&str>,
) -> Result<Option<EvaluationRecord>> {
    let Some(request) = request else { return Ok(None) };
    let found = record::find_evaluation(layout, request)?;
    Ok(Some(found.map_err(|error| UsageError(error.to_string()))?))
}

/// The page of a run. Where nobody recorded what the run was asked for, the page gives no reasons.
fn html(layout: &Layout, run: &FoundRun, evaluation: Option<EvaluationRecord>) -> Result<String> {
    let gate = run.plan().is_ok().then(|| Gate::of_run(layout, run)).transpose()?;
    let mut page =
        gate.as_ref().map_or_else(Page::default, |it| Page::explained(it.expectations()));
    let seen = run.records()?.inspect(|record| {
        if let Ok(record) = record {
            page.add(record);
        }
    });
    let findings = seen.collect::<Result<Findings, _>>()?.with_places(run.places());
    Ok(page.finish(&findings.with_evaluation(evaluation), run.sources()?.as_ref()))
}

/// What makes the report again, from the same run.
fn again(flags: &Flags, run: &FoundRun) -> String {
    let splice = flags.splice.iter();
    let splice = splice.flat_map(|it| ["--splice".to_owned(), it.display().to_string()]);
    let evaluation = flags.evaluation.iter();
    let evaluation = evaluation.flat_map(|it| ["--evaluation".to_owned(), it.clone()]);
    let name = if is_path(&flags.run) { run.path().display().to_string() } else { run.name() };
    let words = ["report", &name, "--format", "markdown"].map(str::to_owned);
    command::line(words.into_iter().chain(evaluation).chain(splice))
}

fn splice(findings: &Findings, command: &str, file: &Path) -> Result<Exit> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let told = |part: &str| report::markdown_part(findings, part);
    let spliced = report::splice(&text, &told, command)
        .map_err(|error| UsageError(format!("{}: {error}", file.display())))?;
    if spliced != text {
        fs::write(file, spliced).with_context(|| file.display().to_string())?;
    }
    Ok(Exit::Done)
}

/// What the run would be held against if it ran now.
fn junit(layout: &Layout, run: &FoundRun) -> Result<String> {
    let gate = Gate::of_run(layout, run)?;
    let findings = findings(run)?;
    let of = |cell: report::CellName<'_>, divergence: &_| gate.expectations().of(cell, divergence);
    Ok(report::junit(&findings, &of)?)
}

/// Whether a run was named by a path and not by its name.
fn is_path(request: &str) -> bool {
    Path::new(request).components().count() > 1
}

/// Why there is nothing for pyperf.
fn no_samples(flags: &Flags, run: &FoundRun) -> Result<String> {
    let mut strategies = BTreeSet::new();
    for record in run.records()? {
        if let Record::Overhead(cost) = record? {
            strategies.insert(cost.strategy);
        }
    }
    let Some(asked) = &flags.strategy else {
        return Err(NothingSelected("the run has no samples: nothing was timed".to_owned()).into());
    };
    let there = nearest::instead(asked, strategies.iter().map(String::as_str), None);
    Err(NothingSelected(format!("the run has no samples of `{asked}`{there}")).into())
}

/// Why there is no cell for a trace: the first name that the run does not know.
fn no_cell(flags: &Flags, run: &FoundRun) -> Result<NothingSelected> {
    let mut names: [BTreeSet<String>; 2] = Default::default();
    for record in run.records()? {
        if let Record::Cell(cell) = record? {
            names[0].insert(cell.scenario);
            names[1].insert(cell.strategy);
        }
    }
    let asked = [("scenario", &flags.scenario), ("strategy", &flags.strategy)];
    let unknown = asked.into_iter().zip(&names).find_map(|((what, asked), names)| {
        let asked = asked.as_deref().filter(|it| !names.contains(*it))?;
        let there = nearest::instead(asked, names.iter().map(String::as_str), None);
        Some(format!("the run has no {what} `{asked}`{there}"))
    });
    Ok(NothingSelected(unknown.unwrap_or_else(|| "the run has no such cell".to_owned())))
}

fn trace(flags: &Flags, run: &FoundRun) -> Result<String> {
    let (mut truths, mut found) = (Vec::new(), Vec::new());
    let scenario = flags.scenario.as_deref();
    for record in run.records()? {
        let record = record?;
        let label = record.interpreter();
        let is_here = flags.python.as_deref().is_none_or(|it| {
            label == it || label.strip_prefix(it).is_some_and(|rest| rest.starts_with('.'))
        });
        match record {
            Record::Truth(truth) if is_here && Some(&*truth.scenario) == scenario => {
                truths.push(truth);
            }
            Record::Cell(cell)
                if is_here
                    && Some(&*cell.scenario) == scenario
                    && Some(&*cell.strategy) == flags.strategy.as_deref() =>
            {
                found.push(cell);
            }
            _ => {}
        }
    }
    let Some(cell) = report::newest(found, |cell| &cell.interpreter.label) else {
        return Err(no_cell(flags, run)?.into());
    };
    let truth = truths.iter().find(|it| it.interpreter.label == cell.interpreter.label);
    Ok(report::chrome_trace(truth, &cell)?)
}
