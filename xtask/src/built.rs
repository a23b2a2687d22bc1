//! Interpreters that are built with a candidate, or were.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};
use tollgate::{
    build::{Builder, Change},
    candidate::Candidate,
    evaluation::Entrant,
    interpreter,
    layout::Layout,
    worker::Target,
};

use crate::{exit::UsageError, progress, selected::targets};

/// The flags about builds.
#[derive(clap::Args)]
pub(crate) struct Built {
    /// Build base and candidate from a source tree of CPython, which is not touched.
    #[arg(long, value_name = "DIR")]
    source: Option<PathBuf>,
    /// Build one's own diff in the place of the candidate, whose contract it is held against.
    #[arg(long, value_name = "FILE", requires = "source")]
    patch: Option<PathBuf>,
    /// What `configure` is called with, for both. May be repeated.
    #[arg(long, value_name = "FLAG", requires = "source", allow_hyphen_values = true)]
    configure: Vec<String>,
    /// A finished interpreter without the change; `--python` names the one with it.
    #[arg(long, value_name = "PYTHON", conflicts_with = "source", requires = "python")]
    base: Option<PathBuf>,
}

/// A base, and the interpreters with a change.
pub(crate) struct Builds {
    /// The interpreter without a change.
    pub(crate) base: PathBuf,
    /// By the candidate's place, what it is called and where its interpreter is.
    changed: Vec<(usize, String, Target)>,
    /// Whether the candidates themselves were built, and so can be laid over the base too.
    are_ours: bool,
}

impl Built {
    /// Builds what was asked for; nothing if nothing was.
    pub(crate) fn prepare(
        &self,
        layout: &Layout,
        candidates: &[Candidate],
        python: &[String],
    ) -> Result<Option<Builds>> {
        match (&self.source, &self.base) {
            (Some(source), _) => self.build(layout, source, candidates).map(Some),
            (None, Some(base)) => finished(layout, base, python).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn build(&self, layout: &Layout, source: &Path, candidates: &[Candidate]) -> Result<Builds> {
        let builder = Builder::new(layout, source, self.configure.clone())?;
        let begun = Instant::now();
        let told =
            |step: &str| crate::output::tell!("{:>5.0} s  {step}", begun.elapsed().as_secs_f64());
        let spinner = progress::spinner("building");
        let progress = |step: &str| spinner.suspend(|| told(step));
        let mut changed = Vec::new();
        for (index, name, change) in self.changes(candidates)? {
            let python = builder.changed(&name, &change, &progress)?;
            changed.push((index, name, target(layout, &python)?));
        }
        let base = builder.base(&progress)?;
        spinner.finish_and_clear();
        Ok(Builds { base, changed, are_ours: self.patch.is_none() })
    }

    fn changes(&self, candidates: &[Candidate]) -> Result<Vec<(usize, String, Change)>> {
        if let Some(file) = &self.patch {
            let text = fs::read_to_string(file)
                .map_err(|error| UsageError(format!("--patch {}: {error}", file.display())))?;
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(vec![(0, name, Change::Patch(file.clone(), text))]);
        }
        let change = |(index, candidate): (usize, &Candidate)| {
            let overlay = candidate.overlay.clone()?;
            Some((index, candidate.name.clone(), Change::Append(overlay)))
        };
        Ok(candidates.iter().enumerate().filter_map(change).collect())
    }
}

/// Executables that somebody else has built.
fn finished(layout: &Layout, base: &Path, python: &[String]) -> Result<Builds> {
    let [python] = python else {
        let message = "--base: expected one --python, the interpreter with the change";
        return Err(UsageError(message.to_owned()).into());
    };
    let base = std::path::absolute(base)?;
    let (before, after) = (target(layout, &base)?, target(layout, &std::path::absolute(python)?)?);
    let versions = [before.interpreter.version, after.interpreter.version];
    if versions[0] != versions[1] {
        let message = format!(
            "--base is Python {} and --python {}: expected two builds of one version, or their \
             differences would not be the change's",
            versions[0], versions[1]
        );
        return Err(UsageError(message).into());
    }
    Ok(Builds { base, changed: vec![(0, python.clone(), after)], are_ours: false })
}

fn target(layout: &Layout, python: &Path) -> Result<Target> {
    let found = interpreter::select(&[python.display().to_string()])?;
    targets(layout, found)?.pop().context("the interpreter that was built cannot be used")
}

impl Builds {
    /// The candidates: laid over the base where that can be, then built.
    pub(crate) fn entrants(
        self,
        layout: &Layout,
        candidates: &[Candidate],
    ) -> Result<Vec<Entrant>> {
        let mut entrants = Vec::new();
        if self.are_ours {
            for candidate in candidates {
                let listener = candidate.listener(layout)?;
                entrants.push(Entrant { candidate: candidate.clone(), listener, build: None });
            }
        }
        for (index, name, target) in self.changed {
            let mut candidate = candidates[index].built_in();
            if !self.are_ours {
                candidate.name = format!("{} ({name})", candidate.name);
            }
            let listener = candidate.listener(layout)?;
            entrants.push(Entrant { candidate, listener, build: Some(target) });
        }
        Ok(entrants)
    }
}
